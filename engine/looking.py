"""Looking into an instance without moving it: the variables that an open task or an incident sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.ids import Ids
from engine.reads import Incident
from engine.runtime.state import load
from engine.runtime.step import environment
from engine.runtime.targets import targets
from engine.spiff import Element, Run, UnreadableState
from engine.store import Store
from engine.store.repository import Repository
from engine.worlds import Worlds


@dataclass(frozen=True)
class Sight:
    """What an incident's place looks like: the variables that are visible there, and where its token may go.

    `waits` is the id of what the token waits for (a failure, a service's answer), None where it is parked at a join
    or nothing waits. `unreadable` says why nothing can be seen.
    """

    variables: dict[str, Any]
    targets: tuple[Element, ...]
    waits: UUID | None = None
    unreadable: str | None = None


@dataclass(frozen=True)
class _Kept:
    state: bytes
    snapshot_id: UUID
    process: str


_STATE = """
SELECT i.state, i.snapshot_id, i.process FROM task t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.desk_id = %s AND t.id = %s AND t.state = 'open'
"""
_STATE_OF_TICKET = """
SELECT i.state, i.snapshot_id, i.process
FROM ticket k JOIN instance i ON i.desk_id = k.desk_id AND i.id = k.instance_id WHERE k.desk_id = %s AND k.number = %s
"""


class Looks(Repository):
    """Answers from an instance's state, read as it stands; nothing is locked and nothing can change."""

    def __init__(self, store: Store, worlds: Worlds, clock: Clock) -> None:
        super().__init__(store.database.borrowed)
        self._worlds = worlds
        self._clock = clock

    def task_variables(self, desk_id: int, task_id: UUID) -> dict[str, Any]:
        """Return all variables that an open task sees, its own over those around it; none for a closed one."""
        kept = self._one(_Kept, _STATE, desk_id, task_id)
        if kept is None:
            return {}
        return self._loaded(desk_id, kept).variables(task_id)

    def incident(self, desk_id: int, incident: Incident) -> Sight:
        """Return what the place of an open incident looks like now."""
        kept = self._one(_Kept, _STATE_OF_TICKET, desk_id, incident.ticket_number)
        if kept is None or incident.closed_at is not None:
            return Sight({}, ())
        try:
            run = self._loaded(desk_id, kept)
        except UnreadableState as error:
            return Sight({}, (), unreadable=str(error))
        wait = incident.subject_id if incident.subject_id in run.waits else None
        return Sight(
            variables=run.variables(wait),
            targets=self._targets(desk_id, kept, incident) if incident.element and not run.ended else (),
            waits=wait,
        )

    def _targets(self, desk_id: int, kept: _Kept, incident: Incident) -> tuple[Element, ...]:
        program = self._worlds.of(desk_id, kept.snapshot_id).program
        return tuple(targets(program, kept.process, incident.scope))

    def _loaded(self, desk_id: int, kept: _Kept) -> Run:
        now, world, state = self._clock.now(), self._worlds.of(desk_id, kept.snapshot_id), load(kept.state)
        return Run.load(world.program, state.run, environment(world, now, Ids(b"", now), state))
