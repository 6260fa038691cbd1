"""Accounts: found, suspended, closed, and taken back."""

from __future__ import annotations

from typing import Any

from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


def account_of(book: Book, inputs: Inputs) -> Row:
    """Return the account that the inputs name. Raises the BPMN error account_unknown."""
    number = inputs.text("account")
    account = book.find("account", number)
    if account is None:
        raise refusal("account_unknown", f"Expected an account, but there is no {number}.")
    return account


def open_account(book: Book, inputs: Inputs) -> Row:
    """Return the account that the inputs name, closed ones not. Raises account_unknown, account_closed."""
    account = account_of(book, inputs)
    if account["status"] == "closed":
        sentence = f"Expected account {account['number']} to be open, but it is closed."
        raise refusal(
            "account_closed", f"{sentence} Open it again first (account.reopen), or name another one."
        )
    return account


@operation(
    "account.find",
    "number? email? phone?",
    "account name email phone address area currency status high_value",
    "account_unknown account_ambiguous",
    reads=True,
)
def find(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Find one account by its number, else by its mail address, else by its phone number."""
    for name, column in (("number", "number"), ("email", "email"), ("phone", "phone")):
        value = inputs.maybe_text(name)
        if value is None:
            continue
        found = book.all("account", **{column: value})
        if len(found) == 1:
            return _shown(found[0])
        if found:
            raise refusal(
                "account_ambiguous", f"Expected one account with {value}, but there are {len(found)}."
            )
        raise refusal("account_unknown", f"Expected an account with {value}, but there is none.")
    raise refusal(
        "account_unknown", "Expected a number, mail address or phone number, but there is none of them."
    )


def _shown(account: Row) -> dict[str, Any]:
    names = ("name", "email", "phone", "address", "area", "currency", "status", "high_value")
    return {"account": account["number"], **{name: account[name] for name in names}}


@operation("account.list", "area", "accounts", reads=True)
def list_of_area(book: Book, inputs: Inputs) -> dict[str, Any]:
    """List the accounts of an area, in whatever case it is written, without closed ones.

    Each has account, name, email, phone, address, area, status, high_value.
    """
    found = [_shown(it) for it in book.all("account", area=inputs.text("area")) if it["status"] != "closed"]
    return {"accounts": [{name: it[name] for name in it if name != "currency"} for it in found]}


@operation("account.close", "account reason?", "account status closed_at", "account_unknown account_closed")
def close(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Close an account. Taken back by account.reopen."""
    account = open_account(book, inputs)
    return _standing(book.change("account", account, status="closed", closed_at=book.now))


@operation("account.reopen", "account", "account status closed_at", "account_unknown account_not_closed")
def reopen(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Open a closed account again."""
    account = account_of(book, inputs)
    if account["status"] != "closed":
        raise refusal("account_not_closed", f"Expected {account['number']} to be closed, but it is not.")
    return _standing(book.change("account", account, status="active", closed_at=None))


def _standing(account: Row) -> dict[str, Any]:
    return {"account": account["number"], "status": account["status"], "closed_at": account["closed_at"]}


@operation(
    "account.suspend", "account reason?", "account status", "account_unknown account_closed account_suspended"
)
def suspend(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Suspend an account's service. Taken back by account.reactivate."""
    account = open_account(book, inputs)
    if account["status"] == "suspended":
        raise refusal("account_suspended", f"Expected {account['number']} to be active, but it is suspended.")
    book.change("account", account, status="suspended")
    return {"account": account["number"], "status": "suspended"}


@operation(
    "account.reactivate", "account", "account status", "account_unknown account_closed account_not_suspended"
)
def reactivate(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Let a suspended account's service go on."""
    account = open_account(book, inputs)
    if account["status"] != "suspended":
        raise refusal(
            "account_not_suspended", f"Expected {account['number']} to be suspended, but it is active."
        )
    book.change("account", account, status="active")
    return {"account": account["number"], "status": "active"}
