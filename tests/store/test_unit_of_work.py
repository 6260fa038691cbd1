"""The one transaction of a step: its two round trips, its races, and that it is all or nothing."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from engine.errors import Conflict, NotFound
from engine.runtime.commands import (
    CompleteService,
    DeliverMessage,
    FireTimer,
    ReportIncident,
    Requester,
    RetryIncident,
)
from engine.store import Store
from engine.store.commands import history
from tests.store.hand import ANN, Hand, happened, task_opened, timer_armed
from tests.store.wire import Wire


@pytest.fixture
def wire(database_url: str) -> Iterator[Wire]:
    with tempfile.TemporaryDirectory(prefix="casepath-wire-", dir="/tmp") as folder:
        wire = Wire(database_url, Path(folder))
        yield wire
        wire.close()


def test_a_step_costs_two_round_trips(hand: Hand, wire: Wire) -> None:
    tasks = [uuid4() for _ in range(12)]
    hand.open(None, task_opened(tasks[0]))
    hand.store = Store(wire.database_url, pool_size=1)
    costs = []
    for task, following in pairwise(tasks):
        before = wire.turns
        hand.step(
            hand.complete(task),
            [
                happened("task_completed", {"next": "x"}, task=str(task), element="work", name="Work"),
                happened("elements_passed", steps=[["left", "work", ""], ["entered", "work", ""]]),
                task_opened(following),
                timer_armed(uuid4(), hand.now),
            ],
        )
        costs.append(wire.turns - before)
    hand.store.close()
    assert costs[1:] == [2] * 10  # the first one also opens the connection


def test_a_command_that_was_done_costs_one_round_trip_and_changes_nothing(hand: Hand, wire: Wire) -> None:
    task = uuid4()
    instance = hand.open(None, task_opened(task))
    command = hand.complete(task)
    done = hand.step(command, [happened("task_completed", task=str(task), element="work", name="Work")])
    hand.store = Store(wire.database_url, pool_size=1)
    hand.store.desks.all()
    before = wire.turns
    with hand.store.unit_of_work(hand.desk_id) as work:
        opened = work.open(command.address, command.id)
    assert opened.done and opened.done.outcome == {
        "ticket": instance.ticket_number,
        "revision": done.revision,
    }
    assert wire.turns - before == 2  # the question, and letting the lock go
    hand.store.close()


def test_every_kind_of_address_leads_to_its_locked_instance(hand: Hand) -> None:
    task, timer, job, incident = (uuid4() for _ in range(4))
    instance = hand.open(
        None,
        task_opened(task),
        timer_armed(timer, hand.now),
        happened("service_requested", job=str(job), type="pay"),
        happened(
            "incident_opened", {"message": "m"}, incident=str(incident), about="service", subject=str(job)
        ),
    )
    who = {"id": uuid4(), "desk_id": hand.desk_id, "actor": ANN}
    for command in (
        hand.complete(task),
        FireTimer(timer_id=timer, **who),
        CompleteService(job_id=job, **who),
        RetryIncident(incident_id=incident, **who),
        ReportIncident(timer_id=timer, error="e", **who),
        DeliverMessage(ticket=instance.ticket_number, name="m", **who),
    ):
        with hand.store.unit_of_work(hand.desk_id) as work:
            assert work.open(command.address, command.id).instance == instance


def test_an_address_that_leads_nowhere_is_told_in_a_sentence(hand: Hand) -> None:
    command = hand.complete(uuid4())
    with (
        hand.store.unit_of_work(hand.desk_id) as work,
        pytest.raises(NotFound, match=r"Expected task .* to exist"),
    ):
        work.open(command.address, command.id)


def test_another_desks_task_is_not_found(hand: Hand) -> None:
    task = uuid4()
    hand.open(None, task_opened(task))
    command = hand.complete(task)
    with hand.store.unit_of_work(hand.desk_id + 1_000_000) as work, pytest.raises(NotFound):
        work.open(command.address, command.id)


def test_leaving_without_commit_changes_nothing(hand: Hand) -> None:
    instance, command = hand.open(), hand.opening()
    with hand.store.unit_of_work(hand.desk_id) as work:
        work.open(hand.entry(instance).address, command.id)
        work.save(replace(instance, revision=2), 1)
    assert hand.row("instance", id=instance.id)["revision"] == 1


@pytest.mark.parametrize("bad", range(3))
def test_an_error_in_any_write_leaves_nothing_behind(hand: Hand, bad: int) -> None:
    """A statement that PostgreSQL refuses stops the whole pipeline, its COMMIT too, wherever it stands."""
    instance = hand.open()
    entry = happened("entry_added", {"body": "b"}, entry=str(uuid4()), kind="note", public=False)
    events = [entry, task_opened(uuid4()), timer_armed(uuid4(), hand.now)]
    events.insert(bad, happened("entry_added", {"body": "b"}, entry=str(uuid4()), kind="shout", public=False))
    with pytest.raises(psycopg.errors.CheckViolation):
        hand.happen(instance, *events)
    assert hand.row("instance", id=instance.id)["revision"] == 1
    assert [hand.rows(table) for table in ("entry", "task", "timer")] == [[], [], []]
    assert len(hand.rows("trail")) == instance.length
    assert len(hand.rows("command")) == 1
    assert hand.happen(instance).revision == 2  # and the connection is good for the next step


def test_a_step_that_failed_leaves_its_connection_as_good_as_new(database_url: str) -> None:
    """What stood behind the failed statement was never prepared, and must not be taken for it."""
    store = Store(database_url, pool_size=1)
    with store.database.borrowed() as connection:
        connection.execute(
            "SELECT 42"
        )  # psycopg takes it for prepared from the next time on, whatever comes of that
        with pytest.raises(psycopg.Error), connection.pipeline():
            for sql in ("BEGIN", "SELECT 1 / 0", "SELECT 42"):
                connection.execute(sql, prepare=True)
    with store.database.borrowed() as connection:
        assert connection.execute("SELECT 42", prepare=True).fetchone() == (42,)
    store.close()


def test_an_instance_that_moved_on_is_not_overwritten(hand: Hand) -> None:
    instance = hand.open()
    command = hand.entry(instance)
    with hand.store.unit_of_work(hand.desk_id) as work:
        work.open(command.address, command.id)
        work.save(replace(instance, revision=9), 8)
        with pytest.raises(Conflict, match="but it has moved on"):
            work.commit()
    assert hand.row("instance", id=instance.id)["revision"] == 1


def at_once(*calls: Callable[[], object]) -> list[Future[object]]:
    """Start calls in threads of their own, and let each begin its own way."""
    pool = ThreadPoolExecutor(len(calls))
    return [pool.submit(call) for call in calls]


def test_the_same_command_twice_at_once_is_done_once(hand: Hand) -> None:
    """The second delivery waits for the lock, and only then asks whether the command is done."""
    instance = hand.open()
    command = hand.entry(instance)
    reached = threading.Event()

    def second() -> object:
        with hand.store.unit_of_work(hand.desk_id) as work:
            reached.set()
            return work.open(command.address, command.id)

    with hand.store.unit_of_work(hand.desk_id) as work:
        found = work.open(command.address, command.id).instance
        (waiting,) = at_once(second)
        reached.wait()
        wait_for_lock(hand)
        hand.finish(work, command, replace(found, revision=2), 1, [])
    assert waiting.result(10).done.outcome == {"ticket": instance.ticket_number, "revision": 2}


def test_the_same_opening_twice_at_once_opens_one_ticket(hand: Hand) -> None:
    command = hand.opening()
    reached = threading.Event()

    def second() -> object:
        with hand.store.unit_of_work(hand.desk_id) as work:
            reached.set()
            return work.open(command.address, command.id)

    with hand.store.unit_of_work(hand.desk_id) as work:
        number = work.open(command.address, command.id).number
        (waiting,) = at_once(second)
        reached.wait()
        wait_for_lock(hand)
        instance = hand.new_instance(number)
        event = hand.ticket_opened(command, work.customer(command.requester, hand.now))
        hand.finish(work, command, instance, None, [event])
    assert waiting.result(10).done.outcome == {"ticket": number, "revision": 1}
    assert len(hand.rows("ticket")) == 1


def test_two_commands_on_one_instance_follow_each_other(hand: Hand) -> None:
    instance = hand.open()
    reached = threading.Event()

    def second() -> object:
        reached.set()
        return hand.happen(instance)

    first = hand.entry(instance)
    with hand.store.unit_of_work(hand.desk_id) as work:
        found = work.open(first.address, first.id).instance
        (waiting,) = at_once(second)
        reached.wait()
        wait_for_lock(hand)
        hand.finish(work, first, replace(found, revision=2, state=b"two"), 1, [])
    after = waiting.result(10)
    assert (after.revision, after.state) == (3, b"two")


def test_two_openings_at_one_desk_do_not_wait_for_each_other(hand: Hand) -> None:
    one, other = hand.opening(), hand.opening()
    with hand.store.unit_of_work(hand.desk_id) as first, hand.store.unit_of_work(hand.desk_id) as second:
        numbers = [
            first.open(one.address, one.id).number,
            second.open(other.address, other.id).number,
        ]
    assert numbers == [1, 2]


def test_numbers_of_refused_openings_are_not_given_again(hand: Hand) -> None:
    command = hand.opening()
    with hand.store.unit_of_work(hand.desk_id) as work:
        work.open(command.address, command.id)
    assert hand.open().ticket_number == 2


def test_a_customer_is_found_again_by_mail_or_else_by_the_digits_of_the_phone(hand: Hand) -> None:
    def who(*given: str | None) -> object:
        instance = hand.open(hand.opening(requester=Requester(*given)))
        return hand.row("ticket", number=instance.ticket_number)["requester_id"]

    cora = who("Cora", "cora@example.com", "+49 171 5550123")
    assert who("Cora M.", "CORA@example.com") == cora
    assert who("Cora", None, "+49 (171) 555-0123") == cora
    assert who("Somebody", None, "+49 30 1") != cora
    assert who("Nobody") != who("Nobody")


def test_a_command_is_kept_with_all_it_saw_so_that_it_can_be_run_again(hand: Hand) -> None:
    task = uuid4()
    opening = hand.opening(fields={"amount": 5})
    instance = hand.open(opening, task_opened(task))
    hand.now += timedelta(minutes=5)
    completing = hand.complete(task, revision=3, fields={"solved": True})
    hand.step(completing)
    with hand.store.transaction() as connection:
        kept = history(connection, hand.desk_id, instance.id)
    assert [it.command for it in kept] == [opening, completing]
    assert [(it.revision, it.at, it.snapshot_id) for it in kept] == [
        (1, hand.now - timedelta(minutes=5), instance.snapshot_id),
        (2, hand.now, instance.snapshot_id),
    ]
    assert all(len(it.seed) == 16 for it in kept)


def test_a_server_that_restarted_costs_no_step(hand: Hand, owner: psycopg.Connection) -> None:
    """A connection that the server closed is noticed before it is used, without asking over it."""
    instance = hand.open()
    owner.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE application_name = 'casepath' AND datname = current_database()"
    )
    assert hand.happen(instance).revision == 2


def wait_for_lock(hand: Hand) -> None:
    """Wait until somebody waits for a lock of this database."""
    with hand.store.database.borrowed() as connection:
        while not connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone():
            pass
