"""How an explored level may be over, as the level around it sees it."""

from __future__ import annotations

from engine.flow.exploring import Explored
from engine.flow.game import TERMINATED, THROWN
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
    """Say whether a level can come to an end by itself. Where not everything was seen, it is taken for granted."""
    if not found.whole or not found.roots:
        return True
    ends = [number for number in found.finals if found.states[number].tokens != (THROWN,)]
    completing = found.leading_to([*ends, *found.cut])
    return any(root in completing for root in found.roots) or ended_beside(found, TERMINATED)


def ended_beside(found: Explored, *how: int) -> bool:
    """Say whether a branch that begins beside an activity can end the level in one of these ways."""
    cut_short = found.leading_to(
        [number for number in found.finals if found.states[number].tokens[:1] in {(it,) for it in how}]
    )
    return any(branch in cut_short for branch in found.branches)
