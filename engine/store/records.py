"""The records of a desk in SQL: one book over all kinds, and the operations that were done under their keys.

Each kind is a table whose columns are the kind's parts, so that one set of statements serves them all. Names of
tables and columns come from `engine.records.kinds`, never from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from engine.errors import Conflict
from engine.feel.codec import from_json
from engine.feel.numbers import canonical
from engine.records import KINDS, Kind, Row
from engine.store.database import Connection
from engine.store.statements import feel_json

_NEXT_NUMBER = """
INSERT INTO record_number (desk_id, kind, last) VALUES (%s, %s, 1)
ON CONFLICT (desk_id, kind) DO UPDATE SET last = record_number.last + 1 RETURNING last
"""
# People write mail addresses in any case and phone numbers in any grouping.
_ALIKE = {
    "email": "lower(email) = lower(%s)",
    "area": "lower(area) = lower(%s)",
    "phone": "regexp_replace(phone, '[^0-9]', '', 'g') = regexp_replace(%s, '[^0-9]', '', 'g')",
}
_LOCK_ACCOUNT = """
SELECT FROM account
WHERE desk_id = %s AND number = (SELECT account FROM {kind} WHERE desk_id = %s AND {key} = %s) FOR NO KEY UPDATE
"""
_CLAIM = """
INSERT INTO record_operation (desk_id, key, part, operation, inputs_hash, done_at, ticket_number)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING key
"""
_CLAIMED = """
SELECT operation, inputs_hash, answer FROM record_operation WHERE desk_id = %s AND key = %s AND part = %s
"""
_ANSWERED = """
UPDATE record_operation SET answer = %s, account = %s WHERE desk_id = %s AND key = %s AND part = %s
"""


class SqlBook:
    """The records of a desk in one transaction. Whatever is read is locked, the account of it first.

    Two operations on the same account therefore come one after the other, whatever else they touch. `account` is
    the one of which a record was changed last.
    """

    def __init__(self, connection: Connection, desk_id: int, now: datetime, zone: tzinfo) -> None:
        self._connection = connection
        self._desk_id = desk_id
        self._now, self._zone = now.astimezone(UTC), zone
        self.account: str | None = None

    @property
    def now(self) -> datetime:
        """The moment of the operation, in UTC."""
        return self._now

    @property
    def zone(self) -> tzinfo:
        """The time zone of the desk."""
        return self._zone

    @property
    def today(self) -> date:
        """The date of that moment in the zone of the desk."""
        return self._now.astimezone(self._zone).date()

    def find(self, kind: str, number: str) -> Row | None:
        """Return the record of a number, locked, or None."""
        key = KINDS[kind].key
        if "account" in KINDS[kind].names:
            self._connection.execute(
                _LOCK_ACCOUNT.format(kind=kind, key=key), (self._desk_id,) * 2 + (number,)
            )
        found = self.all(kind, **{key: number})
        return found[0] if found else None

    def all(self, kind: str, **equal: Any) -> list[Row]:
        """Return the records whose columns have these values, locked, in the order in which they were added."""
        return self._read(kind, equal, "FOR NO KEY UPDATE")

    def glance(self, kind: str, **equal: Any) -> list[Row]:
        """Return the same as `all`, of whatever account, without locking it and without waiting for anybody."""
        return self._read(kind, equal, "")

    def _read(self, kind: str, equal: Mapping[str, Any], lock: str) -> list[Row]:
        conditions = "".join(f" AND {_ALIKE.get(name, f'{name} = %s')}" for name in equal)
        sql = f"""SELECT {", ".join(KINDS[kind].names)} FROM {kind} WHERE desk_id = %s{conditions}
                  ORDER BY place {lock}"""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return [read_row(row) for row in cursor.execute(sql, (self._desk_id, *equal.values()))]

    def add(self, kind: str, **values: Any) -> Row:
        """Add a record and return it; one without a number gets the next free one. Raises Conflict if it exists."""
        known = KINDS[kind]
        if values.get(known.key) is None:
            values[known.key] = self._next_number(known)
        names = ", ".join(("desk_id", *values))
        marks = ", ".join(["%s"] * (len(values) + 1))
        sql = f"INSERT INTO {kind} ({names}) VALUES ({marks}) ON CONFLICT (desk_id, {known.key}) DO NOTHING"
        try:
            added = self._connection.execute(sql, (self._desk_id, *map(_write, values.values()))).rowcount
        except (
            psycopg.errors.UniqueViolation
        ) as error:  # a second active contract, a reference recorded twice
            hindrance = error.diag.message_detail
            raise Conflict(
                f"Expected a new {kind}, but another one stands in its way: {hindrance}"
            ) from error
        if not added:
            raise Conflict(f"Expected a new {kind}, but {values[known.key]} exists.")
        return self._changed(kind, {**dict.fromkeys(known.names), **values})

    def change(self, kind: str, row: Row, **values: Any) -> Row:
        """Change a record that was found, and return it."""
        key = KINDS[kind].key
        marks = ", ".join(f"{name} = %s" for name in values)
        sql = f"UPDATE {kind} SET {marks} WHERE desk_id = %s AND {key} = %s"
        self._connection.execute(sql, (*map(_write, values.values()), self._desk_id, row[key]))
        return self._changed(kind, {**row, **values})

    def _changed(self, kind: str, row: Row) -> Row:
        self.account = row["number"] if kind == "account" else row.get("account") or self.account
        return row

    def _next_number(self, kind: Kind) -> str:
        """Numbers that came with an import are passed over."""
        while True:
            row = self._connection.execute(_NEXT_NUMBER, (self._desk_id, kind.name)).fetchone()
            assert row is not None
            number = f"{kind.prefix}-{row[0]}"
            taken = f"SELECT 1 FROM {kind.name} WHERE desk_id = %s AND {kind.key} = %s"
            if self._connection.execute(taken, (self._desk_id, number)).fetchone() is None:
                return number


@dataclass(frozen=True)
class DoneOperation:
    """An operation that was done under a key; `answer` holds FEEL values."""

    operation: str
    inputs_hash: bytes
    answer: dict[str, Any]


def claim(
    connection: Connection,
    desk_id: int,
    key: tuple[UUID, str],
    wish: tuple[str, bytes],
    at: datetime,
    ticket: int | None,
) -> DoneOperation | None:
    """Take a key (and part) for an operation with the hash of its inputs, or return what was done under it.

    Whoever comes second waits here until the first has committed or failed.
    """
    values = (desk_id, *key, *wish, at, ticket)
    if connection.execute(_CLAIM, values).fetchone() is not None:
        return None
    row = connection.execute(_CLAIMED, (desk_id, *key)).fetchone()
    assert row is not None
    return DoneOperation(row[0], row[1], from_json(row[2]))


def answered(
    connection: Connection,
    desk_id: int,
    key: tuple[UUID, str],
    answer: Mapping[str, Any],
    account: str | None,
) -> None:
    """Keep what an operation answered, beside its key, and whose account it was about."""
    connection.execute(_ANSWERED, (feel_json(answer), account, desk_id, *key))


def read_row(row: Mapping[str, Any]) -> Row:
    """Return a record of a table as operations know it: FEEL's numbers, and lists of contexts out of their JSON."""
    return {name: _value(it) for name, it in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return canonical(value)
    return from_json(value) if _is_nested(value) else value


def _write(value: Any) -> Any:
    """Lists of contexts are JSON; other lists are PostgreSQL's."""
    return feel_json(value) if _is_nested(value) else list(value) if isinstance(value, tuple) else value


def _is_nested(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(it, dict) for it in value)
