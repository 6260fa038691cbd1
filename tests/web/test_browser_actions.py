"""An action in a real browser: by keyboard from the ticket to its page and back, on a phone, for everybody."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.web.test_actions import FILES
from tests.web.test_browser_pages import PHONE, serious, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """The office sells routers."""
    return FILES


@pytest.fixture
def order(office) -> int:
    """A ticket whose router is reserved."""
    office.person("sue", "agent", queues=("stock",))
    number = office.open_ticket(
        "One router, please, with a subject that is long enough to wrap", process="order"
    )
    office.complete(number, "sue")
    return number


def test_an_order_is_cancelled_by_keyboard_after_a_second_look(browse, office, order) -> None:
    page = browse("sue")
    page.goto(f"/tickets/{order}")
    page.keyboard.press("x")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cancel the order")
    expect(page.get_by_text("Reserve the router: Put the router back")).to_be_visible()
    page.get_by_label("Why does the customer cancel?").fill("Moved abroad")
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.locator(".notice-ok")).to_have_text("Done. This is where the ticket stands now.")
    assert office.task(order).name == "Put the router back"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_an_action_keeps_nobody_out_and_fits_a_phone(browse, axe, order, scheme: str) -> None:
    for size in ({}, PHONE):
        page = browse("sue", color_scheme=scheme, **size)
        page.goto(f"/tickets/{order}")
        page.get_by_role("link", name="Cancel the order").click()
        settle(page)
        assert serious(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
