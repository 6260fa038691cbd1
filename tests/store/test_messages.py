"""Rows of messages, subscriptions and signals: who is looked for when, and what ends the waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from engine.errors import Conflict
from engine.runtime.commands import SYSTEM
from engine.store.messages import NewMessage
from engine.store.migrate import MIGRATIONS, migrate
from engine.store.signals import NewSignal
from tests.store.hand import Hand, happened

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=1)


def message(hand: Hand, key: str | None = "A-1", **more: Any) -> UUID:
    id = uuid4()
    given = {"timeline": "live", "expires_at": hand.now + HOUR, **more}
    assert hand.store.messages.add(
        NewMessage(
            desk_id=hand.desk_id,
            id=id,
            name="paid",
            key=key,
            payload={},
            actor=SYSTEM,
            sent_at=hand.now,
            delivery=uuid4(),
            **given,
        )
    )
    return id


def awaiting(hand: Hand, key: str | None = "A-1", kind: str = "message", timeline: str = "live") -> UUID:
    """Open a ticket that waits; return its subscription."""
    id = uuid4()
    values = {"key": key} if kind == "message" else {}
    event = happened(f"{kind}_awaited", values, subscription=str(id), element="wait", name="paid")
    hand.open(None, event, timeline=timeline)
    return id


def claimed(hand: Hand, lease: timedelta = LEASE) -> list[UUID]:
    found = hand.store.messages.claim(limit=10, lease=lease)
    return [it.id for it in found if it.desk_id == hand.desk_id]


def test_a_message_at_rest_is_claimed_again_once_somebody_begins_to_wait_for_it(hand: Hand) -> None:
    id, other = message(hand), message(hand, "A-2")
    assert set(claimed(hand)) == {id, other}
    for it in (id, other):
        row = hand.store.messages.get(hand.desk_id, it)
        assert row is not None and hand.store.messages.catcher(row) is None
        hand.store.messages.rest(row)
    assert claimed(hand) == []
    awaiting(hand)
    hand.store.messages.wake(limit=100)
    assert claimed(hand) == [id]


def test_a_message_that_was_woken_while_it_was_looked_at_does_not_go_to_rest(hand: Hand) -> None:
    id = message(hand)
    claimed(hand)
    row = hand.store.messages.get(hand.desk_id, id)
    assert row is not None
    awaiting(hand)
    hand.store.messages.wake(limit=100)
    hand.store.messages.rest(row)
    assert claimed(hand) == [id]


def test_a_subscription_is_fresh_until_its_messages_were_woken_and_one_without_key_never_is(
    hand: Hand,
) -> None:
    keyed, keyless, listening = awaiting(hand), awaiting(hand, None), awaiting(hand, kind="signal")

    def fresh() -> set[UUID]:
        return {row["id"] for row in hand.rows("subscription", fresh=True)}

    assert fresh() == {keyed}
    hand.store.messages.wake(limit=100)
    assert fresh() == set()
    assert {row["id"]: row["kind"] for row in hand.rows("subscription")} == {
        keyed: "message", keyless: "message", listening: "signal",
    }  # fmt: skip


def test_the_virtual_timeline_keeps_to_itself(hand: Hand) -> None:
    id = message(hand, timeline="virtual")
    live, rehearsed = awaiting(hand), awaiting(hand, timeline="virtual")
    assert claimed(hand) == []
    hand.store.messages.expire(hand.now + 2 * HOUR, limit=10)
    row = hand.store.messages.get(hand.desk_id, id)
    assert row is not None and row.state == "waiting"
    assert hand.store.messages.catcher(row) == rehearsed != live
    assert hand.store.messages.meetings(hand.desk_id, "virtual") == [id]
    assert hand.store.messages.meetings(hand.desk_id, "live") == []


def test_a_step_that_takes_a_message_which_is_done_with_takes_nothing(hand: Hand) -> None:
    instance = hand.open()
    taken, late = message(hand), message(hand, expires_at=hand.now)
    received = happened("message_received", message=str(taken), element="wait", name="paid")
    hand.happen(instance, received)
    for id in (taken, late):
        length = hand.row("instance", id=instance.id)["length"]
        again = happened("message_received", message=str(id), element="wait", name="paid")
        with pytest.raises(Conflict, match=r"^Expected the message to wait for its delivery, but it is done"):
            hand.happen(instance, again)
        assert hand.row("instance", id=instance.id)["length"] == length
    assert hand.row("message", id=taken)["ticket_number"] == instance.ticket_number


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_a_process_throws_waits_in_the_outbox(hand: Hand, kind: str) -> None:
    job = uuid4()
    values = {"key": "A-1", "payload": {"amount": 7}} if kind == "message" else {"payload": {"amount": 7}}
    hand.open(None, happened(f"{kind}_thrown", values, job=str(job), element="t", name="paid"))
    row = hand.row("outbox", id=job)
    assert (row["kind"], row["state"], row["payload"]) == (kind, "pending", {"name": "paid", **values})


def test_a_signal_knows_who_listened_and_leaves_its_thrower_out(hand: Hand) -> None:
    awaiting(hand)
    subscriptions = [awaiting(hand, kind="signal") for _ in range(3)]
    awaiting(hand, kind="signal", timeline="virtual")
    listeners = [hand.row("subscription", id=it)["instance_id"] for it in subscriptions]
    signal = NewSignal(
        desk_id=hand.desk_id, id=uuid4(), name="paid", payload={}, actor=SYSTEM, timeline="live",
        sent_at=hand.now, starts=["p"], sender=listeners[1],
    )  # fmt: skip
    assert hand.store.signals.add(signal)
    assert not hand.store.signals.add(signal)
    row = hand.store.signals.get(hand.desk_id, signal.id)
    assert (row.reached, row.instances, row.starts) == (2, [listeners[0], listeners[2]], ["p"])


def test_what_waited_before_this_table_was_changed_is_found_by_messages_too(fresh_database: str) -> None:
    """The tables of the first version, with a ticket that waits, brought to those of today."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(fresh_database), poolclass=NullPool
    )
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO subscription (desk_id, id, instance_id, ticket_number, name, key, element, timeline)"
            " SELECT 1, gen_random_uuid(), gen_random_uuid(), it, 'paid', 'A-1', 'wait', 'live'"
            " FROM generate_series(1, 2) AS it"
        )
    migrate(fresh_database)
    with psycopg.connect(fresh_database) as connection:
        found = connection.execute(
            "SELECT ticket_number, kind, fresh FROM subscription ORDER BY place"
        ).fetchall()
    assert found == [(1, "message", True), (2, "message", True)]
