"""Records that come from outside, by import or from a scenario: judged part by part, then added to the book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.cards import without_card_numbers
from engine.currencies import decimals_of
from engine.errors import InvalidInput
from engine.records.book import Book, Row
from engine.records.kinds import KINDS, NEEDED, Kind
from engine.records.values import MOMENT_OF_ENTRY

_MONEY = ("amount", "price", "early_fee", "paid", "refunded")
BY_PLURAL: Mapping[str, Kind] = {kind.plural: kind for kind in KINDS.values()}


def entered(book: Book, kind: Kind, raw: Mapping[str, Any]) -> Row:
    """Add a record as somebody wrote it, and return it.

    `raw` holds FEEL data. Raises InvalidInput naming each wrong part, Conflict for a number that exists.
    """
    values, wrong = _read(book, kind, raw)
    if not wrong:
        wrong = _judged_together(book, kind, values)
    if wrong:
        told = " ".join(f"{name}: {sentence}" for name, sentence in wrong.items())
        raise InvalidInput(f"Expected a record of the kind {kind.name}, but: {told}", wrong)
    return book.add(kind.name, **values)


def _read(book: Book, kind: Kind, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    known = ", ".join(kind.names)
    wrong = {name: f"Expected one of {known}, but found this." for name in raw if name not in kind.names}
    for part in kind.parts:
        if raw.get(part.name) is None:
            values[part.name] = book.now if part.default is MOMENT_OF_ENTRY else part.default
            if part.default is NEEDED:
                wrong[part.name] = "Expected a value, but there is none."
            continue
        try:
            values[part.name] = without_card_numbers(part.read(raw[part.name]))
        except InvalidInput as error:
            wrong[part.name] = str(error)
    return values, wrong


def _judged_together(book: Book, kind: Kind, values: dict[str, Any]) -> dict[str, str]:
    """Fill in what follows from other parts, and return what doesn't fit together."""
    account = book.find("account", values["account"]) if values.get("account") else None
    if values.get("account") and account is None:
        return {"account": f"Expected an account that exists, but there is no {values['account']}."}
    if "currency" in values and values["currency"] is None and account is not None:
        values["currency"] = account["currency"]
    if account is not None and values.get("currency", account["currency"]) != account["currency"]:
        sentence = f"Expected {account['currency']}, in which the account is, but found {values['currency']}."
        return {"currency": sentence}
    if kind.name == "amendment" and not book.all(
        "contract", number=values["contract"], account=values["account"]
    ):
        sentence = f"Expected a contract of {values['account']}, but {values['contract']} is none."
        return {"contract": sentence}
    if kind.name == "equipment" and values["status"] is None:
        values["status"] = "in_stock" if account is None else "assigned"
    return {**_amounts(values), **_units(kind, values)}


def _units(kind: Kind, values: Mapping[str, Any]) -> dict[str, str]:
    """A unit is with an account exactly if it is assigned; no more is held than there is, and no less than one."""
    if kind.name == "equipment" and (values["status"] == "assigned") != (values["account"] is not None):
        return {"status": f"Expected assigned exactly with an account, but it is {values['status']}."}
    if kind.name == "stock" and values["reserved"] > values["quantity"]:
        sentence = f"Expected at most {values['quantity']}, which there are, but it is {values['reserved']}."
        return {"reserved": sentence}
    if kind.name == "reservation" and values["quantity"] < 1:
        return {"quantity": "Expected at least 1, but it is 0."}
    return {}


def _amounts(values: Mapping[str, Any]) -> dict[str, str]:
    """An amount has no more decimals than its currency; what is paid or refunded is no more than the amount."""
    wrong: dict[str, str] = {}
    for name in _MONEY:
        amount, currency = values.get(name), values.get("currency")
        if not amount:
            continue
        if currency is None:
            wrong["currency"] = "Expected the currency of an amount, but there is none."
        elif -amount.normalize().as_tuple().exponent > decimals_of(currency):
            wrong[name] = (
                f"Expected at most {decimals_of(currency)} decimals in {currency}, but it is {amount:f}."
            )
    for name in ("paid", "refunded"):
        if values.get(name) and values[name] > values["amount"]:
            wrong[name] = (
                f"Expected no more than the amount of {values['amount']:f}, but it is {values[name]:f}."
            )
    return wrong
