"""How the goals of a ticket stand in a rehearsal, read from its trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.runtime.events import Event

Told = tuple[datetime, Event]


@dataclass
class Standing:
    """One goal: when it is due, was warned of and breached (UTC), and since when its clock stands still."""

    due: datetime | None = None
    warned: datetime | None = None
    breached: datetime | None = None
    paused: datetime | None = None


def standings(events: Iterable[Told]) -> dict[str, Standing]:
    """Return how each goal stands after these events. A new round begins without warning and breach."""
    found: dict[str, Standing] = {}
    for at, event in events:
        if not event.kind.startswith("goal_"):
            continue
        data = event.data
        if event.kind == "goal_started":
            found[data["goal"]] = Standing()
        goal = found[data["goal"]]
        goal.due, goal.breached = data["due"], data["breached"]
        goal.warned = data.get("warned", goal.warned)
        if data["status"] != "paused":
            goal.paused = None
        elif goal.paused is None:
            goal.paused = at
    return found


def intervals(events: Iterable[Told], goals: Iterable[str]) -> list[str]:
    """Return the intervals of goals as lines: from when, how, why, and what was used until then."""
    wanted = set(goals)
    return [
        f"{event.data['goal']}: {at.isoformat().replace('+00:00', 'Z')}  {event.kind.removeprefix('goal_')}"
        f"{_told(event)}"
        for at, event in events
        if event.kind.startswith("goal_") and event.data["goal"] in wanted
    ]


def _told(event: Event) -> str:
    data = event.data
    facts = {"by": data["by"], "target": data.get("target"), "used": data["used"], "due": data["due"]}
    shown = [f"{name} {value}" for name, value in facts.items() if value]
    return f" ({', '.join(shown)})" if shown else ""
