"""Signals as something to wait for beside sockets, instead of code that interrupts other code."""

from __future__ import annotations

import selectors
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Readable(Protocol):
    """Whatever has a descriptor to wait for."""

    def fileno(self) -> int:
        """Return the descriptor."""
        ...


class SignalBox:
    """A socket that becomes readable when a child has died or we are asked to stop."""

    def __init__(self, received: socket.socket) -> None:
        self._received = received

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self._received.fileno()

    def asks_to_stop(self) -> bool:
        """Empty the box; say whether one of the signals in it asks us to stop."""
        return bool(STOPPING & set(self._received.recv(64)))


@contextmanager
def signal_box() -> Iterator[SignalBox]:
    """Collect SIGCHLD, SIGTERM, SIGINT and SIGHUP in a box; put the former handling back afterwards."""
    received, written = socket.socketpair()
    written.setblocking(False)
    former_fd = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    former = {number: signal.signal(number, _noted) for number in (signal.SIGCHLD, *STOPPING)}
    try:
        with received, written:
            yield SignalBox(received)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(former_fd)


def wait_for(things: Iterable[Readable], seconds: float | None) -> list[Readable]:
    """Wait until some of the things can be read, or for so many seconds; return those that can."""
    with selectors.DefaultSelector() as selector:
        for thing in things:
            selector.register(thing.fileno(), selectors.EVENT_READ, thing)
        return [key.data for key, _ in selector.select(seconds)]


def _noted(*_: object) -> None:
    """Do nothing: that the signal came has been written to the box already."""
