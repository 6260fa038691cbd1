"""Tickets that came by mail in a real browser: for axe, on a phone, and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.links import follow_secret
from tests.web.test_browser_pages import serious
from tests.web.test_mailed import mail, take

pytestmark = pytest.mark.browser
__all__ = ["take"]


@pytest.fixture
def number(office, take) -> int:
    """A ticket by mail, with an automatic reply."""
    found = take(mail("1@x", "A very long subject " * 8)).ticket
    take(mail("2@x", f"Automatic reply: Ticket {found}: we have it", Auto_Submitted="auto-replied"))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_mail_on_a_ticket_keeps_nobody_out_and_fits(
    browse, office, number, axe, scheme: str, width: int
) -> None:
    secret = follow_secret(office.casepath.settings.secret_key, office.desk.id, number)
    page = browse("lea", "lead", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for address in (f"/tickets/{number}", f"/follow/{secret}"):
        page.goto(address)
        for summary in page.locator(".entry-quoted > summary").all():
            summary.click()
        assert serious(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_history_unfolds_by_keyboard(browse, number) -> None:
    page = browse("ann", "agent")
    page.goto(f"/tickets/{number}")
    history = page.get_by_text("> old words").first
    expect(history).to_be_hidden()
    page.locator(".entry-quoted > summary").first.focus()
    page.keyboard.press("Enter")
    expect(history).to_be_visible()


def test_a_file_is_saved_and_not_shown(browse, number) -> None:
    page = browse("ann", "agent")
    page.goto(f"/tickets/{number}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="page.html").first.click()
    assert saved.value.suggested_filename == "page.html"
