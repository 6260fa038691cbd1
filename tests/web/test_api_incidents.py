"""Incidents by the API: read whole, and each repair with its reason, done once."""

from __future__ import annotations

import pytest

from tests.web.test_api import Program
from tests.web.test_incidents import halted, only_incident

__all__ = ["halted"]


@pytest.fixture
def lead(app, office, halted) -> Program:
    return Program(app, office, "lea")


def test_an_incident_is_read_with_what_is_seen_there_and_where_its_token_may_go(lead, office, halted) -> None:
    (listed,) = lead.ask("list_incidents").json["items"]
    assert (listed["ticket"], listed["element"], listed["kind"], listed["phase"]) == (
        halted,
        "pause",
        "element",
        "enter",
    )
    seen = lead.ask("read_incident", id=listed["id"]).json
    assert seen["variables"]["pause"] == "soon"
    assert [it["element"] for it in seen["targets"]] == ["pause", "call", "note", "called"]
    assert seen["unreadable"] is None


def test_it_is_tried_again_with_and_without_variables(lead, office, halted) -> None:
    incident = only_incident(office)
    failed = lead.ask("retry_incident", once="a", id=incident.id)  # no body at all
    again = only_incident(office)
    assert failed.json["incident"] == str(again.id)
    assert "incident" not in lead.ask("retry_incident", once="a", id=incident.id).json
    assert again.id != incident.id
    answer = lead.ask("retry_incident", {"variables": {"pause": "PT1H"}}, id=again.id)
    assert (answer.json["ticket"], answer.json["incident"]) == (halted, None)
    assert office.casepath.reads.incidents(office.desk.id) == []
    assert lead.ask("read_incident", id=again.id).json["how"] == "retried"


def test_the_same_key_repairs_once_and_another_wish_under_it_is_a_conflict(lead, office, halted) -> None:
    incident, reason = only_incident(office), {"reason": "The customer can't wait"}
    first, second = (lead.ask("skip_incident", reason, once="a", id=incident.id) for _ in range(2))
    assert (first.json["repeated"], second.json["repeated"]) == (False, True)
    assert lead.ask("skip_incident", {"reason": "Other"}, once="a", id=incident.id).status_code == 409
    assert office.task(halted).element == "call"


def test_a_token_is_moved_and_a_second_move_comes_too_late(lead, office, halted) -> None:
    incident, wish = only_incident(office), {"target": "note", "reason": "Done by mail"}
    assert lead.ask("move_incident", wish, id=incident.id).status_code == 200
    assert office.task(halted).element == "note"
    late = lead.ask("move_incident", wish, id=incident.id)
    assert late.status_code == 422
    assert "it has gone on since" in late.json["detail"]


def test_the_ticket_of_an_incident_is_cancelled(lead, office, halted) -> None:
    assert (
        lead.ask("cancel_incident", {"reason": "Opened twice"}, id=only_incident(office).id).status_code
        == 200
    )
    assert office.casepath.reads.ticket(office.desk.id, halted).closed_at is not None


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("skip_incident", {}, "reason"),
        ("skip_incident", {"reason": " "}, "reason"),
        ("move_incident", {"reason": "r"}, "target"),
        ("cancel_incident", {}, "reason"),
        ("retry_incident", {"variables": [1]}, "variables"),
        ("retry_incident", {"variables": {"": 1}}, ""),
    ],
)
def test_what_is_missing_or_wrong_is_named(lead, office, halted, name, body, field) -> None:
    answer = lead.ask(name, body, id=only_incident(office).id)
    assert answer.status_code == 422
    assert [it["field"] for it in answer.json["errors"]] == [field]


def test_repairs_are_for_leads(app, office, halted) -> None:
    agent, incident = Program(app, office, "ann", "agent"), only_incident(office)
    assert agent.ask("read_incident", id=incident.id).status_code == 200
    for name, body in (
        ("retry_incident", {}),
        ("skip_incident", {"reason": "r"}),
        ("move_incident", {"target": "note", "reason": "r"}),
        ("cancel_incident", {"reason": "r"}),
    ):
        assert agent.ask(name, body, id=incident.id).status_code == 403


def test_a_message_for_a_ticket_that_has_ended_is_told_so(lead, office, halted) -> None:
    lead.ask("cancel_incident", {"reason": "r"}, id=only_incident(office).id)
    answer = lead.ask("send_message", {"name": "paid", "correlation": {"ticket": halted}})
    assert answer.status_code == 422
    assert f"Expected ticket {halted} to be running, but it ended at" in answer.json["detail"]


def test_a_ticket_that_can_not_be_read_takes_no_command_and_becomes_an_incident(lead, office, halted) -> None:
    with office.casepath.store.transaction() as connection:
        connection.execute(
            "UPDATE instance SET state = %s WHERE desk_id = %s AND ticket_number = %s",
            (b'{"v": 99}', office.desk.id, halted),
        )
    before = only_incident(office)
    for _ in range(2):
        answer = lead.ask("retry_incident", id=before.id)
        assert answer.status_code == 422
        assert "Expected an instance state of format" in answer.json["detail"]
    kinds = sorted(it.kind for it in office.casepath.reads.incidents(office.desk.id))
    assert kinds == ["element", "state"]
    seen = lead.ask("read_incident", id=before.id).json
    assert (seen["variables"], seen["targets"]) == ({}, [])
    assert "format" in seen["unreadable"]
