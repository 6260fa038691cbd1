"""Mutated mails through the whole mailroom: never an exception, never lost, always one outcome."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from engine.mail import read_letter
from tests.mail.desk import Post
from tests.parts.mail.test_any_mail import mutated


def is_the_same_mail(kept: bytes, raw: bytes) -> bool:
    """Whether they differ only in what servers may change on the way: lines of their own, ends of lines."""
    one, other = read_letter(kept), read_letter(raw)
    return (one.message_id, one.fingerprint) == (other.message_id, other.fingerprint)


OUTCOMES = {"opened", "replied", "noted", "dropped"}


def test_every_mutated_mail_has_one_outcome_and_is_kept(post: Post) -> None:
    post.renewed(mail_hourly=100_000)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(mutated())
    def receive(raw: bytes) -> None:
        first, again = post.take(raw), post.take(raw)
        assert first.outcome in OUTCOMES
        assert (again.mail, again.outcome, again.ticket, again.repeated) == (
            *(first.mail, first.outcome, first.ticket),
            True,
        )
        ((kept,),) = post.rows("SELECT content FROM received_mail WHERE id = %s", first.mail)
        assert kept == raw or is_the_same_mail(bytes(kept), raw)

    receive()
    opened = post.rows("SELECT count(*) FROM received_mail WHERE state = 'opened'")
    assert opened == post.rows("SELECT count(*) FROM ticket")
    assert post.casepath.reads.verify_desk(post.desk_id).ok
