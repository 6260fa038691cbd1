"""What a command sees of the embedded servers: start, addresses, stop."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import engine
from engine.embedded.folder import DataFolder
from engine.errors import Unsupported

FIRST_USER = 0  # a keeper's standard input is its first user's connection


@dataclass(frozen=True)
class Addresses:
    """Where the servers are: for the application, for migrations (the owner), and Redis's."""

    database_url: str
    admin_database_url: str
    redis_url: str


class EmbeddedServers:
    """One command's use of the servers of a data folder; several commands may use them at once.

    The first one starts them, the last one to stop, or to die, stops them. Servers that are not `durable` don't
    flush writes to disk; that is for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir
        self._durable = durable
        self._connection: socket.socket | None = None
        self._keeper: int | None = None

    def start(self) -> Addresses:
        """Join the running servers or start them; returns when both answer.

        Raises `Unsupported` for a data folder of a newer Casepath or of another PostgreSQL major version, and
        when a server can't be started.
        """
        folder = DataFolder.open(self._data_dir)
        with folder.starting():
            if self._connection:  # we come again because our keeper died
                self.stop()
            self._connection = _join(folder) or self._spawn(folder)
            try:
                answer = self._answer(self._connection)
                if "error" in answer:
                    raise Unsupported(answer["error"])
            except BaseException:  # Ctrl-C too: nothing is left running
                self.stop()
                raise
        return Addresses(**answer)

    def _answer(self, connection: socket.socket) -> dict[str, str]:
        with connection.makefile("r") as lines:
            line = lines.readline()
        answer: dict[str, str] = json.loads(line or "{}")
        return answer or {
            "error": f"Expected the servers to start but they didn't; see {self._data_dir}/log."
        }

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the keeper dies."""
        return self._connection.fileno() if self._connection else -1

    def stop(self) -> None:
        """Leave; when we are the last user, return only after both servers have stopped."""
        if self._connection is None:
            return
        with self._connection as connection:
            self._connection = None
            with contextlib.suppress(OSError):  # the keeper is dead already
                connection.shutdown(socket.SHUT_WR)
            was_last = connection.recv(16) != b"left\n"
        if self._keeper is not None and was_last:
            os.waitpid(self._keeper, 0)

    def _spawn(self, folder: DataFolder) -> socket.socket:
        """Start a keeper, which outlives us while others use it; its first connection is handed to it.

        `subprocess` would complain of a child that is still running when we end.
        """
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "engine.embedded.keeper", str(folder.path)]
        with theirs, (folder.log / "keeper.log").open("ab") as log:
            standard = {FIRST_USER: theirs.fileno(), 1: log.fileno(), 2: log.fileno()}
            self._keeper = os.posix_spawn(
                sys.executable,
                command if self._durable else [*command, "--not-durable"],
                os.environ | {"PYTHONPATH": str(Path(engine.__path__[0]).parent)},
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in standard.items()],
            )
        return ours

    def __enter__(self) -> Addresses:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _join(folder: DataFolder) -> socket.socket | None:
    """Connect to the keeper of this data folder, if one listens."""
    if not folder.keeper_note.exists():
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(json.loads(folder.keeper_note.read_text())["socket"])
    except OSError:  # it died without taking its note along
        connection.close()
        return None
    return connection


def addresses_line(addresses: Addresses) -> bytes:
    """Return what the keeper tells a user: one line of JSON."""
    return json.dumps(asdict(addresses)).encode() + b"\n"
