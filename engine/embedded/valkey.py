"""A Valkey (or Redis) of our own on a Unix socket, without persistence.

It carries jobs and wake-ups only; PostgreSQL is the truth, so losing all of it costs at most a moment's delay.
"""

from __future__ import annotations

import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from engine.embedded.account import Account
from engine.embedded.process import Process
from engine.errors import Unsupported

READY_WITHIN_SECONDS = 30
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "daemonize": "no",
    "maxmemory-policy": "noeviction",
}


@dataclass
class Valkey:
    """One server: its program, the folder of its socket and the account that runs it."""

    program: Path
    sockets: Path
    account: Account
    log: Path
    name: str = "Valkey"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "valkey.sock"

    def prepare(self) -> None:
        """Stop a server that lost its keeper and still listens at our socket."""
        try:
            self._ask("SHUTDOWN NOSAVE")
        except OSError:
            return  # nobody listens, which is the rule

    def start(self) -> Process:
        """Start the server in a session of its own; it may not be ready yet."""
        settings = SETTINGS | {"unixsocket": str(self.socket), "dir": str(self.sockets)}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        command = [str(self.program), *options]
        return Process.start(command, self.log, signal.SIGTERM, **self.account.popen_arguments())

    def wait_until_ready(self, process: Process) -> None:
        """Wait until it answers; raises `Unsupported` if the server ends instead."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            try:
                if self._ask("PING").startswith(b"+PONG"):
                    return
            except OSError as error:
                if process.ended or time.monotonic() > deadline:
                    raise Unsupported(f"Expected Valkey to start but it didn't; see {self.log}.") from error
            time.sleep(0.02)

    def _ask(self, command: str) -> bytes:
        """Send one command in the protocol's plain form; redis-py would be a heavy way to say PING."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64)

    def url(self) -> str:
        """Return its address as redis-py reads it."""
        return f"unix://{quote(str(self.socket))}?db=0"
