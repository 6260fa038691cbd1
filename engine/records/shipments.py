"""Shipments: what is sent to a customer."""

from __future__ import annotations

from typing import Any

from engine.records.accounts import open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


@operation(
    "shipment.create",
    "account items address?",
    "shipment status items address",
    "account_unknown account_closed items_invalid",
)
def create(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Prepare a shipment of models with quantities; `address` is that of the account unless said.

    Taken back by shipment.cancel, until it was sent.
    """
    account = open_account(book, inputs)
    made = book.add(
        "shipment",
        account=account["number"],
        items=inputs.items("items"),
        address=inputs.maybe_text("address") or account["address"],
        status="prepared",
        created_at=book.now,
    )
    return {"shipment": made["number"], **{name: made[name] for name in ("status", "items", "address")}}


@operation("shipment.cancel", "shipment", "shipment status", "shipment_unknown shipment_closed")
def cancel(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Cancel a shipment that was not sent yet."""
    made = book.change("shipment", _prepared(book, inputs), status="cancelled")
    return {"shipment": made["number"], "status": "cancelled"}


@operation(
    "shipment.sent",
    "shipment tracking? carrier? sent_at?",
    "shipment status tracking carrier sent_at",
    "shipment_unknown shipment_closed date_invalid",
)
def sent(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Note that a shipment is on its way, since now or since a moment before."""
    at = inputs.maybe_moment("sent_at", book) or book.now
    if at > book.now:
        raise refusal("date_invalid", f"Expected a moment that has come, but {at.isoformat()} has not.")
    made = book.change(
        "shipment",
        _prepared(book, inputs),
        status="sent",
        tracking=inputs.maybe_text("tracking"),
        carrier=inputs.maybe_text("carrier"),
        sent_at=at,
    )
    names = ("status", "tracking", "carrier", "sent_at")
    return {"shipment": made["number"], **{name: made[name] for name in names}}


def _prepared(book: Book, inputs: Inputs) -> Row:
    number = inputs.text("shipment")
    found = book.find("shipment", number)
    if found is None:
        raise refusal("shipment_unknown", f"Expected a shipment, but there is no {number}.")
    if found["status"] != "prepared":
        raise refusal("shipment_closed", f"Expected {number} to wait, but it was {found['status']}.")
    return found
