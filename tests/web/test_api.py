"""The API: the same commands and questions as the pages, judged by its own description."""

import base64
import json
from uuid import uuid4

import pytest
from flask import Flask

from tests.web.test_inbox import triaged
from webui.api.declare import OPERATIONS
from webui.api.judge import wrongs
from webui.api.schemas import reference

TRIAGE = {"category": "bug_report", "impact": "high", "urgency": "medium", "sla_tier": "standard"}
NEW_TICKET = {
    "channel": "phone",
    "subject": "Router is dead",
    "description": "It blinks red.",
    "requester": {"name": "Ann Meyer", "email": "ann@example.com"},
}


class Program:
    """A program with a token; every answer is held against the description of its operation."""

    def __init__(self, app: Flask, office, login: str, *roles: str, queues: tuple[str, ...] = ()) -> None:
        office.person(login, *roles, queues=queues)
        self.secret = office.casepath.people.create_token(
            office.desk.id, office.casepath.operator, login=login, name="test"
        )
        self.client = app.test_client()

    def ask(
        self,
        name: str,
        body: object = None,
        once: str | None = None,
        query: dict | None = None,
        **path: object,
    ):
        """Call an operation by its name."""
        declared = next(it for it in OPERATIONS if it.name == name)
        headers = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": once} if once else {})
        answer = self.client.open(
            "/api/v1" + declared.path.format(**path),
            method=declared.method,
            json=body,
            headers=headers,
            query_string=query,
        )
        schema = declared.answer if answer.status_code == declared.status else "Problem"
        if schema:
            assert wrongs(answer.json, reference(schema)) == {}, answer.text
        if schema == "Problem":
            assert answer.mimetype == "application/problem+json"
        return answer


@pytest.fixture
def agent(app, office) -> Program:
    return Program(app, office, "ann", "agent", queues=("tier1", "tier2"))


@pytest.fixture
def lead(app, office) -> Program:
    return Program(app, office, "lea", "lead")


def test_a_ticket_is_opened_read_and_listed(agent) -> None:
    opened = agent.ask("open_ticket", NEW_TICKET)
    assert opened.status_code == 201
    number = opened.json["number"]
    assert opened.headers["Location"] == f"/api/v1/tickets/{number}"
    assert agent.ask("read_ticket", number=number).json["subject"] == "Router is dead"
    listed = agent.ask("list_tickets", query={"q": "router", "open": "true"}).json
    assert [it["number"] for it in listed["items"]] == [number]
    assert listed["next"] is None


def test_the_same_key_opens_one_ticket_and_gives_the_same_answer(agent, office) -> None:
    first, second = (
        agent.ask("open_ticket", NEW_TICKET, once="a"),
        agent.ask("open_ticket", NEW_TICKET, once="a"),
    )
    other = agent.ask("open_ticket", NEW_TICKET, once="b")
    assert first.json == second.json
    assert first.status_code == second.status_code == 201
    assert other.json["number"] != first.json["number"]
    assert len(office.casepath.reads.tickets(office.desk.id).items) == 2


def test_the_same_key_with_another_wish_is_a_conflict(agent, office) -> None:
    first = agent.ask("open_ticket", NEW_TICKET, once="a")
    again = agent.ask("open_ticket", {**NEW_TICKET, "subject": "Printer is dead"}, once="a")
    assert again.status_code == 409
    number = first.json["number"]
    note = {"body": "Called him", "kind": "note"}
    assert agent.ask("add_entry", note, once="n", number=number).json["repeated"] is False
    assert agent.ask("add_entry", note, once="n", number=number).json["repeated"] is True
    assert agent.ask("add_entry", {**note, "body": "Called her"}, once="n", number=number).status_code == 409
    assert [it.body for it in office.casepath.reads.entries(office.desk.id, number)] == ["Called him"]


def test_the_same_key_of_another_program_is_another_key(agent, lead) -> None:
    first, second = (
        agent.ask("open_ticket", NEW_TICKET, once="a"),
        lead.ask("open_ticket", NEW_TICKET, once="a"),
    )
    assert first.json["number"] != second.json["number"]


