"""The web server: waitress in front of the application, and an end that loses no answer.

waitress stops at a signal with answers still in its buffers. So its loop is turned here: after SIGTERM or SIGINT
the listening sockets close, and the loop goes on until the requests under way are answered and sent, or the time
for that is over.

No proxy is trusted unless the settings name one: a header that anybody can send must not decide whose address it
was, or whether the connection was safe.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from webui import uploading

THREADS = 8
LARGEST_REQUEST = 16 * 1024 * 1024  # a diagram of 5 MB, spelled as a form
ROUNDS_TO_FINISH = 100
ROUND_SECONDS = 0.1


def serve(
    app: Flask,
    host: str,
    port: int,
    *,
    trusted_proxy: str | None = None,
    threads: int = THREADS,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way (for ten seconds at most).

    `ready` is called with the bound port (port 0 takes a free one) once connections are accepted. Raises OSError
    where the address is taken.
    """
    sockets: dict[int, Any] = {}
    options = _options(app, host, port, trusted_proxy, threads)
    server = create_server(app, map=sockets, **options)
    stopped = _stop_on_signals()
    if ready:
        ready(_port(server))
    while not stopped.is_set():
        wasyncore.loop(timeout=ROUND_SECONDS, map=sockets, count=1)
    _finish(server, sockets)


def _options(app: Flask, host: str, port: int, trusted_proxy: str | None, threads: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": threads,
        "ident": None,
        # Between what the application takes and this, it explains.
        "max_request_body_size": 2 * max(LARGEST_REQUEST, app.config.get(uploading.LARGEST, 0)),
        "clear_untrusted_proxy_headers": True,
    }
    if trusted_proxy:
        options |= {
            "trusted_proxy": trusted_proxy,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
            "trusted_proxy_count": 1,
        }
    return options


def _stop_on_signals() -> threading.Event:
    stopped = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopped


def _port(server: Any) -> int:
    listening = getattr(server, "effective_listen", None)  # a host of two addresses gets two sockets
    return int(listening[0][1] if listening else server.effective_port)


def _finish(server: Any, sockets: dict[int, Any]) -> None:
    for listener in [it for it in sockets.values() if getattr(it, "accepting", False)]:
        wasyncore.dispatcher.close(listener)  # its own close would take the trigger away that tasks need
    for _ in range(ROUNDS_TO_FINISH):
        if not any(_busy(it) for it in sockets.values()):
            break
        wasyncore.loop(timeout=ROUND_SECONDS, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def _busy(channel: Any) -> bool:
    return isinstance(channel, HTTPChannel) and bool(channel.requests or channel.total_outbufs_len)
