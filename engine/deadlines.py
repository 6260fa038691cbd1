"""The goals of a ticket as people ask about them: what is due next, and why it is due then.

The rows come from the tables, what they mean from the pack that the ticket runs on: titles, words, calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.goals import Explanation, Reading, Standing, explain, nearest
from engine.reads import Reads
from engine.runtime.world import World
from engine.worlds import Worlds


@dataclass(frozen=True)
class Nearest:
    """The open goal of a ticket that is due next, and what its clock shows."""

    title: str
    standing: Standing
    reading: Reading


def explained(reads: Reads, worlds: Worlds, desk_id: int, number: int, now: datetime) -> list[Explanation]:
    """Explain every goal of a ticket, in the order in which the pack promises them."""
    intervals = reads.intervals(desk_id, number)
    found = []
    for standing in reads.standings(desk_id, number):
        world = worlds.of(desk_id, standing.snapshot_id).under(standing.terms_id)
        goal = world.terms.goals.get(standing.goal)
        own = [it for it in intervals if it.clock_id == standing.id]
        found.append(
            explain(
                standing,
                own,
                world.terms.meter,
                now,
                title=_title(world, standing),
                decision=goal.decision if goal else "",
                labels=names_in(world, (it.reason for it in own)),
                begins_by_state=bool(goal and goal.runs_in),
                rule_note=_note(world, goal.decision, standing.rule) if goal else "",
            )
        )
    order = {goal: place for place, goal in enumerate(world.terms.goals)} if found else {}
    return sorted(found, key=lambda it: order.get(it.goal, len(order)))


def nearest_of(
    reads: Reads, worlds: Worlds, desk_id: int, numbers: Collection[int], now: datetime
) -> dict[int, Nearest]:
    """Return the goal that is due next, by ticket; tickets without an open goal that has a target are left out."""
    by_ticket: dict[int, list[Standing]] = {}
    for standing in reads.open_standings(desk_id, numbers):
        by_ticket.setdefault(standing.ticket_number, []).append(standing)
    found = {}
    for number, standings in by_ticket.items():
        world = worlds.of(desk_id, standings[0].snapshot_id).under(standings[0].terms_id)
        first = nearest(standings, world.terms.meter, now)
        if first is not None:
            reading = first.read(world.terms.meter, now)
            found[number] = Nearest(_title(world, first), first, reading)
    return found


def names_in(world: World, reasons: Iterable[str]) -> dict[str, str]:
    """Return by reason what people call that which it names: a state's label, a mail's subject, an element's name.

    A reason that names nothing of the pack is left out.
    """
    named = {reason: _named(world, *reason.partition(" ")[::2]) for reason in reasons}
    return {reason: name for reason, name in named.items() if name}


def _named(world: World, kind: str, name: str) -> str | None:
    if kind == "mail":
        template = world.templates.get(name)
        return template.title if template else None
    if kind == "element":
        found = (diagram.elements.get(name) for diagram in world.program.diagrams)
        return next((it.title for it in found if it), None)
    return world.labels["state"].get(name) if kind == "state" else None


def _note(world: World, decision: str, rules: str) -> str:
    """Return what the decision's tables say beside the rules that gave a target; nothing where they say nothing."""
    model = world.decisions.get(decision)
    return model.said(rules.split(", ")) if model else ""


def _title(world: World, standing: Standing) -> str:
    """A goal that the pack no longer has keeps its key."""
    goal = world.terms.goals.get(standing.goal)
    return goal.title if goal else standing.goal
