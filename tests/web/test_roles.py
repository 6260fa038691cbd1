"""Who may open what: every route declares it, and the declaration is kept."""

import re

import pytest
from flask import Flask

from webui import access

ROUTES_WITHOUT_LOG_IN = {
    "auth.home", "auth.login", "auth.log_in", "auth.logout", "auth.welcome", "auth.accept",
    "portal.start", "portal.ask", "portal.submit", "portal.follow", "portal.answer", "portal.confirm",
    "questions.question", "questions.answer", "doing.action", "doing.take", "files.of_customer",
    "health.healthz", "health.readyz", "health.metrics", "health.openapi", "health.problem_kind", "static",
}  # fmt: skip


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every route as (endpoint, method, an address that fits it)."""
    fitting = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
    found = []
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:(\w+):)?\w+>", lambda it: fitting.get(it[1] or "", "x"), rule.rule)
        found += [(rule.endpoint, method, address) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return found


def test_every_route_declares_its_roles(app: Flask) -> None:
    assert access.undeclared(app) == []


def test_an_application_with_an_undeclared_route_is_not_built(app: Flask) -> None:
    other = Flask("other")
    other.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(ValueError, match="secret"):
        access.check_declared(other)


def test_only_the_known_routes_are_open_without_a_log_in(app: Flask) -> None:
    public = {endpoint for endpoint, _, _ in addresses(app) if access.roles_of(app, endpoint) == frozenset()}
    assert public == ROUTES_WITHOUT_LOG_IN


def test_without_a_log_in_every_other_page_leads_to_it(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in addresses(app):
        if endpoint in ROUTES_WITHOUT_LOG_IN:
            continue
        answer = client.open(address, method=method)
        if method == "GET" and not address.startswith("/api/"):
            assert (answer.status_code, answer.location[:6]) == (302, "/login"), address
        else:
            assert answer.status_code == 401, address


def test_an_address_that_only_takes_what_is_sent_leads_to_its_page_when_it_is_loaded_again(
    app: Flask,
) -> None:
    client, by_address = app.test_client(), {}
    for _, method, address in addresses(app):
        by_address.setdefault(address, set()).add(method)
    posted = {it for it, methods in by_address.items() if "GET" not in methods and it[:5] != "/api/"}
    for address in posted - {"/logout"}:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert address.startswith(f"{answer.location}/"), (address, answer.location)
        assert client.get(answer.location).status_code != 405
    assert {"/studio/x/deploy", "/studio/x/deploy/confirm", "/audit/1/verify"} <= posted
    assert client.get("/logout").status_code == 405


@pytest.mark.parametrize("role", access.ROLES)
def test_a_role_opens_its_own_pages_and_no_others(app: Flask, visit, role: str) -> None:
    visitor = visit(role, role)
    for endpoint, method, address in addresses(app):
        roles = access.roles_of(app, endpoint)
        if not roles or address.startswith("/api/"):
            continue
        answer = visitor.client.open(address, method=method)
        if role in roles:
            refused_for_role = answer.status_code == 403 and "with the role" in answer.text
            assert not refused_for_role, f"{role} should open {address}"
        else:
            assert answer.status_code == 403, f"{role} should not open {address}"


@pytest.mark.parametrize("role", access.ROLES)
def test_a_token_has_the_roles_of_its_person(app: Flask, office, role: str) -> None:
    office.person(role, role)
    secret = office.casepath.people.create_token(
        office.desk.id, office.casepath.operator, login=role, name="test"
    )
    client = app.test_client()
    for endpoint, method, address in addresses(app):
        roles = access.roles_of(app, endpoint)
        if not roles or not address.startswith("/api/"):
            continue
        answer = client.open(address, method=method, headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code == 403) == (role not in roles), f"{role} {method} {address}: {answer.text}"


@pytest.mark.parametrize("address", ["/tickets/%00", "/tickets?q=%00", "/inbox?cursor=%00", "/static/%00"])
def test_a_nul_in_an_address_leads_nowhere_and_in_a_form_is_named(visit, address: str) -> None:
    ann = visit("ann", "agent")
    assert ann.get(address).status_code == 404
    typed = ann.post("/tickets/new/for", "/tickets/new/for", name="Ann\0")
    assert (typed.status_code, "NUL" in typed.text) == (422, True)
