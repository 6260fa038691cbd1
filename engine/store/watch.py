"""What seems to be forgotten: questions of the detector, in small parts, over live instances of all desks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine.store.repository import Repository

# Whoever waits for a lease to end has been claimed and not begun; who waits longer was paused on purpose. A task for
# which nobody was chosen lies in its queue, where people see it, so that it is not forgotten.
_WAITING_JOBS = """
SELECT o.desk_id, o.id, o.kind, o.attempts, make_interval(secs => COALESCE(o.time_out, 0)) AS time_out
FROM outbox o
WHERE o.state = 'pending' AND o.timeline = 'live' AND o.kind <> 'assignment'
    AND o.next_at <= now() + %s + make_interval(secs => COALESCE(o.time_out, 0))
    AND NOT EXISTS (SELECT FROM incident n WHERE n.desk_id = o.desk_id AND n.ticket_number = o.ticket_number
        AND n.subject_id = o.id AND n.closed_at IS NULL)
ORDER BY o.next_at LIMIT %s
"""
_OVERDUE_TIMERS = """
SELECT t.desk_id, t.id, t.instance_id, t.due_at, i.revision FROM timer t
JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.state = 'armed' AND t.timeline = 'live' AND t.goal IS NULL AND t.due_at <= %s
    AND NOT EXISTS (SELECT FROM incident n WHERE n.desk_id = t.desk_id AND n.ticket_number = t.ticket_number
        AND n.subject_id = t.id AND n.closed_at IS NULL)
ORDER BY t.due_at LIMIT %s
"""
# All open instances are walked through in parts: what nobody touches was looked at once, and to look at all of them
# each time would cost more the more there are.
_END_OF_PART = """
SELECT desk_id, id FROM instance WHERE ended_at IS NULL AND timeline = 'live' AND (desk_id, id) > (%s, %s)
ORDER BY desk_id, id OFFSET %s LIMIT 1
"""
_FORGOTTEN = """
SELECT i.desk_id, i.id, i.revision FROM instance i
WHERE i.ended_at IS NULL AND i.timeline = 'live' AND i.status = 'running'
    AND (i.desk_id, i.id) > (%(desk)s, %(after)s)
    AND (%(last_desk)s::int IS NULL OR (i.desk_id, i.id) <= (%(last_desk)s, %(last)s::uuid))
    AND NOT EXISTS (SELECT FROM task w WHERE w.desk_id = i.desk_id AND w.ticket_number = i.ticket_number
        AND w.state = 'open')
    AND NOT EXISTS (SELECT FROM timer w WHERE w.desk_id = i.desk_id AND w.ticket_number = i.ticket_number
        AND w.state IN ('armed', 'suspended') AND w.goal IS NULL)
    AND NOT EXISTS (SELECT FROM subscription w WHERE w.desk_id = i.desk_id AND w.ticket_number = i.ticket_number)
    AND NOT EXISTS (SELECT FROM outbox w WHERE w.desk_id = i.desk_id AND w.ticket_number = i.ticket_number
        AND w.kind = 'service' AND w.state = 'pending')
