"""Cards by token, brand and last four digits: whether one may be charged, and charging it. A number is never here."""

from __future__ import annotations

from typing import Any

from engine.cards import was_checked
from engine.records import invoices, payments
from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.fraud import block_of_card, card_called
from engine.records.inputs import Inputs
from engine.records.operation import operation


def _card(book: Book, account: Row, inputs: Inputs) -> Row:
    card = card_called(book, inputs.text("card"))
    if card["account"] != account["number"]:
        sentence = f"Expected a card of {account['number']}, but {card['number']} is not."
        raise refusal("card_unknown", sentence)
    return card


def _facts(book: Book, card: Row) -> dict[str, bool]:
    return {
        "checked": was_checked(card["card"]),
        "expired": card["expires_on"] < book.today,
        "stopped": card["status"] == "stopped",
        "blocked": block_of_card(book, card) is not None,
    }


def _told(card: Row) -> dict[str, Any]:
    return {"card": card["number"], "shown": card["card"], "expires_on": card["expires_on"]}


@operation(
    "card.register",
    "account card expires_on",
    "card shown expires_on",
    "account_unknown account_closed card_invalid date_invalid",
)
def register(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Register a card of an account. Of its number the check digit is judged; brand and last four digits are kept."""
    account, shown, until = open_account(book, inputs), inputs.card("card"), inputs.day("expires_on", book)
    same = book.all("card", account=account["number"], card=shown, expires_on=until)
    if same:
        return _told(same[0])
    made = book.add("card", account=account["number"], card=shown, expires_on=until, status="active")
    return _told(made)


@operation("card.of", "account", "cards", "account_unknown", reads=True)
def cards_of(book: Book, inputs: Inputs) -> dict[str, Any]:
    """List an account's cards, each with card (its token), shown, expires_on, status."""
    cards = book.all("card", account=account_of(book, inputs)["number"])
    return {"cards": [{**_told(it), "status": it["status"]} for it in cards]}


@operation(
    "card.check",
    "account card",
    "card shown expires_on checked expired stopped blocked",
    "account_unknown card_unknown",
    reads=True,
)
def check(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell whether a card's number was checked, and whether it has expired, was stopped, or is on the fraud list."""
    card = _card(book, account_of(book, inputs), inputs)
    return {**_told(card), **_facts(book, card)}


@operation("card.stop", "card", "card status", "card_unknown")
def stop(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Note that a card is not to be charged any more: it was lost, or its bank refuses it."""
    card = card_called(book, inputs.text("card"))
    return {"card": card["number"], "status": book.change("card", card, status="stopped")["status"]}


@operation(
    "card.charge",
    "account card amount currency reason",
    "payment invoice account amount currency shown",
    "account_unknown account_closed card_unknown card_refused amount_invalid currency_mismatch",
)
def charge(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Charge a card an amount: an invoice that is paid by it at once. Taken back by payment.refund."""
    account = open_account(book, inputs)
    card, amount = _card(book, account, inputs), inputs.amount(account)
    _judge(card, _facts(book, card))
    told = {"account": account["number"], "amount": amount, "currency": account["currency"]}
    billed = {**told, "reason": inputs.text("reason"), "due_on": book.today}
    invoice = invoices.charge(book, Inputs("invoice.charge", billed))["invoice"]
    paid = {**told, "invoice": invoice, "method": "card", "card": card["card"]}
    payment = payments.record(book, Inputs("payment.record", paid))["payment"]
    return {"payment": payment, "invoice": invoice, **told, "shown": card["card"]}


def _judge(card: Row, facts: dict[str, bool]) -> None:
    """Raises the BPMN error card_refused for a card that is not to be charged, whatever a process made of it."""
    against = (
        (facts["blocked"], "is on the fraud list"),
        (not facts["checked"], "has a number that was never checked"),
        (facts["expired"], "has expired"),
        (facts["stopped"], "was stopped"),
    )
    for holds, what in against:
        if holds:
            raise refusal("card_refused", f"Expected a card that can be charged, but {card['card']} {what}.")
