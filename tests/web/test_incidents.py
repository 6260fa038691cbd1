"""Incidents: what is stuck is listed, and a lead tries it again."""

from uuid import uuid4

import pytest

from engine.runtime.commands import SYSTEM, RecordUndelivered
from tests.web.test_inbox import triaged


@pytest.fixture
def stuck(office) -> int:
    """A ticket whose mail was given up."""
    office.person("lea", "lead")
    number = office.open_ticket()
    triaged(office, number, "lea")
    (mail,) = office.casepath.reads.mails(office.desk.id, number)
    error = "Expected the mail server to accept it, but it is full."
    office.casepath.engine.handle(
        RecordUndelivered(id=uuid4(), desk_id=office.desk.id, actor=SYSTEM, job_id=mail.id, error=error)
    )
    return number


def test_a_lead_sees_what_is_stuck_and_tries_it_again(visit, office, stuck) -> None:
    lead = visit("lea")
    page = lead.get("/incidents").text
    assert "but it is full." in page
    (incident,) = office.casepath.reads.incidents(office.desk.id)
    answer = lead.post(f"/incidents/{incident.id}/retry", page="/incidents")
    assert answer.location == "/incidents"
    assert "Nothing is stuck" in lead.get("/incidents").text
    (mail,) = office.casepath.reads.mails(office.desk.id, stuck)
    assert mail.state == "pending"


def test_an_owner_sees_incidents_and_is_offered_no_button(visit, stuck) -> None:
    page = visit("olga", "owner").get("/incidents").text
    assert "but it is full." in page
    assert "Try again" not in page


def test_an_incident_that_is_closed_already_is_told_politely(visit, office, stuck) -> None:
    lead = visit("lea")
    (incident,) = office.casepath.reads.incidents(office.desk.id)
    for status in (302, 422):
        answer = lead.post(f"/incidents/{incident.id}/retry", page="/account")
        assert answer.status_code == status
