"""What every repository shares: where its connection comes from.

Hanging on a `Store`, each statement is a transaction of its own. Hanging on a `DeskUnit`, all calls share that
unit's transaction. Methods are one statement or a few, with the SQL beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from psycopg.rows import class_row

from engine.store.database import Connection

Lender = Callable[[], AbstractContextManager[Connection]]
_Row = TypeVar("_Row")


class Repository:
    """Runs statements on a connection that is lent for each call."""

    def __init__(self, lend: Lender) -> None:
        self._lend = lend

    def _run(self, sql: str, *values: Any) -> int:
        """Run a write and return how many rows it touched."""
        with self._lend() as connection:
            return connection.execute(sql, _given(values)).rowcount

    def _value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row, or None without one."""
        with self._lend() as connection:
            row = connection.execute(sql, _given(values)).fetchone()
        return row[0] if row else None

    def _one(self, kind: type[_Row], sql: str, *values: Any) -> _Row | None:
        """Return the first row as a `kind`, or None without one."""
        with self._lend() as connection:
            return connection.cursor(row_factory=class_row(kind)).execute(sql, _given(values)).fetchone()

    def _all(self, kind: type[_Row], sql: str, *values: Any) -> list[_Row]:
        """Return every row as a `kind`."""
        with self._lend() as connection:
            return connection.cursor(row_factory=class_row(kind)).execute(sql, _given(values)).fetchall()


def _given(values: tuple[Any, ...]) -> Any:
    """A single mapping gives values by name, anything else by place."""
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else values
