"""What the states of a level say about it: each rule a function that yields what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.exploring import Explored
from engine.flow.rules import bounds, dead, deadlock, loops, neverending, twice
from engine.spiff import Finding

RULES = (
    deadlock.joins,
    dead.never_entered,
    twice.runs_twice,
    loops.without_wait,
    neverending.no_end,
    bounds.not_whole,
)


def broken(found: Explored, escapable: bool) -> Iterator[Finding]:
    """Yield every finding about a level; `escapable` says that something from outside can end it."""
    for rule in RULES:
        if not (escapable and rule is neverending.no_end):
            yield from rule(found)
