"""The few questions that a rehearsal asks the database, about one desk only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from engine.feel.codec import from_json
from engine.store import Store

_NEXT_TIMER = """
SELECT id, due_at FROM timer
WHERE desk_id = %(desk)s AND timeline = %(timeline)s AND state = 'armed'
    AND (%(before)s::timestamptz IS NULL OR due_at < %(before)s)
    AND (%(until)s::timestamptz IS NULL OR due_at <= %(until)s)
ORDER BY due_at, id LIMIT 1
"""
_PENDING = """
SELECT o.id, o.instance_id, o.kind, o.ticket_number, o.payload AS stored, o.chain,
    COALESCE((o.payload ->> 'pack')::uuid, i.snapshot_id) AS snapshot_id
FROM outbox o JOIN instance i ON i.desk_id = o.desk_id AND i.id = o.instance_id
WHERE o.desk_id = %s AND o.timeline = %s AND o.state = 'pending' ORDER BY o.created_at, o.id
"""
_TICKET = """
SELECT t.number, t.status, t.label, t.queue, t.category, t.priority, t.subject, t.requester_id, t.closed_at,
    i.status AS instance_status
FROM ticket t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.desk_id = %s AND t.number = %s
"""
_TASKS = """
SELECT t.id, t.element, t.name, t.queue, t.assignee, p.login AS assignee_login, t.due_at, t.form FROM task t
LEFT JOIN person p ON p.desk_id = t.desk_id AND p.id = t.assignee
WHERE t.desk_id = %s AND t.ticket_number = %s AND t.state = 'open' ORDER BY t.opened_at, t.id
"""
_DEADLINES = """
SELECT element, due_at FROM timer
WHERE desk_id = %s AND ticket_number = %s AND state = 'armed' AND goal IS NULL ORDER BY due_at, element
"""


@dataclass(frozen=True)
class ArmedTimer:
    """The timer that is due next."""

    id: UUID
    due_at: datetime


@dataclass(frozen=True)
class PendingJob:
    """Something that must be told to the world."""

    id: UUID
    instance_id: UUID
    kind: str
    ticket_number: int
    snapshot_id: UUID
    stored: Any
    chain: int

    @property
    def payload(self) -> dict[str, Any]:
        """A mail's template, to, subject and body; a service's type and inputs; a thrown event's name and payload."""
        values: dict[str, Any] = from_json(self.stored)
        return values


@dataclass(frozen=True)
class TicketRow:
    """A ticket as its pages see it."""

    number: int
    status: str
    label: str
    queue: str | None
    category: str | None
    priority: str | None
    subject: str
    requester_id: UUID | None
    closed_at: datetime | None
    instance_status: str


@dataclass(frozen=True)
class TaskRow:
    """An open task."""

    id: UUID
    element: str
    name: str
    queue: str | None
    assignee: UUID | None
    assignee_login: str | None
    due_at: datetime | None
    form: str | None


def next_timer(
    store: Store, desk_id: int, timeline: str, *, before: datetime | None, until: datetime | None
) -> ArmedTimer | None:
    """Return the timer that is due first, before a moment or until and including one; None where none is."""
    asked = {"desk": desk_id, "timeline": timeline, "before": before, "until": until}
    with store.transaction() as connection, connection.cursor(row_factory=class_row(ArmedTimer)) as cursor:
        return cursor.execute(_NEXT_TIMER, asked).fetchone()


def pending_jobs(store: Store, desk_id: int, timeline: str) -> list[PendingJob]:
    """Return what waits in the outbox, the oldest first."""
    with store.transaction() as connection, connection.cursor(row_factory=class_row(PendingJob)) as cursor:
        return cursor.execute(_PENDING, (desk_id, timeline)).fetchall()


def ticket(store: Store, desk_id: int, number: int) -> TicketRow | None:
    """Return a ticket, or None."""
    with store.transaction() as connection, connection.cursor(row_factory=class_row(TicketRow)) as cursor:
        return cursor.execute(_TICKET, (desk_id, number)).fetchone()


def open_tasks(store: Store, desk_id: int, number: int) -> list[TaskRow]:
    """Return a ticket's open tasks, the oldest first."""
    with store.transaction() as connection, connection.cursor(row_factory=class_row(TaskRow)) as cursor:
        return cursor.execute(_TASKS, (desk_id, number)).fetchall()


def deadlines(store: Store, desk_id: int, number: int) -> list[tuple[str, datetime]]:
    """Return a ticket's armed timers: element and due moment (UTC), the next first."""
    with store.transaction() as connection:
        return [(element, due) for element, due in connection.execute(_DEADLINES, (desk_id, number))]


def done_commands(store: Store, desk_id: int, ids: list[UUID]) -> dict[UUID, int]:
    """Return which of these commands were done, each with its ticket's number."""
    sql = "SELECT id, (outcome ->> 'ticket')::int FROM command WHERE desk_id = %s AND id = ANY(%s)"
    with store.transaction() as connection:
        return dict(connection.execute(sql, (desk_id, ids)).fetchall())


def mark_lines(store: Store, rows: list[tuple[int, str, int, int, UUID]]) -> None:
    """Keep for lines of a replayed file (desk, hash, line) their ticket and command; known ones stay."""
    sql = """INSERT INTO replay_row (desk_id, file_hash, line, ticket_number, command_id, done_at)
             VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING"""
    with store.transaction() as connection, connection.cursor() as cursor:
        cursor.executemany(sql, rows)
