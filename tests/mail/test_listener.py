"""The listener on real sockets: what it answers, and that it never says 250 before the mail is kept."""

from __future__ import annotations

import smtplib
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.listener import Listener, Place
from tests.mail.desk import HELP, Post, write


class Door:
    """A listener of its own in a thread, with an SMTP port and an LMTP socket."""

    def __init__(self, post: Post, folder: Path) -> None:
        self._listener = Listener(post.casepath.settings, post.casepath.mailroom)
        self._ready = threading.Event()
        self._wanted = [Place("smtp", "127.0.0.1", 0), Place("lmtp", path=str(folder / "lmtp.sock"))]
        self._thread = threading.Thread(target=self._listener.run, args=(self._wanted, self._told))
        self._thread.start()
        assert self._ready.wait(20)

    def _told(self, places: list[Place]) -> None:
        self.smtp_port, self.socket = places[0].port, places[1].path
        self._ready.set()

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20)

    def lmtp(self) -> smtplib.LMTP:
        return smtplib.LMTP(self.socket)

    def close(self) -> None:
        self._listener.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def door(post: Post) -> Iterator[Door]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        opened = Door(post, Path(folder))
        yield opened
        opened.close()


def test_a_mail_over_smtp_is_a_ticket_when_it_is_acknowledged(post: Post, door: Door) -> None:
    with door.smtp() as server:
        assert server.sendmail("cara@example.com", [HELP], write()) == {}
    assert [it[::3] for it in post.mails()] == [("opened", 1)]


def test_an_unknown_receiver_is_refused_in_a_sentence(door: Door) -> None:
    with door.lmtp() as server:
        server.ehlo_or_helo_if_needed()
        server.mail("cara@example.com")
        code, said = server.rcpt("nobody@desk.example")
    assert (code, said) == (550, b"5.1.1 Expected an address of a desk, but nobody@desk.example is none.")
