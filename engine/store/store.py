"""The store: where a unit of work and every other transaction begins."""

from __future__ import annotations

from contextlib import AbstractContextManager

from engine.store.database import Connection, Database
from engine.store.unit_of_work import UnitOfWork


class Store:
    """Casepath's database. `database_url` is a libpq URL or conninfo of a role that may become casepath_app."""

    def __init__(self, database_url: str, *, pool_size: int = 8) -> None:
        self.database = Database(database_url, size=pool_size)

    def unit_of_work(self, desk_id: int) -> UnitOfWork:
        """Begin the one transaction of a step; use as a context manager."""
        return UnitOfWork(self.database, desk_id)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Begin any other transaction: committed at the end, rolled back if anything raises."""
        return self.database.transaction()

    def close(self) -> None:
        """Close every idle connection."""
        self.database.close()
