"""Cards and the fraud list: a number is judged and never kept, and what is blocked can't be charged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from engine.errors import InvalidInput
from engine.records import BY_PLURAL
from engine.runtime.commands import Actor
from engine.services import BpmnError
from tests.records.conftest import Ledger

MONEY = {"account": "A-1", "currency": "EUR"}
NUMBER = "4111 1111 1111 1111"
CARD = {"account": "A-1", "card": "Visa •••• 1111", "expires_on": "2026-03-10"}
SALE = {**MONEY, "card": "CRD-1", "amount": Decimal("12.50"), "reason": "Order"}


def test_a_card_is_registered_once_by_a_number_of_which_four_digits_are_kept(ledger: Ledger) -> None:
    for _ in range(2):
        told = ledger.do("card.register", account="A-1", card=NUMBER, expires_on="2027-05-31")
        assert told == {"card": "CRD-1", "shown": "Visa •••• 1111", "expires_on": date(2027, 5, 31)}
    assert [it["card"] for it in ledger.all("card")] == ["Visa •••• 1111"]


def test_a_number_with_a_wrong_check_digit_is_refused_and_not_repeated(ledger: Ledger) -> None:
    wrong = "4111 1111 1111 1112"
    with pytest.raises(BpmnError) as refused:
        ledger.do("card.register", account="A-1", card=wrong, expires_on="2027-05-31")
    with pytest.raises(InvalidInput) as unread:
        ledger.given(cards=[{**CARD, "card": wrong}])
    assert "1112" not in refused.value.message + str(unread.value)


def test_what_a_person_does_by_hand_leaves_no_number_in_the_chain(ledger: Ledger) -> None:
    who, inputs = (
        Actor("person", "olga", "Olga"),
        {"account": "A-1", "card": NUMBER, "expires_on": "2027-05-31"},
    )
    ledger.keeping.by_hand(ledger.desk_id, who, "card.register", inputs, id=uuid4())
    imported = [(BY_PLURAL["payments"], {"account": "A-1", "amount": 1, "card": NUMBER})]
    ledger.keeping.take_in(ledger.desk_id, who, imported, id=uuid4())
    chained = ledger.everything_chained()
    assert NUMBER not in chained and "Visa •••• 1111" in chained


def test_a_card_is_good_through_its_last_day_and_told_with_what_is_against_it(ledger: Ledger) -> None:
    ledger.given(cards=[CARD, {**CARD, "card": "•••• 4242", "status": "stopped"}])
    good = {"checked": True, "expired": False, "stopped": False, "blocked": False}
    told = ledger.do("card.check", account="A-1", card="CRD-1")
    assert {name: told[name] for name in good} == good
    ledger.clock.advance_to(datetime(2026, 3, 10, 23, tzinfo=UTC))  # the 11th in Rome
    assert ledger.do("card.check", account="A-1", card="CRD-1")["expired"] is True
    other = ledger.do("card.check", account="A-1", card="CRD-2")
    assert (other["checked"], other["stopped"]) == (False, True)
    assert [it["card"] for it in ledger.do("card.of", account="A-1")["cards"]] == ["CRD-1", "CRD-2"]


def test_a_charged_card_leaves_a_paid_invoice_and_a_payment_that_can_go_back(ledger: Ledger) -> None:
    ledger.given(cards=[CARD])
    key = uuid4()
    told = ledger.do("card.charge", key, **SALE)
    assert ledger.do("card.charge", key, **SALE) == told
    (invoice,), (payment,) = ledger.all("invoice"), ledger.all("payment")
    assert (invoice["status"], invoice["paid"], invoice["reason"]) == ("paid", Decimal("12.5"), "Order")
    assert (payment["invoice"], payment["method"], payment["card"]) == ("INV-1", "card", "Visa •••• 1111")
    assert ledger.do("payment.refund", payment=told["payment"], amount=Decimal("12.5"), **MONEY)["refund"]


def test_a_blocked_card_is_blocked_under_every_token_until_the_block_is_lifted(ledger: Ledger) -> None:
    ledger.given(accounts=[{"number": "A-3", "name": "Cleo", "currency": "EUR"}])
    ledger.given(cards=[CARD, {**CARD, "account": "A-3"}, {**CARD, "expires_on": "2026-03-11"}])
    block = ledger.do("fraud.block", type="card", value="CRD-2", reason="Stolen")
    assert block == {"block": "BLK-1", "type": "card", "value": "CRD-2", "status": "blocked"}
    found = ledger.do("fraud.check", card="CRD-1")
    assert found == {"blocked": True, "type": "card", "reason": "Stolen"}
    with pytest.raises(BpmnError, match=r"Visa •••• 1111 is on the fraud list\."):
        ledger.do("card.charge", **SALE)
    assert ledger.do("card.charge", **{**SALE, "card": "CRD-3"})["payment"] == "PAY-1"
    assert ledger.do("fraud.lift", block="BLK-1")["status"] == "lifted"
    assert ledger.do("fraud.check", card="CRD-1") == {"blocked": False, "type": None, "reason": None}
    assert ledger.do("card.charge", **SALE)["payment"] == "PAY-2"
    assert ledger.do("fraud.block", type="card", value="CRD-2", reason="Again")["block"] == "BLK-2"


def test_an_address_is_blocked_however_it_is_written(ledger: Ledger) -> None:
    ledger.do("fraud.block", type="ip", value="2001:DB8:0:0::7", reason="Many cards")
    assert ledger.do("fraud.check", ip="2001:db8::7")["blocked"] is True
    assert ledger.do("fraud.check", ip="2001:db8::8")["blocked"] is False
    with pytest.raises(InvalidInput, match="to be card or ip, but it is name"):
        ledger.do("fraud.block", type="name", value="Ann", reason="x")


def test_what_a_quantity_comes_to_is_rounded_once_by_its_currency(ledger: Ledger) -> None:
    told = ledger.do("invoice.reckon", price=Decimal("9.99"), quantity=3, percent=Decimal("12.5"), **MONEY)
    assert told == {
        "full": Decimal("29.97"), "reduction": Decimal("3.75"), "amount": Decimal("26.22"), "currency": "EUR",
    }  # fmt: skip
    ledger.given(accounts=[{"number": "A-3", "name": "Yuki", "currency": "JPY"}])
    yen = {"account": "A-3", "currency": "JPY", "price": Decimal(1995), "percent": Decimal(10)}
    assert ledger.do("invoice.reckon", **yen)["amount"] == 1796


def test_a_contract_begins_with_the_days_that_are_left_of_the_month(ledger: Ledger) -> None:
    told = ledger.do("contract.start", package="flat", price=Decimal(20), **MONEY)
    assert (told["contract"], told["starts_on"]) == ("CON-1", date(2026, 3, 10))
    assert told["prorata"] == Decimal("14.19")  # 22 of 31 days
    assert ledger.do("contract.end", account="A-1", date=date(2026, 3, 10))["status"] == "ended"


def test_what_was_held_leaves_the_stock_when_it_is_sent(ledger: Ledger) -> None:
    ledger.given(stock=[{"model": "phone", "quantity": 5}])
    ledger.do("stock.reserve", model="phone", quantity=2, account="A-1")
    assert ledger.do("stock.issue", reservation="RES-1")["on_hand"] == 3
    (row,) = ledger.all("stock")
    assert (row["quantity"], row["reserved"]) == (3, 0)
    assert [it["status"] for it in ledger.all("reservation")] == ["used"]


def test_a_shipment_is_sent_when_it_was_and_not_later(ledger: Ledger) -> None:
    ledger.do("shipment.create", account="A-1", items=["phone"])
    with pytest.raises(BpmnError, match="Expected a moment that has come"):
        ledger.do("shipment.sent", shipment="SHP-1", sent_at="2026-03-10T12:00:01Z")
    sent = ledger.do("shipment.sent", shipment="SHP-1", sent_at="2026-03-10T11:30:00Z")
    assert sent["sent_at"] == datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
