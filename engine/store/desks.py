"""Desks, and small things that belong to a whole installation: the test clock and the trail's partitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.store.repository import Repository

_COLUMNS = "id, key, title, pack, time_zone, created_at"


@dataclass(frozen=True)
class Desk:
    """An organisation at work. `time_zone` is an IANA name."""

    id: int
    key: str
    title: str
    pack: str
    time_zone: str
    created_at: datetime


class Desks(Repository):
    """All desks of an installation."""

    def add(self, key: str, title: str, pack: str, time_zone: str, now: datetime) -> Desk:
        """Return the desk with a key, made if there is none yet."""
        self._run(
            """INSERT INTO desk (key, title, pack, time_zone, created_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (key) DO NOTHING""",
            key, title, pack, time_zone, now,
        )  # fmt: skip
        desk = self.by_key(key)
        assert desk is not None
        return desk

    def by_key(self, key: str) -> Desk | None:
        """Return a desk by its key, or None."""
        return self._one(Desk, f"SELECT {_COLUMNS} FROM desk WHERE key = %s", key)

    def get(self, desk_id: int) -> Desk | None:
        """Return a desk, or None."""
        return self._one(Desk, f"SELECT {_COLUMNS} FROM desk WHERE id = %s", desk_id)

    def all(self) -> list[Desk]:
        """Return every desk, the oldest first."""
        return self._all(Desk, f"SELECT {_COLUMNS} FROM desk ORDER BY id")


class Installation(Repository):
    """What belongs to no desk."""

    def read_test_clock(self) -> datetime | None:
        """Return the moment that processes under --test-clock take for now; None if it was never set."""
        moment: datetime | None = self._value("SELECT now FROM test_clock")
        return moment

    def set_test_clock(self, now: datetime) -> None:
        """Set that moment for every process under --test-clock."""
        self._run(
            """INSERT INTO test_clock (one_row, now) VALUES (true, %s)
               ON CONFLICT (one_row) DO UPDATE SET now = excluded.now""",
            now,
        )

    def make_partitions(self, now: datetime, months: int = 3) -> int:
        """Make the trail's partitions from `now` on, where they are missing; return how many were made."""
        made: int = self._value("SELECT casepath_make_partitions(%s::date, %s)", now, months)
        return made

    def revision(self) -> str:
        """Return the revision of the tables, as Alembic names it."""
        revision: str = self._value("SELECT version_num FROM alembic_version")
        return revision
