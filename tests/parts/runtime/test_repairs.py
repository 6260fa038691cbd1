"""What stands still gets an incident, and each repair is a command with its actor and reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.errors import InvalidInput, NotFound, Refused
from engine.runtime.commands import (
    AddEntry,
    CancelTicket,
    CompleteService,
    CompleteTask,
    DeliverMessage,
    FailService,
    FireTimer,
    Inspect,
    MoveToken,
    ReportLostJob,
    RetryIncident,
    SkipIncident,
    ThrowServiceError,
)
from engine.runtime.targets import targets
from tests.parts.runtime.worlds import ANN, CUSTOMER, LEAD, MONDAY, Desk, kinds, only
from tests.parts.spiff.drawing import (
    boundary,
    declared,
    draw,
    event_sub,
    extension,
    mapping,
    message,
    node,
    on,
    on_message,
    on_timer,
    start,
    sub,
    timer,
)

HOUR = timedelta(hours=1)
PAUSE = node("catch", "pause", timer("duration", "=wait"))
PAUSING = draw(f"start s; {PAUSE}; user work; end e", "s>pause>work>e")
BOOK = node("service", "book", extension('<zeebe:taskDefinition type="book" retries="2" />'))


def halted(source: bytes = PAUSING, **fields: Any) -> tuple[Desk, UUID]:
    """A ticket that stands still as soon as it is opened, and its incident."""
    desk = Desk(source)
    return desk, UUID(only(desk.open(**fields), "incident_opened").data["incident"])


def test_what_can_not_be_done_says_where_and_why_and_when_in_its_life() -> None:
    desk, _ = halted(wait="soon")
    opened = only(desk.advanced, "incident_opened")
    assert (opened.data["about"], opened.data["element"], opened.data["phase"]) == (
        "element",
        "pause",
        "enter",
    )
    assert "soon" in opened.values["message"]
    assert desk.advanced.instance.status == "incident"


@pytest.mark.parametrize("wait", ["soon", None, 3, True, ["PT1H"]])
def test_a_timer_that_is_no_timer_is_an_incident_and_nothing_is_armed(wait: Any) -> None:
    desk, _ = halted(wait=wait)
    assert "timer_armed" not in kinds(desk.advanced)
    assert only(desk.advanced, "incident_opened").values["message"].startswith("At 'pause': Expected")


def test_a_timer_in_the_past_is_due_at_once() -> None:
    source = draw(
        f"start s; {node('catch', 'pause', timer('date', '=moment'))}; user work; end e", "s>pause>work>e"
    )
    desk = Desk(source)
    advanced = desk.open(moment="2020-01-01T00:00:00Z")
    assert "timer_fired" in kinds(advanced)
    assert only(advanced, "task_opened").data["element"] == "work"


def test_it_is_tried_again_with_a_changed_variable_by_a_lead() -> None:
    desk, incident = halted(wait="soon")
    advanced = desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident, variables={"wait": "PT1H"})
    closed = only(advanced, "incident_closed")
    assert (closed.data["how"], closed.actor) == ("retried", LEAD)
    assert only(advanced, "variables_written").values == {"wait": "PT1H"}
    assert only(advanced, "timer_armed").data["due"] == MONDAY + HOUR
    assert "elements_passed" not in kinds(advanced)  # it had come there before
    assert advanced.instance.status == "running"


def test_what_fails_again_is_a_new_incident() -> None:
    desk, incident = halted(wait="soon")
    advanced = desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident, variables={"wait": "later"})
    opened = only(advanced, "incident_opened")
    assert opened.data["incident"] != str(incident)
    assert "later" in opened.values["message"]
    assert advanced.instance.status == "incident"
    with pytest.raises(Refused, match="closed"):
        desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident)


def test_a_variable_that_can_not_be_kept_is_named() -> None:
    desk, incident = halted(wait="soon")
    before = desk.advanced.instance
    with pytest.raises(InvalidInput) as refusal:
        desk.take(
            RetryIncident, MONDAY, actor=LEAD, incident_id=incident, variables={"wait": float("inf"), "a": 1}
        )
    assert list(refusal.value.fields) == ["wait"]
    assert desk.advanced.instance == before


def test_it_is_skipped_with_a_reason() -> None:
    desk, incident = halted(wait="soon")
    advanced = desk.take(
        SkipIncident, MONDAY, actor=LEAD, incident_id=incident, reason="The customer can't wait"
    )
    closed = only(advanced, "incident_closed")
    assert (closed.data["how"], closed.values["reason"]) == ("skipped", "The customer can't wait")
    assert only(advanced, "task_opened").data["element"] == "work"


@pytest.mark.parametrize(
    ("kind", "given"), [(SkipIncident, {}), (MoveToken, {"ticket": 1, "element": "pause", "target": "work"})]
)
def test_a_repair_without_a_reason_is_refused_at_its_field(kind: Any, given: dict[str, Any]) -> None:
    desk, incident = halted(wait="soon")
    which = {} if kind is MoveToken else {"incident_id": incident}
    with pytest.raises(InvalidInput) as refusal:
        desk.take(kind, MONDAY, actor=LEAD, reason=" ", **which, **given)
    assert list(refusal.value.fields) == ["reason"]


def test_a_token_is_moved_on_with_a_reason_and_its_incident_is_over() -> None:
    desk, _ = halted(wait="soon")
    advanced = desk.take(
        MoveToken, MONDAY, actor=LEAD, ticket=1, element="pause", target="work", reason="No pause today"
    )
    moved = only(advanced, "token_moved")
    assert (moved.data["from"], moved.data["to"], moved.values["reason"]) == (
        "pause",
        "work",
        "No pause today",
    )
    assert moved.actor == LEAD
    assert only(advanced, "incident_closed").data["how"] == "moved"
    assert only(advanced, "task_opened").data["element"] == "work"


def test_a_token_can_go_back_to_a_step_that_was_done() -> None:
    desk = Desk(draw("start s; user a; user b; end e", "s>a>b>e"))
    desk.open()
    desk.take(CompleteTask, MONDAY, task_id=desk.opened("a"))
    advanced = desk.take(MoveToken, MONDAY, actor=LEAD, ticket=1, element="b", target="a", reason="Once more")
    assert only(advanced, "task_cancelled").data["element"] == "b"
    assert only(advanced, "task_opened").data["element"] == "a"


def test_a_token_is_not_moved_to_another_level_or_from_where_none_is() -> None:
    inside = sub("inner", "start si; user deep; end ei", "si>deep>ei", prefix="i")
    desk = Desk(draw(f"start s; user a; {inside}; end e", "s>a>inner>e"))
    desk.open()
    move = {"actor": LEAD, "ticket": 1, "reason": "r"}
    with pytest.raises(Refused, match="same level"):
        desk.take(MoveToken, MONDAY, element="a", target="deep", **move)
    with pytest.raises(Refused, match="none does"):
        desk.take(MoveToken, MONDAY, element="inner", target="a", **move)
    with pytest.raises(Refused, match="it has gone on"):
        desk.take(MoveToken, MONDAY, element="a", target="inner", wait_id=UUID(int=1), **move)


def test_a_ticket_with_an_incident_is_cancelled_with_a_reason() -> None:
    desk, _ = halted(wait="soon")
    advanced = desk.take(CancelTicket, MONDAY, actor=LEAD, ticket=1, reason="Opened twice")
    closed = only(advanced, "incident_closed")
    assert (closed.data["how"], closed.values["reason"]) == ("cancelled", "Opened twice")
    assert advanced.instance.status == "ended"


def test_an_incident_is_over_when_the_element_it_is_about_is_interrupted() -> None:
    inside = sub("inner", f"start si; {PAUSE}; end ei", "si>pause>ei", prefix="i")
    desk, _ = halted(
        draw(
            f"start s; {inside}; {on_message('stop', 'inner', 'm')}; user after; end e; end x",
            "s>inner>e stop>after>x",
            message("m", "stop"),
        )
    )
    assert only(desk.advanced, "incident_opened").data["scope"] == "inner"
    advanced = desk.take(DeliverMessage, MONDAY, ticket=1, name="stop")
    assert only(advanced, "incident_closed").data["how"] == "over"
    assert advanced.instance.status == "running"


DEADLOCK = draw(
    "start s; user a; xor which; user b; user c; and j; user after; end e",
    "s>a>which which>b [=go = 1] which>c * b>j c>j>after>e",
)


def deadlocked() -> Desk:
    desk = Desk(DEADLOCK)
    desk.open()
    desk.take(CompleteTask, MONDAY, task_id=desk.opened("a"))
    desk.take(CompleteTask, MONDAY, task_id=desk.opened("c"))
    return desk


def test_a_token_that_waits_at_a_join_for_ever_is_moved_on() -> None:
    desk = deadlocked()
    assert only(desk.advanced, "incident_opened").data["element"] == "j"
    advanced = desk.take(
        MoveToken, MONDAY, actor=LEAD, ticket=1, element="j", target="after", reason="b isn't needed"
    )
    assert only(advanced, "incident_closed").data["how"] == "moved"
    assert only(advanced, "task_opened").data["element"] == "after"
    assert advanced.instance.status == "running"


def test_a_process_that_waits_for_tokens_is_neither_retried_nor_skipped() -> None:
    desk = deadlocked()
    incident = UUID(only(desk.advanced, "incident_opened").data["incident"])
    with pytest.raises(Refused, match="move a token"):
        desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident)
    with pytest.raises(Refused, match="stuck"):
        desk.take(SkipIncident, MONDAY, actor=LEAD, incident_id=incident, reason="r")


def test_the_choice_of_targets_is_what_a_token_of_that_level_can_come_to() -> None:
    inside = sub("inner", "start si; user deep; end ei", "si>deep>ei", prefix="i")
    stopping = event_sub("off", start("so", on("message", "m")) + "; end eo", "so>eo", prefix="o")
    desk = Desk(
        draw(
            f"start s; user a; {on_timer('late', 'a', 'PT1H')}; {inside}; {stopping}; end e; end x",
            "s>a>inner>e late>x",
            message("m", "stop"),
        )
    )
    program = desk.world.program
    assert [it.id for it in targets(program, "p", "")] == ["a", "inner", "e", "x"]
    assert [it.id for it in targets(program, "p", "inner")] == ["deep", "ei"]
    assert [it.id for it in targets(program, "p", "inner#2")] == ["deep", "ei"]
    assert targets(program, "p", "gone") == []


def failed_service(source: bytes, **fields: Any) -> tuple[Desk, UUID, UUID]:
    desk = Desk(source)
    desk.open(**fields)
    job = desk.opened("book")
    advanced = desk.take(FailService, MONDAY, job_id=job, error="no answer")
    return desk, job, UUID(only(advanced, "incident_opened").data["incident"])


def test_a_service_is_skipped_without_a_result() -> None:
    desk, _, incident = failed_service(draw(f"start s; {BOOK}; user after; end e", "s>book>after>e"))
    advanced = desk.take(SkipIncident, MONDAY, actor=LEAD, incident_id=incident, reason="Booked by phone")
    assert only(advanced, "service_cancelled").data["element"] == "book"
    assert only(advanced, "task_opened").data["element"] == "after"


def test_a_service_is_asked_again_with_other_inputs() -> None:
    asks = node(
        "service",
        "book",
        extension('<zeebe:taskDefinition type="book" retries="2" />' + mapping({"room": "=wish"})),
    )
    desk, job, incident = failed_service(draw(f"start s; {asks}; end e", "s>book>e"), wish="blue")
    advanced = desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident, variables={"wish": "red"})
    asked = only(advanced, "service_requested")
    assert asked.values["room"] == "red"
    assert only(advanced, "service_cancelled").data["job"] == str(job) != asked.data["job"]


@pytest.mark.parametrize(
    ("kind", "given", "what"),
    [
        (CompleteService, {"result": {"room": 7}}, "completed"),
        (FailService, {"error": "no answer"}, "failed"),
        (ThrowServiceError, {"code": "FULL", "variables": {"room": 7}}, "error"),
    ],
)
@pytest.mark.parametrize("ended", [False, True])
def test_a_late_answer_of_a_service_leaves_a_trace_and_changes_nothing_else(
    kind: Any, given: dict[str, Any], what: str, ended: bool
) -> None:
    source = draw(
        f"start s; {BOOK}; {on_timer('late', 'book', 'PT1H')}; user after; end e; end x",
        "s>book>e late>after>x",
    )
    desk = Desk(source)
    desk.open()
    job = desk.opened("book")
    if ended:
        desk.take(CancelTicket, MONDAY, actor=LEAD, ticket=1, reason="r")
    else:
        desk.take(FireTimer, MONDAY + HOUR, timer_id=desk.opened("late"))
    before = desk.advanced.instance
    advanced = desk.take(kind, MONDAY + 2 * HOUR, job_id=job, **given)
    assert kinds(advanced) == ["service_ignored"]
    assert only(advanced, "service_ignored").data == {"job": str(job), "what": what}
    assert (advanced.instance.status, advanced.instance.state) == (before.status, before.state)


def test_an_error_of_a_handler_goes_to_its_catcher() -> None:
    full = boundary("full", "book", on("error", "err"))
    source = draw(
        f"start s; {BOOK}; {full}; user other; end e; end x",
        "s>book>e full>other>x",
        declared("error", "err", code="FULL"),
    )
    desk = Desk(source)
    desk.open()
    advanced = desk.take(
        ThrowServiceError, MONDAY, job_id=desk.opened("book"), code="FULL", message="No room"
    )
    thrown = only(advanced, "service_error")
    assert (thrown.data["code"], thrown.values["message"]) == ("FULL", "No room")
    assert "service_cancelled" not in kinds(advanced)
    assert only(advanced, "task_opened").data["element"] == "other"


def test_an_error_of_a_handler_that_nobody_catches_is_an_incident_at_its_task() -> None:
    desk = Desk(draw(f"start s; {BOOK}; end e", "s>book>e"))
    desk.open()
    advanced = desk.take(
        ThrowServiceError, MONDAY, job_id=desk.opened("book"), code="FULL", message="No room"
    )
    opened = only(advanced, "incident_opened")
    assert (opened.data["about"], opened.data["element"]) == ("element", "book")
    assert "FULL" in opened.values["message"]


def test_a_result_that_can_not_be_kept_is_refused_by_its_name() -> None:
    desk = Desk(draw(f"start s; {BOOK}; end e", "s>book>e"))
    desk.open()
    with pytest.raises(InvalidInput) as refusal:
        desk.take(CompleteService, MONDAY, job_id=desk.opened("book"), result={"room": object()})
    assert list(refusal.value.fields) == ["room"]


def test_a_message_for_a_ticket_that_has_ended_is_told_so() -> None:
    desk = Desk(draw("start s; user a; end e", "s>a>e"))
    desk.open()
    desk.take(CompleteTask, MONDAY + HOUR, task_id=desk.opened("a"))
    with pytest.raises(Refused, match="Expected ticket 1 to be running, but it ended at 10:00 UTC"):
        desk.take(DeliverMessage, MONDAY + 2 * HOUR, ticket=1, name="stop")


def test_of_two_catchers_of_a_reply_the_innermost_hears_it() -> None:
    asked = node("receive", "ask", messageRef="m")
    anywhere = event_sub(
        "noted",
        start("so", on("message", "m"), interrupting=False) + "; user read; end eo",
        "so>read>eo",
        prefix="o",
    )
    inside = sub("inner", f"start si; {asked}; user think; end ei", "si>ask>think>ei", prefix="i")
    desk = Desk(draw(f"start s; {inside}; {anywhere}; end e", "s>inner>e", message("m", "customer_reply")))
    desk.open()
    reply = {"actor": CUSTOMER, "ticket": 1, "kind": "reply", "public": True}
    first = desk.take(AddEntry, MONDAY, body="It works", **reply)
    assert only(first, "message_received").data["element"] == "ask"
    second = desk.take(AddEntry, MONDAY + HOUR, body="It doesn't", **reply)
    assert only(second, "message_received").data["element"] == "so"


def test_a_lost_call_of_a_service_is_an_incident_once() -> None:
    desk = Desk(draw(f"start s; {BOOK}; end e", "s>book>e"))
    desk.open()
    lost = {"job_id": desk.opened("book"), "kind": "service", "error": "Expected an answer, but none came."}
    advanced = desk.take(ReportLostJob, MONDAY, **lost)
    assert kinds(advanced) == ["job_lost", "incident_opened"]
    assert only(advanced, "incident_opened").data["about"] == "service"
    assert desk.take(ReportLostJob, MONDAY, **lost).events == ()


def test_an_overdue_timer_is_an_incident_until_it_fires() -> None:
    desk = Desk(
        draw(f"start s; user a; {on_timer('late', 'a', 'PT1H')}; user b; end e; end x", "s>a>e late>b>x")
    )
    desk.open()
    timer_id, opened_at = desk.opened("late"), desk.advanced.instance
    look = {"instance_id": opened_at.id, "revision": opened_at.revision, "timer_id": timer_id}
    assert desk.take(Inspect, MONDAY, **look).events == ()  # it isn't due
    advanced = desk.take(Inspect, MONDAY + 2 * HOUR, **look)
    assert only(advanced, "incident_opened").data["about"] == "overdue"
    incident = UUID(only(advanced, "incident_opened").data["incident"])
    advanced = desk.take(RetryIncident, MONDAY + 3 * HOUR, actor=LEAD, incident_id=incident)
    assert {"timer_fired", "incident_closed"} <= set(kinds(advanced))
    assert advanced.instance.status == "running"


def test_an_instance_that_went_on_meanwhile_is_not_forgotten() -> None:
    desk = Desk(draw("start s; user a; end e", "s>a>e"))
    desk.open()
    seen = desk.advanced.instance
    desk.take(AddEntry, MONDAY, ticket=1, kind="note", public=False, body="A note")
    assert desk.take(Inspect, MONDAY, instance_id=seen.id, revision=seen.revision).events == ()


def test_what_waits_and_stands_in_no_table_is_an_incident_that_a_move_repairs() -> None:
    desk = Desk(draw("start s; user a; end e", "s>a>e"))
    desk.open()
    seen = desk.advanced.instance
    advanced = desk.take(Inspect, MONDAY, instance_id=seen.id, revision=seen.revision)
    assert only(advanced, "incident_opened").data["about"] == "lost"
    advanced = desk.take(MoveToken, MONDAY, actor=LEAD, ticket=1, element="a", target="a", reason="Again")
    assert {"task_cancelled", "task_opened", "incident_closed"} <= set(kinds(advanced))
    assert advanced.instance.status == "running"


def test_an_instance_that_waits_for_a_condition_alone_can_never_go_on() -> None:
    source = draw(f"start s; {node('catch', 'when', on('conditional', '=go = 1'))}; end e", "s>when>e")
    desk, _ = halted(source)
    assert only(desk.advanced, "incident_opened").data["about"] == "stuck"


def test_an_assignee_who_is_nobody_leaves_the_task_to_its_queue_and_tells() -> None:
    given = extension(
        '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=who" candidateGroups="tier1" />'
    )
    desk, incident = halted(draw(f"start s; {node('user', 'a', given)}; end e", "s>a>e"), who="bob")
    assert only(desk.advanced, "task_opened").data["assignee"] is None
    assert only(desk.advanced, "incident_opened").data["about"] == "assignee"
    task = desk.opened("a")
    advanced = desk.take(SkipIncident, MONDAY, actor=LEAD, incident_id=incident, reason="Anybody may do it")
    assert advanced.instance.status == "running"
    assert desk.take(CompleteTask, MONDAY, actor=ANN, task_id=task).instance.status == "ended"


def test_an_unknown_incident_is_told_so() -> None:
    desk, _ = halted(wait="soon")
    with pytest.raises((Refused, NotFound)):
        desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=UUID(int=1))
