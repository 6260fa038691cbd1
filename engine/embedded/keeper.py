"""The process that owns PostgreSQL and Valkey of one data folder, as long as somebody uses them.

It runs in a session of its own, so that Ctrl-C in a terminal reaches the command and not the servers. Each user
holds a connection; the kernel closes it when the user ends, even by `kill -9`. After the last one it stops
Valkey, then PostgreSQL, and ends. A server that dies in between is started again.

    python -m engine.embedded.keeper DATA_DIR [--not-durable]
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import shutil
import socket
from pathlib import Path

from engine.embedded.account import Account, server_account
from engine.embedded.folder import DataFolder, socket_folder, write_private
from engine.embedded.postgres import OWNER, PostgreSQL
from engine.embedded.programs import find_programs
from engine.embedded.revival import Revived, next_revival, stop_all
from engine.embedded.servers import FIRST_USER, Addresses, addresses_line
from engine.embedded.signals import SignalBox, signal_box, wait_for
from engine.embedded.valkey import Valkey
from engine.errors import CasepathError
from engine.settings import APP_ROLE


class Keeper:
    """The loop over users who come and go and servers that die."""

    def __init__(self, signals: SignalBox, first_user: socket.socket) -> None:
        self._signals = signals
        self._users = [first_user]

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the connections to the kernel, which closes them as the very last: then nothing of us is left."""
        for user in self._users:
            user.detach()

    def tell_first(self, line: bytes) -> None:
        """Tell the user who started us how it went."""
        self._tell(self._users[0], line)

    def serve(self, listener: socket.socket, greeting: bytes, servers: list[Revived]) -> None:
        """Greet the users and revive the servers until the last user has left or we are asked to stop."""
        going_on = True
        while going_on:
            ready = wait_for((listener, self._signals, *self._users), next_revival(servers))
            going_on = not (self._signals in ready and self._signals.asks_to_stop())
            if listener in ready:
                self._admit(listener, greeting)
            for user in [user for user in self._users if user in ready]:
                going_on &= self._part_from(user)
            for server in servers:
                server.look()

    def _admit(self, listener: socket.socket, greeting: bytes) -> None:
        user, _ = listener.accept()
        self._users.append(user)
        self._tell(user, greeting)

    def _tell(self, user: socket.socket, line: bytes) -> None:
        with contextlib.suppress(OSError):  # gone already; that is read in a moment
            user.sendall(line)

    def _part_from(self, user: socket.socket) -> bool:
        """Let a user go and return True; the last one is kept waiting until the servers have stopped."""
        if self._users == [user]:
            return False
        self._users.remove(user)
        with user:
            self._tell(user, b"left\n")
        return True


def keep(folder: DataFolder, keeper: Keeper, *, durable: bool) -> None:
    """Run both servers until nobody uses them; what prevents it is told to the first user."""
    account = server_account()
    with contextlib.ExitStack() as stack:
        try:
            sockets = socket_folder(folder, account)
            stack.callback(shutil.rmtree, sockets, ignore_errors=True)
            listener = stack.enter_context(_listen(folder, sockets))
            postgres, valkey = _servers(folder, sockets, account, durable)
            running = [Revived(server.name, server.start) for server in (valkey, postgres)]
            for server in reversed(running):  # the stack is unwound backwards: Valkey stops first
                stack.callback(stop_all, [server])
            valkey.wait_until_ready(running[0].process)
            postgres.wait_until_ready(running[1].process)
        except CasepathError as error:
            keeper.tell_first(json.dumps({"error": str(error)}).encode() + b"\n")
            return
        greeting = addresses_line(Addresses(postgres.url(APP_ROLE), postgres.url(OWNER), valkey.url()))
        keeper.tell_first(greeting)
        keeper.serve(listener, greeting, running)


def _servers(folder: DataFolder, sockets: Path, account: Account, durable: bool) -> tuple[PostgreSQL, Valkey]:
    programs = find_programs(account)
    data = folder.postgres_data(account)
    postgres = PostgreSQL(
        programs.postgres_bin, data, sockets, account, folder.log / "postgresql.log", durable
    )
    valkey = Valkey(programs.valkey_server, sockets, account, folder.log / "valkey.log")
    postgres.prepare()
    valkey.prepare()
    return postgres, valkey


def _listen(folder: DataFolder, sockets: Path) -> socket.socket:
    path = sockets / "keeper.sock"
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen()
    write_private(folder.keeper_note, json.dumps({"socket": str(path)}))
    return listener


def main() -> None:
    """Run the keeper of one data folder from its command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--not-durable", action="store_true")
    arguments = parser.parse_args()
    os.setsid()
    folder = DataFolder.open(arguments.data_dir)
    first_user = socket.socket(fileno=FIRST_USER)
    with (folder.path / "keeper.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a keeper that is just stopping goes first
        with signal_box() as signals, Keeper(signals, first_user) as keeper:
            keep(folder, keeper, durable=not arguments.not_durable)


if __name__ == "__main__":
    main()