def test_a_task_is_found_claimed_and_completed(agent, office) -> None:
    number = office.open_ticket()
    (task,) = agent.ask("list_tasks", query={"queue": "tier1", "state": "open"}).json["items"]
    assert (task["ticket"], task["name"], task["assignee"]) == (number, "Triage ticket", None)
    claimed = agent.ask("claim_task", {"revision": task["revision"]}, id=task["id"]).json
    assert claimed["assignee"] == str(office.people["ann"].id)
    assert [it["id"] for it in agent.ask("list_tasks", query={"mine": "true"}).json["items"]] == [task["id"]]
    done = agent.ask("complete_task", {"fields": TRIAGE}, id=task["id"]).json
    assert done["state"] == "completed"
    assert agent.ask("read_task", id=task["id"]).json["state"] == "completed"


def test_a_form_with_missing_wrong_and_extra_fields_names_each(agent, office) -> None:
    task = office.task(office.open_ticket())
    answer = agent.ask("complete_task", {"fields": {"impact": "enormous", "discount": 1}}, id=task.id)
    assert answer.status_code == 422
    assert {"category", "impact", "urgency", "discount"} <= {it["field"] for it in answer.json["errors"]}


def test_a_wrong_body_names_each_field(agent) -> None:
    answer = agent.ask("open_ticket", {"subject": "", "channel": 1})
    assert answer.status_code == 422
    assert {it["field"] for it in answer.json["errors"]} == {"channel", "subject", "description", "requester"}


def test_a_body_that_is_no_json_is_a_problem(agent) -> None:
    answer = agent.client.post(
        "/api/v1/tickets", data="not json", headers={"Authorization": f"Bearer {agent.secret}"}
    )
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_the_second_to_complete_a_task_is_told_who_was_first(agent, lead, office) -> None:
    number = office.open_ticket()
    task = office.task(number)
    triaged(office, number, "lea")
    answer = agent.ask("complete_task", {"fields": TRIAGE}, id=task.id)
    assert answer.status_code == 409
    assert "Lea completed it" in answer.json["detail"]


def test_entries_are_added_and_read(agent, office) -> None:
    number = office.open_ticket()
    assert (
        agent.ask("add_entry", {"body": "We look into it.", "public": True}, number=number).status_code == 201
    )
    (entry,) = agent.ask("list_entries", number=number).json["items"]
    assert (entry["kind"], entry["public"], entry["author"]["kind"]) == ("reply", True, "token")


def test_a_message_reaches_the_ticket_that_waits_for_it(agent, lead, office) -> None:
    number = office.open_ticket()
    triaged(office, number, "lea")
    office.complete(number, "lea", result="solved", resolution_type="answer", answer="Like this.", tags=[])
    message = {
        "name": "customer_confirmation",
        "correlation": {"ticket": number},
        "payload": {"satisfied": True},
    }
    assert agent.ask("send_message", message).json["ticket"] == number
    assert agent.ask("read_ticket", number=number).json["status"] == "closed"
    refused = agent.ask("send_message", message)
    assert refused.status_code == 422


def test_a_lead_assigns_and_releases(agent, lead, office) -> None:
    task = office.task(office.open_ticket())
    person = str(office.people["ann"].id)
    assert lead.ask("assign_task", {"person": person}, id=task.id).json["assignee"] == person
    assert lead.ask("release_task", {}, id=task.id).json["assignee"] is None
    assert agent.ask("assign_task", {"person": person}, id=task.id).status_code == 403


def test_trail_and_deadlines_are_read(agent, office) -> None:
    number = office.open_ticket()
    trace = agent.ask("read_trace", number=number).json
    assert trace["current"] == ["triage"]
    assert trace["events"][0]["kind"] == "ticket_opened"
    deadlines = agent.ask("list_deadlines", number=number).json["items"]
    assert {(it["kind"], it["element"]) for it in deadlines} == {("task", "triage"), ("timer", "triage_late")}


def test_lists_are_read_page_by_page_by_their_cursor(agent, office) -> None:
    numbers = [office.open_ticket(f"Number {index}") for index in range(3)]
    first = agent.ask("list_tickets", query={"limit": 2}).json
    second = agent.ask("list_tickets", query={"limit": 2, "cursor": first["next"]}).json
    assert [it["number"] for it in first["items"] + second["items"]] == numbers[::-1]
    assert agent.ask("list_tickets", query={"cursor": "nonsense"}).status_code == 422
    assert agent.ask("list_tickets", query={"limit": 1000}).status_code == 422
    assert agent.ask("list_tickets", query={"colour": "red"}).status_code == 422


