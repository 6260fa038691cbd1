"""Lives of tickets on the first desk, in virtual time, down to the proof of their trails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from engine.catalog.pack import read_pack
from engine.deadlines import explained
from engine.errors import Conflict, InvalidInput, Refused
from engine.goals.lines import Voice, terms
from engine.goals.telling import facts
from engine.runtime.commands import CompleteTask
from tests.stories.conftest import GENERIC_DESK, MONDAY, Desk

BPMN = "bpmn/support_ticket.bpmn"


def test_a_question_is_answered_confirmed_and_proved(desk: Desk) -> None:
    ticket = desk.opens()
    desk.solves(ticket)
    desk.waits(hours=1)
    desk.confirms(ticket)
    assert desk.status(ticket) == "closed"
    assert "closed_confirmed" in desk.path(ticket)
    assert desk.mails() == ["t_ack", "t_resolution", "t_survey"]
    assert desk.deadlines(ticket).keys() == {"survey_closes", "reopening_over"}
    assert desk.reads.verify_desk(desk.stage.desk_id).ok


def test_why_a_promise_is_due_names_the_rule_with_its_annotation(desk: Desk) -> None:
    ticket = desk.opens()
    desk.completes(ticket, "triage", category="bug_report", impact="high", urgency="medium")
    worlds, now = desk.stage.worlds, desk.stage.clock.now()
    told = {it.goal: it for it in explained(desk.reads, worlds, desk.stage.desk_id, ticket, now)}
    assert told["first_response"].rule_note == "First response, high priority"
    assert facts(told["resolution"], now)["target"]["rule_note"] == "Resolution, high priority"
    (rule,) = [it for it in terms(told["update"], now, Voice(str)) if it.name == "rule"]
    assert rule.text == "Each further update, high priority"
    assert rule.ids == "targets_rule_6, targets_rule_15 of decision targets"


def test_why_a_clock_stands_still_is_told_by_what_people_call_the_state_and_the_mail(desk: Desk) -> None:
    ticket = desk.opens()
    desk.solves(ticket)
    now = desk.stage.clock.now()
    told = explained(desk.reads, desk.stage.worlds, desk.stage.desk_id, ticket, now)
    reasons = {it["reason"] for goal in told for turn in facts(goal, now)["rounds"] for it in turn["lines"]}
    assert "the mail “Ticket …: our answer to ‘…’” was sent" in reasons


def test_unanswered_triage_escalates_after_four_hours(desk: Desk) -> None:
    ticket = desk.opens()
    desk.waits(hours=4)
    assert desk.status(ticket) == "escalated"
    assert desk.tasks(ticket) == ["triage_by_lead"]


def test_silence_after_a_solution_is_reminded_once_and_then_closed(desk: Desk) -> None:
    ticket = desk.opens()
    desk.solves(ticket)
    desk.waits(days=30)
    assert desk.mails() == ["t_ack", "t_resolution", "t_reminder", "t_closed", "t_survey"]
    assert [notice.at - MONDAY for notice in desk.stage.notices[2:4]] == [
        timedelta(hours=48),
        timedelta(hours=72),
    ]
    assert "closed_no_response" in desk.path(ticket)
    assert desk.path(ticket)[-1] == "finished"


def test_a_reopened_ticket_goes_round_until_the_customer_is_satisfied(desk: Desk) -> None:
    ticket = desk.opens()
    desk.solves(ticket)
    for _ in range(5):
        desk.confirms(ticket, satisfied=False)
        desk.completes(ticket, "work", result="solved", resolution_type="workaround", answer="Try this.")
    desk.confirms(ticket)
    assert desk.status(ticket) == "closed"
    assert desk.path(ticket).count("work") == 6


def test_a_changed_number_is_for_tickets_opened_after_it(desk: Desk) -> None:
    before = desk.opens("Before")
    desk.solves(before)
    files = dict(read_pack(GENERIC_DESK).files)
    head, reminder, tail = files[BPMN].partition(b'id="reminder_due_timer"')
    desk.deploy({**files, BPMN: head + reminder + tail.replace(b"=confirmation.remind_after", b"PT24H", 1)})
    after = desk.opens("After")
    desk.solves(after)
    assert desk.deadlines(before)["reminder_due"] == MONDAY + timedelta(hours=48)
    assert desk.deadlines(after)["reminder_due"] == MONDAY + timedelta(hours=24)
    desk.waits(hours=24)
    assert [(it.ticket, it.template) for it in desk.stage.notices[-1:]] == [(after, "t_reminder")]
    desk.waits(hours=24)
    assert [(it.ticket, it.template) for it in desk.stage.notices[-1:]] == [(before, "t_reminder")]


def test_a_changed_label_is_for_tickets_opened_after_it(desk: Desk) -> None:
    before = desk.opens("Before")
    files = dict(read_pack(GENERIC_DESK).files)
    desk.deploy({**files, "pack.toml": files["pack.toml"].replace(b'"In progress"', b'"At work"')})
    after = desk.opens("After")
    triaged = {"category": "how_to_question", "impact": "low", "urgency": "low", "sla_tier": "standard"}
    for number in (before, after):
        desk.completes(number, "triage", **triaged)
    labels = [desk.reads.ticket(desk.stage.desk_id, number).label for number in (before, after)]
    assert labels == ["In progress", "At work"]


def test_timers_of_many_tickets_fire_in_due_order(desk: Desk) -> None:
    tickets = []
    for _ in range(4):
        tickets.append(desk.opens())
        desk.waits(minutes=30)
    desk.waits(hours=4)
    order = [
        number
        for at, number in sorted(
            (at, number)
            for number in tickets
            for at, event in desk.stage.events[number]
            if event.kind == "timer_fired" and event.data["element"] == "triage_late"
        )
    ]
    assert order == tickets
    assert {desk.status(number) for number in tickets} == {"escalated"}


def test_the_same_command_is_done_once(desk: Desk) -> None:
    ticket = desk.opens()
    kim = desk.stage.person("Kim", ["agent"], ["tier1"])
    fields = {"category": "bug_report", "impact": "low", "urgency": "low"}
    command = CompleteTask(
        id=uuid4(), desk_id=desk.stage.desk_id, actor=kim, task_id=desk.task(ticket, "triage"), fields=fields
    )
    first, second = desk.stage.handle(command), desk.stage.handle(command)
    assert (first.repeated, second.repeated, second.revision) == (False, True, first.revision)
    assert desk.tasks(ticket) == ["work"]
    assert desk.mails() == ["t_ack"]


def test_the_second_of_two_people_is_told_who_was_quicker(desk: Desk) -> None:
    ticket = desk.opens()
    task = desk.task(ticket, "triage")
    desk.completes(ticket, "triage", category="bug_report", impact="low", urgency="low")
    late = desk.stage.person("Lee", ["agent"], ["tier1"])
    command = CompleteTask(id=uuid4(), desk_id=desk.stage.desk_id, actor=late, task_id=task)
    with pytest.raises(Conflict, match="but Kim completed it"):
        desk.stage.handle(command)


def test_a_refused_form_changes_nothing(desk: Desk) -> None:
    ticket = desk.opens()
    before = desk.stage.events[ticket][:]
    with pytest.raises(InvalidInput) as caught:
        desk.completes(ticket, "triage", category="bug_report", impact="enormous", mood="bad")
    assert caught.value.fields.keys() == {"impact", "urgency", "mood"}
    assert desk.stage.events[ticket] == before
    assert desk.tasks(ticket) == ["triage"]


def test_a_confirmation_that_nobody_waits_for_is_refused(desk: Desk) -> None:
    ticket = desk.opens()
    with pytest.raises(Refused, match="customer_confirmation"):
        desk.confirms(ticket)


def test_desks_do_not_hear_each_others_clocks(
    desk: Desk, desk_of: Callable[[Mapping[str, bytes]], Desk]
) -> None:
    other = desk_of(read_pack(GENERIC_DESK).files)
    here, there = desk.opens(), other.opens()
    desk.waits(hours=5)
    assert desk.status(here) == "escalated"
    assert other.status(there) == "new"
