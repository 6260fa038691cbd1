"""The listener is killed at any moment: what it acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.mail.desk import HELP, Post, write

MAILS = 24
KILLED_AFTER = (2, 6, 11)


class Killed:
    """A listener in a process of its own, on one port for all of its lives."""

    def __init__(self, post: Post) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._environment = os.environ | post.casepath.settings.as_environment()
        self._ready = threading.Event()
        self.begin()

    def begin(self) -> None:
        command = [
            sys.executable,
            "-m",
            "engine.cli",
            "mail",
            "--mail-listen",
            f"smtp://127.0.0.1:{self.port}",
        ]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert self._process.stdout.readline().startswith("Casepath takes mail at smtp://127.0.0.1:")
        self._ready.set()

    def kill(self) -> None:
        self._ready.clear()
        self.end(signal.SIGKILL)
        self.begin()

    def end(self, number: int = signal.SIGTERM) -> int:
        self._process.send_signal(number)
        status = self._process.wait(30)
        assert self._process.stdout
        self._process.stdout.close()
        return status

    def send_until_acknowledged(self, raw: bytes) -> None:
        """Do as mail servers do: hand the mail over again until somebody says 250."""
        while True:
            assert self._ready.wait(60)
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as server:
                    server.sendmail("cara@example.com", [HELP], raw)
                    return
            except (OSError, smtplib.SMTPException):
                continue


@pytest.fixture
def listener(post: Post) -> Iterator[Killed]:
    begun = Killed(post.renewed(mail_hourly=1_000))
    yield begun
    begun.end(signal.SIGKILL)


def test_what_was_acknowledged_before_a_kill_is_there_once(post: Post, listener: Killed) -> None:
    done = threading.Semaphore(0)

    def send(number: int) -> None:
        listener.send_until_acknowledged(write(id=f"{number}@example.com"))
        done.release()

    with ThreadPoolExecutor(4) as senders:
        sent = [senders.submit(send, number) for number in range(MAILS)]
        so_far = 0
        for after in KILLED_AFTER:
            for _ in range(after - so_far):
                assert done.acquire(timeout=60)
            so_far = after
            listener.kill()
        for it in sent:
            it.result()
    kept = post.rows("SELECT message_id, state, ticket_number FROM received_mail")
    assert sorted(str(it[0]) for it in kept) == sorted(f"{number}@example.com" for number in range(MAILS))
    assert {it[1] for it in kept} == {"opened"}
    assert len({it[2] for it in kept}) == MAILS
    assert post.rows("SELECT count(*) FROM ticket") == [(MAILS,)]


def test_asked_to_stop_it_stops_with_status_0(post: Post, listener: Killed) -> None:
    listener.send_until_acknowledged(write())
    assert listener.end() == 0
    listener.begin()
