"""Rule `never-ends`: from some place on a process or sub-process can't come to an end any more, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.ending import ended_beside
from engine.flow.exploring import Explored
from engine.flow.fate import by_one_decision, endless
from engine.flow.game import TERMINATED, THROWN
from engine.flow.rules.loops import forced
from engine.flow.rules.wording import finding
from engine.spiff import Element, Finding


def no_end(found: Explored) -> Iterator[Finding]:
    """The first place from which no end can be reached. What another finding explains is not said again."""
    states = endless(found)
    if not states or ended_beside(found, TERMINATED, THROWN) or _explained(found, states):
        return
    certain = by_one_decision(found, states)
    first = min(states)
    node = _place(found, first)
    path = (*found.path(first), node.id)
    message = f"Expected a way to an end from {node.title!r}, but every way from there goes round and round."
    remedy = "Draw a way out, or an event that ends the loop."
    yield finding("never-ends", "error" if certain & states else "warning", node, message, remedy, path)


def _explained(found: Explored, states: set[int]) -> bool:
    """Say whether a token stands before something that never completes, or in a loop that never waits: both are
    told where they are."""
    board, hurried = found.board, forced(found)
    nodes = {board.nodes[place].id for state in states for place in found.states[state].tokens}
    return any(not board.ways[id] or id in hurried for id in nodes)


def _place(found: Explored, number: int) -> Element:
    """Return the node that the move into a state led to."""
    board, tokens = found.board, found.states[number].tokens
    before = found.came[number][0]
    came_from = () if before is None else found.states[before].tokens
    return board.nodes[next((it for it in tokens if it not in came_from), tokens[0])]
