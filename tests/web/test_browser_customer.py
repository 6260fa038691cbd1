"""The customer's questions and linked requests in a real browser: by keyboard, without scripts, on a phone."""

import pytest
from playwright.sync_api import expect

from tests.web.test_browser_pages import PHONE, serious
from tests.web.test_portal import link
from tests.web.test_survey import SURVEY, surveyed

pytestmark = pytest.mark.browser
__all__ = ["surveyed"]


@pytest.fixture
def customers_pages(visit, office, surveyed) -> dict[str, str]:
    """The pages of a customer with a survey to answer, one answered, and a request that follows another."""
    here = link(office, surveyed)
    old = office.open_ticket("A very long subject " * 6)
    office.complete(old, "lea", disposition="spam")
    visit().post(f"{link(office, old)}/answer", page=link(office, old), body="Once more.")
    new = max(it.number for it in office.casepath.reads.tickets(office.desk.id).items)
    return {
        "asked": here,
        "question": f"{here}/{SURVEY}",
        "unasked": f"{link(office, new)}/{SURVEY}",
        "closed": link(office, old),
        "follows": link(office, new),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_a_customer_keeps_anybody_out(browse, customers_pages, axe, scheme: str) -> None:
    page = browse(color_scheme=scheme)
    for name, address in customers_pages.items():
        page.goto(address)
        assert serious(page, axe) == [], f"{name}, {scheme}"
    page.goto(customers_pages["question"])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert serious(page, axe) == []


def test_no_page_of_a_customer_is_wider_than_a_phone(browse, customers_pages) -> None:
    page = browse(**PHONE)
    for name, address in customers_pages.items():
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name


def test_a_survey_is_answered_by_keyboard_without_scripts(browse, office, surveyed) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"{link(office, surveyed)}/{SURVEY}")
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="Please answer: How satisfied are you with our help?")
    ).to_be_visible()
    page.get_by_role("radio", name="5: very satisfied").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Quick and kind.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. Your answer reached us.")).to_be_visible()
    events = office.casepath.reads.trace(office.desk.id, surveyed)
    (answer,) = [it for it in events if it.kind == "message_received" and it.data["name"] == "survey_answer"]
    assert answer.values == {"score": 4, "comment": "Quick and kind."}
