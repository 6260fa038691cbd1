"""Skills and availability in a real browser: by keyboard, for all, on a phone; and skills drawn in the studio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.web.test_browser_pages import PHONE, serious, settle

pytestmark = pytest.mark.browser
CASEPATH = "{https://casepath.dev/bpmn/1}"
SKILLS = b'[skills]\nnetwork = "Networks and lines"\nbilling = "Invoices"\n'


@pytest.fixture
def pack_files(pack_files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The bundled desk with skills of its own."""
    manifest = b"\n".join(
        line for line in pack_files["pack.toml"].splitlines() if not line.startswith(b"[skills]")
    )
    return {**pack_files, "pack.toml": manifest + b"\n" + SKILLS}


def test_an_agent_goes_away_and_comes_back_by_keyboard(browse: Callable[..., Page], office) -> None:
    page = browse("ben", "agent")
    page.goto("/account")
    page.get_by_role("button", name="I am away").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are away, and get no tasks by load.")).to_be_visible()
    page.get_by_role("button", name="I am back").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are there")).to_be_visible()
    assert not office.casepath.reads.person(office.desk.id, office.people["ben"].id).away


def test_skills_and_availability_work_without_javascript(browse: Callable[..., Page], office) -> None:
    ben = office.person("ben", "agent")
    page = browse("lea", "lead", java_script_enabled=False)
    page.goto(f"/people/{ben.id}")
    page.get_by_label("Networks and lines").check()
    page.get_by_role("button", name="Save skills").click()
    page.get_by_label("Back at").fill("2026-11-24T09:30")
    page.get_by_role("button", name="Set away").click()
    expect(page.get_by_text("until Tue 24 Nov 2026, 09:30")).to_be_visible()
    page.goto("/people")
    expect(page.get_by_role("row", name="Ben")).to_contain_text("Networks and lines")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_people_who_are_away_keep_nobody_out(browse, office, axe: str, scheme: str) -> None:
    ben = office.person("ben", "agent")
    people = office.casepath.people
    ben = people.change(ben, office.casepath.operator, skills=["juggling", "network"])
    people.set_away(ben, office.casepath.operator)
    lead, own = browse("lea", "lead", color_scheme=scheme), browse("ben", color_scheme=scheme)
    narrow = browse("lea", **PHONE)
    for page, address in ((lead, "/people"), (lead, f"/people/{ben.id}"), (own, "/account")):
        page.goto(address)
        settle(page)
        assert serious(page, axe) == [], f"{address}, {scheme}"
        if page is lead:
            narrow.goto(address)
            assert narrow.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_an_owner_says_in_the_studio_what_a_task_wants(browse: Callable[..., Page], office) -> None:
    page = browse("olga", "owner")
    page.goto("/studio")
    page.get_by_role("link", name="Edit Support ticket").click()
    expect(page.locator("[data-studio]")).to_have_attribute("data-ready", "", timeout=30_000)
    page.locator("[data-studio-elements]").select_option("triage")
    wanted = page.get_by_label("Skills wanted")
    wanted.fill('=["network"]')
    wanted.press("Tab")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    drawn = etree.fromstring(Path(download.value.path()).read_bytes())
    (task,) = drawn.iterfind(".//{*}userTask[@id='triage']")
    assert task.get(f"{CASEPATH}skills") == '=["network"]'
