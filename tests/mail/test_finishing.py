"""A mail that was kept and whose handling was cut off: finished by whoever comes next, once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.mailroom import Mailroom
from engine.mailroom.mailroom import MOST_TRIES
from engine.store.mails import Unfinished
from engine.workers import jobs
from tests.mail.desk import HELP, Post, write

# Somebody takes a mail in and is killed at the moment at which it is kept and nothing is decided yet.
KILLED = f"""
import os, sys
from engine.bootstrap import open_casepath
from engine.mailroom import Incoming, Mailroom
from engine.settings import Settings
Mailroom._decide = lambda *_: os.kill(os.getpid(), 9)
casepath = open_casepath(Settings.read(os.environ))
desk = casepath.mailroom.addresses.desk("{HELP}")
casepath.mailroom.receive(desk, Incoming(sys.stdin.buffer.read(), "{HELP}", os.environ["SENDER"]))
"""
BODY = "--b\r\n\r\nIt blinks.\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1;2\r\n--b--"
PARTS = {"Content_Type": "multipart/mixed; boundary=b"}


def cut_off(post: Post, raw: bytes, sender: str = "cara@example.com") -> None:
    """Take a mail in from an envelope's sender and be killed before anything is decided."""
    environment = os.environ | post.casepath.settings.as_environment() | {"SENDER": sender}
    killed = subprocess.run([sys.executable, "-c", KILLED], input=raw, env=environment, timeout=60)
    assert killed.returncode == -9
    assert [it[0] for it in post.mails()] == ["received"]


def a_minute_later(post: Post) -> None:
    """Let the database's time go by: leases and the minute of patience are over."""
    with post.casepath.store.transaction() as connection:
        connection.execute("UPDATE received_mail SET next_at = now() - interval '1 second'")


def with_file(**headers: str) -> bytes:
    lines = ["From: Cara <cara@example.com>", f"To: {HELP}", "Subject: Router", "Message-ID: <1@x>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", BODY, ""]).encode()


def test_a_mail_whose_taker_was_killed_becomes_its_ticket_by_the_scheduler(post: Post) -> None:
    cut_off(post, write())
    post.settle()
    assert [it[0] for it in post.mails()] == ["received"]  # whoever brought it has a minute to bring it again
    a_minute_later(post)
    post.settle()
    assert [it[::3] for it in post.mails()] == [("opened", 1)]
    post.settle()
    assert len(post.casepath.reads.tickets(post.desk_id).items) == 1


def test_what_is_finished_later_is_what_it_would_have_been_at_once(post: Post) -> None:
    cut_off(post, with_file(**PARTS, Return_Path="<cara@example.com>"), sender="<>")
    a_minute_later(post)
    post.settle()
    ((state, nature, reason, _),) = post.mails()  # the envelope had no sender, and that is kept
    assert (state, nature) == ("dropped", "bounce")
    assert reason
    assert post.rows("SELECT count(*) FROM attachment") == [(1,)]


def test_handed_over_again_meanwhile_it_is_done_once(post: Post) -> None:
    raw = with_file(**PARTS)
    cut_off(post, raw)
    a_minute_later(post)
    ((mail,),) = post.rows("SELECT id FROM received_mail")
    jobs.use(post.casepath)
    with ThreadPoolExecutor(2) as threads:
        finishing = threads.submit(jobs.finish_mails, [(post.desk_id, str(mail))])
        again = threads.submit(post.take, raw)
        assert finishing.result() is None
        assert again.result().outcome == "opened"
    assert post.rows("SELECT count(*) FROM ticket") == [(1,)]
    assert post.rows("SELECT count(*) FROM attachment") == [(1,)]


def test_a_mail_that_fails_each_time_is_set_aside_with_a_reason(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    cut_off(post, write())
    with monkeypatch.context() as faulty:
        faulty.setattr(Mailroom, "_decide", broken)
        for tries in range(1, MOST_TRIES + 1):
            (claimed,) = claimed_again(post)
            assert post.rows("SELECT tries, state FROM received_mail") == [(tries, "received")]
            with pytest.raises(RuntimeError):
                post.casepath.mailroom.finish(claimed.desk_id, claimed.id)
        (claimed,) = claimed_again(post)
        post.casepath.mailroom.finish(claimed.desk_id, claimed.id)
    ((state, _, reason, ticket),) = post.mails()
    assert (state, ticket) == ("set_aside", None)
    assert reason.startswith("It was tried 6 times, and each time something failed;")
    assert post.take(write()).outcome == "opened"


def claimed_again(post: Post) -> list[Unfinished]:
    """Claim what is unfinished when the lease is over; nobody else gets it then."""
    a_minute_later(post)
    mails, lease = post.casepath.store.mails, timedelta(seconds=100)
    claimed = mails.claim_unfinished(limit=5, lease=lease)
    assert mails.claim_unfinished(limit=5, lease=lease) == []
    return claimed


def test_each_try_waits_twice_as_long_as_the_one_before(post: Post) -> None:
    cut_off(post, write())
    waits = []
    for _ in range(3):
        claimed_again(post)
        ((hundreds,),) = post.rows(
            "SELECT round(extract(epoch FROM next_at - now()) / 100)::int FROM received_mail"
        )
        waits.append(hundreds)
    assert waits == [1, 2, 4]
