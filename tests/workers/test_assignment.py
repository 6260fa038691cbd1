"""Load-based assignment on the real tables: who gets a task, once, and never two at once to the same unseen."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.assignment import Assigning, Wanted
from engine.errors import CasepathError
from engine.people import operator
from engine.runtime.commands import SYSTEM, CancelTicket, ClaimTask, Command, CompleteTask, ReleaseTask
from engine.store.people import Person
from engine.workers.adopter import Adopter
from tests.office import MANIFEST, MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, node

TIER1 = extension('<zeebe:assignmentDefinition candidateGroups="tier1" />')
WANTING = node("user", "work", TIER1, casepath_skills='=if ticket.channel = "web" then ["network"] else null')
NETWORK = draw(f"start s; {WANTING}; end e", "s>work>e")
PLAIN = draw(f"start s; {node('user', 'work', TIER1)}; end e", "s>work>e")
BY_LOAD = MANIFEST + b'assign = "load"\n[skills]\nnetwork = "Networks"\n'


@pytest.fixture
def desk(office: Office) -> Office:
    """A desk whose queue is assigned by load, and whose tasks want nothing special."""
    office.deploy(PLAIN, pack_toml=BY_LOAD)
    return office


def hire(office: Office, login: str, *skills: str, **more: Any) -> Person:
    """Add somebody of tier 1."""
    given = {"roles": ["agent"], "queues": ["tier1"], **more}
    person, _ = office.casepath.people.add(
        office.desk_id, operator(), login=login, name=login.capitalize(), skills=skills, **given
    )
    return person


def away(office: Office, person: Person, until: Any = None) -> Person:
    return office.casepath.people.set_away(person, operator(), until=until)


def given(office: Office) -> list[tuple[object, ...]]:
    """Each task with its assignee's login and the reason, in order of tickets."""
    return office.rows(
        """SELECT t.ticket_number, p.login, t.reason FROM task t
           LEFT JOIN person p ON p.desk_id = t.desk_id AND p.id = t.assignee ORDER BY t.ticket_number"""
    )


def handle(office: Office, kind: type[Command], actor: Any = LEAD, **facts: Any) -> None:
    office.casepath.engine.handle(kind(id=uuid4(), desk_id=office.desk_id, actor=actor, **facts))


def task_of(office: Office, ticket: int = 1) -> UUID:
    ((task,),) = office.rows("SELECT id FROM task WHERE ticket_number = %s", ticket)
    assert isinstance(task, UUID)
    return task


def test_tasks_go_to_who_has_fewest_then_to_who_waits_longest(desk: Office) -> None:
    hire(desk, "ann")
    hire(desk, "ben")
    for minute in range(3):
        desk.at(MONDAY + timedelta(minutes=minute))
        desk.open()
        desk.settle()
    handle(desk, CompleteTask, task_id=task_of(desk, 2), actor=replace(LEAD, id=str(holder(desk, 2))))
    desk.at(MONDAY + timedelta(minutes=9))
    desk.open()
    desk.settle()
    assert given(desk) == [
        (1, "ann", "0 open"),
        (2, "ben", "0 open"),
        (3, "ann", "1 open"),
        (4, "ben", "0 open"),
    ]


def holder(office: Office, ticket: int) -> object:
    ((person,),) = office.rows("SELECT assignee FROM task WHERE ticket_number = %s", ticket)
    return person


def test_a_skill_comes_before_load_and_where_nobody_has_it_anybody_of_the_queue_gets_the_task(
    office: Office,
) -> None:
    office.deploy(NETWORK, pack_toml=BY_LOAD)
    hire(office, "ann")
    office.open()
    office.settle()
    hire(office, "zoe", "network")
    for _ in range(2):
        office.open()
        office.settle()
    assert given(office) == [
        (1, "ann", "nobody there has skill network; 0 open"),
        (2, "zoe", "skill network, 0 open"),
        (3, "zoe", "skill network, 1 open"),
    ]
    assert office.rows("SELECT DISTINCT skills FROM task") == [(["network"],)]


