"""Joins: what inclusive gateways wait for, and which joins wait in vain.

An inclusive join goes on when nothing that it still lacks can come (BPMN 2.0.2, 13.4.3): a token elsewhere keeps it
waiting if a path leads from there to an incoming flow on which none waits, unless a path also leads to one on
which one does; paths through the join itself don't count. It is judged when no token moves any more.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.spiff.scopes import Scope
    from engine.spiff.stepping import Stepper


_THROWN = frozenset({"endEvent", "intermediateThrowEvent"})


def arrive(scope: Scope, flow: Any) -> None:
    """Let a token wait at a join, on the flow by which it came."""
    scope.arrivals[flow.id] = scope.arrivals.get(flow.id, 0) + 1


def consume(scope: Scope, flows: Iterable[Any]) -> None:
    """Take one token from each of these flows."""
    for flow in flows:
        scope.arrivals[flow.id] -= 1
        if not scope.arrivals[flow.id]:
            del scope.arrivals[flow.id]


def join_one(stepper: Stepper) -> bool:
    """Let the first inclusive join go on that need not wait any longer; say whether there was one."""
    for scope in _with_arrivals(stepper.root):
        for join in waiting_joins(scope):
            if join.is_inclusive and not any(_keeps_waiting(scope, join, node) for node in _places(scope)):
                consume(scope, (flow for flow in join.incoming if scope.arrivals.get(flow.id)))
                stepper.start(scope, join)
                return True
    return False


def stuck(root: Scope) -> Iterator[tuple[Scope, Any]]:
    """Yield the joins, with their scopes, at which tokens wait for others that can never come any more."""
    for scope in _with_arrivals(root):
        live = {token.task_spec.name for token in scope.tokens}
        waiting = waiting_joins(scope)
        while True:  # a join that can still go on may in turn lead to another
            hopeful = [join for join in waiting if _may_go_on(scope, join, live)]
            if not hopeful:
                break
            live |= {join.name for join in hopeful}
            waiting = [join for join in waiting if join not in hopeful]
        yield from ((scope, join) for join in waiting)


def waiting_joins(scope: Scope) -> list[Any]:
    """Return the joins of a scope at which tokens wait, in document order."""
    return [
        spec
        for spec in scope.spec.task_specs.values()
        if any(flow.id in scope.arrivals for flow in getattr(spec, "incoming", ()))
    ]


def may_reach(scope: Scope, nodes: Iterable[str], events: Container[str]) -> bool:
    """Whether a way leads from one of these nodes to where an event of one of these kinds is thrown in the scope."""
    elements = [spec.element for spec in scope.spec.task_specs.values() if hasattr(spec, "element")]
    thrown = [it.id for it in elements if it.type in _THROWN and it.event in events]
    return bool(thrown) and not _leading_to(thrown, _before(scope)).isdisjoint(nodes)


def _with_arrivals(root: Scope) -> list[Scope]:
    if not root.arrivals and not any(scope.arrivals for scope in root.top.subprocesses.values()):
        return []
    return [scope for scope in root.scopes() if scope.arrivals]


def _places(scope: Scope) -> list[str]:
    """Return the nodes from which tokens of a scope go on: those they are at, and the joins they wait at."""
    return [*(token.task_spec.name for token in scope.tokens), *(join.name for join in waiting_joins(scope))]


def _keeps_waiting(scope: Scope, join: Any, node: str) -> bool:
    filled = [flow for flow in join.incoming if flow.id in scope.arrivals]
    empty = [flow for flow in join.incoming if flow.id not in scope.arrivals]
    return _reaches(scope, join, node, empty) and not _reaches(scope, join, node, filled)


def _may_go_on(scope: Scope, join: Any, live: set[str]) -> bool:
    if join.is_inclusive:  # it only waits for tokens that can reach it
        return any(_keeps_waiting(scope, join, node) for node in live)
    empty = [flow for flow in join.incoming if flow.id not in scope.arrivals]
    return all(any(_reaches(scope, join, node, [flow]) for node in live) for flow in empty)


def _reaches(scope: Scope, join: Any, node: str, flows: Iterable[Any]) -> bool:
    """Whether a way leads from a node to one of a join's incoming flows, without passing the join."""
    return any(node in _sources(scope, join, flow) for flow in flows)


def _sources(scope: Scope, join: Any, flow: Any) -> frozenset[str]:
    """Return the nodes from which a join's incoming flow can be reached without passing the join."""
    known: dict[str, frozenset[str]] = scope.spec.sources_of_joins
    if flow.id not in known:
        before = _before(scope)
        begin = [name for name, id_ in before.get(join.name, ()) if id_ == flow.id]
        known[flow.id] = _leading_to(begin, before, join.name)
    return known[flow.id]


def _leading_to(
    nodes: list[str], before: Mapping[str, list[tuple[str, str]]], not_through: str = ""
) -> frozenset[str]:
    """Return these nodes and all from which a way leads to them."""
    pending, found = list(nodes), set[str]()
    while pending:
        name = pending.pop()
        if name not in found and name != not_through:
            found.add(name)
            pending += [source for source, _ in before.get(name, ())]
    return frozenset(found)


def _before(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """Return by node what leads to it: nodes over flows, the host of a boundary event, the throw of a link."""
    before: dict[str, list[tuple[str, str]]] = {}
    specs = [spec for spec in scope.spec.task_specs.values() if hasattr(spec, "outgoing")]
    for spec in specs:
        for flow in spec.outgoing:
            before.setdefault(flow.target.name, []).append((spec.name, flow.id))
        for boundary in spec.boundaries:
            before.setdefault(boundary.name, []).append((spec.name, ""))
        target = spec.link_target()
        if target is not None:
            before.setdefault(target.name, []).append((spec.name, ""))
    return before