def test_an_owner_checks_and_deploys_a_diagram(app, office) -> None:
    owner = Program(app, office, "olga", "owner")
    bpmn = owner.ask("download_diagram", key="support_ticket", version=1).text
    assert (
        owner.ask("lint_diagram", {"bpmn": "nonsense"}, key="support_ticket").json["items"][0]["severity"]
        == "error"
    )
    refused = owner.ask("deploy_diagram", {"bpmn": "nonsense"}, key="support_ticket")
    assert refused.status_code == 422
    python = bpmn.replace('=result = "ask"', 'result == "ask"')
    finding, *_ = owner.ask("deploy_diagram", {"bpmn": python}, key="support_ticket").json["errors"]
    assert finding["detail"].endswith('Write: result = "ask"')
    changed = {"bpmn": bpmn.replace("Triage ticket", "Sort ticket"), "note": "Plainer"}
    deployed = owner.ask("deploy_diagram", changed, key="support_ticket")
    assert deployed.json["version"] == 2
    listed = {it["key"]: it["versions"] for it in owner.ask("list_processes").json["items"]}
    assert [it["version"] for it in listed["support_ticket"]] == [2, 1]


def test_incidents_are_listed_and_one_that_is_not_there_is_not_found(lead) -> None:
    assert lead.ask("list_incidents").json == {"items": []}
    assert lead.ask("retry_incident", id=uuid4()).status_code == 404


def test_what_belongs_to_another_desk_is_not_found(agent, office) -> None:
    assert agent.ask("read_ticket", number=10**6).status_code == 404
    assert agent.ask("read_task", id=uuid4()).status_code == 404
    assert agent.ask("open_ticket", {**NEW_TICKET, "desk": "another"}).status_code == 403


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic YTpi"])
def test_without_a_good_token_nothing_is_answered(app, header: str) -> None:
    answer = app.test_client().get("/api/v1/tickets", headers={"Authorization": header})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(visit) -> None:
    assert visit("ann").get("/api/v1/tickets").status_code == 401


def test_machines_learn_whether_it_lives_is_ready_and_how_much_there_is(app, office) -> None:
    office.open_ticket()
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}
    figures = client.get("/metrics").text
    assert "# TYPE casepath_open_tickets gauge" in figures
    assert "Router" not in figures


def test_a_kind_of_problem_explains_itself(app) -> None:
    client = app.test_client()
    kind = client.get("/api/v1/tickets").json["type"]
    assert client.get(kind).json["title"] == "A token is needed"


def test_a_request_of_another_kind_says_which_are_taken(app) -> None:
    answer = app.test_client().delete("/api/v1/tickets")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_body_that_is_too_large_or_nested_too_deeply_is_a_problem(agent) -> None:
    large = agent.ask("open_ticket", {**NEW_TICKET, "description": "x" * (17 * 1024 * 1024)})
    assert large.status_code == 413
    headers = {"Authorization": f"Bearer {agent.secret}"}
    deep = agent.client.post("/api/v1/tickets", data=b"[" * 200_000, headers=headers)
    assert (deep.status_code, deep.mimetype) == (422, "application/problem+json")


HALF = "\ud800"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "a\0b"}, "subject"),
        ({"requester": {"name": "\0"}}, "requester.name"),
        ({"process": "\0"}, "process"),
        ({"external_ref": HALF}, "external_ref"),
        ({"fields": {"note": "\0"}}, "note"),
        ({"fields": {HALF: 1}}, "\\ud800"),
        ({"fields": {" ": 1}}, " "),
        ({HALF: 1}, "\\ud800"),
    ],
)
def test_what_no_database_keeps_is_refused_by_the_name_of_its_field(agent, changes: dict, field: str) -> None:
    answer = agent.ask("open_ticket", {**NEW_TICKET, **changes})
    assert answer.status_code == 422
    assert [it["field"] for it in answer.json["errors"]] == [field]


@pytest.mark.parametrize("address", ["/tickets?queue=%00", "/processes/%00/versions/1/bpmn"])
def test_an_address_with_a_nul_leads_nowhere(agent, address: str) -> None:
    answer = agent.client.get(f"/api/v1{address}", headers={"Authorization": f"Bearer {agent.secret}"})
    assert answer.status_code == 404


@pytest.mark.parametrize("values", ([10**20], ["x"], [], [1, 2], {"a": 1}, ["2026-W01-1"], ["infinity"]))
def test_a_cursor_that_nobody_was_given_is_refused(agent, values: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    for listing in ("list_tickets", "list_tasks"):
        assert agent.ask(listing, query={"cursor": cursor}).status_code == 422
