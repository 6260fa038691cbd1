"""What pages ask: the inbox, tickets and their conversation, customers on the phone, traces, logs, counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from engine.audit.export_csv import csv_lines
from engine.errors import InvalidInput, NotFound
from engine.reads import Reads
from engine.runtime.commands import Actor, Requester
from engine.runtime.events import Event
from engine.store import Person
from tests.store.hand import ANN, Hand, happened, task_opened, timer_armed


@dataclass(frozen=True)
class Asker:
    person_id: UUID
    queues: frozenset[str] = frozenset({"tier1"})
    roles: frozenset[str] = frozenset({"agent"})


@pytest.fixture
def reads(hand: Hand) -> Reads:
    return Reads(hand.store)


@pytest.fixture
def ann(hand: Hand) -> Asker:
    person = Person(hand.desk_id, UUID(ANN.id), "ann", "Ann", None, None, None, [], [], True, hand.now)
    hand.store.people.add(person)
    return Asker(person.id)


def work(hand: Hand, minutes: int | None = None, **data: object) -> UUID:
    """Open a ticket with one task, due in some minutes."""
    task = uuid4()
    due = None if minutes is None else hand.now + timedelta(minutes=minutes)
    hand.open(None, task_opened(task, due=due, **data))
    return task


def test_folders_hold_what_is_mine_what_is_for_my_queues_and_what_is_late(
    hand: Hand, reads: Reads, ann: Asker
) -> None:
    mine = work(hand, 30, assignee=ANN.id)
    ours = work(hand, 10)
    by_role = work(hand, 20, queue=None, candidate_groups=["agent"])
    anybodys = work(hand, 40, queue=None)
    other = work(hand, 5, queue="tier2")
    hand.open()
    now = hand.now + timedelta(minutes=15)
    folders = {
        folder: [item.task_id for item in reads.inbox(hand.desk_id, ann, folder, now=now).items]
        for folder in ("mine", "queues", "overdue", "all", "waiting")
    }
    assert folders == {
        "mine": [mine],
        "queues": [ours, by_role, anybodys],
        "overdue": [ours],
        "all": [other, ours, by_role, mine, anybodys],
        "waiting": [None],
    }
    assert reads.inbox_counts(hand.desk_id, ann, now=now) == {
        name: len(found) for name, found in folders.items()
    }
    lead = replace(ann, roles=frozenset({"lead"}))
    assert [it.task_id for it in reads.inbox(hand.desk_id, lead, "overdue", now=now).items] == [other, ours]


def promised(hand: Hand, minutes: int, status: str = "running") -> UUID:
    """Open a ticket with one task that has no due date, and a goal that has one while it runs."""
    task = uuid4()
    due = hand.now + timedelta(minutes=minutes) if status == "running" else None
    facts = dict.fromkeys(("target", "used", "warn", "breached", "by"))
    clock = {
        "goal": "resolution",
        "clock": str(uuid4()),
        "round": 1,
        "status": status,
        "due": due,
        "next": due,
    }
    hand.open(None, task_opened(task), Event("goal_started", ANN, {**facts, **clock, "by": "opened"}))
    return task


def test_what_is_promised_about_a_ticket_orders_its_tasks(hand: Hand, reads: Reads, ann: Asker) -> None:
    late, soon = promised(hand, 5), promised(hand, 30)
    own = work(hand, 10)
    paused = promised(hand, 1, "paused")
    now = hand.now + timedelta(minutes=7)
    page = reads.inbox(hand.desk_id, ann, "queues", now=now)
    assert [it.task_id for it in page.items] == [late, own, soon, paused]
    assert [it.task_id for it in reads.inbox(hand.desk_id, ann, "overdue", now=now).items] == [late]
    assert reads.inbox_counts(hand.desk_id, ann, now=now)["overdue"] == 1
    first = reads.inbox(hand.desk_id, ann, "queues", now=now, limit=2)
    rest = reads.inbox(hand.desk_id, ann, "queues", now=now, limit=2, cursor=first.next)
    assert [it.task_id for it in (*first.items, *rest.items)] == [late, own, soon, paused]


def test_a_row_of_the_inbox_says_whose_it_is_and_for_whom(hand: Hand, reads: Reads, ann: Asker) -> None:
    work(hand, 30, assignee=ANN.id, priority=50)
    (item,) = reads.inbox(hand.desk_id, ann, "mine", now=hand.now).items
    assert (item.subject, item.label, item.requester_name, item.assignee_name) == (
        "It blinks",
        "New",
        "Cora",
        "Ann",
    )
    assert (item.name, item.queue, item.priority, item.revision) == ("Work on it", "tier1", "50", 1)


def test_pages_of_the_inbox_follow_each_other_without_gap_or_repetition(
    hand: Hand, reads: Reads, ann: Asker
) -> None:
    tasks = [work(hand, minutes) for minutes in (1, 1, 2, None, None)]
    seen, cursor = [], None
    while True:
        page = reads.inbox(hand.desk_id, ann, "all", now=hand.now, cursor=cursor, limit=2)
        seen += [item.task_id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == 5 and set(seen) == set(tasks)
    assert set(seen[:2]) == set(tasks[:2]) and set(seen[3:]) == set(tasks[3:])


def test_tickets_that_wait_are_ordered_by_their_next_timer(hand: Hand, reads: Reads, ann: Asker) -> None:
    for minutes in (60, 20, None):
        events = [] if minutes is None else [timer_armed(uuid4(), hand.now + timedelta(minutes=minutes))]
        hand.open(None, *events)
    seen, cursor = [], None
    for _ in range(3):
        page = reads.inbox(hand.desk_id, ann, "waiting", now=hand.now, cursor=cursor, limit=1)
        seen += [item.ticket_number for item in page.items]
        cursor = page.next
    assert (seen, cursor) == ([2, 1, 3], None)


def test_a_bad_folder_or_cursor_is_refused(hand: Hand, reads: Reads, ann: Asker) -> None:
    with pytest.raises(NotFound):
        reads.inbox(hand.desk_id, ann, "nonsense", now=hand.now)
    for cursor in ("nonsense", "WzFd", "%%"):
        with pytest.raises(InvalidInput):
            reads.inbox(hand.desk_id, ann, "all", now=hand.now, cursor=cursor)


def test_a_task_says_what_it_runs_on_and_who_closed_it(hand: Hand, reads: Reads) -> None:
    task = work(hand, 5, form="work")
    found = reads.task(hand.desk_id, task)
    assert (found.process, found.version, found.form, found.state) == ("helpdesk", 1, "work", "open")
    hand.step(hand.complete(task), [happened("task_completed", task=str(task), element="work", name="Work")])
    closed = reads.task(hand.desk_id, task)
    assert (closed.state, closed.closed_by_name) == ("completed", "Ann")
    assert hand.store.tasks.closed(hand.desk_id, task).closed_by_name == "Ann"
    assert [
        it.id for it in reads.tasks(hand.desk_id, ticket=found.ticket_number, state="completed").items
    ] == [task]
    with pytest.raises(NotFound):
        reads.task(hand.desk_id, uuid4())


def test_a_ticket_is_whole(hand: Hand, reads: Reads) -> None:
    task, timer, subscription = uuid4(), uuid4(), uuid4()
    soon, later = hand.now + timedelta(hours=1), hand.now + timedelta(hours=2)
    instance = hand.open(
        hand.opening("Router dead", fields={"line": "A-1"}),
        task_opened(task, due=later),
        timer_armed(timer, soon),
        happened(
            "message_awaited", {"key": None}, subscription=str(subscription), element="w", name="confirmed"
        ),
        happened(
            "mail_requested", {"to": "c@e.com", "subject": "s", "body": "b"}, job=str(uuid4()), template="t"
        ),
        happened("entry_added", {"body": "Hello"}, entry=str(uuid4()), kind="reply", public=True),
        happened("entry_added", {"body": "For us"}, entry=str(uuid4()), kind="note", public=False),
    )
    number = instance.ticket_number
    ticket = reads.ticket(hand.desk_id, number)
    assert (ticket.subject, ticket.requester_email, ticket.fields) == (
        "Router dead",
        "cora@example.com",
        {"line": "A-1"},
    )
    assert (ticket.process, ticket.version, ticket.instance_status) == ("helpdesk", 1, "running")
    assert [(it.kind, it.due_at) for it in reads.deadlines(hand.desk_id, number)] == [
        ("timer", soon),
        ("task", later),
    ]
    assert reads.awaited_messages(hand.desk_id, number) == ["confirmed"]
    assert [it.body for it in reads.entries(hand.desk_id, number, public_only=True)] == ["Hello"]
    assert len(reads.entries(hand.desk_id, number)) == 2
    (mail,) = reads.mails(hand.desk_id, number)
    assert (mail.to, mail.subject, mail.body, mail.template, mail.state) == (
        "c@e.com",
        "s",
        "b",
        "t",
        "pending",
    )
    with pytest.raises(NotFound):
        reads.ticket(hand.desk_id, 999)


@pytest.mark.parametrize(
    "typed",
    ["2", "#2", "printer", "Print offl", "Dora", "dora@example.com", "0171 555 0199", "Case 7", "5550199"],
)
def test_a_ticket_is_found_by_number_words_customer_phone_or_reference(
    hand: Hand, reads: Reads, typed: str
) -> None:
    hand.open()
    hand.open(
        hand.opening("The printer is offline", external_ref="Case 7",
                     requester=Requester("Dora Diaz", "dora@example.com", "+49 171 5550199"))
    )  # fmt: skip
    assert [it.number for it in reads.tickets(hand.desk_id, q=typed).items] == [2]


@pytest.mark.parametrize("typed", ["'", "\\", "!!", "a'b & !", "%", "12", ":*", "\0"])
def test_whatever_is_typed_into_the_search_is_only_text(hand: Hand, reads: Reads, typed: str) -> None:
    hand.open()
    assert reads.tickets(hand.desk_id, q=typed).items == []
    assert reads.customers(hand.desk_id, typed) == []


def test_tickets_are_listed_newest_first_by_view_and_page(hand: Hand, reads: Reads) -> None:
    for _ in range(3):
        last = hand.open()
    hand.happen(last, happened("instance_ended", how="completed"), status="ended", ended_at=hand.now)
    assert [it.number for it in reads.tickets(hand.desk_id, open=False).items] == [3]
    first = reads.tickets(hand.desk_id, open=True, limit=1)
    assert [it.number for it in first.items] == [2]
    assert [it.number for it in reads.tickets(hand.desk_id, open=True, limit=1, cursor=first.next).items] == [
        1
    ]


def test_a_customer_is_found_while_on_the_phone_with_earlier_tickets(hand: Hand, reads: Reads) -> None:
    dora = Requester("Dora Diaz", "dora@example.com", "+49 171 5550199")
    for subject in ("First", "Second"):
        hand.open(hand.opening(subject, dora))
    hand.open()
    for typed in ("dor", "diaz", "dora@ex", "0171-5550199", "50199"):
        (found,) = reads.customers(hand.desk_id, typed)
        assert (found.name, found.tickets, found.last_number, found.last_subject) == (
            "Dora Diaz",
            2,
            2,
            "Second",
        )
    assert reads.customer(hand.desk_id, found.id) == found
    assert [it.number for it in reads.customer_tickets(hand.desk_id, found.id)] == [2, 1]
    assert [it.number for it in reads.earlier_tickets(hand.desk_id, 2, found.id)] == [1]


def test_a_trace_tells_who_did_what_with_values_and_names(hand: Hand, reads: Reads, ann: Asker) -> None:
    task = uuid4()
    instance = hand.open(None, task_opened(task))
    claimed = happened("task_claimed", task=str(task), element="work", person=ANN.id, revision=2)
    system = Event(
        "timer_fired", Actor("system", "casepath", "Casepath"), {"timer": str(uuid4()), "element": "x"}
    )
    hand.happen(instance, claimed, system, happened("variables_written", {"solved": True}))
    opened, _, claim, fired, written = reads.trace(hand.desk_id, instance.ticket_number)
    assert (opened.kind, opened.values["subject"], opened.actor.name) == ("ticket_opened", "It blinks", "Ann")
    assert (claim.data["person_name"], fired.actor.name, written.values) == (
        "Ann",
        "Casepath",
        {"solved": True},
    )
    assert [it.seq for it in reads.chain(hand.desk_id, instance.id, after=2, limit=2)] == [3, 4]


def completed(hand: Hand, case: str, line: int | None, activity: str, resource: str) -> None:
    """Do one line of a log: a ticket for its case, and a task that is completed by the named resource."""
    task = uuid4()
    event = Event(
        "task_completed",
        Actor("log", resource, resource),
        {"task": str(task), "element": "a", "name": activity},
    )
    instance = hand.open(hand.opening(external_ref=case), task_opened(task))
    command = hand.complete(task)
    hand.step(command, [event])
    if line is not None:
        hand.store.replays.mark(hand.desk_id, "file", line, instance.ticket_number, command.id)


def test_a_replayed_log_comes_out_in_its_own_order(hand: Hand, reads: Reads) -> None:
    for case, line in (("Case 2", 3), ("Case 10", 2), ("Case 1", 4)):
        completed(hand, case, line, "Closed", "Value 1")
    lines = list(csv_lines(reads.completed_work(hand.desk_id), ZoneInfo("Europe/Rome")))
    assert lines[0].startswith("Case ID,Activity,Resource,Complete Timestamp,Ticket,")
    assert [line.split(",")[:4] for line in lines[1:]] == [
        [case, "Closed", "Value 1", "2026/11/02 10:30:00.000"] for case in ("Case 10", "Case 2", "Case 1")
    ]


def test_other_work_comes_out_by_case_as_a_person_counts(hand: Hand, reads: Reads) -> None:
    for case in ("Case 10", "Case 2"):
        completed(hand, case, None, "Closed, at last", "Ann")
    rows = list(csv_lines(reads.completed_work(hand.desk_id), ZoneInfo("UTC")))[1:]
    assert [row.split(",")[0] for row in rows] == ["Case 2", "Case 10"]
    assert '"Closed, at last"' in rows[0]


def test_counts_and_incidents_of_a_desk(hand: Hand, reads: Reads, ann: Asker) -> None:
    incident = {"incident": str(uuid4()), "about": "timer", "subject": str(uuid4())}
    instance = hand.open(
        None,
        task_opened(uuid4(), due=hand.now),
        timer_armed(uuid4(), hand.now - timedelta(hours=1)),
        happened("service_requested", job=str(uuid4()), type="pay"),
        happened("incident_opened", {"message": "No true flow"}, **incident),
    )
    counts = reads.counts(hand.desk_id, now=hand.now)
    assert (counts.open_tickets, counts.open_tasks, counts.overdue_tasks, counts.overdue_timers) == (
        1,
        1,
        1,
        1,
    )
    assert (counts.pending_outbox, counts.open_incidents) == (1, 1)
    assert [it.message for it in reads.incidents(hand.desk_id)] == ["No true flow"]
    hand.happen(instance, happened("incident_closed", **incident, how="over"))
    assert reads.incidents(hand.desk_id) == []
    assert len(reads.incidents(hand.desk_id, open=False)) == 1


def test_desks_and_people_are_known_by_id(hand: Hand, reads: Reads, ann: Asker) -> None:
    desk = reads.desk(hand.desk_id)
    assert desk in reads.desks()
    assert [it.name for it in reads.people(hand.desk_id)] == ["Ann"]
    assert reads.person(hand.desk_id, ann.person_id).login == "ann"
    with pytest.raises(NotFound):
        reads.desk(0)
