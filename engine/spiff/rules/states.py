"""A rule about the ticket's state: it is one, so branches that run beside each other must not both set it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said

_ONE_WAY = frozenset({"exclusiveGateway", "eventBasedGateway"})


def one_state(drawing: Drawing) -> Iterator[Finding]:
    """Of branches that run beside each other at most one sets the state."""
    named: set[tuple[str, str]] = set()
    if sum(node.state is not None for node in drawing.nodes) < 2:
        return
    for where, branches in _forks(drawing):
        for one, other in combinations(branches, 2):
            for first, second in zip(
                _setters(drawing, one - other), _setters(drawing, other - one), strict=False
            ):
                if (first.id, second.id) not in named:
                    named.add((first.id, second.id))
                    yield _both(where, first, second)


def _both(where: Element, first: Element, second: Element) -> Finding:
    message = (
        f"Expected one branch behind {where.title!r} to set the ticket's state, but {first.title!r} sets"
        f" {first.state!r} and {second.title!r} sets {second.state!r} beside it."
    )
    return said("states", second, message, "Set the state in one branch, or before or behind them.")


def _forks(drawing: Drawing) -> Iterator[tuple[Element, list[set[str]]]]:
    """Yield each place where branches begin to run beside each other, with the nodes of each branch."""
    for node in drawing.nodes:
        ways = drawing.outgoing.get(node.id, [])
        if node.type not in _ONE_WAY and len(ways) > 1:
            # The default flow is taken where no condition is true, so never beside a flow that has one.
            beside = [
                flow for flow in ways if flow.id != node.default or not any(it.condition for it in ways)
            ]
            yield node, [_reached(drawing, [flow.target], node.id) for flow in beside]
        events = [it for it in drawing.boundaries.get(node.id, []) if not it.interrupting]
        if events:
            own = _reached(drawing, [flow.target for flow in ways], node.id) | _inside(drawing, node.id)
            yield node, [own, *(_reached(drawing, [it.id], node.id) for it in events)]
        if node.triggered_by_event and not all(it.interrupting for it in drawing.starts(node)):
            level = drawing.level(node)
            yield level, [_inside(drawing, level.id) - _inside(drawing, node.id), _inside(drawing, node.id)]


def _reached(drawing: Drawing, begin: Iterable[str | None], stop: str) -> set[str]:
    """Return what can be reached without passing a node again, with what is inside and on the border of it."""
    pending = [id_ for id_ in begin if id_]
    reached: set[str] = set()
    while pending:
        id_ = pending.pop()
        if id_ == stop or id_ in reached:
            continue
        reached |= {id_} | _inside(drawing, id_)
        pending += [flow.target for flow in drawing.outgoing.get(id_, []) if flow.target]
        pending += [event.id for event in drawing.boundaries.get(id_, [])]
    return reached


def _inside(drawing: Drawing, level: str) -> set[str]:
    """Return the nodes inside a sub-process, at any depth."""
    found: set[str] = set()
    pending = [level]
    while pending:
        inner = {node.id for node in drawing.insides.get(pending.pop(), [])} - found
        found |= inner
        pending += inner
    return found


def _setters(drawing: Drawing, branch: set[str]) -> list[Element]:
    return [node for node in drawing.nodes if node.id in branch and node.state is not None]


RULES = (one_state,)
