"""Incidents: what is stuck is listed and shown whole, and a lead repairs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import SYSTEM, RecordUndelivered
from tests.web.test_inbox import triaged

PACK = Path(__file__).parent / "packs" / "callback"


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


@pytest.fixture
def halted(office) -> int:
    """A ticket whose pause is no length of time, so that it stands still there."""
    office.casepath.deployments.deploy(office.desk.id, read_pack(PACK).files, operator())
    office.person("lea", "lead", "auditor", name="Lea Lind")
    return office.open_ticket("Call me back", process="callback", fields={"pause": "soon", "line": "A 7"})


def only_incident(office, *, open: bool = True) -> Any:
    (incident,) = office.casepath.reads.incidents(office.desk.id, open=open)
    return incident


def test_a_lead_sees_what_is_stuck_and_tries_it_again(visit, office, stuck) -> None:
    lead = visit("lea")
    page = lead.get("/incidents").text
    assert "but it is full." in page
    assert office.casepath.reads.ticket(office.desk.id, stuck).subject in page
    answer = lead.post(f"/incidents/{only_incident(office).id}/retry", page="/incidents")
    assert answer.location == "/incidents"
    assert "Nothing is stuck" in lead.get("/incidents").text
    (mail,) = office.casepath.reads.mails(office.desk.id, stuck)
    assert mail.state == "pending"


def test_an_owner_sees_incidents_and_is_offered_no_repair(visit, office, halted) -> None:
    owner = visit("olga", "owner")
    assert "Try again" not in owner.get("/incidents").text
    page = owner.get(f"/incidents/{only_incident(office).id}").text
    assert "Wait until then" in page
    assert "Try again" not in page and "Skip it" not in page


def test_an_incident_that_is_closed_already_is_told_politely(visit, office, stuck) -> None:
    lead = visit("lea")
    incident = only_incident(office)
    for status in (302, 422):
        answer = lead.post(f"/incidents/{incident.id}/retry", page="/account")
        assert answer.status_code == status
    assert "but it is closed" in answer.text


def test_an_incident_shows_where_it_is_what_is_seen_there_and_the_trail_around_it(
    visit, office, halted
) -> None:
    page = visit("lea").get(f"/incidents/{only_incident(office).id}").text
    assert "Wait until then" in page and "(pause)" in page
    assert "When it began" in page
    assert "<code>&#34;soon&#34;</code>" in page and "<code>&#34;A 7&#34;</code>" in page
    assert "opened ticket" in page and "An incident was opened" in page


def test_a_ticket_leads_to_its_incident(visit, office, halted) -> None:
    address = f"/incidents/{only_incident(office).id}"
    assert address in visit("lea").get(f"/tickets/{halted}").text
    assert address not in visit("ann", "agent").get(f"/tickets/{halted}").text


def test_a_lead_changes_a_variable_and_the_ticket_goes_on(visit, office, halted) -> None:
    lead, incident = visit("lea"), only_incident(office)
    address = f"/incidents/{incident.id}"
    answer = lead.post(f"{address}/retry", page=address, variables='{"pause": "PT1H"}')
    assert answer.location == "/incidents"
    assert [it.element for it in office.casepath.reads.deadlines(office.desk.id, halted)] == ["pause"]
    closed = only_incident(office, open=False)
    assert (closed.how, closed.closed_by) == ("retried", "Lea Lind")
    assert "Tried again" in lead.get(address).text


def test_what_fails_again_shows_its_new_incident_at_once(visit, office, halted) -> None:
    lead, incident = visit("lea"), only_incident(office)
    address = f"/incidents/{incident.id}"
    answer = lead.post(f"{address}/retry", page=address, variables='{"pause": "later"}')
    assert answer.location == f"/incidents/{only_incident(office).id}" != address
    page = lead.get(answer.location).text
    assert "stands still again" in page and "later" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('{"pause": }', "line 1 can&#39;t be read"),
        ("12", "Expected names with values"),
        ('{"pause": "PT1H", "": 1}', "it has no name"),
    ],
)
def test_variables_that_can_not_be_read_are_told_and_nothing_typed_is_lost(
    visit, office, halted, typed, sentence
) -> None:
    lead, incident = visit("lea"), only_incident(office)
    address = f"/incidents/{incident.id}"
    answer = lead.post(f"{address}/retry", page=address, variables=typed, skip_reason="Not needed")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed.replace('"', "&#34;") in answer.text and "Not needed" in answer.text
    assert only_incident(office).id == incident.id


def test_a_lead_skips_a_step_with_a_reason(visit, office, halted) -> None:
    lead, address = visit("lea"), f"/incidents/{only_incident(office).id}"
    assert lead.post(f"{address}/skip", page=address).status_code == 422
    lead.post(f"{address}/skip", page=address, skip_reason="The customer can't wait")
    assert office.task(halted).element == "call"
    assert "The customer can&#39;t wait" in lead.get(f"/audit/{halted}").text


def test_a_lead_moves_the_token_to_another_step(visit, office, halted) -> None:
    lead, address = visit("lea"), f"/incidents/{only_incident(office).id}"
    page = lead.get(address).text
    assert "Note the outcome (note)" in page and "Wait until then (pause, once more)" in page
    refused = lead.post(f"{address}/move", page=address, move_reason="Done by mail")
    assert refused.status_code == 422 and "Done by mail" in refused.text
    lead.post(f"{address}/move", page=address, target="note", move_reason="Done by mail")
    assert office.task(halted).element == "note"
    assert only_incident(office, open=False).how == "moved"


def test_a_target_that_is_none_is_refused_on_the_page(visit, office, halted) -> None:
    lead, address = visit("lea"), f"/incidents/{only_incident(office).id}"
    answer = lead.post(f"{address}/move", page=address, target="asked", move_reason="Again")
    assert answer.status_code == 422
    assert "Expected an element that a flow can lead to" in answer.text


def test_a_lead_cancels_the_ticket_of_an_incident(visit, office, halted) -> None:
    lead, address = visit("lea"), f"/incidents/{only_incident(office).id}"
    lead.post(f"{address}/cancel", page=address, cancel_reason="Opened twice")
    assert office.casepath.reads.ticket(office.desk.id, halted).closed_at is not None
    assert only_incident(office, open=False).how == "cancelled"


def test_a_repair_that_is_sent_twice_is_done_once(visit, office, halted) -> None:
    lead, address = visit("lea"), f"/incidents/{only_incident(office).id}"
    command = str(uuid4())
    for _ in range(2):
        answer = lead.post(f"{address}/skip", page="/account", command_id=command, skip_reason="r")
        assert answer.status_code == 302
    assert office.task(halted).element == "call"


@pytest.mark.browser
def test_a_lead_repairs_an_incident_in_a_real_browser_and_on_a_phone(browse, office, halted, axe) -> None:
    page = browse("lea", viewport={"width": 360, "height": 740})
    page.goto("/incidents")
    expect(page.get_by_text("but it gives 'soon'.")).to_be_visible()
    page.get_by_role("link", name="Call me back").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate(axe)
    found = page.evaluate("axe.run({ exclude: [['.djs-container'], ['.bjs-powered-by']] })")
    assert [it["id"] for it in found["violations"] if it["impact"] in ("serious", "critical")] == []
    page.get_by_label("Variables to change first").fill('{"pause": "PT1H"')
    page.get_by_role("button", name="Try again").click()
    assert page.get_by_label("Variables to change first").input_value() == '{"pause": "PT1H"'
    page.get_by_label("Variables to change first").fill('{"pause": "PT1H"}')
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Nothing is stuck").wait_for()
    assert [it.element for it in office.casepath.reads.deadlines(office.desk.id, halted)] == ["pause"]
