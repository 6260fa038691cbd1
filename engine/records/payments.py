"""Payments and refunds: what came in, and what of it went back."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from engine.currencies import amount_text
from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.credits import credit_of_payment, take_from_credit
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.invoices import invoice_called, open_of
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
    "payment amount currency invoice settled open credit credited",
    "account_unknown amount_invalid currency_mismatch invoice_unknown invoice_cancelled amount_above_open"
    " payment_recorded",
)
def record(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Record a payment: of the invoice that is named, else of the open invoices, the oldest first.

    `settled` lists what was paid of which invoice, `open` is what is left of the named one, else of all; what was
    paid beyond that is `credited` to the account. A `reference` (of the bank, say) is recorded once for each account.
    Of a card only brand and last digits are kept.
    """
    account = account_of(book, inputs)
    amount, reference = inputs.amount(account), inputs.maybe_text("reference")
    if reference and book.all("payment", account=account["number"], reference=reference):
        sentence = f"Expected a new payment, but {reference} was recorded before."
        raise refusal("payment_recorded", sentence)
    number = inputs.maybe_text("invoice")
    due = open_of(book, account) if number is None else [_payable(book, account, number, amount)]
    settled = _settle(book, due, amount)
    paid = sum((it["amount"] for it in settled), Decimal(0))
    payment = _received(book, account, inputs, amount=amount, invoice=number, settled=settled or None)
    left = amount - paid
    credit = credit_of_payment(book, account, payment["number"], left) if left else None
    return {
        "payment": payment["number"],
        **{name: payment[name] for name in ("amount", "currency", "invoice")},
        "settled": settled,
        "open": sum(map(_unpaid, due), Decimal(0)) - paid,
        "credit": credit["number"] if credit else None,
        "credited": left,
    }


def _received(book: Book, account: Row, inputs: Inputs, **values: Any) -> Row:
    return book.add(
        "payment",
        account=account["number"],
        currency=account["currency"],
        refunded=Decimal(0),
        received_at=book.now,
        **{name: inputs.maybe_text(name) for name in ("method", "card", "reference")},
        **values,
    )


def _payable(book: Book, account: Row, number: str, amount: Decimal) -> Row:
    """Return an invoice of an account of which so much is open."""
    invoice = invoice_called(book, number)
    if invoice["account"] != account["number"]:
        raise refusal("invoice_unknown", f"Expected an invoice of {account['number']}, but {number} is not.")
    if amount > _unpaid(invoice):
        said = partial(amount_text, currency=account["currency"])
        sentence = f"Expected at most {said(_unpaid(invoice))}, which is open, but it is {said(amount)}."
        raise refusal("amount_above_open", sentence)
    return invoice


def _settle(book: Book, due: list[Row], amount: Decimal) -> list[dict[str, Any]]:
    """Pay invoices one after the other as far as an amount goes; return what was paid of which."""
    settled = []
    for invoice in due:
        part = min(_unpaid(invoice), amount)
        if part:
            status = "paid" if part == _unpaid(invoice) else "open"
            book.change("invoice", invoice, paid=invoice["paid"] + part, status=status)
            settled.append({"invoice": invoice["number"], "amount": part})
            amount -= part
    return settled


def _unpaid(invoice: Row) -> Decimal:
    unpaid: Decimal = invoice["amount"] - invoice["paid"]
    return unpaid


@operation(
    "payment.refund",
    "account amount currency payment? reason?",
    "refund payment amount currency refunded_at credited",
    "account_unknown account_closed amount_invalid currency_mismatch payment_unknown already_refunded"
    " amount_above_paid",
)
def refund(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Pay an amount back: of the payment that is named, else of the newest one of which so much is left.

    What was credited because that payment was too much goes back first; `credited` is what stays credited for it.
    """
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
    credited = take_from_credit(book, account, payment["number"], amount)
    return {"refund": made["number"], **{name: made[name] for name in names}, "credited": credited}


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
        left, said = max(map(_left, asked)), partial(amount_text, currency=account["currency"])
        raise refusal(
            "amount_above_paid",
            f"Expected at most {said(left)}, which is left of what was paid, but it is {said(amount)}.",
            refundable=left,
        )
    return enough[-1]
