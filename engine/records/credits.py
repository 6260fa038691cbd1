"""Credits: what an account has in its favour without having paid it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.records.accounts import open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


def credit_of_payment(book: Book, account: Row, payment: str, amount: Decimal) -> Row:
    """Credit an account with what it paid too much by a payment, and return the credit."""
    return book.add(
        "credit",
        account=account["number"],
        amount=amount,
        currency=account["currency"],
        reason=f"Paid too much with {payment}",
        payment=payment,
        granted_at=book.now,
        status="granted",
    )


def take_from_credit(book: Book, account: Row, payment: str, amount: Decimal) -> Decimal:
    """Take an amount out of what was credited for a payment, as far as it goes; return what stays credited for it."""
    for credit in book.all("credit", account=account["number"], payment=payment, status="granted"):
        book.change("credit", credit, status="revoked")
        left: Decimal = credit["amount"] - amount
        if left > 0:
            credit_of_payment(book, account, payment, left)
            return left
        amount = -left
    return Decimal(0)


def _balance(book: Book, account: str) -> Decimal:
    granted = book.all("credit", account=account, status="granted")
    return sum((it["amount"] for it in granted), Decimal(0))


@operation(
    "credit.grant",
    "account amount currency reason",
    "credit amount currency balance",
    "account_unknown account_closed amount_invalid currency_mismatch",
)
def grant(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Credit an account with an amount; `balance` is the sum of its credits. Taken back by credit.revoke."""
    account = open_account(book, inputs)
    made = book.add(
        "credit",
        account=account["number"],
        amount=inputs.amount(account),
        currency=account["currency"],
        reason=inputs.text("reason"),
        granted_at=book.now,
        status="granted",
    )
    return _told(book, made)


@operation(
    "credit.revoke", "credit reason?", "credit amount currency balance", "credit_unknown credit_revoked"
)
def revoke(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Take a credit back."""
    number = inputs.text("credit")
    found = book.find("credit", number)
    if found is None:
        raise refusal("credit_unknown", f"Expected a credit, but there is no {number}.")
    if found["status"] == "revoked":
        raise refusal("credit_revoked", f"Expected credit {number} to stand, but it was revoked.")
    return _told(book, book.change("credit", found, status="revoked"))


def _told(book: Book, credit: Row) -> dict[str, Any]:
    return {
        "credit": credit["number"],
        "amount": credit["amount"],
        "currency": credit["currency"],
        "balance": _balance(book, credit["account"]),
    }
