"""The book that operations read and write: one desk's records at one moment, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

Row = Mapping[str, Any]


class Book(Protocol):
    """Records by kind (`account`, `invoice`, …) and number. What was read stays locked until the transaction ends.

    Whoever reads several kinds reads the account first.
    """

    @property
    def now(self) -> datetime:
        """The moment of the operation, in UTC."""

    @property
    def zone(self) -> tzinfo:
        """The time zone of the desk."""

    @property
    def today(self) -> date:
        """The date of that moment in the zone of the desk."""

    def find(self, kind: str, number: str) -> Row | None:
        """Return the record of a number, or None. The account that it belongs to is locked before it."""

    def all(self, kind: str, **equal: Any) -> list[Row]:
        """Return the records whose columns have these values, in the order in which they were added."""

    def glance(self, kind: str, **equal: Any) -> list[Row]:
        """Return the same as `all`, of whatever account, without locking it and without waiting for anybody."""

    def add(self, kind: str, **values: Any) -> Row:
        """Add a record and return it; one without a number gets the next free one. Raises Conflict if it exists."""

    def change(self, kind: str, row: Row, **values: Any) -> Row:
        """Change a record that was found, and return it."""