ORDER BY i.desk_id, i.id
"""


# What a deployment changed elsewhere is no matter of open tickets: their process is the one that they began with. Of
# the settings that people changed (`for_open` is not null) the latest change says whether open tickets get them.
_BEHIND = """
WITH held AS (
    SELECT DISTINCT desk_id, COALESCE(terms_id, snapshot_id) AS terms_id,
        COALESCE(settings_id, terms_id, snapshot_id) AS settings_id
    FROM instance WHERE ended_at IS NULL AND timeline = 'live'
), newest AS (
    SELECT DISTINCT ON (desk_id, pack) desk_id, pack, id FROM snapshot ORDER BY desk_id, pack, number DESC
), files AS (
    SELECT desk_id, snapshot_id, array_agg(sha256 ORDER BY path) FILTER (WHERE path <> 'settings.toml') AS terms,
        array_agg(sha256) FILTER (WHERE path = 'settings.toml') AS changes
    FROM snapshot_file WHERE path ~ '^(extends/[^/]+/)?(calendars|pack)[.]toml$' OR path = 'settings.toml'
    GROUP BY desk_id, snapshot_id
), looked_at AS (
    SELECT held.*, newest.id AS newest_id, NOT COALESCE((
        SELECT q.for_open FROM snapshot q WHERE q.desk_id = s.desk_id AND q.pack = s.pack AND q.number > s.number
            AND q.for_open IS NOT NULL ORDER BY q.number DESC LIMIT 1), true) AS keeps
    FROM held
    JOIN snapshot s ON s.desk_id = held.desk_id AND s.id = held.settings_id
    JOIN newest ON newest.desk_id = s.desk_id AND newest.pack = s.pack AND newest.id <> held.terms_id
), stale AS (
    SELECT it.* FROM looked_at it
    JOIN files old ON old.desk_id = it.desk_id AND old.snapshot_id = it.terms_id
    JOIN files own ON own.desk_id = it.desk_id AND own.snapshot_id = it.settings_id
    JOIN files new ON new.desk_id = it.desk_id AND new.snapshot_id = it.newest_id
    WHERE old.terms <> new.terms OR (NOT it.keeps AND own.changes IS DISTINCT FROM new.changes)
)
SELECT i.desk_id, i.id, stale.newest_id, CASE WHEN stale.keeps THEN stale.settings_id END AS settings_id
FROM instance i
JOIN stale ON stale.desk_id = i.desk_id AND stale.terms_id = COALESCE(i.terms_id, i.snapshot_id)
    AND stale.settings_id = COALESCE(i.settings_id, i.terms_id, i.snapshot_id)
WHERE i.ended_at IS NULL AND i.timeline = 'live' ORDER BY i.desk_id, i.id LIMIT %s
"""


@dataclass(frozen=True)
class Behind:
    """An open instance that counts by calendars or settings of which there are newer ones.

    `settings_id` is the deployment whose settings it keeps, where the newest are for new tickets only.
    """

    desk_id: int
    id: UUID
    newest_id: UUID
    settings_id: UUID | None


@dataclass(frozen=True)
class WaitingJob:
    """A row of the outbox that waits to be begun, or is being done; `attempts` are those that were begun."""

    desk_id: int
    id: UUID
    kind: str
    attempts: int
    time_out: timedelta


@dataclass(frozen=True)
class OverdueTimer:
    """An armed timer whose moment is over, and its instance as it was seen."""

    desk_id: int
    id: UUID
    instance_id: UUID
    due_at: datetime
    revision: int


@dataclass(frozen=True)
class Forgotten:
    """A running instance for which nothing stands in any table: no task, timer, subscription or service call."""

    desk_id: int
    id: UUID
    revision: int


@dataclass(frozen=True)
class Place:
    """How far a walk through the open instances has come."""

    desk_id: int
    id: UUID


BEGINNING = Place(0, UUID(int=0))


class Watch(Repository):
    """Answers about what nobody looks after; what has an open incident is left out."""

    def waiting_jobs(self, lease: timedelta, *, limit: int) -> list[WaitingJob]:
        """Return jobs that wait to be begun, or whose lease of that length is running."""
        return self._all(WaitingJob, _WAITING_JOBS, lease, limit)

    def overdue_timers(self, now: datetime, *, limit: int) -> list[OverdueTimer]:
        """Return armed timers that are due, the oldest first."""
        return self._all(OverdueTimer, _OVERDUE_TIMERS, now, limit)

    def last_deployment(self) -> datetime | None:
        """Return when something was deployed last, at any desk; None for never."""
        moment: datetime | None = self._value("SELECT max(deployed_at) FROM snapshot")
        return moment

    def behind(self, limit: int) -> list[Behind]:
        """Return open instances for which calendars or settings hold that a deployment has changed since."""
        return self._all(Behind, _BEHIND, limit)

    def forgotten(self, after: Place, *, part: int) -> tuple[list[Forgotten], Place]:
        """Look at the next open instances; return the forgotten ones, and where to go on (at last the beginning)."""
        end = self._one(Place, _END_OF_PART, after.desk_id, after.id, part - 1)
        asked = {"desk": after.desk_id, "after": after.id}
        last = {"last_desk": end.desk_id if end else None, "last": end.id if end else None}
        return self._all(Forgotten, _FORGOTTEN, asked | last), end or BEGINNING
