"""Desks, people, deployments, incidents, and how much there is of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from engine.errors import NotFound
from engine.store.access import ApiToken
from engine.store.catalogue import Catalogue, ProcessVersion
from engine.store.desks import Desk, Desks
from engine.store.people import People, Person
from engine.store.repository import Repository


@dataclass(frozen=True)
class Incident:
    """An instance that needs a human.

    `kind` says what stopped (see engine/runtime/troubles.py), `element` and `scope` (a path with `/`) where. `phase`
    is what is tried again of an element (enter, finish, leave), `how` what became of a closed one.
    """

    id: UUID
    ticket_number: int
    subject: str
    element: str | None
    kind: str
    message: str
    detail: str
    subject_id: UUID | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    scope: str
    phase: str | None
    how: str | None


@dataclass(frozen=True)
class ProcessSummary:
    """A version of a process, who deployed it, and how many tickets are open: on it, or of all versions."""

    key: str
    title: str
    pack: str
    version: int
    snapshot_id: UUID
    path: str
    deployed_at: datetime
    deployed_by: str
    note: str
    open_tickets: int


@dataclass(frozen=True)
class Counts:
    """How much there is, for /metrics; of live instances only."""

    open_tickets: int
    open_tasks: int
    overdue_tasks: int
    armed_timers: int
    overdue_timers: int
    pending_outbox: int
    open_incidents: int


_T = TypeVar("_T")

_INCIDENTS = """
SELECT n.id, n.ticket_number, k.subject, n.element, n.kind, n.message, n.detail, n.subject_id, n.opened_at,
    n.closed_at, n.closed_by, n.scope, n.phase, n.how
FROM incident n JOIN ticket k ON k.desk_id = n.desk_id AND k.number = n.ticket_number
WHERE n.desk_id = %s"""
_LISTED = f"""{_INCIDENTS} AND (n.closed_at IS NULL OR NOT %s) AND n.ticket_number = COALESCE(%s, n.ticket_number)
ORDER BY n.opened_at, n.id LIMIT %s"""

# A ticket keeps the version that a process had when its pack was deployed for it. One that tickets begin with counts
# its own; a process that is only called counts all tickets of its pack, as any of them may come to it.
_PROCESSES = """
WITH running AS (
    SELECT i.process, i.version, s.pack, s.number, count(*) AS tickets
    FROM instance i LEFT JOIN snapshot s ON s.desk_id = i.desk_id AND s.id = i.snapshot_id
    WHERE i.desk_id = %(desk)s AND i.ended_at IS NULL AND i.timeline = 'live' GROUP BY 1, 2, 3, 4
), versions AS (
    SELECT v.*, s.pack, s.number, s.deployed_by, s.note,
        lead(s.number) OVER (PARTITION BY v.key, s.pack ORDER BY v.version) AS until,
        EXISTS (SELECT FROM instance r WHERE r.desk_id = v.desk_id AND r.process = v.key) AS begins
    FROM process_version v JOIN snapshot s ON s.desk_id = v.desk_id AND s.id = v.snapshot_id
    WHERE v.desk_id = %(desk)s AND v.key = COALESCE(%(key)s, v.key)
)
SELECT {first} v.key, v.title, v.pack, v.version, v.snapshot_id, v.path, v.deployed_at, v.deployed_by, v.note,
    COALESCE((SELECT sum(r.tickets) FROM running r WHERE CASE WHEN v.begins THEN r.process = v.key {of_version}
        ELSE r.pack = v.pack {of_time} END), 0)::int AS open_tickets
