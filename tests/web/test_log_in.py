"""Logging in and out, one-time links, forms from elsewhere, and what was typed when a log-in ended."""

from datetime import timedelta
from html import unescape

import pytest
from redis.exceptions import ConnectionError

from engine.people import operator
from tests.web.conftest import PASSWORD
from webui.csrf import VISITOR_COOKIE
from webui.identity import SESSION_COOKIE


def test_an_agent_logs_in_and_begins_at_the_inbox(visit) -> None:
    visitor = visit("ann", "agent")
    assert visitor.get("/").location == "/inbox"
    assert "Log out" in visitor.get("/inbox").text


@pytest.mark.parametrize(
    ("role", "first"), [("owner", "/studio"), ("auditor", "/audit"), ("admin", "/people"), ("lead", "/inbox")]
)
def test_each_role_begins_where_its_work_is(visit, role: str, first: str) -> None:
    assert visit(role, role).get("/").location == first


def test_the_log_in_leads_to_the_page_one_wanted(visit, office) -> None:
    visitor = visit()
    office.person("ann")
    asked = visitor.get("/inbox?folder=overdue")
    assert asked.location == "/login?next=/inbox?folder%3Doverdue"
    answer = visitor.post(
        "/login", desk=office.desk.key, login="ann", password=PASSWORD, next="/inbox?folder=overdue"
    )
    assert answer.location == "/inbox?folder=overdue"


def test_of_several_desks_the_one_in_the_address_is_chosen_and_then_the_last_one(visit, office) -> None:
    desks = office.casepath.store.desks
    desks.add("a_first", "First", "a_first", "UTC", office.casepath.clock.now())
    other = desks.add(f"{office.desk.key}_other", "Other desk", "other", "UTC", office.casepath.clock.now())
    visitor = visit()
    assert f'value="{other.key}" selected' in visitor.get(f"/login?desk={other.key}").text
    office.person("ann")
    refused = visitor.post("/login", desk=other.key, login="ann", password=PASSWORD)
    assert "at Other desk; choose another desk if yours is another one." in refused.text
    visitor.post("/login", desk=office.desk.key, login="ann", password=PASSWORD)
    visitor.post("/logout", page="/inbox")
    assert f'value="{office.desk.key}" selected' in visitor.get("/login").text


def test_the_log_in_never_leads_to_another_site(visit, office) -> None:
    office.person("ann")
    for elsewhere in ("https://example.com/", "//example.com/", "/\\example.com", "/\t/example.com"):
        answer = visit().post("/login", desk=office.desk.key, login="ann", password=PASSWORD, next=elsewhere)
        assert answer.location == "/inbox"


def test_a_wrong_password_and_an_unknown_name_are_told_alike(visit, office) -> None:
    office.person("ann")
    wrong, unknown = visit().log_in("ann", "not it"), visit().log_in("nobody", "not it")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "don&#39;t belong together" in wrong.text
    assert "don&#39;t belong together" in unknown.text


