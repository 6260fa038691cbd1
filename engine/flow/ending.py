"""How an explored level may be over, as the level around it sees it."""

from __future__ import annotations

from engine.flow.exploring import Explored
from engine.flow.instant import at_once
from engine.flow.outcome import COMPLETED, Known, Outcome, interrupters, thrown_from


def outcome(found: Explored, known: Known) -> Outcome:
    """Return whether the level completes, what it throws, and what of that happens without a wait."""
    level = found.board.level
    live = found.entered.keys() | {sub.id for sub, _ in level.event_subs}
    completes = can_complete(found) or any(
        known.of(sub).completes for sub in interrupters(level, live, known)
    )
    hurried = at_once(level, known)
    return Outcome(
        completes, thrown_from(level, live, known), hurried if completes else hurried - {COMPLETED}
    )


def can_complete(found: Explored) -> bool:
    """Say whether a level can end by itself; where not everything was seen, it is taken for granted."""
    ends = [number for number in found.finals if not found.states[number].tokens]
    completing = found.leading_to([*ends, *found.cut])
    return not found.roots or any(root in completing for root in found.roots)
