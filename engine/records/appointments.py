"""Appointments: when somebody comes to a customer."""

from __future__ import annotations

from typing import Any

from engine.records.accounts import open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


@operation(
    "appointment.book",
    "account when window? skills? address?",
    "appointment starts_at window status",
    "account_unknown account_closed date_invalid",
)
def book_visit(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Book a visit that begins at a moment to come (a date alone is its midnight at the desk).

    `address` is that of the account unless said. Taken back by appointment.cancel.
    """
    account, starts = open_account(book, inputs), inputs.moment("when", book)
    if starts < book.now and starts.astimezone(book.zone).date() != book.today:
        raise refusal("date_invalid", f"Expected a moment to come, but {starts.isoformat()} is over.")
    made = book.add(
        "appointment",
        account=account["number"],
        starts_at=starts,
        time_window=inputs.maybe_text("window"),
        skills=inputs.texts("skills"),
        address=inputs.maybe_text("address") or account["address"],
        status="booked",
    )
    return _told(made)


@operation(
    "appointment.cancel",
    "appointment",
    "appointment starts_at window status",
    "appointment_unknown appointment_closed",
)
def cancel(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Cancel a booked visit."""
    return _told(book.change("appointment", _booked(book, inputs), status="cancelled"))


@operation(
    "appointment.done",
    "appointment outcome?",
    "appointment starts_at window status",
    "appointment_unknown appointment_closed",
)
def done(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Note that a visit has taken place, and what came of it."""
    booked = _booked(book, inputs)
    return _told(book.change("appointment", booked, status="done", outcome=inputs.maybe_text("outcome")))


def _booked(book: Book, inputs: Inputs) -> Row:
    number = inputs.text("appointment")
    found = book.find("appointment", number)
    if found is None:
        raise refusal("appointment_unknown", f"Expected an appointment, but there is no {number}.")
    if found["status"] != "booked":
        raise refusal("appointment_closed", f"Expected {number} to be booked, but it is {found['status']}.")
    return found


def _told(appointment: Row) -> dict[str, Any]:
    return {
        "appointment": appointment["number"],
        "starts_at": appointment["starts_at"],
        "window": appointment["time_window"],
        "status": appointment["status"],
    }
