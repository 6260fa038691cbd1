"""The rest of a desk's day in a real browser: log-in, people, callers, the ticket page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.people import operator
from tests.web.conftest import PASSWORD
from tests.web.test_browser_pages import settle

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_told_and_the_name_stays(browse, office) -> None:
    office.person("ann")
    page = browse()
    page.goto("/login")
    if page.get_by_label("Desk").count():
        page.get_by_label("Desk").select_option(office.desk.key)
    page.get_by_label("Log-in name").fill("ann")
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Log-in name")).to_have_value("ann")


def test_what_was_typed_when_the_log_in_ended_is_offered_again(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann")
    page.goto(f"/tickets/{number}")
    page.get_by_role("radio", name="Note").check()
    page.get_by_label("Text").fill("Rang twice, nobody there.")
    office.casepath.people.log_out(session_of(page))
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    if page.get_by_label("Desk").count():
        page.get_by_label("Desk").select_option(office.desk.key)
    page.get_by_label("Log-in name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Rang twice, nobody there.")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("The note was added.")).to_be_visible()


def session_of(page) -> str:
    return next(it["value"] for it in page.context.cookies() if it["name"] == "casepath_session")


def test_the_first_owner_comes_by_a_link_and_adds_an_agent_who_logs_in(browse, office) -> None:
    secret = office.casepath.people.invite(office.desk.id, operator(), ["owner", "admin"])
    owner = browse()
    owner.goto(f"/welcome/{secret}")
    owner.get_by_label("Your name").fill("Olga Owner")
    owner.get_by_label("Log-in name").fill("olga")
    owner.get_by_label("Password").fill(PASSWORD)
    owner.get_by_role("button", name="Begin").click()
    expect(owner.get_by_role("heading", name="Studio")).to_be_visible()

    owner.get_by_role("link", name="People").click()
    form = owner.locator("form", has=owner.get_by_role("button", name="Add", exact=True))
    form.get_by_label("Name", exact=True).fill("Ben Agent")
    form.get_by_label("Log-in name").fill("ben")
    form.get_by_role("checkbox", name="Agent:").check()
    form.get_by_role("checkbox", name="Tier 1").check()
    form.get_by_role("button", name="Add").click()
    password = owner.get_by_role("textbox", name="Password of Ben Agent").input_value()

    agent = browse()
    agent.goto("/login")
    if agent.get_by_label("Desk").count():
        agent.get_by_label("Desk").select_option(office.desk.key)
    agent.get_by_label("Log-in name").fill("ben")
    agent.get_by_label("Password").fill(password)
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("heading", name="Inbox")).to_be_visible()
    expect(agent.get_by_role("link", name="Studio")).to_have_count(0)
    agent.goto("/studio")
    expect(agent.get_by_role("heading", name="This is not open to you")).to_be_visible()


def test_an_agent_finds_a_caller_by_phone_and_opens_a_ticket_by_keys(browse, office) -> None:
    office.open_ticket("Slow line")
    page = browse("ann", queues=("tier1",))
    page.keyboard.press("n")
    page.wait_for_url("**/tickets/new")
    page.keyboard.press("/")
    page.keyboard.type("0171 5550123")
    page.keyboard.press("Enter")
    row = page.locator("[data-row]", has_text="Ann Meyer")
    expect(row).to_contain_text("Slow line")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New ticket for Ann Meyer")).to_be_visible()
    expect(page.get_by_role("complementary", name="Earlier tickets")).to_contain_text("Slow line")
    expect(page.get_by_label("Subject")).to_be_focused()
    page.keyboard.type("No line at all")
    page.get_by_label("What happened").fill("Since this morning.")
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("heading", name="No line at all")).to_be_visible()
    expect(page.get_by_text("The ticket was opened.")).to_be_visible()


def test_the_ticket_page_shows_deadline_and_path_and_takes_reply_and_note(browse, office) -> None:
    number = office.open_ticket()
    office.forward(timedelta(hours=1, minutes=50))
    page = browse("ann", queues=("tier1",))
    page.goto(f"/tickets/{number}")
    settle(page)
    deadlines = page.locator("#deadlines")
    expect(deadlines.get_by_text("in 2 h 10 min").first).to_be_visible()
    expect(deadlines).to_contain_text("17:00 CET")
    expect(page.locator('.djs-element[data-element-id="triage"].path-now')).to_have_count(1)
    page.keyboard.press("r")
    page.keyboard.type("We look into it.")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#last-entry")).to_contain_text("We look into it.")
    expect(page.locator("#last-entry")).to_be_focused()
    page.get_by_role("radio", name="Note").check()
    page.get_by_label("Text").fill("Third time this week.")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".entry-note")).to_contain_text("Third time this week.")
