"""Tampering with a real database, as its owner could, and what verifying says about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from engine.audit.trail import chain_hash
from engine.reads import Reads
from engine.runtime.instance import Instance
from engine.store.erasure import erase_values
from engine.store.register import register_instances
from tests.store.hand import ANN, Hand, happened, task_opened


@pytest.fixture
def reads(hand: Hand) -> Reads:
    return Reads(hand.store)


@pytest.fixture
def instance(hand: Hand) -> Instance:
    """A ticket with four links, and another one beside it."""
    hand.open()
    task = uuid4()
    opened = hand.open(None, task_opened(task))
    hand.step(
        hand.complete(task),
        [happened("task_completed", {"next": "b"}, task=str(task), element="a", name="A")],
    )
    return hand.happen(opened, happened("elements_passed", steps=[["left", "a", ""]]))


@contextmanager
def tampering(owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Somebody with the owner's password, who switches the triggers off."""
    with owner.transaction():
        owner.execute("ALTER TABLE trail DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE trail_value DISABLE TRIGGER USER")
        yield owner
        owner.execute("ALTER TABLE trail ENABLE TRIGGER USER")
        owner.execute("ALTER TABLE trail_value ENABLE TRIGGER USER")


def found(reads: Reads, hand: Hand, instance: Instance) -> tuple[int, str]:
    verdict = reads.verify_desk(hand.desk_id)
    assert not verdict.ok
    assert {it.chain for it in verdict.breaks} == {instance.id}
    return verdict.breaks[0].seq, verdict.breaks[0].message


def test_an_untouched_desk_verifies(reads: Reads, hand: Hand, instance: Instance) -> None:
    register_instances(hand.store, hand.now)
    verdict = reads.verify_desk(hand.desk_id)
    assert (verdict.ok, verdict.chains) == (True, 3)  # two tickets and the desk itself
    one = reads.verify(hand.desk_id, instance.ticket_number)
    assert (one.ok, one.links) == (True, 4)


