"""People and tokens by the API: the same rules as on the people page, each secret told once."""

from __future__ import annotations

import pytest

from tests.web.test_api import Program

NEW = {"login": "zoe", "name": "Zoe", "roles": ["agent"], "queues": ["tier1"]}


@pytest.fixture
def admin(app, office) -> Program:
    return Program(app, office, "root", "admin")


@pytest.fixture
def agent(app, office) -> Program:
    return Program(app, office, "ann", "agent")


def test_a_person_is_added_and_can_log_in_with_the_password_that_is_told_once(admin, office) -> None:
    added = admin.ask("add_person", NEW, once="k1")
    assert added.status_code == 201
    people = office.casepath.people
    assert people.log_in(office.desk.id, "zoe", added.json["password"]).person.name == "Zoe"
    again = admin.ask("add_person", NEW, once="k1")
    assert (again.status_code, "done before" in again.json["detail"]) == (409, True)
    listed = admin.ask("list_people").json["items"]
    assert [it["login"] for it in listed].count("zoe") == 1
    assert "password" not in str(listed)


def test_each_wrong_field_of_a_person_is_named(admin) -> None:
    refused = admin.ask("add_person", {**NEW, "roles": ["king"], "login": "two words"})
    assert refused.status_code == 422
    assert {"roles", "login"} <= {it["field"] for it in refused.json["errors"]}


def test_a_person_is_changed_as_seen_and_taken_off(admin) -> None:
    added = admin.ask("add_person", NEW).json
    changed = admin.ask("change_person", {"queues": ["tier2"], "revision": 1}, id=added["id"])
    assert (changed.status_code, changed.json["queues"]) == (200, ["tier2"])
    stale = admin.ask("change_person", {"active": False, "revision": 1}, id=added["id"])
    assert stale.status_code == 409
    assert admin.ask("change_person", {"active": False}, id=added["id"]).json["active"] is False


def test_a_token_is_made_used_and_ended(admin, office) -> None:
    person = admin.ask("add_person", NEW).json
    made = admin.ask("add_token", {"login": "zoe", "name": "monitoring"}, once="t1")
    assert made.status_code == 201
    token, whose = office.casepath.people.bearer(made.json["secret"])
    assert (str(token.id), str(whose.id)) == (made.json["id"], person["id"])
    assert admin.ask("add_token", {"login": "zoe", "name": "monitoring"}, once="t1").status_code == 409
    assert made.json["secret"] not in admin.ask("list_tokens").text
    assert admin.ask("revoke_token", id=made.json["id"]).status_code == 200
    assert office.casepath.people.bearer(made.json["secret"]) is None
    assert admin.ask("revoke_token", id=made.json["id"]).status_code == 404


def test_an_agent_may_neither_see_nor_change_people_or_tokens(agent) -> None:
    for name in ("list_people", "list_tokens"):
        assert agent.ask(name).status_code == 403
    assert agent.ask("add_person", NEW).status_code == 403
    assert agent.ask("add_token", {"login": "ann", "name": "mine"}).status_code == 403
