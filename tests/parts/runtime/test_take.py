"""The pure step: what a command does to an instance, without any database."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from engine.ids import Ids
from engine.runtime.commands import (
    Actor,
    AddEntry,
    AssignTask,
    CancelTicket,
    ClaimTask,
    Command,
    CompleteTask,
    DeliverMessage,
    FailService,
    FireTimer,
    ReleaseTask,
    ReportIncident,
    RetryIncident,
)
from engine.runtime.handlers import TaskNotOpen
from engine.runtime.take import take
from tests.parts.runtime.worlds import ANN, BEN, CUSTOMER, LEAD, MONDAY, Desk, kinds, only
from tests.parts.spiff.drawing import draw, extension, message, node, on_timer, timer

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
GROUPS = extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="tier1" />')
WORK = node("user", "work", GROUPS, name="Work on ticket")
ESCALATING = draw(
    f"start s; {WORK}; {on_timer('late', 'work', 'PT4H')}; user lead; end e; end x", "s>work>e late>lead>x"
)


def escalating() -> tuple[Desk, UUID]:
    desk = Desk(ESCALATING)
    desk.open()
    return desk, desk.opened("work")


def test_a_ticket_opens_with_its_first_task_and_timer() -> None:
    desk = Desk(ESCALATING)
    advanced = desk.open()
    assert kinds(advanced)[:2] == ["ticket_opened", "instance_started"]
    assert only(advanced, "task_opened").data["queue"] == "tier1"
    assert only(advanced, "timer_armed").data["due"] == MONDAY + 4 * HOUR
    assert advanced.instance.status == "running"


def test_an_answer_at_the_due_moment_is_in_time() -> None:
    desk, task = escalating()
    advanced = desk.take(CompleteTask, MONDAY + 4 * HOUR, task_id=task)
    assert "timer_fired" not in kinds(advanced)
    assert only(advanced, "instance_ended").data["how"] == "completed"


def test_an_answer_a_microsecond_late_finds_the_deadline_passed() -> None:
    desk, task = escalating()
    with pytest.raises(TaskNotOpen):
        desk.take(CompleteTask, MONDAY + 4 * HOUR + MICROSECOND, task_id=task)


def test_a_refused_command_leaves_the_instance_as_it_was() -> None:
    desk, task = escalating()
    before = desk.advanced.instance
    with pytest.raises(Forbidden):
        desk.take(ReleaseTask, MONDAY + HOUR, actor=BEN, task_id=claimed(desk, task))
    assert before.state != desk.advanced.instance.state  # only the claim, which was done, is in it
    assert desk.advanced.instance.revision == before.revision + 1


def claimed(desk: Desk, task: UUID) -> UUID:
    desk.take(ClaimTask, MONDAY, task_id=task)
    return task


def test_the_same_command_on_the_same_instance_gives_the_same_bytes() -> None:
    desk, task = escalating()
    instance = desk.advanced.instance
    command = CompleteTask(id=UUID(int=50), desk_id=1, actor=ANN, task_id=task)
    once, again = (
        take(instance, command, MONDAY + HOUR, desk.world, Ids(b"s", MONDAY + HOUR)) for _ in range(2)
    )
    assert once == again


def test_a_timer_fires_with_the_moment_it_was_due_and_the_moment_it_fired() -> None:
    desk, _ = escalating()
    late = MONDAY + 5 * HOUR
    advanced = desk.take(FireTimer, late, timer_id=desk.opened("late"))
    fired = only(advanced, "timer_fired")
    assert (fired.data["due"], fired.data["fired"]) == (MONDAY + 4 * HOUR, late)
    assert only(advanced, "task_opened").data["element"] == "lead"


def test_a_timer_that_is_not_due_or_no_longer_armed_changes_nothing() -> None:
    desk, task = escalating()
    timer_id = desk.opened("late")
    assert desk.take(FireTimer, MONDAY + HOUR, timer_id=timer_id).events == ()
    desk.take(CompleteTask, MONDAY + HOUR, task_id=task)
    assert desk.take(FireTimer, MONDAY + 9 * HOUR, timer_id=timer_id).events == ()


def test_overdue_timers_fire_in_due_order_and_what_follows_counts_from_the_firing() -> None:
    first = node("catch", "first", timer("duration", "PT1H"))
    second = node("catch", "second", timer("duration", "PT2H"))
    after = node("catch", "after", timer("duration", "PT1H"))
    source = draw(
        f"start s; and f; {second}; {first}; {after}; and j; end e", "s>f>second>j f>first>after>j>e"
    )
    desk = Desk(source)
    desk.open()
    late = MONDAY + 10 * HOUR
    advanced = desk.take(FireTimer, late, timer_id=desk.opened("first"))
    assert [it.data["element"] for it in advanced.events if it.kind == "timer_fired"] == ["first", "second"]
    assert only(advanced, "timer_armed").data["due"] == late + HOUR


def test_a_task_claimed_by_one_is_not_for_another() -> None:
    desk, task = escalating()
    desk.take(ClaimTask, MONDAY, task_id=task)
    with pytest.raises(Conflict, match="somebody"):
        desk.take(ClaimTask, MONDAY, actor=BEN, task_id=task)
    with pytest.raises(Conflict, match="somebody else"):
        desk.take(CompleteTask, MONDAY, actor=BEN, task_id=task)


def test_a_lead_hands_a_task_to_somebody_else() -> None:
    desk, task = escalating()
    advanced = desk.take(
        AssignTask, MONDAY, actor=LEAD, task_id=task, assignee_id=UUID(BEN.id), assignee_name="Ben"
    )
    assert only(advanced, "task_assigned").data["person"] == BEN.id
    with pytest.raises(Forbidden, match="lead"):
        desk.take(AssignTask, MONDAY, actor=ANN, task_id=task, assignee_id=UUID(BEN.id), assignee_name="Ben")


def test_a_stale_view_of_a_task_is_told_so() -> None:
    desk, task = escalating()
    desk.take(ClaimTask, MONDAY, task_id=task, revision=1)
    with pytest.raises(Conflict, match="changed hands"):
        desk.take(CompleteTask, MONDAY, task_id=task, revision=1)


def test_a_parallel_timer_does_not_spoil_an_agents_submit() -> None:
    ticking = on_timer("tick", "work", "R/PT1H", "cycle", interrupting=False)
    send = node("script", "note", extension('<zeebe:script expression="=1" resultVariable="noted" />'))
    desk = Desk(draw(f"start s; {WORK}; {ticking}; {send}; end e; end x", "s>work>e tick>note>x"))
    desk.open()
    task = desk.opened("work")
    desk.take(FireTimer, MONDAY + HOUR, timer_id=desk.opened("tick"))
    advanced = desk.take(CompleteTask, MONDAY + 2 * HOUR, task_id=task, revision=1)
    assert only(advanced, "instance_ended").data["how"] == "completed"


def test_a_task_is_for_people_of_its_queue() -> None:
    desk, task = escalating()
    from engine.runtime.commands import Actor

    stranger = Actor("person", str(UUID(int=8)), "Sam", frozenset({"agent"}), frozenset({"billing"}))
    with pytest.raises(Forbidden, match="tier1"):
        desk.take(CompleteTask, MONDAY, actor=stranger, task_id=task)


def test_a_customers_reply_reaches_the_process_that_waits_for_it() -> None:
    receive = node("receive", "wait", messageRef="m", name="Wait for the customer")
    desk = Desk(draw(f"start s; {receive}; end e", "s>wait>e", message("m", "customer_reply")))
    desk.open()
    advanced = desk.take(
        AddEntry, MONDAY, actor=CUSTOMER, ticket=1, kind="reply", public=True, body="It works"
    )
    assert only(advanced, "message_received").values["body"] == "It works"
    assert only(advanced, "entry_added").values["body"] == "It works"
    assert advanced.instance.status == "ended"


def test_a_note_of_an_agent_moves_nothing() -> None:
    desk, _ = escalating()
    advanced = desk.take(AddEntry, MONDAY, ticket=1, kind="note", public=False, body="Called twice")
    assert kinds(advanced) == ["entry_added"]


def test_an_empty_entry_is_refused_at_its_field() -> None:
    desk, _ = escalating()
    with pytest.raises(InvalidInput) as refusal:
        desk.take(AddEntry, MONDAY, ticket=1, kind="note", public=False, body="  ")
    assert "body" in refusal.value.fields


def test_a_message_nobody_waits_for_is_refused_and_says_what_is_awaited() -> None:
    desk, _ = escalating()
    with pytest.raises(Refused, match="waits for no message"):
        desk.take(DeliverMessage, MONDAY, ticket=1, name="refund_paid")


def test_a_variable_that_cannot_be_kept_is_refused_by_name() -> None:
    desk, task = escalating()
    with pytest.raises(InvalidInput, match="amount") as refusal:
        desk.take(CompleteTask, MONDAY, task_id=task, fields={"amount": float("nan"), "note": "kept"})
    assert list(refusal.value.fields) == ["amount"]


def test_a_cancelled_ticket_ends_with_its_reason_and_cancels_what_was_open() -> None:
    desk, _ = escalating()
    advanced = desk.take(CancelTicket, MONDAY, actor=LEAD, ticket=1, reason="Opened twice")
    assert {"task_cancelled", "timer_cancelled"} <= set(kinds(advanced))
    ended = only(advanced, "instance_ended")
    assert (ended.data["how"], ended.values["reason"]) == ("cancelled", "Opened twice")


def test_a_failed_service_stays_with_an_incident_until_it_is_retried() -> None:
    service = node("service", "book", extension('<zeebe:taskDefinition type="book" retries="2" />'))
    desk = Desk(draw(f"start s; {service}; end e", "s>book>e"))
    desk.open()
    job = desk.opened("book")
    advanced = desk.take(FailService, MONDAY, job_id=job, error="no answer")
    assert advanced.instance.status == "incident"
    incident = UUID(only(advanced, "incident_opened").data["incident"])
    advanced = desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=incident)
    assert only(advanced, "incident_closed").data["how"] == "retried"
    assert advanced.instance.status == "running"


def test_a_timer_that_was_set_aside_does_not_fire_until_it_is_retried() -> None:
    desk, _ = escalating()
    timer_id = desk.opened("late")
    late = MONDAY + 5 * HOUR
    advanced = desk.take(ReportIncident, MONDAY + HOUR, timer_id=timer_id, error="no such queue")
    incident = UUID(only(advanced, "incident_opened").data["incident"])
    assert desk.take(FireTimer, late, timer_id=timer_id).events == ()
    advanced = desk.take(RetryIncident, late, actor=LEAD, incident_id=incident)
    assert "timer_fired" in kinds(advanced)


def test_what_cannot_go_on_behind_a_timer_stays_with_an_incident_and_keeps_nobody_from_anything() -> None:
    boundary = on_timer("late", "work", "PT1H") + on_timer("later", "work", "PT2H", interrupting=False)
    pause = node("catch", "pause", timer("duration", "=how long"))
    desk = Desk(
        draw(
            f"start s; {WORK}; {boundary}; {pause}; user a; end e; end x; end z",
            "s>work>e late>pause>x later>a>z",
        )
    )
    desk.open()
    advanced = desk.take(FireTimer, MONDAY + 5 * HOUR, timer_id=desk.opened("later"))
    assert only(advanced, "timer_fired").data["element"] == "late"
    incident = only(advanced, "incident_opened")
    assert (incident.data["about"], incident.data["element"]) == ("element", "pause")
    assert advanced.instance.status == "incident"


def test_an_incident_closes_when_the_process_no_longer_waits_for_what_it_is_about() -> None:
    service = node("service", "book", extension('<zeebe:taskDefinition type="book" retries="2" />'))
    boundary = on_timer("late", "book", "PT4H")
    desk = Desk(draw(f"start s; {service}; {boundary}; user lead; end e; end x", "s>book>e late>lead>x"))
    desk.open()
    desk.take(FailService, MONDAY, job_id=desk.opened("book"), error="no answer")
    advanced = desk.take(FireTimer, MONDAY + 4 * HOUR, timer_id=UUID(int=0))
    assert only(advanced, "incident_closed").data["how"] == "over"
    assert advanced.instance.status == "running"


@pytest.mark.parametrize("kind", [FailService, ReportIncident])
def test_a_cancelled_ticket_leaves_no_incident_behind(kind: type[Command]) -> None:
    service = node("service", "book", extension('<zeebe:taskDefinition type="book" retries="2" />'))
    desk = Desk(
        draw(f"start s; {service}; {on_timer('late', 'book', 'PT4H')}; end e; end x", "s>book>e late>x")
    )
    desk.open()
    subject = {"job_id": desk.opened("book")} if kind is FailService else {"timer_id": desk.opened("late")}
    desk.take(kind, MONDAY, error="no answer", **subject)
    advanced = desk.take(CancelTicket, MONDAY, actor=LEAD, ticket=1, reason="Opened twice")
    assert "incident_closed" in kinds(advanced)
    assert advanced.instance.status == "ended"


def test_a_word_after_the_end_is_kept_and_the_end_stays_where_it_was() -> None:
    desk, task = escalating()
    ended = desk.take(CompleteTask, MONDAY + HOUR, task_id=task).instance.ended_at
    assert ended == MONDAY + HOUR
    advanced = desk.take(
        AddEntry, MONDAY + 9 * HOUR, actor=CUSTOMER, ticket=1, kind="reply", public=True, body="Thanks"
    )
    assert kinds(advanced) == ["entry_added"]
    assert (advanced.instance.ended_at, advanced.instance.status) == (ended, "ended")


@pytest.mark.parametrize("kind", [ClaimTask, CompleteTask])
def test_no_customer_does_the_desks_work(kind: type[Command]) -> None:
    desk = Desk(draw("start s; user work; end e", "s>work>e"))
    desk.open()
    with pytest.raises(Forbidden, match="customer"):
        desk.take(kind, MONDAY, actor=CUSTOMER, task_id=desk.opened("work"))


def test_nobody_assigns_to_themselves_what_another_holds() -> None:
    desk, task = escalating()
    desk.take(ClaimTask, MONDAY, task_id=task)
    with pytest.raises(Forbidden, match="lead"):
        desk.take(AssignTask, MONDAY, actor=BEN, task_id=task, assignee_id=UUID(BEN.id), assignee_name="Ben")


def test_who_was_given_a_task_by_a_lead_may_do_it_from_any_queue() -> None:
    desk, task = escalating()
    guest = Actor("person", str(UUID(int=5)), "Gus", frozenset({"agent"}), frozenset({"billing"}))
    with pytest.raises(Forbidden, match="tier1"):
        desk.take(CompleteTask, MONDAY, actor=guest, task_id=task)
    desk.take(AssignTask, MONDAY, actor=LEAD, task_id=task, assignee_id=UUID(guest.id), assignee_name="Gus")
    assert desk.take(CompleteTask, MONDAY, actor=guest, task_id=task).instance.status == "ended"


def test_an_unknown_process_is_not_found() -> None:
    desk = Desk(ESCALATING)
    desk.world.versions.pop("p")  # type: ignore[attr-defined]
    with pytest.raises(NotFound, match="'p'"):
        desk.open()


def test_a_join_that_can_never_be_completed_gives_an_incident() -> None:
    desk = Desk(
        draw(
            "start s; user a; xor which; user b; user c; and j; end e",
            "s>a>which which>b [=go = 1] which>c * b>j c>j>e",
        )
    )
    desk.open()
    desk.take(CompleteTask, MONDAY, task_id=desk.opened("a"))
    advanced = desk.take(CompleteTask, MONDAY, task_id=desk.opened("c"))
    incident = only(advanced, "incident_opened")
    assert (incident.data["about"], incident.data["element"]) == ("stuck", "j")
    assert advanced.instance.status == "incident"
    with pytest.raises(Refused, match="cancel"):
        desk.take(RetryIncident, MONDAY, actor=LEAD, incident_id=UUID(incident.data["incident"]))
    assert desk.take(CancelTicket, MONDAY, actor=LEAD, ticket=1, reason="stuck").instance.status == "ended"
