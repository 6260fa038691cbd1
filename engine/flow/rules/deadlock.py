"""Rule `deadlock`: a join that gets a token over one flow and can never get one over another waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.exploring import Explored
from engine.flow.fate import by_one_decision, stuck_for_certain
from engine.flow.rules.wording import finding, named
from engine.spiff import Element, Finding

_REMEDY = (
    "Merge the branches of a choice with a gateway of the same kind, and lead every branch of a parallel split"
    " to the join that belongs to it."
)
_CHANCE = " The engine can't see whether the conditions on this path can hold together."


def joins(found: Explored) -> Iterator[Finding]:
    """Every join that can get stuck, with the shortest path to that."""
    if not found.stuck:
        return
    certain = by_one_decision(found, stuck_for_certain(found))
    states: dict[str, list[int]] = {}
    for state, stuck in found.stuck.items():
        for id in stuck:
            states.setdefault(id, []).append(state)
    for id, where in states.items():
        node = found.board.level.nodes[id]
        yield _stuck(found, node, min(where), any(state in certain for state in where))


def _stuck(found: Explored, node: Element, state: int, certain: bool) -> Finding:
    board = found.board
    game, tokens = found.game, found.states[state]
    places = game.hopeless(tokens, node) or game.empty(tokens, node)
    missing = [board.level.flows[board.names[it]] for it in places]
    near = board.leading_to(tuple(range(*board.span[node.id])))
    path = (*found.path(state, near.__contains__), node.id)
    where = named(board.level.nodes[flow.source or ""] for flow in missing)
    never = found.whole and node.id not in found.entered
    what = f"it never gets one from {where}" if never else f"on this path none can come from {where} any more"
    message = f"Expected {node.title!r} to get a token over each of its flows, but {what}: it waits for ever."
    if certain:
        return finding("deadlock", "error", node, message, _REMEDY, path)
    return finding("deadlock", "warning", node, message + _CHANCE, _REMEDY, path)
