"""A wire between client and server that counts round trips: how often the talk turns from us to the server."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Wire:
    """Listens on a socket of its own and passes everything on; `turns` counts."""

    def __init__(self, database_url: str, folder: Path) -> None:
        settings = conninfo_to_dict(database_url)
        port = settings.setdefault("port", "5432")
        self._server = f"{settings['host']}/.s.PGSQL.{port}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / f".s.PGSQL.{port}"))
        self._listener.listen()
        self.database_url = make_conninfo("", **{**settings, "host": str(folder)})
        self.turns = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server)
        others = {client: server, server: client}
        selector = selectors.DefaultSelector()
        for side in others:
            selector.register(side, selectors.EVENT_READ)
        asking = False
        while True:
            for ready, _ in selector.select():
                side: socket.socket = ready.fileobj  # type: ignore[assignment]
                data = side.recv(65536)
                if not data:
                    client.close()
                    server.close()
                    return
                if side is client and not asking:
                    self.turns += 1
                asking = side is client
                others[side].sendall(data)
