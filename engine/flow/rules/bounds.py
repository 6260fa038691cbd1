"""Rule `explored`: a level with so many states that not all were looked at, said honestly."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.exploring import MOST_STATES, Explored
from engine.flow.rules.wording import finding
from engine.spiff import Finding


def not_whole(found: Explored) -> Iterator[Finding]:
    """One finding where the bound was reached."""
    if found.whole:
        return
    owner = found.board.level.owner
    message = (
        f"Expected to see every state of {owner.title!r}, but it has more than {MOST_STATES:,}: of deadlocks and"
        " dead elements beyond them nothing is said."
    )
    yield finding("explored", "warning", owner, message, "Put parts of it into sub-processes.")
