"""What must be told to the world: claimed by lease, tried again, given up in the end by a command.

Times here are the database's own: a mail server that stays away does so in real time, whatever time the process
that wanted the mail lives in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.feel.codec import from_json
from engine.store.repository import Repository

_CLAIM = """
WITH waiting AS (
    SELECT desk_id, id FROM outbox
    WHERE state = 'pending' AND timeline = 'live' AND next_at <= now()
    ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET next_at = now() + %s FROM waiting
WHERE outbox.desk_id = waiting.desk_id AND outbox.id = waiting.id
RETURNING outbox.desk_id, outbox.id, outbox.kind
"""
_GET = """
SELECT o.desk_id, o.id, o.instance_id, i.snapshot_id, o.ticket_number, o.kind, o.payload AS stored, o.state,
    o.attempts, o.max_attempts, o.next_at
FROM outbox o JOIN instance i ON i.desk_id = o.desk_id AND i.id = o.instance_id
WHERE o.desk_id = %s AND o.id = %s
"""
_TRY_LATER = """
UPDATE outbox SET attempts = attempts + 1, last_error = %s, next_at = now() + %s
WHERE desk_id = %s AND id = %s AND state = 'pending'
"""


@dataclass(frozen=True)
class ClaimedJob:
    """A claimed row of the outbox."""

    desk_id: int
    id: UUID
    kind: str


@dataclass(frozen=True)
class OutboxRow:
    """A row of the outbox with what its delivery needs; `attempts` are those that failed.

    `next_at` is the end of the lease under which it is being delivered.
    """

    desk_id: int
    id: UUID
    instance_id: UUID
    snapshot_id: UUID
    ticket_number: int
    kind: str
    stored: Any
    state: str
    attempts: int
    max_attempts: int
    next_at: datetime

    @property
    def payload(self) -> dict[str, Any]:
        """A mail's template, to, subject and body; a service's type and inputs. Values are FEEL values."""
        values: dict[str, Any] = from_json(self.stored)
        return values


class Outbox(Repository):
    """Pending mails and service calls of live instances, of all desks."""

    def claim(self, *, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Claim rows whose next try has come; nobody else gets them before the lease ends."""
        return self._all(ClaimedJob, _CLAIM, limit, lease)

    def get(self, desk_id: int, job_id: UUID) -> OutboxRow | None:
        """Return a row, or None."""
        return self._one(OutboxRow, _GET, desk_id, job_id)

    def try_later(self, desk_id: int, job_id: UUID, error: str, pause: timedelta) -> None:
        """Note a failed try and when to try again; a row that is no longer pending stays as it is."""
        self._run(_TRY_LATER, error, pause, desk_id, job_id)
