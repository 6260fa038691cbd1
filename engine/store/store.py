"""The store: where a step's transaction, a desk's transaction and every single question begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from engine.store.access import Invitations, Sessions, Tokens
from engine.store.assignments import Assignments, DeskAssigning, assigning
from engine.store.catalogue import Catalogue
from engine.store.database import Connection, Database
from engine.store.desk_unit import DeskUnit
from engine.store.desks import Desks, Installation
from engine.store.mails import Mails
from engine.store.messages import Messages
from engine.store.outbox import Outbox
from engine.store.people import People
from engine.store.signals import Signals
from engine.store.timers import Timers
from engine.store.unit_of_work import UnitOfWork
from engine.store.uploads import Uploads
from engine.store.watch import Watch
from engine.store.work import Drafts, Replays, Tasks


class Store:
    """Casepath's database. `database_url` is a libpq URL or conninfo of a role that may become casepath_app.

    Each statement of its repositories is a transaction of its own.
    """

    def __init__(self, database_url: str, *, pool_size: int = 8) -> None:
        self.database = Database(database_url, size=pool_size)
        lend = self.database.borrowed
        self.desks, self.installation = Desks(lend), Installation(lend)
        self.people, self.sessions = People(lend), Sessions(lend)
        self.tokens, self.invitations = Tokens(lend), Invitations(lend)
        self.catalogue = Catalogue(lend)
        self.tasks, self.drafts, self.replays = Tasks(lend), Drafts(lend), Replays(lend)
        self.timers, self.outbox = Timers(lend), Outbox(lend)
        self.watch = Watch(lend)
        self.assignments = Assignments(lend)
        self.messages, self.signals = Messages(lend), Signals(lend)
        self.mails, self.uploads = Mails(lend), Uploads(lend)

    def unit_of_work(self, desk_id: int) -> UnitOfWork:
        """Begin the one transaction of a step; use as a context manager."""
        return UnitOfWork(self.database, desk_id)

    @contextmanager
    def desk_unit(self, desk_id: int) -> Iterator[DeskUnit]:
        """Begin a transaction of a desk: committed at the end, rolled back if anything raises."""
        with self.database.transaction() as connection:
            yield DeskUnit(connection, desk_id)

    def assigning(self, desk_id: int) -> AbstractContextManager[DeskAssigning]:
        """Keep others from assigning at a desk meanwhile. Raises Conflict where somebody else does for too long."""
        return assigning(self.database, desk_id)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Lend a connection for one transaction: committed at the end, rolled back if anything raises."""
        return self.database.transaction()

    def close(self) -> None:
        """Close every idle connection."""
        self.database.close()
