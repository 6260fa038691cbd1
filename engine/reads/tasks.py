"""Tasks as pages and the API read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import NotFound
from engine.reads.page import Page, after, cut, moment
from engine.store.repository import Repository


@dataclass(frozen=True)
class Task:
    """A task with its ticket's subject and the version that it runs on.

    `reason` says why Casepath chose the assignee, or nobody; None where it had no part in that.
    """

    desk_id: int
    id: UUID
    instance_id: UUID
    ticket_number: int
    subject: str
    element: str
    name: str
    form: str | None
    queue: str | None
    candidate_groups: list[str]
    assignee: UUID | None
    assignee_name: str | None
    state: str
    priority: str | None
    opened_at: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    closed_by_id: str | None
    closed_by_name: str | None
    revision: int
    process: str
    version: int
    snapshot_id: UUID
    skills: list[str]
    reason: str | None


_TASK = """
SELECT t.desk_id, t.id, t.instance_id, t.ticket_number, k.subject, t.element, t.name, t.form, t.queue,
    t.candidate_groups, t.assignee, p.name AS assignee_name, t.state, COALESCE(t.priority, k.priority) AS priority,
    t.opened_at, t.due_at, t.claimed_at, t.closed_at, t.closed_by_id, t.closed_by_name, t.revision,
    i.process, i.version, COALESCE(t.snapshot_id, i.snapshot_id) AS snapshot_id, t.skills, t.reason
FROM task t
JOIN ticket k ON k.desk_id = t.desk_id AND k.number = t.ticket_number
JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
LEFT JOIN person p ON p.desk_id = t.desk_id AND p.id = t.assignee
WHERE t.desk_id = %(desk)s
"""


class Tasks(Repository):
    """Questions about single tasks and lists of them."""

    def task(self, desk_id: int, task_id: UUID) -> Task:
        """Return a task, open or closed. Raises NotFound."""
        found = self._one(Task, _TASK + "AND t.id = %(id)s", {"desk": desk_id, "id": task_id})
        if found is None:
            raise NotFound(f"Expected task {task_id} to exist at this desk, but there is none.")
        return found

    def tasks(
        self,
        desk_id: int,
        *,
        ticket: int | None = None,
        queue: str | None = None,
        assignee: UUID | None = None,
        state: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Task]:
        """Return tasks by these filters, the oldest first."""
        values: dict[str, Any] = {"desk": desk_id, "limit": limit + 1}
        sql = _TASK
        for column, value in (
            ("ticket_number", ticket),
            ("queue", queue),
            ("assignee", assignee),
            ("state", state),
        ):
            if value is not None:
                sql += f" AND t.{column} = %({column})s"
                values[column] = value
        if seen := after(cursor, moment, UUID):
            sql += " AND (t.opened_at, t.id) > (%(opened)s::timestamptz, %(last)s::uuid)"
            values |= {"opened": seen[0], "last": seen[1]}
        sql += " ORDER BY t.opened_at, t.id LIMIT %(limit)s"
        return cut(self._all(Task, sql, values), limit, "opened_at", "id")
