"""Small things around running work: drafts, closed tasks, the lines of a replayed log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.cards import without_card_numbers
from engine.feel.codec import from_json
from engine.store.repository import Repository
from engine.store.statements import feel_json


@dataclass(frozen=True)
class HeldTask:
    """An open task in somebody's hands."""

    name: str
    assignee: UUID
    assignee_name: str
    claimed_at: datetime


@dataclass(frozen=True)
class ClosedTask:
    """A task as its end left it; `state` is open, completed or cancelled."""

    id: UUID
    name: str
    state: str
    closed_at: datetime | None
    closed_by_id: str | None
    closed_by_name: str | None


class Tasks(Repository):
    """Rows of tasks outside of a step."""

    def held(self, desk_id: int, task_id: UUID) -> HeldTask | None:
        """Return who holds an open task, since when; None where nobody does."""
        sql = """SELECT t.name, t.assignee, p.name AS assignee_name, t.claimed_at
                 FROM task t JOIN person p ON p.desk_id = t.desk_id AND p.id = t.assignee
                 WHERE t.desk_id = %s AND t.id = %s AND t.state = 'open' AND t.claimed_at IS NOT NULL"""
        return self._one(HeldTask, sql, desk_id, task_id)

    def closed(self, desk_id: int, task_id: UUID) -> ClosedTask | None:
        """Return how a task ended, or None if there is none with this id."""
        sql = """SELECT id, name, state, closed_at, closed_by_id, closed_by_name FROM task
                 WHERE desk_id = %s AND id = %s"""
        return self._one(ClosedTask, sql, desk_id, task_id)


class Drafts(Repository):
    """What people typed and have not sent yet: one draft for each task and person."""

    def keep(self, desk_id: int, task_id: UUID, person_id: UUID, fields: Mapping[str, Any]) -> None:
        """Keep what was typed, over what was kept before."""
        self._run(
            """INSERT INTO draft (desk_id, task_id, person_id, fields, at) VALUES (%s, %s, %s, %s, now())
               ON CONFLICT (desk_id, task_id, person_id) DO UPDATE SET fields = excluded.fields, at = excluded.at""",
            desk_id, task_id, person_id, feel_json(without_card_numbers(fields)),
        )  # fmt: skip

    def of(self, desk_id: int, task_id: UUID, person_id: UUID) -> dict[str, Any] | None:
        """Return what was typed, or None."""
        sql = "SELECT fields FROM draft WHERE desk_id = %s AND task_id = %s AND person_id = %s"
        stored = self._value(sql, desk_id, task_id, person_id)
        fields: dict[str, Any] | None = None if stored is None else from_json(stored)
        return fields

    def drop(self, desk_id: int, task_id: UUID, person_id: UUID) -> None:
        """Forget a draft."""
        self._run(
            "DELETE FROM draft WHERE desk_id = %s AND task_id = %s AND person_id = %s",
            desk_id,
            task_id,
            person_id,
        )


class Replays(Repository):
    """Which lines of a log are done.

    A line's command has an id made from the file and the line, so that a line is done once even if somebody stopped
    between the command and its mark.
    """

    def lines(self, desk_id: int, file_hash: str) -> dict[int, int]:
        """Return the lines of a file that are done, each with its ticket's number."""
        sql = "SELECT line, ticket_number FROM replay_row WHERE desk_id = %s AND file_hash = %s"
        with self._lend() as connection:
            return dict(connection.execute(sql, (desk_id, file_hash)).fetchall())

    def mark(self, desk_id: int, file_hash: str, line: int, ticket_number: int, command_id: UUID) -> None:
        """Mark a line as done by a command; marking it again changes nothing."""
        self._run(
            """INSERT INTO replay_row (desk_id, file_hash, line, ticket_number, command_id, done_at)
               VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING""",
            desk_id, file_hash, line, ticket_number, command_id,
        )  # fmt: skip
