"""The bundled packs, the test packs, and a desk of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from engine.catalog.pack import read_pack
from engine.deployments import Deployments
from engine.runtime.commands import SYSTEM
from engine.store import Store

ROOT = Path(__file__).resolve().parents[2]
DESK = ROOT / "processes" / "generic_desk"
HELPDESK = ROOT / "tests" / "packs" / "italian_helpdesk"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def helpdesk(store: Store) -> int:
    """A new desk on which the help desk's process is deployed; its id."""
    desk = store.desks.add(f"helpdesk-{uuid4()}", "Help desk", "italian_helpdesk", "Europe/Rome", NOW)
    Deployments(store).deploy(desk.id, read_pack(HELPDESK).files, SYSTEM)
    return desk.id
