"""An order at the customer care desk in a real browser: judged and charged, called off, and prepared for shipping."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from engine.catalog.pack import read_pack
from engine.people import operator
from engine.records import BY_PLURAL
from tests.web.conftest import PACKS
from tests.web.test_browser_pages import settle
from tests.web.test_browser_provider import account_of_cleo, call_of_cleo, choose, complete, open_task, reads
from tests.web.working import work_off

pytestmark = pytest.mark.browser
RECORDS: Mapping[str, list[dict[str, Any]]] = {
    "accounts": [
        {
            "number": "C-1",
            "name": "Cleo Park",
            "email": "cleo@example.com",
            "address": "Via Roma 1",
            "currency": "EUR",
        }
    ],
    "cards": [
        {"number": "TOK-1", "account": "C-1", "card": "4111 1111 1111 1111", "expires_on": "2035-05-31"},
        {"number": "TOK-2", "account": "C-1", "card": "5555 5555 5555 4444", "expires_on": "2020-05-31"},
    ],
    "stock": [{"model": "handset_b", "quantity": 9, "price": Decimal("33.35"), "currency": "EUR"}],
}


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """What the customer care desk runs on, without the pack's own stories."""
    files = read_pack(PACKS / "rms_care").files
    told_elsewhere = ("scenarios/", "requirements.toml")
    return {path: content for path, content in files.items() if not path.startswith(told_elsewhere)}


@pytest.fixture
def care(office):
    """The desk of a company whose customer Cleo has two cards, one of them expired."""
    listed = [(BY_PLURAL[plural], row) for plural, rows in RECORDS.items() for row in rows]
    office.casepath.records.take_in(office.desk.id, operator(), listed, id=uuid4())
    return office


def order(page: Page, number: int, care: Any, *, card: str) -> None:
    """Place an order of three handsets on a ticket."""
    page.goto(f"/tickets/{number}")
    page.get_by_role("link", name="Place order").click()
    page.get_by_role("button", name="Place order").click()
    work_off(care)
    open_task(page, number, "Write order")
    expect(page.get_by_role("textbox", name="Item")).to_have_count(0)
    page.get_by_role("radio", name="An item").check()
    page.get_by_role("textbox", name="Item").fill("handset_b")
    page.get_by_label("Quantity").fill("3")
    page.get_by_role("radio", name="Yes, physical goods").check()
    expect(page.get_by_label("Ship to")).to_have_value("Via Roma 1")
    page.get_by_role("radio", name="Card", exact=True).check()
    choose(page, "Cards of the account", card)
    complete(page)
    work_off(care)


def promote(page: Page, number: int, care: Any) -> None:
    """Give the order the promotion that it may have."""
    open_task(page, number, "Assign promotion")
    reads(page, "Order", "3 × handset_b, 100.05 EUR")
    choose(page, "Promotion", "Bundle of 3 or more: 10 % less")
    complete(page)
    work_off(care)


def test_an_order_is_judged_and_charged_called_off_or_prepared_for_shipping(browse, care) -> None:
    agent = browse("sara", "agent", "lead", queues=("agents", "ticket_administration"))
    shipper = browse("sven", "agent", queues=("shipping",))
    number = call_of_cleo(agent, "Three phones", "Orders and shipments")
    work_off(care)
    open_task(agent, number, "Assign ticket")
    agent.get_by_role("radio", name="A request").check()
    complete(agent)

    order(agent, number, care, card="Mastercard •••• 4444, until 2020-05-31")
    open_task(agent, number, "Say how to go on")
    reads(agent, "Why it is refused", "Mastercard •••• 4444 has expired.")
    agent.get_by_role("radio", name="Refuse the order").check()
    complete(agent)
    work_off(care)

    order(agent, number, care, card="Visa •••• 1111, until 2035-05-31")
    promote(agent, number, care)
    agent.goto(f"/tickets/{number}")
    agent.get_by_role("link", name="Cancel order").click()
    for said in ("90.05 EUR are paid back to the card.", "Reserved goods are released: 3 × handset_b."):
        expect(agent.get_by_text(said)).to_be_visible()
    agent.get_by_role("button", name="Cancel order").click()
    work_off(care)

    order(agent, number, care, card="Visa •••• 1111, until 2035-05-31")
    promote(agent, number, care)
    shipper.goto("/inbox?folder=queues")
    shipper.get_by_role("link", name="Three phones").click()
    settle(shipper)
    reads(shipper, "Ship to", "Via Roma 1")
    expect(shipper.get_by_label("Tracking number")).to_be_editable()

    account = account_of_cleo(agent)
    expect(account("Payments")).to_have_count(2)
    expect(account("Refunds")).to_contain_text("90.05 EUR")
    expect(account("Shipments")).to_have_count(2)
    expect(account("Cards")).to_contain_text(["Mastercard •••• 4444", "Visa •••• 1111"])
