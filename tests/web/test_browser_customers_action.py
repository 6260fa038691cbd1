"""A customer takes an action in a real browser: reads first what comes of it, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.web.test_browser_pages import PHONE, serious
from tests.web.test_customers_actions import CUSTOMERS_TOO, order
from tests.web.test_portal import link

pytestmark = pytest.mark.browser
__all__ = ["order"]


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """Routers are sold, and customers may cancel their order."""
    return CUSTOMERS_TOO


def test_a_customer_withdraws_by_keyboard_on_a_phone(browse, office, order) -> None:
    page = browse(**PHONE)
    page.goto(link(office, order))
    page.get_by_role("link", name="Cancel the order").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is paid back: nothing was charged yet.")).to_be_visible()
    expect(page.get_by_text("You can do this until the step “Ship the router”.")).to_be_visible()
    page.get_by_label("Why does the customer cancel?").focus()
    page.keyboard.type("Moved abroad")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done. This is where your request stands now.")).to_be_visible()
    expect(page.get_by_role("link", name="Cancel the order")).to_have_count(0)
    assert office.task(order).name == "Put the router back"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_customers_page_of_an_action_keeps_nobody_out_and_fits(
    browse, axe, office, order, scheme
) -> None:
    for size in ({}, PHONE):
        page = browse(color_scheme=scheme, **size)
        page.goto(link(office, order))
        page.get_by_role("link", name="Cancel the order").click()
        assert serious(page, axe) == []
        page.get_by_role("button", name="Cancel the order").click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert serious(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