def test_who_is_away_left_or_of_another_queue_gets_nothing_and_the_task_stays_with_its_reason(
    desk: Office,
) -> None:
    away(desk, hire(desk, "ann"))
    hire(desk, "ben", queues=["billing"])
    hire(desk, "cleo", roles=["auditor"])
    desk.casepath.people.change(hire(desk, "dora"), operator(), active=False)
    desk.open()
    desk.settle()
    assert given(desk) == [(1, None, "nobody of tier1 is there")]
    assert desk.rows("SELECT kind, state FROM outbox") == [("assignment", "done")]
    assert desk.rows("SELECT count(*) FROM trail WHERE kind = 'task_left'") == [(1,)]


def test_who_comes_back_gets_nothing_pushed_but_gets_the_next(desk: Office) -> None:
    ann = away(desk, hire(desk, "ann"), until=MONDAY + timedelta(hours=1))
    desk.open()
    desk.settle()
    desk.at(MONDAY + timedelta(hours=1))
    desk.settle()
    assert given(desk) == [(1, None, "nobody of tier1 is there")]
    desk.open()
    desk.settle()
    assert given(desk)[1] == (2, "ann", "0 open")
    assert not ann.is_away(MONDAY + timedelta(hours=1))


def test_a_queue_that_says_nothing_or_whose_setting_says_queue_assigns_nobody(office: Office) -> None:
    by_setting = (
        b'assign = { setting = "assign.by" }\n[settings]\n"assign.by" = { value = "%s", source = "text 1" }\n'
    )
    for word, number in ((b"queue", 0), (b"load", 1)):
        office.deploy(PLAIN, pack_toml=MANIFEST + by_setting % word)
        office.open()
        assert office.rows("SELECT count(*) FROM outbox") == [(number,)]
    office.deploy(PLAIN)
    office.open()
    assert office.rows("SELECT count(*) FROM outbox") == [(1,)]


def test_a_setting_that_is_changed_holds_for_the_next_tasks_of_open_tickets(office: Office) -> None:
    by_setting = b'assign = { setting = "by" }\n[settings]\n"by" = { value = "%s", source = "text 1" }\n'
    two = draw(f"start s; user first; {node('user', 'work', TIER1)}; end e", "s>first>work>e")
    office.deploy(two, pack_toml=MANIFEST + by_setting % b"queue")
    hire(office, "ann")
    office.open()
    office.deploy(two, pack_toml=MANIFEST + by_setting % b"load")
    assert Adopter(office.casepath.engine, office.casepath.store).look() == 1
    handle(office, CompleteTask, task_id=task_of(office))
    office.settle()
    assert office.rows("SELECT assignee IS NOT NULL, reason FROM task WHERE element = 'work'") == [
        (True, "0 open")
    ]


@pytest.mark.parametrize("what", ["claimed", "claimed and released", "completed", "cancelled"])
def test_a_task_that_somebody_was_quicker_with_is_left_alone(desk: Office, what: str) -> None:
    hire(desk, "ann")
    desk.open()
    task = task_of(desk)
    if what == "cancelled":
        handle(desk, CancelTicket, ticket=1, reason="Twice")
    elif what == "completed":
        handle(desk, CompleteTask, task_id=task)
    else:
        handle(desk, ClaimTask, task_id=task)
    if what == "claimed and released":
        handle(desk, ReleaseTask, task_id=task)
    before = desk.rows("SELECT state, assignee, revision FROM task")
    desk.settle()
    assert desk.rows("SELECT state, assignee, revision FROM task") == before
    assert desk.rows("SELECT state FROM outbox") == [("done",)]
    assert desk.rows("SELECT count(*) FROM incident") == [(0,)]


def wanted(office: Office, ticket: int) -> Wanted:
    ((job,),) = office.rows("SELECT id FROM outbox WHERE ticket_number = %s", ticket)
    assert isinstance(job, UUID)
    return Wanted(job, office.desk_id, task_of(office, ticket), "tier1", ())


