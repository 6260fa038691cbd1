"""What was acknowledged stays, once, whatever is killed meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from engine.embedded import EmbeddedServers

from .programs import servers_of, wait_until
from .test_up import Installation, up

PARTS = ("web", "postgres", "valkey-server", "worker", "scheduler", "postgres", "web")
TICKET = {"channel": "phone", "description": "", "requester": {"name": "Cara"}}


class Away(Exception):
    """The installation can't answer at the moment."""


class Caller(threading.Thread):
    """A program that opens one ticket after the other, sending each until it is acknowledged."""

    def __init__(self, name: str, address: str, secret: str) -> None:
        super().__init__(daemon=True)
        self.name, self.address, self.secret = name, address, secret
        self.acknowledged: dict[str, int] = {}
        self.enough = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                subject = f"{self.name} {len(self.acknowledged)}"
                wait_until(lambda subject=subject: self.open(subject), Away, 60)
        except Exception as failure:
            self.failure = failure

    def is_beyond(self, count: int) -> bool:
        """Say whether more than so many were acknowledged; raises what ended the calls."""
        if self.failure:
            raise self.failure
        return len(self.acknowledged) > count

    def open(self, subject: str) -> int:
        body = json.dumps({**TICKET, "subject": subject}).encode()
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": subject}
        request = urllib.request.Request(f"{self.address}/api/v1/tickets", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.acknowledged[subject] = json.load(answer)["number"]
        except (
            OSError,
            ValueError,
            http.client.HTTPException,
        ) as error:  # killed amid its answer, or its database
            if isinstance(error, urllib.error.HTTPError) and error.code != 503:
                raise
            raise Away from error
        return self.acknowledged[subject]


def say(data_dir: Path, *arguments: str) -> str:
    command = (sys.executable, "-m", "engine.cli", *arguments, "--data-dir", str(data_dir))
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def part_of(installation: Installation, data_dir: Path, name: str) -> psutil.Process:
    servers = servers_of(data_dir)
    return servers[name] if name in servers else installation.child(name)


@pytest.fixture
def callers(private_data_dir: Path) -> Iterator[tuple[Installation, list[Caller]]]:
    """A running installation, and two programs that call it without pause."""
    with up(private_data_dir) as installation, contextlib.ExitStack() as at_the_end:
        secret = say(
            private_data_dir, "token", "add", "ann", "--name", "calls", "--desk", "generic_desk"
        ).strip()
        started = [Caller(name, installation.address, secret) for name in ("first", "second")]
        for caller in started:
            at_the_end.callback(caller.enough.set)
            caller.start()
        yield installation, started


def test_nothing_acknowledged_is_lost_or_doubled_while_parts_are_killed(
    private_data_dir: Path, callers: tuple[Installation, list[Caller]]
) -> None:
    installation, started = callers
    for name in PARTS:
        before = [len(it.acknowledged) for it in started]
        wait_until(lambda name=name: part_of(installation, private_data_dir, name).kill() or True, ValueError)
        for caller, count in zip(started, before, strict=True):
            wait_until(lambda caller=caller, count=count: caller.is_beyond(count + 2), Away, 60)
    for caller in started:
        caller.enough.set()
        caller.join(60)
    with EmbeddedServers(private_data_dir) as addresses, psycopg.connect(addresses.admin_database_url) as ask:
        sql = "SELECT subject, number FROM ticket WHERE subject ~ '^(first|second) [0-9]+$'"
        assert sorted(ask.execute(sql)) == sorted((started[0].acknowledged | started[1].acknowledged).items())
    assert " 0 broken" in say(private_data_dir, "audit", "verify")
