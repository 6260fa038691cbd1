"""The inputs of one operation, each read as what it must be.

An input that is missing or of a wrong shape is a mistake in the diagram, so it raises InvalidInput and opens an
incident. What a person may have got wrong (an amount, a quantity, a date) is a BPMN error that a diagram may catch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from engine.cards import without_card_numbers
from engine.errors import InvalidInput
from engine.feel.numbers import short_text
from engine.feel.temporal import parse_date_time
from engine.money import amount_of
from engine.records import values
from engine.records.book import Book, Row
from engine.records.errors import refusal

_Read = TypeVar("_Read")


class Inputs:
    """What an operation was handed, by name."""

    def __init__(self, operation: str, given: Mapping[str, Any]) -> None:
        self._operation = operation
        self._given = given

    def text(self, name: str) -> str:
        """Return a needed text."""
        return self._needed(name, values.text)

    def maybe_text(self, name: str) -> str | None:
        """Return a text, or None where there is none."""
        return self._maybe(name, values.text)

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty where there is none."""
        return self._maybe(name, values.texts) or []

    def quantity(self, name: str) -> int:
        """Return a whole number from 1 on; 1 where there is none. Raises the BPMN error quantity_invalid."""
        try:
            found = self._maybe(name, values.count)
        except InvalidInput as error:
            raise refusal("quantity_invalid", str(error)) from error
        if found == 0:
            raise refusal("quantity_invalid", f"Expected “{name}” to be at least 1, but it is 0.")
        return found or 1

    def amount(self, account: Row, name: str = "amount", *, least: Decimal | None = None) -> Decimal:
        """Return an amount in the currency of an account, which stands in the input `currency`.

        Raises the BPMN errors currency_mismatch and amount_invalid.
        """
        currency = self.text("currency").upper()
        if currency != account["currency"]:
            raise refusal(
                "currency_mismatch",
                f"Expected {account['currency']}, in which account {account['number']} is, but found {currency}.",
            )
        try:
            return amount_of(self._given.get(name), currency, least=least)
        except InvalidInput as error:
            raise refusal("amount_invalid", str(error)) from error

    def day(self, name: str, book: Book) -> date:
        """Return a date; of a moment, its date at the desk. Raises the BPMN error date_invalid."""
        value = self._given.get(name)
        if isinstance(value, datetime):
            return (value.astimezone(book.zone) if value.tzinfo else value).date()
        try:
            return self._needed(name, values.day)
        except InvalidInput as error:
            raise refusal("date_invalid", str(error)) from error

    def maybe_day(self, name: str, book: Book) -> date | None:
        """Return a date, or None where there is none. Raises the BPMN error date_invalid."""
        return None if self._given.get(name) is None else self.day(name, book)

    def moment(self, name: str, book: Book) -> datetime:
        """Return a moment; a date is its first moment at the desk. Raises the BPMN error date_invalid."""
        value = self._given.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(), book.zone)
        try:
            return self._needed(name, lambda it: _placed(it, book))
        except InvalidInput as error:
            raise refusal("date_invalid", str(error)) from error

    def maybe_moment(self, name: str, book: Book) -> datetime | None:
        """Return a moment, or None where there is none. Raises the BPMN error date_invalid."""
        return None if self._given.get(name) is None else self.moment(name, book)

    def items(self, name: str) -> list[dict[str, Any]]:
        """Return what is to be shipped. Raises the BPMN error items_invalid."""
        try:
            return self._needed(name, values.items)
        except InvalidInput as error:
            raise refusal("items_invalid", str(error)) from error

    def card(self, name: str) -> str:
        """Return a card as brand and last four digits. Raises the BPMN error card_invalid."""
        try:
            return self._needed(name, values.card)
        except InvalidInput as error:
            raise refusal("card_invalid", str(error)) from error

    def ip(self, name: str) -> str:
        """Return an IP address. Raises the BPMN error ip_invalid."""
        try:
            return self._needed(name, values.ip)
        except InvalidInput as error:
            raise refusal("ip_invalid", str(error)) from error

    def percent(self, name: str) -> Decimal:
        """Return a share in percent; 0 where there is none. Raises the BPMN error amount_invalid."""
        found = self._maybe(name, values.amount_or_nothing) or Decimal(0)
        if found > 100:
            sentence = f"Expected at most 100 percent, but it is {short_text(found)}."
            raise refusal("amount_invalid", sentence)
        return found

    def _maybe(self, name: str, read: Callable[[Any], _Read]) -> _Read | None:
        return None if self._given.get(name) in (None, "") else self._needed(name, read)

    def _needed(self, name: str, read: Callable[[Any], _Read]) -> _Read:
        value = self._given.get(name)
        if value is None:
            raise InvalidInput(
                f"Expected the input “{name}” of {self._operation}, but it is missing or null."
            )
        try:
            found: _Read = without_card_numbers(read(value))
        except InvalidInput as error:
            raise InvalidInput(f"Input “{name}” of {self._operation}: {error}") from error
        return found


def _placed(value: Any, book: Book) -> datetime:
    """A moment that names no zone is meant at the desk."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=book.zone)
    if isinstance(value, str):
        found = parse_date_time(value)
        if found is not None and found.tzinfo is None:
            return found.replace(tzinfo=book.zone)
    return values.moment(value)
