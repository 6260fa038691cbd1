"""Looking into an instance without moving it: the variables that an open task sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.ids import Ids
from engine.runtime.state import load
from engine.runtime.step import environment
from engine.spiff import Run
from engine.store import Store
from engine.store.repository import Repository
from engine.worlds import Worlds


@dataclass(frozen=True)
class _Kept:
    state: bytes
    snapshot_id: UUID


_STATE = """
SELECT i.state, i.snapshot_id FROM task t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.desk_id = %s AND t.id = %s AND t.state = 'open'
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
        now, world = self._clock.now(), self._worlds.of(desk_id, kept.snapshot_id)
        env = environment(world, now, Ids(b"", now))
        return Run.load(world.program, load(kept.state).run, env).variables(task_id)