def test_a_task_that_is_claimed_between_choosing_and_telling_is_left_alone(desk: Office) -> None:
    hire(desk, "ann")
    desk.open()

    def quicker(command: Command) -> object:
        handle(desk, ClaimTask, task_id=task_of(desk))
        return desk.casepath.engine.handle(command)

    Assigning(desk.casepath.store, desk.casepath.clock, quicker).assign(wanted(desk, 1))
    assert desk.rows("SELECT assignee, revision FROM task") == [(UUID(LEAD.id), 2)]


def test_two_tasks_at_the_same_moment_do_not_both_go_to_who_had_least_to_do(desk: Office) -> None:
    """Each worker reads while the other has chosen and not told yet; without the desk's lock both choose Ann."""
    hire(desk, "ann")
    hire(desk, "ben")
    desk.open()
    desk.open()
    both = threading.Barrier(2)

    def slowly(command: Command) -> object:
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)  # the other has read by now, if nothing keeps it from reading
        return desk.casepath.engine.handle(command)

    assigning = Assigning(desk.casepath.store, desk.casepath.clock, slowly)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(assigning.assign, [wanted(desk, 1), wanted(desk, 2)]))
    assert sorted(login for _, login, _ in given(desk)) == ["ann", "ben"]


def test_a_job_that_is_delivered_again_assigns_once_whoever_would_be_chosen_now(desk: Office) -> None:
    hire(desk, "ann")
    desk.open()
    job = wanted(desk, 1)
    desk.casepath.assigning.assign(job)  # and its worker is killed before it marks the job
    hire(desk, "abe")
    desk.settle()
    assert given(desk) == [(1, "ann", "0 open")]
    assert desk.rows("SELECT count(*) FROM trail WHERE kind = 'task_assigned'") == [(1,)]
    assert desk.rows("SELECT state, attempts FROM outbox") == [("done", 1)]


def test_a_task_that_was_left_is_not_given_away_by_a_second_delivery(desk: Office) -> None:
    desk.open()
    job = wanted(desk, 1)
    desk.casepath.assigning.assign(job)
    hire(desk, "ann")
    desk.casepath.assigning.assign(job)
    assert given(desk) == [(1, None, "nobody of tier1 is there")]


def test_a_worker_that_was_killed_while_it_assigned_keeps_nobody_waiting(desk: Office) -> None:
    hire(desk, "ann")
    desk.open()
    store = desk.casepath.store
    with store.database.borrowed() as killed:
        killed.execute("BEGIN")
        killed.execute("SELECT pg_advisory_xact_lock(1, %s)", (desk.desk_id,))
        ((pid,),) = killed.execute("SELECT pg_backend_pid()").fetchall()
        killed.close()
    desk.settle()
    assert pid
    assert given(desk) == [(1, "ann", "0 open")]


def test_an_assignment_that_can_never_be_told_ends_without_an_incident(desk: Office) -> None:
    hire(desk, "ann")
    instance = desk.open()

    def busy(command: Command) -> object:
        raise CasepathError("Expected the ticket to be free, but it is not.")

    assigning = desk.casepath.assigning
    object.__setattr__(desk.casepath, "assigning", Assigning(desk.casepath.store, desk.casepath.clock, busy))
    for _ in range(8):
        desk.settle()
        desk.rows("UPDATE outbox SET next_at = now() WHERE state = 'pending' RETURNING 1")
    object.__setattr__(desk.casepath, "assigning", assigning)
    assert desk.rows("SELECT state, attempts FROM outbox") == [("failed", 8)]
    assert desk.rows("SELECT status FROM instance WHERE id = %s", instance) == [("running",)]
    assert given(desk) == [(1, None, None)]


def test_an_assignment_says_in_the_trail_who_got_it_from_whom_and_why(desk: Office) -> None:
    ann = hire(desk, "ann")
    desk.open()
    desk.settle()
    (event,) = (it for it in desk.casepath.reads.trace(desk.desk_id, 1) if it.kind == "task_assigned")
    assert event.actor.name == SYSTEM.name
    assert (event.data["person"], event.data["person_name"], event.data["reason"]) == (
        str(ann.id),
        "Ann",
        "0 open",
    )
