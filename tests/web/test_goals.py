"""Goals on the pages and in the API: how long is left, as it is counted, and why."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from engine.catalog.pack import read_pack
from engine.errors import Unsupported
from engine.people import operator
from engine.worlds import Worlds
from tests.engine.promised import PACK, Promised
from tests.web.conftest import Office
from tests.web.test_api import Program
from tests.web.test_browser_pages import serious


def on(text: str) -> datetime:
    """A moment of March 2026 in Berlin: "04 15:00"."""
    return datetime.fromisoformat(f"2026-03-{text}:00+01:00")


@pytest.fixture
def promised(office: Office) -> Promised:
    office.casepath.deployments.deploy(office.desk.id, read_pack(PACK).files, operator())
    return Promised(office.casepath, office.desk.id)


def test_a_program_reads_each_goal_with_its_reasons(app: Flask, office: Office, promised: Promised) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))
    promised.does(on("02 11:00"), "ask")
    program = Program(app, office, "ann", "agent")
    answer = program.ask("list_deadlines", number=promised.number).json
    told = {it["goal"]: it for it in answer["goals"]}
    assert [(key, it["status"]) for key, it in told.items()] == [
        ("first_response", "met"),
        ("update", "paused"),
        ("resolution", "paused"),
    ]
    assert told["resolution"]["target"]["source"] == "text S3-13"
    assert told["resolution"]["left"] == "PT14H30M"
    assert [it["round"] for it in told["update"]["rounds"]] == [1, 2]
    assert answer["items"] == []


def text_of(html: str) -> str:
    """What a page says, without its tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def test_the_page_shows_what_is_left_as_it_is_counted_and_why(visit, promised: Promised) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))
    promised.does(on("02 11:00"))
    page = visit("ann").get(f"/tickets/{promised.number}").text
    said = text_of(page)
    assert "First response met 10:00 , Mon 2 Mar 2026, 10:00 CET was due Mon 2 Mar 2026, 14:30 CET" in said
    assert "Progress update in 7 h , Mon 2 Mar 2026, 18:00 CET" in said
    assert "Resolution 14 h 30 min of working time left" in said
    assert "Target 16 h, text S3-13" in said
    assert "Next change closes Mon 2 Mar 2026, 12:00 CET" in said
    assert (
        "Mon 2 Mar 2026, 09:30 CET to now running 1 h 30 min, 1 h 30 min in all · the ticket was opened"
        in said
    )
    assert page.count("data-due=") == 1  # the browser goes on with the clock on the wall only


def test_a_paused_goal_says_so_with_its_reason_and_a_missed_one_by_how_much(
    visit, promised: Promised
) -> None:
    promised.opens(on("02 09:30"))
    promised.does(on("02 11:00"), "ask")
    promised.at(on("03 10:00"))
    said = text_of(visit("ann").get(f"/tickets/{promised.number}").text)
    assert (
        "Resolution paused, 14 h 30 min of working time left since state “Waiting for the customer”" in said
    )
    assert "First response 4 h 30 min of working time late , Mon 2 Mar 2026, 14:30 CET" in said


def test_inbox_and_task_show_the_goal_that_is_due_next(visit, office: Office, promised: Promised) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))
    promised.does(on("02 11:00"), "ask")
    ann = visit("ann", queues=("tier1",))
    assert "Progress update: paused, 7 h left" in text_of(ann.get("/inbox?folder=queues").text)
    task = f"/tasks/{office.task(promised.number).id}"
    page = text_of(ann.get(task).text)
    assert "Progress update : paused, 7 h left" in page
    assert "This task" not in page, "it has no moment of its own"
    promised.does(on("02 12:00"), priority="high")
    promised.at(on("02 12:30"))
    assert "Progress update: in 30 min" in text_of(ann.get("/inbox?folder=queues").text)
    promised.does(on("02 13:00"), priority="low")
    # At noon it was opened again, and business days begin at one, after lunch.
    assert "Resolution: 2 business days 22 h 30 min left" in text_of(ann.get("/inbox?folder=queues").text)


def test_a_desk_without_goals_shows_none(visit, office: Office) -> None:
    files = read_pack(Path(__file__).parent / "packs" / "callback").files
    office.casepath.deployments.deploy(office.desk.id, files, operator())
    number = office.open_ticket(process="callback", fields={"pause": "PT1H", "line": "A 7"})
    assert 'class="goals"' not in visit("ann", queues=("tier1",)).get(f"/tickets/{number}").text


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_goals_keep_nobody_out_and_open_by_keys(
    browse, office: Office, promised: Promised, axe: str, scheme: str, width: int
) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))
    promised.does(on("02 11:00"), "ask")
    page = browse("ann", queues=("tier1",), viewport={"width": width, "height": 720}, color_scheme=scheme)
    for address in (
        "/inbox?folder=queues",
        f"/tasks/{office.task(promised.number).id}",
        f"/tickets/{promised.number}",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert serious(page, axe) == []
    page.keyboard.press("w")
    expect(page.get_by_text("first_response_normal of decision promise")).to_be_visible()
    page.locator("summary", has_text="Why? Resolution").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("resolution_normal of decision promise")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page, axe) == []


def test_the_trail_tells_goals_by_their_titles(visit, office) -> None:
    number = office.open_ticket()
    page = visit("ada", "auditor").get(f"/audit/{number}").text
    assert "Goal “First response” began" in page
    assert "Goal “first_response”" not in page


def test_a_trail_is_told_also_where_its_own_pack_can_not_be_read_any_more(
    visit, office: Office, promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))

    def unread(*_: object) -> None:
        raise Unsupported("Expected a pack that this Casepath can read, but it can't.")

    monkeypatch.setattr(Worlds, "of", unread)
    page = visit("ada", "auditor").get(f"/audit/{promised.number}")
    assert page.status_code == 200
    assert "Goal “" in page.text and "was met" in page.text
