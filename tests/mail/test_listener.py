"""The listener on real sockets: what it answers, and that it never says 250 before the mail is kept."""

from __future__ import annotations

import smtplib
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from engine.errors import Refused
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

    @classmethod
    @contextmanager
    def of(cls, post: Post) -> Iterator[Door]:
        """A listener for a while, with the settings that the post has now."""
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            opened = cls(post, Path(folder))
            try:
                yield opened
            finally:
                opened.close()

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
    with Door.of(post) as opened:
        yield opened


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


def test_lmtp_answers_for_each_receiver_and_one_desk_takes_a_mail_once(post: Post) -> None:
    post.renewed(mail_desks=f"{HELP}=wk support@desk.example=wk")
    receivers = (HELP, "support@desk.example", "nobody@desk.example")
    with Door.of(post) as door, door.lmtp() as server:
        server.ehlo_or_helo_if_needed()
        server.mail("cara@example.com")
        assert [server.rcpt(to)[0] for to in receivers] == [250, 250, 550]
        answers = [server.data(write()), server.getreply()]
    assert [(code, said.decode().partition(": ")[2]) for code, said in answers] == [
        (250, "opened, ticket 1."),
        (250, "opened, ticket 1, as before."),
    ]
    assert [it[::3] for it in post.mails()] == [("opened", 1)]


def test_a_mail_that_is_too_big_is_refused_for_good_in_our_words(post: Post) -> None:
    post.renewed(mail_size=1)
    big = write() + (b"y" * 80 + b"\r\n") * 14_000
    with Door.of(post) as door, door.smtp() as server:
        server.ehlo()
        answer = server.docmd("MAIL", "FROM:<cara@example.com> SIZE=2000000")
        assert answer == (552, b"5.3.4 Expected a mail of at most 1 MB, but it is larger.")
    with Door.of(post) as door, door.lmtp() as server:
        server.ehlo_or_helo_if_needed()
        server.mail("cara@example.com")
        assert [server.rcpt(to)[0] for to in (HELP, HELP)] == [250, 250]
        answers = [server.data(big), server.getreply()]
    assert answers == [(552, b"5.3.4 Expected a mail of at most 1 MB, but it is larger.")] * 2
    assert post.mails() == []


def test_a_mail_of_25_mb_is_taken_and_kept_whole(post: Post, door: Door) -> None:
    file = b"QUJD" * 18 + b"\r\n"
    raw = (
        write("see", Content_Type="multipart/mixed; boundary=b").split(b"\r\n\r\n")[0].rpartition(b"\r\n")[0]
        + b"\r\n\r\n--b\r\n\r\nsee\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + file * 330_000
        + b"--b--\r\n"
    )
    with door.lmtp() as server:
        server.sendmail("cara@example.com", [HELP], raw)
    ((size, hashed),) = post.rows("SELECT size, sha256 = sha256(content) FROM received_mail")
    assert (size, hashed) == (len(raw), True)
    assert post.rows("SELECT name, size FROM attachment") == [("a.png", 330_000 * 54)]


def test_while_nothing_can_be_kept_the_sender_is_told_to_try_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull("no space left")

    with Door.of(post) as door:
        with monkeypatch.context() as broken, door.smtp() as server:
            broken.setattr(post.casepath.store.mails, "keep", full)
            with pytest.raises(smtplib.SMTPDataError) as refused:
                server.sendmail("cara@example.com", [HELP], write())
            assert refused.value.smtp_code == 451
        assert post.mails() == []
        with door.smtp() as server:
            server.sendmail("cara@example.com", [HELP], write())
    assert [it[::3] for it in post.mails()] == [("opened", 1)]


def test_a_place_that_is_taken_is_refused_in_a_sentence(post: Post, door: Door) -> None:
    listener = Listener(post.casepath.settings, post.casepath.mailroom)
    taken = [Place("smtp", "127.0.0.1", door.smtp_port)]
    # In a thread of its own: a browser of other tests keeps this one's event loop running.
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(listener.run, taken, lambda _: None)
        with pytest.raises(Refused, match=r"Expected smtp://127.0.0.1:.* to be free for mail, but: "):
            running.result()
