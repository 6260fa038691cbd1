"""Runs the listener: opens every place, serves until it is told to stop, and lets mails under way be answered."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr

from engine.errors import Refused
from engine.listener.handler import Receiving
from engine.listener.places import Place
from engine.listener.protocol import LmtpSession, SmtpSession
from engine.mailroom import Mailroom
from engine.settings import Settings

IDLE_SECONDS = 300
# Who may reach the socket's folder may hand mail over, as anybody on this machine may at a loopback port.
SOCKET_MODE = 0o666


class Listener:
    """Listens at some places for mail of one installation."""

    def __init__(self, settings: Settings, mailroom: Mailroom) -> None:
        self._most_bytes = settings.mail_size << 20
        self._hostname = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
        self._receiving = Receiving(mailroom)
        self._stopped = asyncio.Event()  # belongs to no loop until somebody waits for it
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, places: list[Place], ready: Callable[[list[Place]], None]) -> None:
        """Serve until `stop`; `ready` is told where, once all are open. Raises Refused for a taken place."""
        asyncio.run(self._run(places, ready))

    def stop(self) -> None:
        """Take no more mail, and come back when what is under way is answered. For any thread, and for signals."""
        if self._loop is None:
            self._stopped.set()
        else:
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _run(self, places: list[Place], ready: Callable[[list[Place]], None]) -> None:
        self._loop = asyncio.get_running_loop()
        servers: list[asyncio.Server] = []
        try:
            found = [await self._open(it, servers) for it in places]
            ready(found)
            await self._stopped.wait()
        finally:
            for server in servers:
                server.close()
            await self._receiving.finish()

    async def _open(self, place: Place, servers: list[asyncio.Server]) -> Place:
        loop = asyncio.get_running_loop()
        try:
            if place.path:
                servers.append(await loop.create_unix_server(self._session(place, loop), place.path))
                os.chmod(place.path, SOCKET_MODE)
                return place
            servers.append(await loop.create_server(self._session(place, loop), place.host, place.port))
        except OSError as error:
            raise Refused(f"Expected {place} to be free for mail, but: {error.strerror or error}.") from error
        return replace(place, port=servers[-1].sockets[0].getsockname()[1])

    def _session(self, place: Place, loop: asyncio.AbstractEventLoop) -> Callable[[], SmtpSession]:
        kind = LmtpSession if place.protocol == "lmtp" else SmtpSession

        def session() -> SmtpSession:
            return kind(
                self._receiving,
                data_size_limit=self._most_bytes,
                enable_SMTPUTF8=True,
                hostname=self._hostname,
                ident="Casepath",
                timeout=IDLE_SECONDS,
                loop=loop,
            )

        return session
