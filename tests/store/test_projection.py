"""What each kind of event means for the tables."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from engine.feel.codec import from_json
from engine.runtime.events import EVENT_KINDS
from engine.store.projection import PROJECTORS
from tests.store.hand import ANN, Hand, happened, task_opened, timer_armed

# These live in the trail alone, or stand in the instance's own row.
TRAIL_ALONE = {
    "instance_started", "elements_passed", "variables_written", "decided", "mail_omitted",
    "desk_event", "signal_received",
    "condition_met", "error_thrown", "escalation_thrown", "compensating", "service_ignored", "token_moved",
    "terms_adopted",
}  # fmt: skip


def test_every_kind_of_event_is_projected_or_lives_in_the_trail_alone() -> None:
    assert set(PROJECTORS) | TRAIL_ALONE == set(EVENT_KINDS)
    assert not set(PROJECTORS) & TRAIL_ALONE


def test_an_opened_ticket_has_its_row_with_fields_and_customer(hand: Hand) -> None:
    command = hand.opening(
        "Router dead", fields={"amount": Decimal("1.5")}, priority="high", external_ref="Case 7"
    )
    instance = hand.open(command)
    row = hand.row("ticket", number=instance.ticket_number)
    assert row is not None
    assert (row["subject"], row["priority"], row["external_ref"]) == ("Router dead", "high", "Case 7")
    assert row["fields"] == {"amount": {"$n": "1.5"}}
    assert (row["status"], row["label"], row["opened_at"], row["closed_at"]) == ("new", "New", hand.now, None)
    assert hand.row("customer", id=row["requester_id"])["email"] == "cora@example.com"


def test_state_and_properties_of_a_ticket_follow_their_events(hand: Hand) -> None:
    instance = hand.open()
    hand.now += timedelta(hours=1)
    hand.happen(
        instance,
        happened(
            "state_changed", **{"from": "new", "to": "waiting"}, label="Waiting for you", element="wait"
        ),
        happened("ticket_changed", {"from": None, "to": "tier2"}, field="queue"),
    )
    row = hand.row("ticket", number=instance.ticket_number)
    assert (row["status"], row["label"], row["queue"]) == ("waiting", "Waiting for you", "tier2")
    assert row["updated_at"] == hand.now


def test_only_known_properties_of_a_ticket_can_be_changed_by_an_event(hand: Hand) -> None:
    instance = hand.open()
    with pytest.raises(ValueError, match="property of a ticket"):
        hand.happen(instance, happened("ticket_changed", {"from": 1, "to": "2"}, field="number"))


def test_an_entry_joins_the_conversation_under_its_authors_name(hand: Hand) -> None:
    instance, entry = hand.open(), uuid4()
    hand.happen(
        instance, happened("entry_added", {"body": "Hello"}, entry=str(entry), kind="reply", public=True)
    )
    row = hand.row("entry", id=entry)
    assert (row["body"], row["public"], row["author_name"], row["author_id"]) == (
        "Hello",
        True,
        "Ann",
        ANN.id,
    )


def test_the_end_of_an_instance_closes_its_ticket(hand: Hand) -> None:
    instance = hand.open()
    hand.happen(instance, happened("instance_ended", how="completed"), status="ended", ended_at=hand.now)
    assert hand.row("ticket", number=instance.ticket_number)["closed_at"] == hand.now
    assert hand.row("instance", id=instance.id)["ended_at"] == hand.now


def test_a_task_is_opened_claimed_released_assigned_and_completed(hand: Hand) -> None:
    task, other = uuid4(), uuid4()
    due = hand.now + timedelta(hours=4)
    opened = task_opened(task, form="work", candidate_groups=["tier1", "lead"], due=due, priority=80)
    instance = hand.open(None, opened)
    row = hand.row("task", id=task)
    assert (row["state"], row["form"], row["queue"], row["due_at"]) == ("open", "work", "tier1", due)
    assert (row["candidate_groups"], row["priority"], row["assignee"]) == (["tier1", "lead"], "80", None)
    for kind, person, revision in (
        ("task_claimed", ANN.id, 2), ("task_released", None, 3), ("task_assigned", str(other), 4),
    ):  # fmt: skip
        hand.happen(instance, happened(kind, task=str(task), person=person, revision=revision))
        row = hand.row("task", id=task)
        assert (row["assignee"], row["revision"]) == (UUID(person) if person else None, revision)
        assert (row["claimed_at"] is None) == (person is None)
    hand.happen(
        instance, happened("task_completed", {"solved": True}, task=str(task), element="work", name="Work")
    )
    row = hand.row("task", id=task)
    assert (row["state"], row["closed_by_name"], row["closed_at"]) == ("completed", "Ann", hand.now)


def test_a_task_opened_for_somebody_is_theirs_from_the_start(hand: Hand) -> None:
    task = uuid4()
    hand.open(None, task_opened(task, assignee=ANN.id))
    row = hand.row("task", id=task)
    assert (row["assignee"], row["claimed_at"]) == (UUID(ANN.id), hand.now)


def test_a_task_that_the_process_takes_back_is_cancelled(hand: Hand) -> None:
    task = uuid4()
    instance = hand.open(None, task_opened(task))
    hand.happen(instance, happened("task_cancelled", task=str(task), element="work"))
    assert hand.row("task", id=task)["state"] == "cancelled"


def test_a_repeating_timer_is_armed_again_under_its_own_id(hand: Hand) -> None:
    timer = uuid4()
    first, second = hand.now + timedelta(hours=1), hand.now + timedelta(hours=2)
    instance = hand.open(None, timer_armed(timer, first, cycle="R3/PT1H"))
    hand.now = first
    hand.happen(
        instance,
        happened("timer_fired", timer=str(timer), element="remind", due=first, fired=first),
        timer_armed(timer, second, cycle="R2/PT1H"),
    )
    row = hand.row("timer", id=timer)
    assert (row["state"], row["due_at"], row["cycle"], row["fired_at"]) == ("armed", second, "R2/PT1H", first)


@pytest.mark.parametrize(
    ("kind", "state"),
    [("timer_fired", "fired"), ("timer_cancelled", "cancelled"), ("timer_failed", "failed")],
)
def test_a_timer_ends_as_its_event_says(hand: Hand, kind: str, state: str) -> None:
    timer = uuid4()
    instance = hand.open(None, timer_armed(timer, hand.now))
    hand.happen(instance, happened(kind, timer=str(timer), element="remind", due=hand.now, fired=hand.now))
    assert hand.row("timer", id=timer)["state"] == state


def test_a_message_is_awaited_until_it_is_no_longer(hand: Hand) -> None:
    subscription = uuid4()
    instance = hand.open()
    hand.happen(
        instance,
        happened(
            "message_awaited",
            {"key": "A-1"},
            subscription=str(subscription),
            element="wait",
            name="confirmed",
        ),
    )
    row = hand.row("subscription", id=subscription)
    assert (row["name"], row["key"], row["ticket_number"]) == ("confirmed", "A-1", instance.ticket_number)
    hand.happen(
        instance, happened("message_ended", subscription=str(subscription), element="wait", name="confirmed")
    )
    assert hand.row("subscription", id=subscription) is None


@pytest.mark.parametrize(
    ("kind", "state"),
    [("service_completed", "done"), ("service_failed", "failed"), ("service_cancelled", "cancelled")],
)
def test_a_service_call_waits_in_the_outbox_until_its_answer(hand: Hand, kind: str, state: str) -> None:
    job = uuid4()
    asked = happened(
        "service_requested", {"amount": Decimal("9.99")}, job=str(job), element="pay", type="pay", retries=5
    )
    instance = hand.open(None, asked)
    row = hand.row("outbox", id=job)
    assert row is not None and (row["kind"], row["state"], row["max_attempts"]) == ("service", "pending", 5)
    assert from_json(row["payload"]) == {"type": "pay", "inputs": {"amount": Decimal("9.99")}}
    hand.happen(instance, happened(kind, {"error": "no money"}, job=str(job), element="pay"))
    assert hand.row("outbox", id=job)["state"] == state


@pytest.mark.parametrize(
    ("kind", "state", "error"), [("mail_sent", "done", None), ("mail_failed", "failed", "refused")]
)
def test_a_mail_waits_in_the_outbox_until_it_is_sent_or_given_up(
    hand: Hand, kind: str, state: str, error: str | None
) -> None:
    job = uuid4()
    mail = {"to": "cora@example.com", "subject": "We look", "body": "Hello"}
    instance = hand.open(
        None, happened("mail_requested", mail, job=str(job), element="tell", template="t_received")
    )
    assert hand.row("outbox", id=job)["payload"] == {"template": "t_received", **mail}
    hand.happen(instance, happened(kind, {"error": "refused"}, job=str(job)))
    row = hand.row("outbox", id=job)
    assert (row["state"], row["attempts"], row["last_error"]) == (state, 0, error)


def test_retrying_an_incident_sends_its_mail_again_without_counting_from_zero(hand: Hand) -> None:
    job, incident = uuid4(), uuid4()
    mail = {"to": "x@example.com", "subject": "s", "body": "b"}
    instance = hand.open(None, happened("mail_requested", mail, job=str(job), template="t"))
    about = {"incident": str(incident), "about": "mail", "subject": str(job), "element": "tell"}
    hand.happen(
        instance,
        happened("mail_failed", {"error": "refused"}, job=str(job)),
        happened("incident_opened", {"message": "Mail refused"}, **about),
        status="incident",
    )
    assert hand.row("incident", id=incident)["message"] == "Mail refused"
    hand.happen(instance, happened("incident_closed", **about, how="retried"))
    row, closed = hand.row("outbox", id=job), hand.row("incident", id=incident)
    assert (row["state"], row["attempts"], row["max_attempts"], row["chain"]) == ("pending", 0, 3, 1)
    assert (closed["closed_at"], closed["closed_by"]) == (hand.now, "Ann")


def test_retrying_an_incident_arms_its_timer_again(hand: Hand) -> None:
    timer, incident = uuid4(), uuid4()
    instance = hand.open(None, timer_armed(timer, hand.now))
    about = {"incident": str(incident), "about": "timer", "subject": str(timer)}
    hand.happen(
        instance,
        happened("timer_failed", timer=str(timer), element="remind"),
        happened("incident_opened", {"message": "No true flow"}, **about),
    )
    assert hand.row("timer", id=timer)["state"] == "failed"
    hand.happen(instance, happened("incident_closed", **about, how="retried"))
    assert hand.row("timer", id=timer)["state"] == "armed"


def test_an_incident_that_settles_itself_leaves_what_it_was_about_alone(hand: Hand) -> None:
    job, incident = uuid4(), uuid4()
    instance = hand.open(None, happened("service_requested", job=str(job), type="pay", retries=1))
    about = {"incident": str(incident), "about": "service", "subject": str(job)}
    hand.happen(instance, happened("incident_opened", {"message": "m"}, **about))
    hand.happen(
        instance,
        happened("service_completed", job=str(job), element="pay"),
        happened("incident_closed", **about, how="over"),
    )
    assert hand.row("outbox", id=job)["state"] == "done"
