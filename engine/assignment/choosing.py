"""Who gets a task: skills first, then who has least to do, then who waits longest for work. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """Somebody of the queue who is there.

    `open` counts the open tasks that they hold, `last` is when they took or got their last one (UTC; None for never).
    """

    id: UUID
    login: str
    name: str
    skills: Collection[str]
    open: int
    last: datetime | None


@dataclass(frozen=True)
class Choice:
    """Who was chosen, and why, in words without a name: they stand in the trail for ever."""

    person: Candidate
    reason: str


def choose(candidates: Collection[Candidate], wanted: Collection[str]) -> Choice | None:
    """Return who gets a task that wants these skills; None where there is nobody.

    Those who have all of the skills come first; where nobody has, anybody of the queue may get it, and the reason
    says so. Among them: the fewest open tasks, then the longest without a new one, then the login, so that the same
    people always give the same answer.
    """
    skilled = [it for it in candidates if set(wanted) <= set(it.skills)]
    chosen = min(skilled or candidates, key=lambda it: (it.open, it.last or _NEVER, it.login), default=None)
    return None if chosen is None else Choice(chosen, _reason(wanted, bool(skilled), chosen.open))


def _reason(wanted: Collection[str], matched: bool, open_tasks: int) -> str:
    load = f"{open_tasks} open"
    if not wanted:
        return load
    skills = f"skill{'s' if len(wanted) > 1 else ''} {', '.join(wanted)}"
    return f"{skills}, {load}" if matched else f"nobody there has {skills}; {load}"
