"""A payment settles what is open, the oldest invoice first; what is too much becomes a credit, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.records.conftest import Ledger

MONEY = {"account": "A-1", "currency": "EUR"}


@pytest.fixture
def debtor(ledger: Ledger) -> Ledger:
    """A desk whose customer has three open invoices, entered in another order than they were issued in."""
    rows = [("INV-B", 20, "2026-02-01"), ("INV-A", 10, "2026-01-01"), ("INV-C", 30, "2026-03-01")]
    ledger.given(
        invoices=[
            {"number": number, "account": "A-1", "amount": amount, "issued_at": f"{day}T09:00:00Z"}
            for number, amount, day in rows
        ]
    )
    return ledger


def pay(ledger: Ledger, amount: str, **more: Any) -> dict[str, Any]:
    return ledger.do("payment.record", amount=Decimal(amount), **MONEY, **more)


def still_open(ledger: Ledger) -> dict[str, Decimal]:
    return {it["invoice"]: it["open"] for it in ledger.do("invoice.open_of", account="A-1")["invoices"]}


def test_a_payment_without_an_invoice_settles_the_oldest_first_and_says_which(debtor: Ledger) -> None:
    told = pay(debtor, "25.00")
    assert told["settled"] == [{"invoice": "INV-A", "amount": 10}, {"invoice": "INV-B", "amount": 15}]
    assert (told["open"], told["credit"], told["credited"]) == (35, None, 0)
    assert still_open(debtor) == {"INV-B": 5, "INV-C": 30}
    assert debtor.all("payment")[0]["settled"] == told["settled"]


def test_what_is_more_than_all_that_is_open_becomes_a_credit_of_the_account(debtor: Ledger) -> None:
    told = pay(debtor, "72.50")
    assert [it["invoice"] for it in told["settled"]] == ["INV-A", "INV-B", "INV-C"]
    assert (told["open"], told["credit"], told["credited"]) == (0, "CRE-1", Decimal("12.5"))
    assert still_open(debtor) == {}
    (credit,) = debtor.all("credit")
    assert (credit["amount"], credit["payment"], credit["status"]) == (Decimal("12.5"), "PAY-1", "granted")


def test_a_payment_of_an_account_that_owes_nothing_is_a_credit(ledger: Ledger) -> None:
    told = pay(ledger, "5")
    assert (told["settled"], told["credited"], told["open"]) == ([], 5, 0)


def test_a_named_invoice_alone_is_settled(debtor: Ledger) -> None:
    told = pay(debtor, "30", invoice="INV-C")
    assert (told["settled"], told["open"]) == ([{"invoice": "INV-C", "amount": 30}], 0)
    assert still_open(debtor) == {"INV-A": 10, "INV-B": 20}


def test_the_same_payment_again_settles_nothing_more(debtor: Ledger) -> None:
    key = uuid4()
    told = debtor.do("payment.record", key, amount=Decimal(25), **MONEY)
    assert debtor.do("payment.record", key, amount=Decimal("25.00"), **MONEY) == told
    assert still_open(debtor) == {"INV-B": 5, "INV-C": 30}
    assert len(debtor.all("payment")) == 1


def test_a_refund_takes_back_what_was_credited_for_the_payment_first(debtor: Ledger) -> None:
    pay(debtor, "100")
    assert debtor.do("payment.refund", amount=Decimal(15), **MONEY)["credited"] == 25
    assert [(it["amount"], it["status"]) for it in debtor.all("credit")] == [(40, "revoked"), (25, "granted")]
    assert debtor.do("payment.refund", amount=Decimal(30), **MONEY)["credited"] == 0
    assert [it["status"] for it in debtor.all("credit")] == ["revoked", "revoked"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 500), max_size=4), st.lists(st.integers(1, 900), min_size=1, max_size=3))
def test_nothing_that_was_paid_is_lost_and_nothing_is_counted_twice(
    ledger: Ledger, owed: list[int], payments: list[int]
) -> None:
    account = f"A-{uuid4()}"
    ledger.given(accounts=[{"number": account, "name": "Eve", "currency": "JPY"}])
    ledger.given(invoices=[{"account": account, "amount": it} for it in owed])
    money = {"account": account, "currency": "JPY"}
    told = [ledger.do("payment.record", amount=Decimal(it), **money) for it in payments]
    for paid, answer in zip(payments, told, strict=True):
        assert sum(it["amount"] for it in answer["settled"]) + answer["credited"] == paid
    opened = ledger.do("invoice.open_of", account=account)["total"]
    assert opened == max(0, sum(owed) - sum(payments))
    assert sum(it["credited"] for it in told) == max(0, sum(payments) - sum(owed))


def test_accounts_of_an_area_are_listed_without_the_closed_ones(ledger: Ledger) -> None:
    ledger.given(
        accounts=[
            {
                "number": "A-7",
                "name": "Gil",
                "currency": "EUR",
                "area": "Old Town",
                "email": "gil@example.com",
            },
            {"number": "A-8", "name": "Hal", "currency": "EUR", "area": "old town", "status": "suspended"},
            {"number": "A-9", "name": "Ida", "currency": "EUR", "area": "Old Town", "status": "closed"},
            {"number": "A-10", "name": "Jan", "currency": "EUR", "area": "Harbour"},
        ]
    )
    listed = ledger.do("account.list", area="old town")["accounts"]
    assert [it["account"] for it in listed] == ["A-7", "A-8"]
    assert listed[0] == {
        "account": "A-7", "name": "Gil", "email": "gil@example.com", "phone": None, "address": None,
        "area": "Old Town", "status": "active", "high_value": False,
    }  # fmt: skip
    assert ledger.do("account.list", area="Nowhere")["accounts"] == []
