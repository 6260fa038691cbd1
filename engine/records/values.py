"""Reading single values of records and of an operation's inputs: each says what it expected and what it found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from ipaddress import ip_address
from typing import Any

from engine.cards import is_masked, without_card_numbers
from engine.currencies import known_currency
from engine.errors import InvalidInput
from engine.feel.numbers import short_text
from engine.feel.temporal import parse_date, parse_date_time
from engine.money import MOST, exact

MOST_TEXT = 2_000
MOST_COUNT = 1_000_000
MOMENT_OF_ENTRY = object()
currency = known_currency


def text(value: Any) -> str:
    """Return a text that is not empty, without spaces around; a whole number counts as its digits."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value):
        value = str(int(value))
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"Expected a text, but found {value!r}.")
    if len(value) > MOST_TEXT or "\0" in value:
        raise InvalidInput(f"Expected a text of at most {MOST_TEXT:,} characters, but it has {len(value):,}.")
    return value.strip()


def flag(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise InvalidInput(f"Expected true or false, but found {value!r}.")
    return value


def count(value: Any) -> int:
    """Return a whole number from 0 to a million."""
    number = exact(value)
    if number != int(number) or not 0 <= number <= MOST_COUNT:
        raise InvalidInput(
            f"Expected a whole number from 0 to {MOST_COUNT:,}, but found {short_text(number)}."
        )
    return int(number)


def amount(value: Any) -> Decimal:
    """Return an amount of more than 0; whether its decimals fit its currency is judged beside that."""
    number = amount_or_nothing(value)
    if not number:
        raise InvalidInput("Expected an amount of more than 0, but it is 0.")
    return number


def amount_or_nothing(value: Any) -> Decimal:
    """Return an amount of 0 or more."""
    number = exact(value)
    if not 0 <= number <= MOST:
        raise InvalidInput(f"Expected an amount from 0 to {MOST:,}, but it is {short_text(number)}.")
    return number


def day(value: Any) -> date:
    """Return a date, also of a text such as 2026-03-01."""
    found = parse_date(value) if isinstance(value, str) else value
    if isinstance(found, datetime) or not isinstance(found, date):
        raise InvalidInput(f"Expected a date such as 2026-03-01, but found {value!r}.")
    return found


def moment(value: Any) -> datetime:
    """Return a moment with its zone, also of a text such as 2026-03-01T09:00:00Z."""
    found = parse_date_time(value) if isinstance(value, str) else value
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise InvalidInput(
            f"Expected a moment with its zone such as 2026-03-01T09:00:00Z, but found {value!r}."
        )
    return found


def card(value: Any) -> str:
    """Return a card as brand and last four digits; a number with a wrong check digit is refused, not repeated."""
    shown: str = without_card_numbers(text(value))
    if not is_masked(shown):
        raise InvalidInput(
            "Expected a card number with a right check digit, or its brand and last four digits"
            " as in “Visa •••• 1111”, but found something else."
        )
    return shown


def ip(value: Any) -> str:
    """Return an IP address in its one written form."""
    said = text(value)
    try:
        return ip_address(said).compressed
    except ValueError:
        raise InvalidInput(f"Expected an IP address such as 203.0.113.7, but found “{said}”.") from None


def texts(value: Any) -> list[str]:
    """Return a list of texts; one text is a list of one."""
    return [text(it) for it in (value if isinstance(value, list | tuple) else [value])]


def items(value: Any) -> list[dict[str, Any]]:
    """Return what is shipped: models with quantities. A text is one of that model."""
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise InvalidInput("Expected something to ship, but the list is empty.")
    return [_item(it) for it in listed]


def _item(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {"model": text(value), "quantity": 1}
    if "model" not in value or not set(value) <= {"model", "quantity", "serial"}:
        raise InvalidInput(f"Expected a model with its quantity (and serial) to ship, but found {value!r}.")
    quantity = count(value.get("quantity", 1))
    if not quantity:
        raise InvalidInput("Expected at least 1 of each model to ship, but found 0.")
    serial = {"serial": text(value["serial"])} if value.get("serial") is not None else {}
    return {"model": text(value["model"]), "quantity": quantity, **serial}


def settlements(value: Any) -> list[dict[str, Any]]:
    """Return what a payment has settled: invoices with amounts."""
    if not isinstance(value, list) or not value:
        raise InvalidInput(f"Expected a list of invoices with amounts, but found {value!r}.")
    return [_settlement(it) for it in value]


def _settlement(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != {"invoice", "amount"}:
        raise InvalidInput(f"Expected an invoice with its amount, but found {value!r}.")
    return {"invoice": text(value["invoice"]), "amount": amount(value["amount"])}


def one_of(*words: str) -> Callable[[Any], str]:
    """Return a reader of one of these words."""

    def read(value: Any) -> str:
        if value not in words:
            raise InvalidInput(f"Expected one of {', '.join(words)}, but found {value!r}.")
        return str(value)

    return read
