"""The inbox: what a person can do next, by deadline.

Folders are conditions on open tasks; only `waiting` is about tickets, those that nobody can do anything for now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.errors import NotFound
from engine.reads.page import Page, after, cut, moment, whole
from engine.store.repository import Repository

# Counting further helps nobody, and costs more the more there is.
MOST_COUNTED = 1000


class Asker(Protocol):
    """Who looks into the inbox."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def roles(self) -> Collection[str]: ...
    @property
    def queues(self) -> Collection[str]: ...


@dataclass(frozen=True)
class InboxItem:
    """A row of the inbox: an open task, or (in `waiting`, without task) a ticket and its next timer.

    `due_at` is that of the task or timer, or of the ticket's nearest running goal, whichever comes first.
    """

    task_id: UUID | None
    element: str | None
    name: str | None
    ticket_number: int
    subject: str
    label: str
    requester_name: str | None
    queue: str | None
    priority: str | None
    opened_at: datetime
    due_at: datetime | None
    assignee: UUID | None
    assignee_name: str | None
    revision: int | None
    skills: list[str]


# What is promised about a ticket holds for whoever works on it, whether or not the task has a due date of its own.
_DUE = """LEAST(t.due_at, (SELECT min(g.due_at) FROM goal_clock g
    WHERE g.desk_id = t.desk_id AND g.ticket_number = t.ticket_number AND g.status = 'running'))"""
_MINE = "t.assignee = %(person)s"
_OURS = """t.assignee IS NULL AND (t.queue = ANY(%(queues)s) OR t.candidate_groups && %(groups)s
    OR t.queue IS NULL AND t.candidate_groups = '{}')"""
FOLDERS: Mapping[str, str] = {
    "mine": _MINE,
    "queues": _OURS,
    "overdue": f"{_DUE} <= %(now)s AND (%(leads)s OR {_MINE} OR {_OURS})",
    "all": "true",
}
_LEADING = frozenset({"lead", "admin", "owner"})

_TASKS = f"""
SELECT t.id AS task_id, t.element, t.name, t.ticket_number, k.subject, k.label, c.name AS requester_name, t.queue,
    COALESCE(t.priority, k.priority) AS priority, t.opened_at, {_DUE} AS due_at, t.assignee, p.name AS assignee_name,
    t.revision, t.skills
FROM task t
JOIN ticket k ON k.desk_id = t.desk_id AND k.number = t.ticket_number
LEFT JOIN customer c ON c.desk_id = k.desk_id AND c.id = k.requester_id
LEFT JOIN person p ON p.desk_id = t.desk_id AND p.id = t.assignee
WHERE t.desk_id = %(desk)s AND t.state = 'open' AND ({{folder}}) {{after}}
ORDER BY COALESCE({_DUE}, 'infinity'::timestamptz), t.opened_at, t.id LIMIT %(limit)s
"""
_TASKS_AFTER = f"""AND (COALESCE({_DUE}, 'infinity'::timestamptz), t.opened_at, t.id)
    > (%(due)s::timestamptz, %(opened)s::timestamptz, %(last)s::uuid)"""

_WAITING_TICKETS = """FROM ticket k WHERE k.desk_id = %(desk)s AND k.closed_at IS NULL AND NOT EXISTS (
    SELECT FROM task t WHERE t.desk_id = k.desk_id AND t.ticket_number = k.number AND t.state = 'open')"""
_WAITING = f"""
WITH waiting AS (
    SELECT k.*, LEAST((SELECT min(m.due_at) FROM timer m
            WHERE m.desk_id = k.desk_id AND m.ticket_number = k.number AND m.state = 'armed' AND m.goal IS NULL),
        (SELECT min(g.due_at) FROM goal_clock g
            WHERE g.desk_id = k.desk_id AND g.ticket_number = k.number AND g.status = 'running')) AS due_at
    {_WAITING_TICKETS}
)
SELECT NULL::uuid AS task_id, NULL AS element, NULL AS name, k.number AS ticket_number, k.subject, k.label,
    c.name AS requester_name, k.queue, k.priority, k.opened_at, k.due_at, NULL::uuid AS assignee,
    NULL AS assignee_name, NULL::int AS revision, ARRAY[]::text[] AS skills
FROM waiting k LEFT JOIN customer c ON c.desk_id = k.desk_id AND c.id = k.requester_id
WHERE true {{after}}
ORDER BY COALESCE(k.due_at, 'infinity'::timestamptz), k.number LIMIT %(limit)s
"""
_WAITING_AFTER = """AND (COALESCE(k.due_at, 'infinity'::timestamptz), k.number)
    > (%(due)s::timestamptz, %(last)s::int)"""


class Inbox(Repository):
    """Questions of people who work tasks."""

    def inbox(
        self,
        desk_id: int,
        who: Asker,
        folder: str,
        *,
        now: datetime,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[InboxItem]:
        """Return a page of a folder (mine, queues, waiting, overdue, all), the nearest deadline first.

        Raises NotFound for an unknown folder.
        """
        values = {**_asking(desk_id, who, now), "limit": limit + 1}
        if folder == "waiting":
            return self._waiting(values, cursor, limit)
        if folder not in FOLDERS:
            raise NotFound(f"Expected one of the folders of the inbox, but there is no {folder!r}.")
        seen = after(cursor, moment, moment, UUID)
        if seen:
            values |= dict(zip(("due", "opened", "last"), seen, strict=True))
        sql = _TASKS.format(folder=FOLDERS[folder], after=_TASKS_AFTER if seen else "")
        return cut(self._all(InboxItem, sql, values), limit, "due_at", "opened_at", "task_id")

    def inbox_counts(self, desk_id: int, who: Asker, *, now: datetime) -> dict[str, int]:
        """Return how much lies in each folder; from MOST_COUNTED on, counting stops."""
        counts = {
            name: f"SELECT FROM task t WHERE t.desk_id = %(desk)s AND t.state = 'open' AND ({condition})"
            for name, condition in FOLDERS.items()
        } | {"waiting": f"SELECT {_WAITING_TICKETS}"}
        columns = ", ".join(
            f"(SELECT count(*) FROM ({question} LIMIT {MOST_COUNTED}) AS counted) AS {name}"
            for name, question in counts.items()
        )
        with self._lend() as connection:
            row = connection.execute(f"SELECT {columns}", _asking(desk_id, who, now)).fetchone() or ()
        return dict(zip(counts, row, strict=True))

    def _waiting(self, values: dict[str, Any], cursor: str | None, limit: int) -> Page[InboxItem]:
        seen = after(cursor, moment, whole)
        if seen:
            values |= {"due": seen[0], "last": seen[1]}
        sql = _WAITING.format(after=_WAITING_AFTER if seen else "")
        return cut(self._all(InboxItem, sql, values), limit, "due_at", "ticket_number")


def _asking(desk_id: int, who: Asker, now: datetime) -> dict[str, Any]:
    return {
        "desk": desk_id,
        "person": who.person_id,
        "queues": list(who.queues),
        "groups": [*who.queues, *who.roles],
        "leads": bool(_LEADING & set(who.roles)),
        "now": now,
    }
