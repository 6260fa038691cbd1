"""Linked tickets on the pages of agents and customers, by REST and on the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.catalog.pack import read_pack
from engine.people import operator
from tests.web.conftest import PACKS
from tests.web.test_browser_lives import fire_due_timers
from tests.web.test_inbox import triaged
from tests.web.test_portal import link


@pytest.fixture
def ended(office) -> int:
    """A closed ticket whose process is over."""
    office.person("lea", "lead")
    number = office.open_ticket("Slow line")
    office.complete(number, "lea", disposition="spam")
    return number


def test_an_answer_to_a_closed_request_opens_a_new_one_and_leads_there(visit, office, ended) -> None:
    visitor, here = visit(), link(office, ended)
    assert "This opens a new request, linked to this one." in visitor.get(here).text
    answer = visitor.post(f"{here}/answer", page=here, body="It is slow again.")
    assert answer.location == link(office, ended + 1)
    page = visitor.get(answer.location).text
    assert "Your earlier request is closed, so what you wrote is a new one." in page
    assert f"Your request {ended + 1} to" in page
    assert "It is slow again." in page
    assert f'Follows <a href="{here}">' in page
    assert f'Followed by <a href="{answer.location}">' in visitor.get(here).text


def test_the_same_answer_sent_twice_leads_to_the_same_new_request(visit, office, ended) -> None:
    visitor, here = visit(), link(office, ended)
    page = visitor.get(here).text
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "command_id")
    }
    places = {
        visitor.client.post(f"{here}/answer", data={**hidden, "body": "Again."}).location for _ in range(2)
    }
    assert len(places) == 1
    assert len(office.casepath.reads.tickets(office.desk.id).items) == 2


def test_agents_see_the_link_on_both_tickets_and_in_the_trail(visit, office, ended) -> None:
    here = link(office, ended)
    visit().post(f"{here}/answer", page=here, body="It is slow again.")
    agent = visit("ann", "agent", "auditor")
    new = agent.get(f"/tickets/{ended + 1}").text
    assert "Linked tickets" in new
    assert f'Follows <a href="/tickets/{ended}">' in new
    assert f'Followed by <a href="/tickets/{ended + 1}">' in agent.get(f"/tickets/{ended}").text
    assert f"linked the ticket: it follows ticket {ended}." in agent.get(f"/audit/{ended + 1}").text


def test_a_customer_sees_no_ticket_of_another_customer(visit, office) -> None:
    mine, other = office.open_ticket("Mine"), office.open_ticket("Secret of Ben", "Ben Boe")
    headers = {"Authorization": f"Bearer {token(office)}"}
    body = {"kind": "duplicate_of", "other": other}
    assert visit().client.post(f"/api/v1/tickets/{mine}/links", json=body, headers=headers).status_code == 201
    page = visit().get(link(office, mine)).text
    assert "Secret of Ben" not in page
    assert "Duplicate of" not in page


def test_links_are_made_and_read_by_rest(visit, office) -> None:
    one, two = office.open_ticket("One"), office.open_ticket("Two")
    client, headers = visit().client, {"Authorization": f"Bearer {token(office)}"}
    at = f"/api/v1/tickets/{one}/links"
    made = client.post(at, json={"kind": "caused_by", "other": two}, headers=headers)
    assert (made.status_code, made.json["ticket"]) == (201, one)
    (found,) = client.get(f"/api/v1/tickets/{two}/links", headers=headers).json["items"]
    assert (found["kind"], found["outward"], found["ticket"]["number"]) == ("caused_by", False, one)
    wrong = client.post(at, json={"kind": "caused_by", "other": 99}, headers=headers)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "other")
    assert client.post(at, json={"kind": "likes", "other": two}, headers=headers).status_code == 422


def test_a_merge_with_an_unknown_number_is_told_at_its_field(visit, office) -> None:
    office.casepath.deployments.deploy(office.desk.id, linking_pack(), operator())
    number = office.open_ticket()
    here = f"/tasks/{office.task(number).id}"
    answer = visit("ann", queues=("tier1",)).post(
        f"{here}/complete", page=here, field__disposition="duplicate", field__duplicate_of="99"
    )
    assert answer.status_code == 422
    assert 'href="#field-field:duplicate_of"' in answer.text
    assert "there is no ticket 99" in answer.text


def linking_pack() -> dict[str, bytes]:
    """Return the bundled pack, whose triage links a merged ticket."""
    files = dict(read_pack(PACKS / "generic_desk").files)
    form = json.loads(files["forms/triage.form"])
    (field,) = [it for it in form["components"] if it.get("key") == "duplicate_of"]
    field["properties"] = {"link": "duplicate_of"}
    return {**files, "forms/triage.form": json.dumps(form).encode()}


def test_a_mail_to_somebody_else_says_to_whom(visit, office) -> None:
    number = office.open_ticket()
    office.person("lea", "lead")
    triaged(office, number, "lea")
    office.forward(timedelta(days=3))
    fire_due_timers(office)
    page = visit("ann").get(f"/tickets/{number}").text
    assert "mail to leads@desk.example, being sent" in page
    assert "mail to ann@example.com" not in page


def token(office) -> str:
    """Return a token that acts for an agent."""
    office.person("api", "agent")
    return office.casepath.people.create_token(office.desk.id, operator(), login="api", name="links")
