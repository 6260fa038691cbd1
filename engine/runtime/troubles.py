"""The incidents of one instance during a step: opened, closed, and closed by themselves once their matter is over.

What can have one (`about`), and whose id its `subject` is: `element`, that could not be done (the failure); `timer`,
that could not be fired (the timer); `service`, `mail`, `message` and `signal`, that nobody did (the job); `text`, a
mail that could not be written (the mail); `assignee` of a task, who is nobody (the task); `overdue`, a timer that
nobody fires, and `lost`, what stands in no table any more (the wait); `goal`, of which nobody knows the target (its
clock); `stuck`, where nothing can move any more, and `state`, an instance that can't be loaded (the instance).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.runtime.commands import Actor
from engine.runtime.events import Event
from engine.runtime.state import State, Trouble
from engine.spiff import ConditionWait, Run

# These stay somebody's matter after the process has gone on, or ended.
_LASTING = frozenset({"mail", "message", "signal", "text"})
NOTHING_WAITS = "Expected the process to go on, but nothing in it waits and nothing can move."


def opened(
    state: State,
    incident: UUID,
    trouble: Trouble,
    message: str,
    actor: Actor,
    more: Mapping[str, Any] | None = None,
) -> Event:
    """Open an incident and return its event."""
    state.troubles[incident] = trouble
    data = {"incident": str(incident), "about": trouble.about, "subject": trouble.subject}
    where = {"element": trouble.element, **({"scope": trouble.scope} if trouble.scope else {})}
    return Event("incident_opened", actor, {**data, **where, **(more or {})}, {"message": message})


def closed(state: State, incident: UUID, actor: Actor, how: str, reason: str | None = None) -> Event:
    """Close an incident and return its event. `how`: retried, skipped, moved, cancelled, or over by itself."""
    it = state.troubles.pop(incident)
    data = {"incident": str(incident), "about": it.about, "subject": it.subject, "how": how}
    return Event(
        "incident_closed", actor, {**data, "element": it.element}, {"reason": reason} if reason else {}
    )


def about(state: State, subject: UUID | str) -> list[UUID]:
    """Return the open incidents about one thing."""
    return [incident for incident, it in state.troubles.items() if it.subject == str(subject)]


def over(state: State, run: Run) -> list[UUID]:
    """Return the incidents about what the process no longer waits for."""
    if not state.troubles:
        return []
    waits = frozenset(run.waits)
    stuck: set[tuple[str | None, str]] = {(join, "/".join(path)) for path, join in run.deadlocks}
    if _nothing_waits(run):
        stuck.add((None, ""))
    return [
        incident for incident, it in state.troubles.items() if not _goes_on(it, waits, stuck, bool(run.ended))
    ]


def deadlocks(state: State, run: Run) -> Iterator[tuple[tuple[str, ...], str | None, str]]:
    """Yield where the process can't go on and nobody was told: path, join (None: nowhere at all), and a sentence."""
    told = {(it.element, it.scope) for it in state.troubles.values() if it.about == "stuck"}
    for path, join in run.deadlocks:
        if (join, "/".join(path)) not in told:
            yield path, join, f"Expected the process to go on, but tokens wait for ever at {join}."
    if _nothing_waits(run) and (None, "") not in told:
        yield (), None, NOTHING_WAITS


def _goes_on(
    it: Trouble, waits: Container[UUID], stuck: Container[tuple[str | None, str]], ended: bool
) -> bool:
    if it.about in _LASTING:
        return True
    if it.about == "goal":
        return not ended
    if it.about == "stuck":
        return (it.element, it.scope) in stuck
    return it.about != "state" and UUID(it.subject) in waits


def _nothing_waits(run: Run) -> bool:
    """A condition is asked when variables change; where nothing else waits, nothing ever changes them."""
    if run.ended or not all(isinstance(it, ConditionWait) for it in run.waits.values()):
        return False
    return not run.deadlocks
