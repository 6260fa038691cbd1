"""Timers and the outbox: claimed by lease, shared among schedulers, never lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.store import Store, test_clock
from tests.store.hand import Hand, happened, timer_armed

LEASE = timedelta(seconds=30)
NO_LEASE = timedelta()


@pytest.fixture(autouse=True)
def nothing_else_is_due(store: Store) -> None:
    """Due work is claimed over all desks: set aside what other tests left armed or pending."""
    with store.transaction() as connection:
        connection.execute("UPDATE timer SET state = 'cancelled' WHERE state = 'armed'")
        connection.execute("UPDATE outbox SET state = 'cancelled' WHERE state = 'pending'")


def armed(hand: Hand, *minutes: int, timeline: str = "live") -> list[UUID]:
    timers = [uuid4() for _ in minutes]
    events = [timer_armed(it, hand.now + timedelta(minutes=m)) for it, m in zip(timers, minutes, strict=True)]
    hand.open(None, *events, timeline=timeline)
    return timers


def test_due_timers_are_claimed_in_due_order_and_others_are_left(hand: Hand) -> None:
    late, early, _later = armed(hand, 5, 3, 60)
    claimed = hand.store.timers.claim_due(hand.now + timedelta(minutes=10), limit=10, lease=LEASE)
    assert [it.id for it in claimed] == [early, late]
    assert {it.desk_id for it in claimed} == {hand.desk_id}


def test_a_claimed_timer_is_nobody_elses_until_its_lease_ends(hand: Hand) -> None:
    (timer,) = armed(hand, 0)
    assert [it.id for it in hand.store.timers.claim_due(hand.now, limit=10, lease=NO_LEASE)] == [timer]
    assert [it.id for it in hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE)] == [timer]
    assert hand.store.timers.claim_due(hand.now + timedelta(days=9), limit=10, lease=LEASE) == []


def test_a_released_claim_is_due_again_at_once(hand: Hand) -> None:
    (timer,) = armed(hand, 0)
    hand.store.timers.release(hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE))
    assert [it.id for it in hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE)] == [timer]


def test_two_schedulers_share_the_due_timers(hand: Hand) -> None:
    """While one is still claiming its batch, the other gets the rest and doesn't wait."""
    timers = armed(hand, 0, 1, 2, 3)
    now = hand.now + timedelta(minutes=5)
    with hand.store.transaction() as connection:
        held = connection.execute(
            "SELECT id FROM timer WHERE state = 'armed' ORDER BY due_at LIMIT 2 FOR UPDATE SKIP LOCKED"
        ).fetchall()
        others = hand.store.timers.claim_due(now, limit=10, lease=LEASE)
    assert {it.id for it in others} | {row[0] for row in held} == set(timers)
    assert len(others) == 2


def test_timers_of_virtual_instances_are_left_to_whoever_runs_them(hand: Hand) -> None:
    armed(hand, 0, timeline="virtual")
    assert hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE) == []
    assert hand.store.timers.next_due() is None


def test_the_next_due_moment_is_that_of_a_timer_that_is_not_leased(hand: Hand) -> None:
    armed(hand, 0, 30)
    assert hand.store.timers.next_due() == hand.now
    hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE)
    assert hand.store.timers.next_due() == hand.now + timedelta(minutes=30)


def test_a_fired_timer_is_not_claimed(hand: Hand) -> None:
    timer = uuid4()
    instance = hand.open(None, timer_armed(timer, hand.now))
    hand.happen(
        instance, happened("timer_fired", timer=str(timer), element="remind", due=hand.now, fired=hand.now)
    )
    assert hand.store.timers.claim_due(hand.now, limit=10, lease=LEASE) == []


def mail(hand: Hand, timeline: str = "live") -> UUID:
    job = uuid4()
    values = {"to": "x@example.com", "subject": "s", "body": "b"}
    hand.open(None, happened("mail_requested", values, job=str(job), template="t"), timeline=timeline)
    return job


def test_a_pending_mail_is_claimed_once_and_comes_back_when_its_lease_ends(hand: Hand) -> None:
    job = mail(hand)
    assert [it.id for it in hand.store.outbox.claim(limit=10, lease=NO_LEASE)] == [job]
    assert [it.id for it in hand.store.outbox.claim(limit=10, lease=LEASE)] == [job]
    assert hand.store.outbox.claim(limit=10, lease=LEASE) == []


def test_a_claim_is_begun_once_and_each_try_that_was_begun_counts(hand: Hand) -> None:
    job = mail(hand)
    outbox = hand.store.outbox
    (first,) = outbox.claim(limit=10, lease=NO_LEASE)
    (claim,) = outbox.claim(limit=10, lease=LEASE)
    assert outbox.begin(hand.desk_id, job, first.next_at.isoformat()) is None  # it was claimed anew since
    begun = outbox.begin(hand.desk_id, job, claim.next_at.isoformat())
    assert begun is not None and begun.attempts == 1
    assert outbox.begin(hand.desk_id, job, claim.next_at.isoformat()) is None
    outbox.try_later(hand.desk_id, job, "refused", timedelta(hours=1))
    assert outbox.claim(limit=10, lease=LEASE) == []
    row = hand.row("outbox", id=job)
    assert (row["attempts"], row["state"]) == (1, "pending")
    outbox.try_later(hand.desk_id, job, "refused", NO_LEASE)
    assert [it.id for it in outbox.claim(limit=10, lease=LEASE)] == [job]


def test_the_lease_of_a_service_lasts_as_long_as_its_time_out_and_more(hand: Hand) -> None:
    asked = happened("service_requested", job=str(uuid4()), type="pay", time_out="PT10M", back_off="PT1M")
    hand.open(None, asked)
    ((claim),) = hand.store.outbox.claim(limit=10, lease=LEASE)
    with hand.store.transaction() as connection:
        (left,) = connection.execute("SELECT %s - now()", [claim.next_at]).fetchone()
    assert claim.time_out == 600
    assert left > LEASE + timedelta(minutes=9)


def test_nothing_of_a_virtual_instance_leaves_the_house(hand: Hand) -> None:
    mail(hand, timeline="virtual")
    assert hand.store.outbox.claim(limit=10, lease=LEASE) == []


def test_the_test_clock_is_one_row_for_all_processes(hand: Hand) -> None:
    one, other = test_clock.TestClock(hand.store), test_clock.TestClock(hand.store)
    hand.store.installation.set_test_clock(hand.now)
    assert one.now() == other.now() == hand.now
    hand.store.installation.set_test_clock(hand.now + timedelta(days=7))
    assert one.now() == other.now() == hand.now + timedelta(days=7)