FROM versions v ORDER BY v.key, v.version DESC
"""
_NEWEST = _PROCESSES.format(first="DISTINCT ON (v.key)", of_version="", of_time="")
_HISTORY = _PROCESSES.format(
    first="",
    of_version="AND r.version = v.version",
    of_time="AND r.number >= v.number AND (v.until IS NULL OR r.number < v.until)",
)
_TOKENS = """
SELECT desk_id, id, person_id, name, created_at, revoked_at FROM api_token
WHERE desk_id = %s AND (%s::uuid IS NULL OR person_id = %s) ORDER BY created_at DESC, id
"""
_COUNTS = """
SELECT
    (SELECT count(*) FROM ticket WHERE closed_at IS NULL AND desk_id = COALESCE(%(desk)s, desk_id)) AS open_tickets,
    (SELECT count(*) FROM task WHERE state = 'open' AND desk_id = COALESCE(%(desk)s, desk_id)) AS open_tasks,
    (SELECT count(*) FROM task WHERE state = 'open' AND due_at <= %(now)s
        AND desk_id = COALESCE(%(desk)s, desk_id)) AS overdue_tasks,
    (SELECT count(*) FROM timer WHERE state = 'armed' AND timeline = 'live'
        AND desk_id = COALESCE(%(desk)s, desk_id)) AS armed_timers,
    (SELECT count(*) FROM timer WHERE state = 'armed' AND timeline = 'live' AND due_at <= %(now)s
        AND desk_id = COALESCE(%(desk)s, desk_id)) AS overdue_timers,
    (SELECT count(*) FROM outbox WHERE state = 'pending' AND timeline = 'live'
        AND desk_id = COALESCE(%(desk)s, desk_id)) AS pending_outbox,
    (SELECT count(*) FROM incident WHERE closed_at IS NULL
        AND desk_id = COALESCE(%(desk)s, desk_id)) AS open_incidents
"""


class House(Repository):
    """Questions about the house itself."""

    def desks(self) -> list[Desk]:
        """Return every desk, the oldest first."""
        return Desks(self._lend).all()

    def desk(self, desk_id: int) -> Desk:
        """Return a desk. Raises NotFound."""
        return _found(Desks(self._lend).get(desk_id), f"desk {desk_id}")

    def people(self, desk_id: int) -> list[Person]:
        """Return everybody of a desk by name, those who left last."""
        return People(self._lend).all(desk_id)

    def person(self, desk_id: int, person_id: UUID) -> Person:
        """Return a person. Raises NotFound."""
        return _found(People(self._lend).get(desk_id, person_id), f"person {person_id}")

    def tokens(self, desk_id: int, person_id: UUID | None = None) -> list[ApiToken]:
        """Return the API tokens of a desk or of one person, the newest first."""
        return self._all(ApiToken, _TOKENS, desk_id, person_id, person_id)

    def processes(self, desk_id: int) -> list[ProcessSummary]:
        """Return the newest version of each process, by key, with the open tickets of all its versions."""
        return self._all(ProcessSummary, _NEWEST, {"desk": desk_id, "key": None})

    def process_history(self, desk_id: int, process: str) -> list[ProcessSummary]:
        """Return every version of a process, the newest first, each with the tickets that still run on it."""
        return self._all(ProcessSummary, _HISTORY, {"desk": desk_id, "key": process})

    def versions(self, desk_id: int, process: str) -> list[ProcessVersion]:
        """Return every version of a process, the newest first."""
        return Catalogue(self._lend).versions(desk_id, process)

    def version(self, desk_id: int, process: str, number: int) -> ProcessVersion:
        """Return one version of a process. Raises NotFound."""
        return _found(
            Catalogue(self._lend).version(desk_id, process, number), f"version {number} of {process}"
        )

    def snapshot_file(self, desk_id: int, snapshot_id: UUID, path: str) -> bytes:
        """Return a file of a deployed pack. Raises NotFound."""
        return _found(Catalogue(self._lend).file(desk_id, snapshot_id, path), f"file {path!r}")

    def diagram(self, desk_id: int, process: str, number: int) -> bytes:
        """Return the BPMN file of a version of a process. Raises NotFound."""
        version = self.version(desk_id, process, number)
        return self.snapshot_file(desk_id, version.snapshot_id, version.path)

    def incidents(
        self, desk_id: int, *, open: bool = True, ticket: int | None = None, limit: int = 200
    ) -> list[Incident]:
        """Return the open incidents of a desk or of one ticket (or all of them), the oldest first."""
        return self._all(Incident, _LISTED, desk_id, open, ticket, limit)

    def incident(self, desk_id: int, incident_id: UUID) -> Incident:
        """Return an incident, open or closed. Raises NotFound."""
        found = self._one(Incident, f"{_INCIDENTS} AND n.id = %s", desk_id, incident_id)
        return _found(found, f"incident {incident_id}")

    def counts(self, desk_id: int | None = None, *, now: datetime) -> Counts:
        """Return how much there is at a desk, or in the whole installation."""
        return _found(self._one(Counts, _COUNTS, {"desk": desk_id, "now": now}), "a count")


def _found(value: _T | None, what: str) -> _T:
    if value is None:
        raise NotFound(f"Expected {what} to exist, but there is none.")
    return value