def test_the_eleventh_wrong_try_must_wait(visit, office) -> None:
    office.person("ann")
    visitor = visit()
    for _ in range(10):
        assert visitor.log_in("ann", "not it").status_code == 401
    answer = visitor.log_in("ann", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"


def test_the_cookie_of_a_session_can_not_be_read_or_sent_by_others(visit) -> None:
    cookie = visit("ann").client.get_cookie(SESSION_COOKIE)
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_logging_out_ends_the_session_in_the_database(visit) -> None:
    visitor = visit("ann")
    cookie = visitor.client.get_cookie(SESSION_COOKIE).value
    assert visitor.post("/logout", page="/inbox").location == "/login"
    visitor.client.set_cookie(SESSION_COOKIE, cookie)
    assert visitor.get("/inbox").location.startswith("/login")


def test_a_form_without_its_token_is_not_taken(visit) -> None:
    visitor = visit("lea", "lead")
    answer = visitor.client.post("/tickets/1/cancel", data={"reason": "because"})
    assert answer.status_code == 403
    assert "Nothing was sent yet" in answer.text


def test_a_form_with_the_token_of_another_browser_is_not_taken(visit, office) -> None:
    office.person("ann")
    token = visit("ann").get("/inbox").text.split('name="csrf-token" content="')[1].split('"')[0]
    answer = visit("lea", "lead").client.post("/tickets/1/cancel", data={"csrf_token": token, "reason": "x"})
    assert answer.status_code == 403


def test_a_form_that_another_site_sends_is_not_taken_whatever_it_carries(visit, office) -> None:
    office.person("ann")
    visitor = visit()
    visitor.get("/login")
    assert visitor.client.get_cookie(VISITOR_COOKIE) is not None
    answer = visitor.client.post("/login", data={"login": "ann"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_what_was_typed_when_the_log_in_ended_is_sent_after_logging_in_again(visit, office) -> None:
    number = office.open_ticket()
    visitor = visit("ann")
    page = visitor.get(f"/tickets/{number}").text
    command = page.split('name="command_id" value="')[1].split('"')[0]
    visitor.client.delete_cookie(SESSION_COOKIE)

    typed = {"command_id": command, "kind": "note", "body": "Rang twice, nobody there."}
    refused = visitor.client.post(f"/tickets/{number}/entries", data=typed)
    assert refused.status_code == 401
    assert "What you typed is kept" in refused.text

    kept = unescape(refused.text.split('name="kept" value="')[1].split('"')[0])
    offered = visitor.post("/login", desk=office.desk.key, login="ann", password=PASSWORD, kept=kept)
    assert "Rang twice, nobody there." in offered.text
    assert office.casepath.reads.entries(office.desk.id, number) == []

    token = offered.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = visitor.client.post(f"/tickets/{number}/entries", data={**typed, "csrf_token": token})
    assert sent.status_code == 302
    assert [it.body for it in office.casepath.reads.entries(office.desk.id, number)] == [
        "Rang twice, nobody there."
    ]


def test_the_first_owner_comes_in_by_a_link_that_works_once(visit, office) -> None:
    secret = office.casepath.people.invite(office.desk.id, operator(), ["owner", "admin"])
    visitor = visit()
    answer = visitor.post(f"/welcome/{secret}", name="Olga Owner", login="olga", email="", password=PASSWORD)
    assert answer.location == "/studio"
    assert "Olga Owner" in visitor.get("/people").text
    assert visit().get(f"/welcome/{secret}").status_code == 404


def test_a_short_password_is_told_at_its_field_and_the_link_still_works(visit, office) -> None:
    secret = office.casepath.people.invite(office.desk.id, operator(), ["owner"])
    visitor = visit()
    answer = visitor.post(f"/welcome/{secret}", name="Olga", login="olga", password="short")
    assert answer.status_code == 422
    assert 'href="#field-password"' in answer.text
    assert visitor.post(f"/welcome/{secret}", name="Olga", login="olga", password=PASSWORD).status_code == 302


def test_somebody_who_is_kept_out_is_out_at_once(visit, office) -> None:
    visitor = visit("ann")
    office.casepath.people.change(office.people["ann"], operator(), active=False)
    assert visitor.get("/inbox").location.startswith("/login")


def test_a_session_ends_by_itself(visit, office, monkeypatch) -> None:
    visitor = visit("ann")
    people = office.casepath.people
    later = people._clock.now() + timedelta(hours=13)
    monkeypatch.setattr(people, "_clock", type("Later", (), {"now": lambda self: later})())
    assert visitor.get("/inbox").location.startswith("/login")


def test_without_redis_people_can_still_work(visit, office, monkeypatch) -> None:
    def away(url: str) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr("webui.limits._redis", away)
    assert visit("ann").get("/inbox").status_code == 200
