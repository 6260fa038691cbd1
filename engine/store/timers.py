"""Due moments: claimed in batches, so that any number of schedulers share them without waiting for each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine.store.repository import Repository

# SKIP LOCKED: what another scheduler is claiming at this moment is its own. A claim that nobody finished comes back
# when its lease ends. Due is judged on the instances' time, leases on the database's: a test clock that stands still
# must not keep a lease for ever.
_CLAIM = """
WITH due AS (
    SELECT desk_id, id FROM timer
    WHERE state = 'armed' AND timeline = 'live' AND due_at <= %s
        AND (leased_until IS NULL OR leased_until <= now())
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE timer SET leased_until = now() + %s FROM due
WHERE timer.desk_id = due.desk_id AND timer.id = due.id
RETURNING timer.desk_id, timer.id, timer.instance_id, timer.due_at
"""
_NEXT = """
SELECT min(due_at) FROM timer
WHERE state = 'armed' AND timeline = 'live' AND (leased_until IS NULL OR leased_until <= now())
"""
_RELEASE = """
UPDATE timer SET leased_until = NULL FROM unnest(%s::int[], %s::uuid[]) AS claimed (desk_id, id)
WHERE timer.desk_id = claimed.desk_id AND timer.id = claimed.id AND timer.state = 'armed'
"""


@dataclass(frozen=True)
class DueTimer:
    """A claimed timer."""

    desk_id: int
    id: UUID
    instance_id: UUID
    due_at: datetime


class Timers(Repository):
    """Armed timers of live instances, of all desks."""

    def claim_due(self, now: datetime, *, limit: int, lease: timedelta) -> list[DueTimer]:
        """Claim timers due at `now`, in due order; nobody else gets them before the lease ends."""
        claimed = self._all(DueTimer, _CLAIM, now, limit, lease)
        return sorted(claimed, key=lambda timer: (timer.due_at, timer.id))

    def next_due(self) -> datetime | None:
        """Return the next due moment of a timer that is not leased; None without one."""
        moment: datetime | None = self._value(_NEXT)
        return moment

    def release(self, claimed: list[DueTimer]) -> None:
        """Give claims back before their lease ends, because they could not be handed on."""
        self._run(_RELEASE, [timer.desk_id for timer in claimed], [timer.id for timer in claimed])
