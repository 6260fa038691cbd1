"""Rule `runs-twice`: tokens of parallel branches meet where nothing joins them; what follows runs once for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.flow.exploring import Explored
from engine.flow.graph import closure
from engine.flow.level import Level
from engine.flow.rules.wording import finding
from engine.spiff import Element, Finding


def runs_twice(found: Explored) -> Iterator[Finding]:
    """Every node at which two tokens meet for the first time on a path, if something is done from there on."""
    first: dict[str, int] = {}
    for number in range(len(found.states)):
        for node in _meeting(found, number):
            if node.id not in first and not _met_before(found, number, first):
                first[node.id] = number
    for id, number in first.items():
        node = found.board.level.nodes[id]
        if _does_something(found.board.level, node):
            yield _twice(found, node, number)


def _meeting(found: Explored, number: int) -> list[Element]:
    """Return the nodes that are about to be entered by tokens of two flows, or while a token still stands there."""
    board, tokens = found.board, found.states[number].tokens
    if len(tokens) < 2:
        return []
    return [
        board.nodes[one]
        for one, other in pairwise(tokens)
        if one != other
        and board.nodes[one] is board.nodes[other]
        and not board.level.is_join(board.nodes[one])
    ]


def _met_before(found: Explored, number: int, first: dict[str, int]) -> bool:
    marks, state = set(first.values()), found.came[number][0]
    while marks and state is not None:
        if state in marks:
            return True
        state = found.came[state][0]
    return False


def _does_something(level: Level, node: Element) -> bool:
    ahead = closure([node.id], lambda id: [it.target or "" for it in level.out.get(id, [])])
    return any(_is_work(level.nodes[id]) for id in ahead)


def _is_work(node: Element) -> bool:
    if node.type.endswith("Gateway"):
        return False
    return node.type != "endEvent" or node.event not in (None, "terminate")


def _twice(found: Explored, node: Element, number: int) -> Finding:
    board = found.board
    near = board.leading_to(tuple(range(*board.span[node.id])))
    message = (
        f"Expected one token at a time at {node.title!r}, but two can come at once: what follows runs twice."
    )
    remedy = (
        "Join what runs in parallel with a parallel or inclusive gateway, or let one of the branches end."
    )
    path = (*found.path(number, near.__contains__), node.id)
    return finding("runs-twice", "warning", node, message, remedy, path)
