"""Invoices: what an account is charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.money import rounded
from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


def invoice_called(book: Book, number: str) -> Row:
    """Return an invoice that was not cancelled. Raises invoice_unknown, invoice_cancelled."""
    invoice = book.find("invoice", number)
    if invoice is None:
        raise refusal("invoice_unknown", f"Expected an invoice, but there is no {number}.")
    if invoice["status"] == "cancelled":
        raise refusal("invoice_cancelled", f"Expected invoice {number} to stand, but it was cancelled.")
    return invoice


def open_of(book: Book, account: Row) -> list[Row]:
    """Return an account's open invoices, the oldest first: as they were issued, not as they were entered."""
    found = book.all("invoice", account=account["number"], status="open")
    return sorted(found, key=lambda it: it["issued_at"])


@operation("invoice.open_of", "account", "invoices total currency", "account_unknown", reads=True)
def list_open(book: Book, inputs: Inputs) -> dict[str, Any]:
    """List an account's open invoices, each with invoice, amount, open, currency, reason, due_on."""
    account = account_of(book, inputs)
    listed = [
        {
            "invoice": it["number"],
            "open": it["amount"] - it["paid"],
            **{name: it[name] for name in ("amount", "currency", "reason", "due_on")},
        }
        for it in open_of(book, account)
    ]
    total = sum((it["open"] for it in listed), Decimal(0))
    return {"invoices": listed, "total": total, "currency": account["currency"]}


@operation(
    "invoice.reckon",
    "account price currency quantity? percent?",
    "full reduction amount currency",
    "account_unknown amount_invalid currency_mismatch quantity_invalid",
    reads=True,
)
def reckon(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell what a quantity (1 unless said) comes to, and what of it is left after a reduction in percent.

    It is rounded once, at the end, halves up.
    """
    account = account_of(book, inputs)
    currency = account["currency"]
    full = inputs.amount(account, "price") * inputs.quantity("quantity")
    amount = rounded(full * (100 - inputs.percent("percent")) / 100, currency)
    return {"full": full, "reduction": full - amount, "amount": amount, "currency": currency}


@operation(
    "invoice.charge",
    "account amount currency reason due_on?",
    "invoice amount currency due_on",
    "account_unknown account_closed amount_invalid currency_mismatch date_invalid",
)
def charge(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Charge an account an amount. Taken back by invoice.cancel."""
    account = open_account(book, inputs)
    invoice = book.add(
        "invoice",
        account=account["number"],
        amount=inputs.amount(account),
        currency=account["currency"],
        paid=Decimal(0),
        reason=inputs.text("reason"),
        issued_at=book.now,
        due_on=inputs.maybe_day("due_on", book),
        status="open",
    )
    return {
        "invoice": invoice["number"],
        **{name: invoice[name] for name in ("amount", "currency", "due_on")},
    }


@operation(
    "invoice.cancel",
    "invoice reason?",
    "invoice status amount currency",
    "invoice_unknown invoice_cancelled invoice_paid",
)
def cancel(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Cancel an invoice of which nothing was paid."""
    invoice = invoice_called(book, inputs.text("invoice"))
    if invoice["paid"]:
        sentence = f"Expected nothing paid of {invoice['number']}, but {invoice['paid']:f} was."
        raise refusal("invoice_paid", sentence)
    book.change("invoice", invoice, status="cancelled")
    return {
        "invoice": invoice["number"],
        "status": "cancelled",
        "amount": invoice["amount"],
        "currency": invoice["currency"],
    }
