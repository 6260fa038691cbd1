"""A desk of its own for each test, and a hand that writes steps as the engine does, without the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from engine.store import Store
from tests.store.hand import Hand

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def hand(store: Store) -> Hand:
    desk = store.desks.add(f"desk-{uuid4()}", "A desk", "a_pack", "Europe/Rome", NOW)
    return Hand(store, desk.id, NOW)


@pytest.fixture
def owner(admin_database_url: str) -> Iterator[psycopg.Connection]:
    """A connection as the owner of the tables: somebody who can do what the application can't."""
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        yield connection
