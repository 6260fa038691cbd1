"""A desk with records on the real database, whose clock the test moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.bookkeeping import Bookkeeping
from engine.clock import VirtualClock
from engine.records import BY_PLURAL
from engine.store import Store

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


class Ledger:
    """One desk's records: what is given, what is done, what stands there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = VirtualClock(NOON)
        self.keeping = Bookkeeping(store, self.clock)
        self.desk_id = store.desks.add(f"ledger_{uuid4()}", "Ledger", "none", "Europe/Rome", NOON).id

    def given(self, **records: list[Mapping[str, Any]]) -> None:
        """Add records, by the words for many."""
        listed = [(BY_PLURAL[plural], row) for plural, rows in records.items() for row in rows]
        self.keeping.enter(self.desk_id, listed)

    def do(self, operation: str, key: UUID | None = None, part: str = "", **inputs: Any) -> dict[str, Any]:
        """Do an operation, under a key of its own unless one is named."""
        return self.keeping.do(self.desk_id, operation, inputs, key=(key or uuid4(), part))

    def everything_chained(self) -> str:
        """All that the desk's chain says, with the values beside it."""
        sql = "SELECT convert_from(value, 'UTF8') FROM trail_value WHERE desk_id = %s"
        with self.store.transaction() as connection:
            return "\n".join(row[0] for row in connection.execute(sql, (self.desk_id,)))

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every record of a kind."""
        return [dict(row) for row in self.keeping.listed(self.desk_id, kind)]


@pytest.fixture(scope="session")
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """A desk with two accounts, one of them closed."""
    made = Ledger(store)
    made.given(
        accounts=[
            {
                "number": "A-1",
                "name": "Ann",
                "email": "ann@example.com",
                "phone": "+39 06 555 01",
                "currency": "EUR",
            },
            {"number": "A-2", "name": "Bob", "currency": "EUR", "status": "closed"},
        ]
    )
    return made
