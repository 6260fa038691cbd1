"""Pages in a real browser: keys, focus, forms drawn by scripts, and nothing that keeps anybody out (axe-core)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from engine.links import follow_secret
from engine.people import operator
from engine.records import BY_PLURAL
from tests.web.records_given import RECORDS
from tests.web.test_inbox import triaged

pytestmark = pytest.mark.browser
EVERY_ROLE = ("agent", "lead", "owner", "auditor", "admin")
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def furnished(office) -> dict[str, str]:
    """A desk with tickets in every state; the addresses of all pages by name."""
    office.person("lea", *EVERY_ROLE, queues=("tier1", "tier2"), name="Leonhardine von Hohenstein-Oberursel")
    waiting = office.open_ticket("A very long subject " * 6)
    solved = office.open_ticket("Cannot log in")
    triaged(office, solved, "lea")
    office.complete(
        solved, "lea", result="solved", resolution_type="answer", answer="Use the *link*.", tags=[]
    )
    mine = office.open_ticket("Slow line")
    office.claim(mine, "lea")
    office.forward(timedelta(hours=3, minutes=10))
    secret = follow_secret(office.casepath.settings.secret_key, office.desk.id, solved)
    listed = [(BY_PLURAL[plural], row) for plural, rows in RECORDS.items() for row in rows]
    office.casepath.records.take_in(office.desk.id, operator(), listed, id=uuid4())
    invitation = office.casepath.people.invite(office.desk.id, operator(), ["owner"])
    return {
        "inbox": "/inbox",
        "queues": "/inbox?folder=queues",
        "task": f"/tasks/{office.task(mine).id}",
        "tickets": "/tickets",
        "ticket": f"/tickets/{waiting}",
        "who asks": "/tickets/new?q=ann",
        "new ticket": "/tickets/new/for?name=Zoe",
        "people": "/people",
        "person": f"/people/{office.people['lea'].id}",
        "studio": "/studio",
        "settings": "/settings",
        "setting": "/settings/confirm.remind_after",
        "records": "/records?q=ann",
        "record": "/records/accounts/A-1001",
        "audit": "/audit",
        "audited": f"/audit/{solved}",
        "incidents": "/incidents",
        "account": "/account",
        "nothing": "/nothing",
        "log-in": "/login",
        "welcome": f"/welcome/{invitation}",
        "help": f"/help/{office.desk.key}",
        "follow": f"/follow/{secret}",
    }


def serious(page: Page, axe: str) -> list[str]:
    """What axe-core finds on a page that would keep somebody out; bpmn.io's own canvases are left to bpmn.io."""
    page.evaluate(axe)
    found = page.evaluate(
        "() => axe.run({ exclude: [['.djs-container'], ['.bjs-powered-by'], ['.fjs-powered-by']] })"
    )
    return [
        f"{it['id']}: {it['nodes'][0]['html']} {it['nodes'][0]['failureSummary']}"
        for it in found["violations"]
        if it["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out(browse, furnished, axe, scheme: str) -> None:
    logged, stranger = browse("lea", color_scheme=scheme), browse(color_scheme=scheme)
    for name, address in furnished.items():
        page = stranger if address.startswith(("/login", "/welcome", "/help", "/follow")) else logged
        page.goto(address)
        settle(page)
        assert serious(page, axe) == [], f"{name}, {scheme}"


def test_no_page_is_wider_than_a_phone(browse, furnished) -> None:
    logged, stranger = browse("lea", **PHONE), browse(**PHONE)
    for name, address in furnished.items():
        page = stranger if address.startswith(("/login", "/welcome", "/help", "/follow")) else logged
        page.goto(address)
        settle(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name


def settle(page: Page) -> None:
    """Wait until the diagrams and forms of a page are drawn."""
    for drawn in page.locator("[data-trace]").all():
        expect(drawn).to_have_attribute("data-ready", "", timeout=20_000)
    for form in page.locator("[data-form]").all():
        expect(form.locator(".fjs-form")).to_be_visible()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")


def test_the_inbox_is_worked_by_keys_alone(browse, office) -> None:
    first, second = office.open_ticket("First one"), office.open_ticket("Second one")
    page = browse("ann", queues=("tier1",))
    page.goto("/inbox?folder=queues")
    page.keyboard.press("j")
    assert f"{first} First one" in focused(page)
    page.keyboard.press("j")
    assert f"{second} Second one" in focused(page)
    page.keyboard.press("c")
    expect(page.get_by_text("The task is yours.")).to_be_visible()
    expect(page).to_have_url(re.compile("folder=queues"))
    assert "First one" in focused(page), "focus goes to what is left, not to the top"
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("link", name="Second one")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Triage ticket", level=1)).to_be_visible()


def test_coming_back_to_a_list_finds_the_same_row(browse, office) -> None:
    office.open_ticket("First one")
    office.open_ticket("Second one")
    page = browse("ann", queues=("tier1",))
    page.goto("/inbox?folder=queues")
    page.get_by_role("link", name="Second one").click()
    expect(page.get_by_role("heading", name="Triage ticket", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Second one")).to_be_focused()


def test_the_keys_are_listed_under_the_question_mark(browse, office) -> None:
    office.open_ticket()
    page = browse("ann", queues=("tier1",))
    page.goto("/inbox?folder=queues")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    expect(keys).to_be_visible()
    for key in ("Next row", "Claim", "New ticket", "Go to Tickets"):
        expect(keys.get_by_text(key).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_a_form_drawn_by_the_script_is_filled_and_completed(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann", queues=("tier1",))
    page.goto(f"/tasks/{office.task(number).id}")
    fill_triage(page)
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("The task was completed.")).to_be_visible()
    assert office.casepath.reads.ticket(office.desk.id, number).priority == "high"


def test_what_is_missing_is_told_at_the_field_and_in_a_summary_that_takes_focus(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann", queues=("tier1",))
    page.goto(f"/tasks/{office.task(number).id}")
    settle(page)
    page.get_by_role("button", name="Complete", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link", name="Category")).to_be_visible()
    summary.get_by_role("link", name="Impact").click()
    expect(page.get_by_role("radio", name="High: nothing works")).to_be_focused()


def test_what_was_typed_is_there_again_after_closing_the_page(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann", queues=("tier1",))
    page.goto(f"/tasks/{office.task(number).id}")
    settle(page)
    page.get_by_label("Product or service").fill("Router 7")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.goto("/inbox")
    page.goto(f"/tasks/{office.task(number).id}")
    settle(page)
    expect(page.get_by_label("Product or service")).to_have_value("Router 7")


def test_the_second_of_two_browsers_is_told_and_keeps_the_words(browse, office) -> None:
    number = office.open_ticket()
    ann, bob = browse("ann", queues=("tier1",)), browse("bob", queues=("tier1",))
    for page in (ann, bob):
        page.goto(f"/tasks/{office.task(number).id}")
        fill_triage(page)
    bob.get_by_label("Product or service").fill("What Bob wrote")
    ann.get_by_role("button", name="Complete", exact=True).click()
    expect(ann.get_by_text("The task was completed.")).to_be_visible()
    bob.get_by_role("button", name="Complete", exact=True).click()
    expect(bob.get_by_text("Ann completed this task before you")).to_be_visible()
    expect(bob.get_by_text("What Bob wrote")).to_be_visible()


def test_a_double_click_completes_once(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann", queues=("tier1",))
    page.goto(f"/tasks/{office.task(number).id}")
    fill_triage(page)
    page.get_by_role("button", name="Complete", exact=True).dblclick()
    expect(page.get_by_text("The task was completed.")).to_be_visible()
    events = office.casepath.reads.trace(office.desk.id, number)
    assert [it.kind for it in events].count("task_completed") == 1


def test_element_and_row_under_the_pointer_are_lit_in_both(browse, furnished) -> None:
    page = browse("lea")
    page.goto(furnished["audited"])
    settle(page)
    row = page.locator("[data-timeline] li", has_text="completed “Triage ticket”")
    row.hover()
    expect(page.locator('.djs-element[data-element-id="triage"]')).to_have_class(contains("lit"))
    page.locator('.djs-element[data-element-id="triage"] .djs-hit').first.hover(force=True)
    expect(row).to_have_class(contains("lit"))


def test_the_slider_goes_back_through_the_events(browse, furnished) -> None:
    page = browse("lea")
    page.goto(furnished["audited"])
    settle(page)
    slider = page.get_by_label("Step")
    triage = page.locator('.djs-element[data-element-id="decide_priority"]')
    expect(triage).to_have_class(contains("path-done"))
    slider.fill("2")
    expect(triage).not_to_have_class(contains("path-done"))


def test_an_auditor_verifies_and_takes_the_csv_away(browse, furnished) -> None:
    page = browse("lea")
    page.goto(furnished["audited"])
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("are as they were written")).to_be_visible()


def test_everything_an_agent_needs_works_without_javascript(browse, office) -> None:
    number = office.open_ticket()
    page = browse("ann", queues=("tier1",), java_script_enabled=False)
    page.goto("/inbox?folder=queues")
    page.get_by_role("button", name=f"Claim {number}").click()
    expect(page.get_by_text("The task is yours.")).to_be_visible()
    page.goto("/inbox")
    page.get_by_role("link", name="Router is dead").click()
    page.get_by_label("Category").select_option("bug_report")
    page.get_by_role("radio", name="High: nothing works").check()
    page.get_by_role("radio", name="Medium: within days").check()
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("The task was completed.")).to_be_visible()
    page.goto(f"/tickets/{number}")
    page.get_by_label("Text").fill("We look into it.")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("We look into it.")).to_be_visible()


def test_settings_are_read_on_a_phone_without_scrolling_aside(browse, office) -> None:
    page = browse("ann", **PHONE)
    page.goto("/settings")
    wide = page.locator(".table-wrap").first.evaluate("it => it.scrollWidth - it.clientWidth")
    assert wide <= 0


def test_the_menu_of_a_phone_opens_by_its_button(browse, office) -> None:
    page = browse("ann", **PHONE)
    page.goto("/inbox")
    expect(page.get_by_role("link", name="Tickets")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Tickets")).to_be_visible()


def fill_triage(page: Page) -> None:
    """Fill the form of the first task as form-js draws it."""
    settle(page)
    category = page.locator(".fjs-form-field-select", has_text="Category")
    category.locator(".fjs-select-display").click()
    category.get_by_text("Bug report", exact=True).click()
    page.get_by_role("radio", name="High: nothing works").check()
    page.get_by_role("radio", name="Medium: within days").check()


def contains(word: str) -> re.Pattern[str]:
    """A pattern for a class among others."""
    return re.compile(rf"(^|\s){word}(\s|$)")
