"""Skills and availability: on the people page, on one's own account page and by the API; and why who got a task."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from engine.runtime.commands import SYSTEM, AssignTask, LeaveTask
from tests.web.conftest import NOON
from tests.web.test_api import Program

LATER = "2026-11-24T09:30"


def person(office, login: str):
    return office.casepath.reads.person(office.desk.id, office.people[login].id)


def test_a_person_says_on_their_own_page_that_they_are_away_until_a_moment_and_comes_back(
    visit, office
) -> None:
    ben = visit("ben")
    ben.post("/account/presence", page="/account", away="yes", until=LATER)
    assert person(office, "ben").is_away(NOON)
    page = ben.get("/account").text
    assert "You are <strong>away</strong> until Tue 24 Nov 2026, 09:30" in page
    assert f'value="{LATER}"' in page
    assert not person(office, "ben").is_away(NOON + timedelta(days=1))
    ben.post("/account/presence", page="/account", away="no")
    assert not person(office, "ben").is_away(NOON)
    assert "You are <strong>there</strong>" in ben.get("/account").text


@pytest.mark.parametrize(
    ("until", "sentence"), [("2026-11-20T09:00", "a moment to come"), ("soon", "“soon”")]
)
def test_a_moment_that_is_over_or_none_is_told_at_its_field(visit, office, until: str, sentence: str) -> None:
    answer = visit("ben").post("/account/presence", page="/account", away="yes", until=until)
    assert answer.status_code == 422
    assert 'href="#field-until"' in answer.text
    assert sentence in answer.text
    assert not person(office, "ben").away


def test_a_lead_sees_who_is_away_and_sets_it_but_gives_no_roles(visit, office) -> None:
    lead, ben = visit("lea", "lead"), office.person("ben")
    here = f"/people/{ben.id}"
    lead.post(f"{here}/presence", page=here, away="yes", until="")
    assert person(office, "ben").away
    assert "away" in lead.get("/people").text
    page = lead.get(here).text
    assert "They are <strong>away</strong>, and get no tasks by load." in page
    assert 'name="roles"' not in page
    assert 'action="/people/link"' not in lead.get("/people").text
    assert lead.post(here, page=here, name="Ben", roles="admin").status_code == 403
    lead.post(f"{here}/presence", page=here, away="no")
    assert not person(office, "ben").away


def test_an_agent_does_not_open_the_people_page(visit) -> None:
    assert visit("ann", "agent").get("/people").status_code == 403


def test_a_lead_says_what_somebody_can_do_and_the_trail_of_the_desk_keeps_it(visit, office) -> None:
    lead, ben = visit("lea", "lead"), office.person("ben")
    office.casepath.people.change(ben, office.casepath.operator, skills=["juggling"])
    here = f"/people/{ben.id}"
    assert "juggling (not in the pack)" in lead.get(here).text
    lead.post(f"{here}/skills", page=here, skills=["juggling", "network"])
    assert person(office, "ben").skills == ["juggling", "network"]
    assert "juggling, network" in lead.get("/people").text
    assert "juggling, network" in visit("ben").get("/account").text


def test_programs_say_who_is_away_and_what_they_can_do(app, office) -> None:
    admin, agent = Program(app, office, "root", "admin"), Program(app, office, "ann", "agent")
    id = str(office.people["ann"].id)
    added = admin.ask(
        "add_person", {"login": "zoe", "name": "Zoe", "roles": ["agent"], "skills": ["network"]}
    ).json
    assert (added["skills"], added["away"], added["away_until"]) == (["network"], False, None)
    away = admin.ask("set_availability", {"away": True, "until": "2026-11-24T09:30:00+01:00"}, id=id).json
    assert (away["away"], away["away_until"]) == (True, "2026-11-24T08:30:00+00:00")
    assert agent.ask("set_own_availability", {"away": False}).json["away"] is False
    for wrong in ("2026-11-24T09:30:00", "soon", "2026-11-20T09:30:00Z"):
        assert agent.ask("set_own_availability", {"away": True, "until": wrong}).status_code == 422
    assert agent.ask("set_availability", {"away": True}, id=id).status_code == 403


def test_the_pages_say_why_casepath_chose_somebody_or_nobody(visit, office) -> None:
    ann = visit("ann", "agent", queues=("tier1",))
    number = office.open_ticket()
    (task,) = office.casepath.reads.tasks(office.desk.id, ticket=number, state="open").items
    common = {"desk_id": office.desk.id, "actor": SYSTEM, "task_id": task.id}
    office.casepath.engine.handle(LeaveTask(id=uuid4(), reason="nobody of tier1 is there", **common))
    assert "It stays in its queue: nobody of tier1 is there." in ann.get(f"/tasks/{task.id}").text
    given = {
        "assignee_id": office.people["ann"].id,
        "assignee_name": "Ann",
        "reason": "skill network, 2 open",
    }
    office.casepath.engine.handle(AssignTask(id=uuid4(), **given, **common))
    assert "Casepath gave it to you: skill network, 2 open." in ann.get(f"/tasks/{task.id}").text
    assert "(skill network, 2 open)" in ann.get(f"/tickets/{number}").text
    told = visit("vera", "auditor").get(f"/audit/{number}").text
    assert "Casepath gave “Triage ticket” to Ann (skill network, 2 open)." in told
    assert "“Triage ticket” stays in its queue: nobody of tier1 is there." in told
