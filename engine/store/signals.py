"""Signals that were sent: who listened at that moment, and who of them is still to be told.

The listeners are read by the statement that keeps the signal, so that somebody who begins to listen later doesn't
hear it, and nobody who listened is forgotten when a worker dies on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.runtime.commands import Actor
from engine.runtime.instance import Timeline
from engine.store.carried import Carried, as_stored
from engine.store.repository import Repository

_ADD = """
INSERT INTO signal
    (desk_id, id, name, payload, actor, timeline, state, sent_at, reached, instances, starts, next_at)
SELECT %(desk_id)s, %(id)s, %(name)s, %(payload)s, %(actor)s, %(timeline)s, 'pending', %(sent_at)s,
    cardinality(listening.instances), listening.instances, %(starts)s::text[], now()
FROM (
    SELECT COALESCE(array_agg(instance_id ORDER BY place), '{}') AS instances FROM (
        SELECT instance_id, min(place) AS place FROM subscription
        WHERE desk_id = %(desk_id)s AND name = %(name)s AND kind = 'signal' AND timeline = %(timeline)s
            AND instance_id IS DISTINCT FROM %(sender)s::uuid
        GROUP BY instance_id) AS listener
) AS listening
ON CONFLICT DO NOTHING
"""
_GET = """
SELECT desk_id, id, name, payload AS stored, actor AS stored_actor, timeline, state, sent_at, reached, instances,
    starts, error, attempts
FROM signal WHERE desk_id = %s AND id = %s
"""
_CLAIM = """
WITH due AS (
    SELECT desk_id, id FROM signal WHERE state = 'pending' AND timeline = 'live' AND next_at <= now()
    ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE signal SET next_at = now() + %s FROM due WHERE signal.desk_id = due.desk_id AND signal.id = due.id
RETURNING signal.desk_id, signal.id
"""
_LEFT = "UPDATE signal SET instances = %s::uuid[], starts = %s::text[] WHERE desk_id = %s AND id = %s"
_DONE = "UPDATE signal SET state = 'done', error = NULL WHERE desk_id = %s AND id = %s"
_TRY_LATER = """
UPDATE signal SET attempts = attempts + 1, error = %s, next_at = now() + %s,
    state = CASE WHEN attempts + 1 < %s THEN 'pending' ELSE 'failed' END
WHERE desk_id = %s AND id = %s
"""


@dataclass(frozen=True)
class NewSignal:
    """A signal as it is sent. `sender` is the instance that threw it and has heard it; `starts` are process keys."""

    desk_id: int
    id: UUID
    name: str
    payload: Mapping[str, Any]
    actor: Actor
    timeline: Timeline
    sent_at: datetime
    starts: Sequence[str]
    sender: UUID | None = None


@dataclass(frozen=True)
class ClaimedSignal:
    """A signal of which somebody is still to be told."""

    desk_id: int
    id: UUID


@dataclass(frozen=True)
class SignalRow(Carried):
    """A signal; `reached` counts who listened, `instances` and `starts` are those still to be told or started."""

    desk_id: int
    id: UUID
    name: str
    stored: Any
    stored_actor: Any
    timeline: Timeline
    state: str
    sent_at: datetime
    reached: int
    instances: list[UUID]
    starts: list[str]
    error: str | None
    attempts: int


class Signals(Repository):
    """Sent signals, by desk."""

    def add(self, signal: NewSignal) -> bool:
        """Keep a signal with those who listen now; return False, and keep nothing, where its id is known already."""
        return bool(self._run(_ADD, {**as_stored(signal), "starts": list(signal.starts)}))

    def get(self, desk_id: int, signal_id: UUID) -> SignalRow | None:
        """Return a signal, or None."""
        return self._one(SignalRow, _GET, desk_id, signal_id)

    def claim(self, *, limit: int, lease: timedelta) -> list[ClaimedSignal]:
        """Claim live signals that are still on their way; nobody else gets them before the lease ends."""
        return self._all(ClaimedSignal, _CLAIM, limit, lease)

    def left(self, signal: SignalRow, instances: Sequence[UUID], starts: Sequence[str]) -> None:
        """Note who is still to be told."""
        self._run(_LEFT, list(instances), list(starts), signal.desk_id, signal.id)

    def done(self, signal: SignalRow) -> None:
        """Everybody was told."""
        self._run(_DONE, signal.desk_id, signal.id)

    def try_later(self, signal: SignalRow, error: str, pause: timedelta, most_tries: int) -> None:
        """Note why somebody could not be told, and when to try again; after the last try the signal has failed."""
        self._run(_TRY_LATER, error, pause, most_tries, signal.desk_id, signal.id)

    def tidy(self, before: datetime) -> int:
        """Forget signals that were sent before a moment and are done with; return how many."""
        return self._run("DELETE FROM signal WHERE state <> 'pending' AND sent_at < %s", before)