def test_a_flipped_byte_is_found_at_its_link(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    with tampering(owner):
        owner.execute(
            "UPDATE trail SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1) WHERE chain = %s AND seq = 3",
            [instance.id],
        )
    assert found(reads, hand, instance) == (
        3, "Expected link 3 as it was written, but its bytes and its hash don't agree.",
    )  # fmt: skip


def test_a_rewritten_link_with_a_fitting_hash_breaks_the_next_one(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    first, second = reads.chain(hand.desk_id, instance.id, limit=2)
    with tampering(owner):
        row = owner.execute("SELECT bytes FROM trail WHERE hash = %s", [second.hash]).fetchone()
        forged = row[0].replace(b"tier1", b"tier9")
        owner.execute(
            "UPDATE trail SET bytes = %s, hash = %s WHERE hash = %s",
            [forged, chain_hash(first.hash, forged), second.hash],
        )
    assert found(reads, hand, instance)[0] == 3


def test_a_cut_tail_is_found_by_the_instances_own_count(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    with tampering(owner):
        owner.execute("DELETE FROM trail WHERE chain = %s AND seq > 2", [instance.id])
        owner.execute("DELETE FROM trail_value WHERE chain = %s AND seq > 2", [instance.id])
    assert found(reads, hand, instance) == (3, "Expected 4 links, but the chain has 2.")


def test_a_cut_tail_with_a_fitting_instance_is_found_by_the_register(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    register_instances(hand.store, hand.now)
    with tampering(owner):
        owner.execute("DELETE FROM trail WHERE chain = %s AND seq > 2", [instance.id])
        owner.execute("DELETE FROM trail_value WHERE chain = %s AND seq > 2", [instance.id])
        owner.execute(
            """UPDATE instance i SET length = 2, head = t.hash FROM trail t
               WHERE t.chain = i.id AND t.seq = 2 AND i.id = %s""",
            [instance.id],
        )
    assert found(reads, hand, instance)[1] == "Expected link 4 of ticket 2 as registered, but it is another."


def test_a_missing_link_in_the_middle_is_named(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    with tampering(owner):
        owner.execute("DELETE FROM trail WHERE chain = %s AND seq = 2", [instance.id])
    assert found(reads, hand, instance) == (2, "Expected link 2 here, but link 3 follows.")


def test_a_removed_instance_is_found_by_its_trail(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    with tampering(owner):
        owner.execute("DELETE FROM instance WHERE id = %s", [instance.id])
    assert "but it is gone" in found(reads, hand, instance)[1]
    assert not reads.verify(hand.desk_id, instance.ticket_number).ok


@pytest.mark.parametrize("left", ["command", "ticket"])
def test_an_instance_removed_with_its_trail_is_found_by_what_was_left(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection, left: str
) -> None:
    remove(owner, instance, but=left)
    said = {"command": "a kept command", "ticket": "ticket 2"}[left]
    assert (
        found(reads, hand, instance)[1]
        == f"Expected instance {instance.id}, which {said} names, but it is gone."
    )


def test_an_instance_removed_with_all_it_had_is_found_by_the_register(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    assert register_instances(hand.store, hand.now) >= 2
    remove(owner, instance)
    assert found(reads, hand, instance)[1] == (
        f"Expected instance {instance.id} of ticket 2, which was registered, but it is gone."
    )


def test_removing_the_register_too_breaks_the_desks_chain(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection
) -> None:
    register_instances(hand.store, hand.now)
    remove(owner, instance)
    with tampering(owner):
        owner.execute("DELETE FROM trail WHERE desk_id = %s AND kind = 'desk_event'", [hand.desk_id])
    assert [it.message for it in reads.verify_desk(hand.desk_id).breaks] == [
        "Expected 1 links, but the chain has 0."
    ]


def test_each_instance_is_registered_once(hand: Hand, instance: Instance) -> None:
    assert register_instances(hand.store, hand.now) >= 2
    assert register_instances(hand.store, hand.now) == 0
    hand.open()
    assert register_instances(hand.store, hand.now) == 1


def test_registering_does_not_wait_for_an_instance_that_is_being_moved(
    hand: Hand, instance: Instance
) -> None:
    command = hand.entry(instance)
    with hand.store.unit_of_work(hand.desk_id) as work:
        work.open(command.address, command.id)
        register_instances(hand.store, hand.now)
        assert hand.row("instance", id=instance.id)["registered_at"] is None
    assert register_instances(hand.store, hand.now) == 1


def test_an_erased_value_leaves_the_chain_whole(reads: Reads, hand: Hand, instance: Instance) -> None:
    assert erase_values(hand.store, hand.desk_id, instance.id, ANN, hand.now, ["subject", "description"]) == 2
    assert reads.verify_desk(hand.desk_id).ok
    opened = reads.trace(hand.desk_id, instance.ticket_number)[0]
    assert opened.erased == ("description", "subject")
    assert set(opened.values) == {"external_ref", "fields", "priority"}
    assert reads.desk_trail(hand.desk_id)[-1].data["what"] == "values_erased"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE trail_value SET value = '\"c\"'", "as link 3 commits to it, but it is another"),
        ("DELETE FROM trail_value", "or a note of its erasure, but it is gone"),
        ("UPDATE trail_value SET name = 'after'", "Expected value 'after'"),
        ("UPDATE trail SET kind = 'task_cancelled'", "Expected the kind beside link 3"),
        ("UPDATE trail SET at = at - interval '1 s'", "Expected the at beside link 3"),
    ],
)
def test_what_stands_beside_a_link_must_say_the_same(
    reads: Reads, hand: Hand, instance: Instance, owner: psycopg.Connection, change: str, said: Any
) -> None:
    with tampering(owner):
        owner.execute(f"{change} WHERE chain = %s AND seq = 3", [instance.id])
    seq, message = found(reads, hand, instance)
    assert seq == 3
    assert said in message


def remove(owner: psycopg.Connection, instance: Instance, but: str = "") -> None:
    """Remove an instance with everything it had, but for one table."""
    with tampering(owner):
        for table, column in (
            ("instance", "id"), ("trail", "chain"), ("trail_value", "chain"), ("command", "instance_id"),
            ("ticket", "instance_id"), ("task", "instance_id"),
        ):  # fmt: skip
            if table != but:
                owner.execute(f"DELETE FROM {table} WHERE {column} = %s", [instance.id])


def test_verifying_while_steps_are_committed_raises_no_false_alarm(
    reads: Reads, hand: Hand, instance: Instance
) -> None:
    """Ends and links are read as of one moment: here a step is committed between the two questions."""

    class Meddling(Reads):
        def _links(self, connection: Any, asked: Any) -> Any:
            hand.happen(instance, happened("elements_passed", steps=[]))
            return super()._links(connection, asked)

    assert Meddling(hand.store).verify(hand.desk_id, instance.ticket_number).ok
