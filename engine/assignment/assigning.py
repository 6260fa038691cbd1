"""From a task that wants somebody to the command that hands it over: one task of a desk after the other.

Two workers that chose at the same moment would both find the same person with least to do, because neither sees what
the other is about to give them. So each holds a lock of the desk from before it reads until its command is committed;
the next reads what that one did. The road not taken: to count inside the step. The step of one ticket would then wait
for those of all others, and a task that can't be handed over would stop its ticket.

The command's id is made from the job. A job that is delivered twice, or whose worker was killed between the command
and the mark, assigns once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.assignment.choosing import Candidate, choose
from engine.clock import Clock
from engine.errors import Conflict
from engine.runtime.commands import SYSTEM, AssignTask, Command, LeaveTask, derived_id
from engine.runtime.instance import Timeline
from engine.store import Store

_UNTOUCHED = 1  # the revision of a task that nobody has claimed, released or given to somebody


@dataclass(frozen=True)
class Wanted:
    """A task of a queue that wants somebody with these skills; `job` is the key of its outbox row."""

    job: UUID
    desk_id: int
    task: UUID
    queue: str
    skills: tuple[str, ...]

    @classmethod
    def by(cls, job: UUID, desk_id: int, payload: Mapping[str, Any]) -> Wanted:
        """Return what a row of the outbox asks for."""
        return cls(job, desk_id, UUID(payload["task"]), payload["queue"], tuple(payload["skills"]))


class Assigning:
    """Hands over the tasks of one timeline; `handle` is the engine's door, `clock` says who is there now."""

    def __init__(
        self, store: Store, clock: Clock, handle: Callable[[Command], object], timeline: Timeline = "live"
    ) -> None:
        self._store = store
        self._clock = clock
        self._handle = handle
        self._timeline: Timeline = timeline

    def assign(self, wanted: Wanted) -> None:
        """Give a task to who fits best, or leave it in its queue where nobody is there, and say why.

        One that somebody claimed, got or completed meanwhile is left alone. Raises Conflict where its ticket or the
        desk is busy, and then nothing has changed.
        """
        try:
            with self._store.assigning(wanted.desk_id) as desk:
                if desk.untouched(wanted.task, _UNTOUCHED):
                    found = desk.people(Candidate, wanted.queue, self._timeline, self._clock.now())
                    self._handle(self._command(wanted, found))
        except Conflict:
            if self._waits_still(wanted):
                raise

    def _command(self, wanted: Wanted, found: list[Candidate]) -> Command:
        choice, common = choose(found, wanted.skills), _common(wanted)
        if choice is None:
            return LeaveTask(**common, reason=f"nobody of {wanted.queue} is there")
        return AssignTask(
            **common,
            assignee_id=choice.person.id,
            assignee_name=choice.person.name,
            reason=choice.reason,
        )

    def _waits_still(self, wanted: Wanted) -> bool:
        return self._store.assignments.untouched(wanted.desk_id, wanted.task, _UNTOUCHED)


def _common(wanted: Wanted) -> dict[str, Any]:
    """The same id for whatever is decided: a second delivery must not decide again."""
    return {
        "id": derived_id(wanted.job, "assigned"),
        "desk_id": wanted.desk_id,
        "actor": SYSTEM,
        "task_id": wanted.task,
        "revision": _UNTOUCHED,
    }
