"""What is asked before a task is handed over: whether it still waits, and who of its queue is there with how much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from engine.errors import Conflict
from engine.store.database import Connection, Database
from engine.store.repository import Repository

_Row = TypeVar("_Row")

# A lock of two numbers is never one of the locks of one number, which single deliveries of commands wait on.
_ASSIGNING = 1
_LOCK = "SELECT pg_advisory_xact_lock(%s, %s)"
_UNTOUCHED = """
SELECT true FROM task WHERE desk_id = %s AND id = %s AND state = 'open' AND assignee IS NULL AND revision = %s
"""
_PEOPLE = """
SELECT p.id, p.login, p.name, p.skills,
    (SELECT count(*) FROM task t WHERE t.desk_id = p.desk_id AND t.assignee = p.id AND t.state = 'open'
        AND t.timeline = %(timeline)s)::int AS open,
    (SELECT max(t.claimed_at) FROM task t WHERE t.desk_id = p.desk_id AND t.assignee = p.id
        AND t.timeline = %(timeline)s) AS last
FROM person p
WHERE p.desk_id = %(desk)s AND p.active AND %(queue)s = ANY (p.queues) AND p.roles && ARRAY['agent', 'lead']
    AND (NOT p.away OR p.away_until <= %(now)s)
"""


class Assignments(Repository):
    """Questions about single tasks that wait for an assignment."""

    def untouched(self, desk_id: int, task_id: UUID, revision: int) -> bool:
        """Say whether a task is open and nobody's, as it was at that revision."""
        return bool(self._value(_UNTOUCHED, desk_id, task_id, revision))


class DeskAssigning:
    """One desk while nobody else assigns at it: what is read here is what holds when the task is handed over."""

    def __init__(self, connection: Connection, desk_id: int) -> None:
        self._connection = connection
        self._desk_id = desk_id

    def untouched(self, task_id: UUID, revision: int) -> bool:
        """Say whether a task is open and nobody's, as it was at that revision."""
        return self._connection.execute(_UNTOUCHED, (self._desk_id, task_id, revision)).fetchone() is not None

    def people(self, kind: type[_Row], queue: str, timeline: str, now: datetime) -> list[_Row]:
        """Return the active people of a queue who may work its tasks and are there at a moment.

        Each is a `kind` with id, login, name, skills, the count of `open` tasks they hold in a timeline, and when
        they took the `last` one (None for never).
        """
        asked = {"desk": self._desk_id, "queue": queue, "timeline": timeline, "now": now}
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(_PEOPLE, asked).fetchall()


@contextmanager
def assigning(database: Database, desk_id: int) -> Iterator[DeskAssigning]:
    """Wait until nobody else assigns at a desk, and keep others waiting meanwhile. Raises Conflict after too long.

    The server ends the lock with the transaction, also that of a worker which was killed.
    """
    with database.transaction() as connection:
        try:
            connection.execute(_LOCK, (_ASSIGNING, desk_id))
        except psycopg.errors.LockNotAvailable as error:
            raise Conflict(
                f"Expected to assign at desk {desk_id}, but somebody else has been at it for too long."
            ) from error
        yield DeskAssigning(connection, desk_id)
