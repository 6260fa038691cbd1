"""The pages of mail of which nothing came, and the fields for files, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.links import follow_secret
from tests.web.test_browser_pages import serious
from tests.web.test_mailed import mail, take
from tests.web.test_mails import AUTOMATIC

pytestmark = pytest.mark.browser
__all__ = ["take"]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3
PNG = {
    "name": "a very long name of a picture of a router.png",
    "mimeType": "image/png",
    "buffer": b"\x89PNG\r\n\x1a\n",
}
BIG = {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x" * (21 << 20)}


@pytest.fixture
def dropped(take):
    """A mail of a program with a long subject."""
    return take(
        mail("auto@x", LONG, References="<first@very-long-host-name.example.com>" * 9, **AUTOMATIC)
    ).mail


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_mail_keeps_nobody_out_and_fits(browse, dropped, axe, scheme: str, width: int) -> None:
    page = browse("lea", "lead", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for address in (
        "/mails",
        "/mails?view=dropped",
        "/mails?view=dropped&q=eve@example.com",
        f"/mails/{dropped}",
    ):
        page.goto(address)
        for summary in page.locator("details.panel > summary").all():
            summary.click()
        assert serious(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("width", [1440, 360])
def test_forms_with_files_keep_nobody_out_and_fit(browse, office, axe, width: int) -> None:
    number = office.open_ticket()
    secret = follow_secret(office.casepath.settings.secret_key, office.desk.id, number)
    page = browse("ann", "agent", viewport={"width": width, "height": 900})
    for address in (f"/help/{office.desk.key}", f"/follow/{secret}", f"/tickets/{number}"):
        page.goto(address)
        page.get_by_label("Files").set_input_files(PNG)
        assert serious(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_lead_finds_a_mail_and_takes_it_up_by_keyboard(browse, office, dropped) -> None:
    page = browse("lea", "lead")
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Mail that came in")).to_be_visible()
    page.get_by_role("link", name="Dropped").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/mails?view=dropped")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_label("Subject").fill("Disk of Ann")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The mail opened this ticket.")).to_be_visible()
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert ticket.subject == "Disk of Ann"


def test_a_customer_attaches_a_file_on_a_phone_by_keyboard(browse, office) -> None:
    page = browse(viewport={"width": 360, "height": 740})
    page.goto(f"/help/{office.desk.key}")
    for label, words in (
        ("Your name", "Ann"),
        ("Your mail address", "ann@example.com"),
        ("What is it about?", "Dead"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_label("What happened?").fill("It blinks.")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Files")).to_be_focused()
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(PNG)
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("link", name=PNG["name"])).to_be_visible()


def test_a_file_that_is_too_large_is_said_before_it_is_sent(browse, office) -> None:
    page = browse()
    page.goto(f"/help/{office.desk.key}")
    page.get_by_label("Files").set_input_files(BIG)
    expect(page.get_by_text("“film.mov” is larger than 20 MB. Choose without it.")).to_be_visible()
    assert page.get_by_label("Files").evaluate("it => it.checkValidity()") is False
    page.get_by_label("Files").set_input_files(PNG)
    assert page.get_by_label("Files").evaluate("it => it.checkValidity()") is True
