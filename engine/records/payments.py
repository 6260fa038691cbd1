"""Payments and refunds: what came in, and what of it went back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.invoices import invoice_called
from engine.records.operation import operation


def _left(payment: Row) -> Decimal:
    left: Decimal = payment["amount"] - payment["refunded"]
    return left


@operation("payment.history", "account", "payments paid refunded currency", "account_unknown", reads=True)
def history(book: Book, inputs: Inputs) -> dict[str, Any]:
    """List an account's payments, the oldest first, each with payment, amount, refunded, method, reference."""
    account = account_of(book, inputs)
    payments = book.all("payment", account=account["number"])
    names = ("amount", "currency", "refunded", "method", "card", "reference", "invoice", "received_at")
    return {
        "payments": [{"payment": it["number"], **{name: it[name] for name in names}} for it in payments],
        "paid": sum((it["amount"] for it in payments), Decimal(0)),
        "refunded": sum((it["refunded"] for it in payments), Decimal(0)),
        "currency": account["currency"],
    }


@operation(
    "payment.record",
    "account amount currency invoice? method? card? reference?",
    "payment amount currency invoice open",
    "account_unknown amount_invalid currency_mismatch invoice_unknown invoice_cancelled amount_above_open"
    " payment_recorded",
)
def record(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Record a payment, of an invoice if one is named; `open` is what is left of that.

    A `reference` (of the bank, say) is recorded once for each account. Of a card only brand and last digits are kept.
    """
    account = account_of(book, inputs)
    amount, reference = inputs.amount(account), inputs.maybe_text("reference")
    if reference and book.all("payment", account=account["number"], reference=reference):
        sentence = f"Expected a new payment, but {reference} was recorded before."
        raise refusal("payment_recorded", sentence)
    number = inputs.maybe_text("invoice")
    invoice = _paid(book, account, number, amount) if number is not None else None
    payment = book.add(
        "payment",
        account=account["number"],
        amount=amount,
        currency=account["currency"],
        refunded=Decimal(0),
        invoice=number,
        method=inputs.maybe_text("method"),
        card=inputs.maybe_text("card"),
        reference=reference,
        received_at=book.now,
    )
    return {
        "payment": payment["number"],
        "amount": amount,
        "currency": account["currency"],
        "invoice": number,
        "open": invoice["amount"] - invoice["paid"] if invoice is not None else None,
    }


def _paid(book: Book, account: Row, number: str, amount: Decimal) -> Row:
    """Count a payment to an invoice, and return the invoice after it."""
    invoice = invoice_called(book, number)
    if invoice["account"] != account["number"]:
        raise refusal("invoice_unknown", f"Expected an invoice of {account['number']}, but {number} is not.")
    paid = invoice["paid"] + amount
    if paid > invoice["amount"]:
        left = invoice["amount"] - invoice["paid"]
        raise refusal("amount_above_open", f"Expected at most {left:f}, which is open, but it is {amount:f}.")
    status = "paid" if paid == invoice["amount"] else "open"
    return book.change("invoice", invoice, paid=paid, status=status)


@operation(
    "payment.refund",
    "account amount currency payment? reason?",
    "refund payment amount currency refunded_at",
    "account_unknown account_closed amount_invalid currency_mismatch payment_unknown already_refunded"
    " amount_above_paid",
)
def refund(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Pay an amount back: of the payment that is named, else of the newest one of which so much is left."""
    account = open_account(book, inputs)
    amount = inputs.amount(account)
    payment = _refundable(book, account, inputs.maybe_text("payment"), amount)
    book.change("payment", payment, refunded=payment["refunded"] + amount)
    made = book.add(
        "refund",
        account=account["number"],
        payment=payment["number"],
        amount=amount,
        currency=account["currency"],
        reason=inputs.maybe_text("reason") or "",
        refunded_at=book.now,
    )
    names = ("payment", "amount", "currency", "refunded_at")
    return {"refund": made["number"], **{name: made[name] for name in names}}


def _refundable(book: Book, account: Row, number: str | None, amount: Decimal) -> Row:
    paid = book.all("payment", account=account["number"])
    asked = [it for it in paid if number in (None, it["number"])]
    if not asked:
        of = f"payment {number}" if number else "a payment"
        raise refusal("payment_unknown", f"Expected {of} of {account['number']}, but there is none.")
    if not any(map(_left, asked)):
        what = f"{asked[0]['number']} was" if number else f"all payments of {account['number']} were"
        raise refusal(
            "already_refunded", f"Expected something left to pay back, but {what} refunded in full."
        )
    enough = [it for it in asked if _left(it) >= amount]
    if not enough:
        left = max(map(_left, asked))
        raise refusal(
            "amount_above_paid",
            f"Expected at most {left:f}, which is left of what was paid, but it is {amount:f}.",
            refundable=left,
        )
    return enough[-1]
