"""A PostgreSQL 18 cluster of our own: made once, started, asked whether it is ready, stopped.

The owner role `casepath` owns the database and migrates it; the role `casepath_app` runs it and owns nothing, so
that the trail can be insert-only for the application. Both come in without a password through a socket folder
that nobody else can enter; there is no network port.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from engine.embedded.account import Account
from engine.embedded.process import Process
from engine.embedded.programs import POSTGRES_MAJOR
from engine.errors import Unsupported
from engine.settings import APP_ROLE

SUPERUSER = "postgres"
OWNER = "casepath"
DATABASE = "casepath"
FAST_SHUTDOWN = signal.SIGINT
READY_WITHIN_SECONDS = 300  # a crash recovery can take minutes

INITDB = ("--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-instructions")
LOCALE = ("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class PostgreSQL:
    """One cluster: its programs, its data, the folder of its socket and the account that runs it."""

    programs: Path
    data: Path
    sockets: Path
    account: Account
    log: Path
    durable: bool = True
    name: str = "PostgreSQL"

    def prepare(self) -> None:
        """Make the cluster if there is none; raises `Unsupported` for one of another major version."""
        if not self.data.exists():
            self._initialise()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(POSTGRES_MAJOR):
            raise Unsupported(
                f"Expected PostgreSQL {POSTGRES_MAJOR} data in {self.data} but PostgreSQL {made_by} made it; "
                "move it with pg_dump and pg_restore, or give another --data-dir."
            )
        self._stop_orphan()

    def _initialise(self) -> None:
        # Made beside its place and renamed: a start that is killed here leaves nothing half made.
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.give(draft)
        sync = () if self.durable else ("--no-sync",)
        self._run("initdb", "--pgdata", str(draft), *INITDB, *LOCALE, *sync)
        draft.rename(self.data)

    def _stop_orphan(self) -> None:
        """Stop a server that lost its keeper, if there is one."""
        if (self.data / "postmaster.pid").exists() and self.account.succeeds(
            str(self.programs / "pg_ctl"), "status", "--pgdata", str(self.data)
        ):
            self._run("pg_ctl", "stop", "--mode", "fast", "--wait", "--pgdata", str(self.data))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            **self.account.popen_arguments(),
        )
        if done.returncode:
            raise Unsupported(f"Expected {program} to end well but it said: {last_line(done.stderr)}")

    def start(self) -> Process:
        """Start the server in a session of its own; it may not be ready yet."""
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= NOT_DURABLE
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *options]
        return Process.start(command, self.log, FAST_SHUTDOWN, **self.account.popen_arguments())

    def wait_until_ready(self, process: Process) -> None:
        """Wait until the roles and the database are there; raises `Unsupported` if the server ends instead."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            try:
                with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
                    return ensure_roles(connection)
            except psycopg.OperationalError as error:
                if process.ended or time.monotonic() > deadline:
                    said = last_line(self.log.read_text(errors="replace"))
                    raise Unsupported(f"Expected PostgreSQL to start but it said: {said}") from error
            time.sleep(0.02)

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address by which a role reaches a database, for libpq and SQLAlchemy alike."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"


def ensure_roles(connection: psycopg.Connection) -> None:
    """Create the two roles and the database where they are missing."""
    _create_role(connection, OWNER, "LOGIN CREATEDB")
    _create_role(connection, APP_ROLE, "LOGIN")
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(OWNER)))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _create_role(connection: psycopg.Connection, role: str, attributes: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        create = sql.SQL("CREATE ROLE {} " + attributes)
        connection.execute(create.format(sql.Identifier(role)))


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing"
