"""What the browser is told about each page, and pages for what went wrong."""

import re
from dataclasses import replace

import pytest

from engine.bootstrap import open_casepath
from webui import create_app


def test_no_page_may_run_inline_scripts_or_be_framed(visit, office) -> None:
    visitor = visit("ann", "agent", "lead")
    number = office.open_ticket()
    for address in ("/inbox", f"/tickets/{number}", f"/tasks/{office.task(number).id}", "/login", "/nothing"):
        policy = visitor.get(address).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy


def test_only_pages_that_draw_may_set_styles(visit, office) -> None:
    visitor = visit("ann")
    number = office.open_ticket()
    assert "style-src 'self';" in visitor.get("/inbox").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in visitor.get(f"/tickets/{number}").headers["Content-Security-Policy"]


def test_no_template_has_an_inline_script_or_handler(visit, office) -> None:
    visitor = visit("ann", "agent", "owner", "auditor", "admin")
    number = office.open_ticket()
    addresses = ["/inbox", "/tickets", f"/tickets/{number}", f"/tasks/{office.task(number).id}", "/studio"]
    addresses += [
        "/studio/support_ticket",
        "/audit",
        f"/audit/{number}",
        "/people",
        "/incidents",
        "/tickets/new",
    ]
    for address in addresses:
        page = visitor.get(address).text
        assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page), address
        assert not re.search(r"\son\w+=\"", page), address
        assert " style=" not in page, address


def test_pages_about_people_are_not_kept_by_caches(visit) -> None:
    assert visit("ann").get("/inbox").headers["Cache-Control"] == "no-store"


def test_a_page_that_is_not_there_says_what_to_do_next(visit) -> None:
    answer = visit("ann").get("/nothing/here")
    assert answer.status_code == 404
    assert "Expected something at /nothing/here" in answer.text
    assert 'href="/"' in answer.text


def test_a_failure_nobody_foresaw_says_what_is_kept_and_gives_a_reference(
    app, visit, office, monkeypatch
) -> None:
    visitor = visit("ann")

    def fail(*args: object, **more: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(office.casepath.reads), "inbox", fail)
    answer = visitor.get("/inbox")
    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text
    assert re.search(r'name <span class="num">\w{8}</span>', answer.text)
    assert "secret detail" not in answer.text


def test_a_request_that_is_too_large_is_refused_and_says_what_is_allowed(visit) -> None:
    large = {"body": "x" * (17 * 1024 * 1024)}
    answer = visit("ann").client.post("/tickets/1/entries", data=large)
    assert answer.status_code == 413
    assert "at most 16 MB" in answer.text


@pytest.mark.parametrize("address", ["/login", "/api/v1/tickets", "/metrics", "/readyz"])
def test_a_database_that_is_away_is_told_as_such(casepath, address: str) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    opened = open_casepath(replace(casepath.settings, database_url=away, admin_database_url=away))
    headers = {"Authorization": "Bearer cp_of_somebody"} if address.startswith("/api/") else {}
    answer = create_app(opened).test_client().get(address, headers=headers)
    assert (answer.status_code, "away for a moment" in answer.text) == (503, address != "/readyz")
    opened.close()
