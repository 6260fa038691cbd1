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
from engine.runtime.commands import derived_id
from engine.store.repository import Repository

_CLAIM = """
WITH waiting AS (
    SELECT desk_id, id FROM outbox
    WHERE state = 'pending' AND timeline = 'live' AND next_at <= now()
    ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET next_at = now() + %s + make_interval(secs => COALESCE(time_out, 0)) FROM waiting
WHERE outbox.desk_id = waiting.desk_id AND outbox.id = waiting.id
RETURNING outbox.desk_id, outbox.id, outbox.kind, outbox.next_at, outbox.time_out
"""
# A service of a called process is answered by the pack that this process is of.
_COLUMNS = """
o.desk_id, o.id, o.instance_id, COALESCE((o.payload ->> 'pack')::uuid, i.snapshot_id) AS snapshot_id,
    o.ticket_number, o.kind, o.payload AS stored, o.state, o.attempts, o.max_attempts, o.next_at, o.chain, o.back_off,
    o.time_out
"""
# The end of the lease names the claim. It moves on by a hair, so that the same claim can't be begun a second time.
_BEGIN = f"""
UPDATE outbox o SET attempts = o.attempts + 1, next_at = o.next_at + interval '1 microsecond' FROM instance i
WHERE o.desk_id = %s AND o.id = %s AND o.state = 'pending' AND o.next_at = %s::timestamptz
    AND i.desk_id = o.desk_id AND i.id = o.instance_id
RETURNING {_COLUMNS}
"""
_TRY_LATER = """
UPDATE outbox SET last_error = %s, next_at = now() + %s WHERE desk_id = %s AND id = %s AND state = 'pending'
"""
_DONE = """
UPDATE outbox SET state = 'done', done_at = now(), last_error = NULL
WHERE desk_id = %s AND id = %s AND state = 'pending'
"""


@dataclass(frozen=True)
class ClaimedJob:
    """A claimed row of the outbox; `next_at` is the end of its lease, by which the claim is known."""

    desk_id: int
    id: UUID
    kind: str
    next_at: datetime
    time_out: int | None


@dataclass(frozen=True)
class OutboxRow:
    """A row of the outbox with what its delivery needs; `attempts` are those that were begun.

    `next_at` is the end of the lease under which it is being delivered, `time_out` how many seconds a service may
    take.
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
    chain: int
    back_off: str | None
    time_out: int | None

    @property
    def key(self) -> UUID:
        """The key of the chain of tries: the same at each, another one after a person had them begun anew."""
        return derived_id(self.id, f"chain {self.chain}") if self.chain else self.id

    @property
    def payload(self) -> dict[str, Any]:
        """What is to be told, as FEEL values.

        A mail's template, to, subject and body; a service's type and inputs; name, payload and key of a message;
        name and payload of a signal.
        """
        values: dict[str, Any] = from_json(self.stored)
        return values


class Outbox(Repository):
    """What live instances of all desks have to tell: mails, service calls, messages and signals."""

    def claim(self, *, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Claim rows whose next try has come; nobody else gets them before the lease and their time-out end."""
        return self._all(ClaimedJob, _CLAIM, limit, lease)

    def begin(self, desk_id: int, job_id: UUID, claim: str) -> OutboxRow | None:
        """Begin a try under a claim and return the row, or None where it is no longer pending under that claim."""
        return self._one(OutboxRow, _BEGIN, desk_id, job_id, claim)

    def done(self, desk_id: int, job_id: UUID) -> None:
        """Note that a message or signal was handed on; a row that is no longer pending stays as it is."""
        self._run(_DONE, desk_id, job_id)

    def try_later(self, desk_id: int, job_id: UUID, error: str, pause: timedelta) -> None:
        """Note a failed try and when to try again; a row that is no longer pending stays as it is."""
        self._run(_TRY_LATER, error, pause, desk_id, job_id)
