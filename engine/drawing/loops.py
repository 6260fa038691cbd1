"""Finds the flows that lead back, so that the rest of a level runs from left to right."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

Way = tuple[str, str, str]


def leading_back(
    nodes: Sequence[str], flows: Sequence[Way], first: Sequence[str], weak: Container[str]
) -> set[str]:
    """Return the ids of the flows (id, source, target) that close a loop when one walks from `first` on.

    The walk is depth first in the order of the file, so that the same file always gives the same answer. The weak
    flows, which begin at boundary events, come after all others: what happens if something is late or goes wrong
    does not say where the process as a whole leads.
    """
    forward: dict[str, list[str]] = {node: [] for node in nodes}
    back: set[str] = set()
    for id, source, target in _walked(nodes, flows, first, weak):
        if _leads(target, source, forward):
            back.add(id)
        else:
            forward[source].append(target)
    return back


def _walked(
    nodes: Sequence[str], flows: Sequence[Way], first: Sequence[str], weak: Container[str]
) -> Iterator[Way]:
    """Yield every flow once, in the order in which a walk comes by it."""
    strong: dict[str, list[Way]] = {node: [] for node in nodes}
    for way in flows:
        if way[0] not in weak:
            strong[way[1]].append(way)
    later = [way for way in flows if way[0] in weak]
    entered = {way[2] for way in flows}
    seen: set[str] = set()
    for roots in ([*first, *(node for node in nodes if node not in entered)], *([node] for node in nodes)):
        for root in roots:
            yield from _from(root, strong, seen)
        while reached := next((way for way in later if way[1] in seen), None):
            later.remove(reached)
            yield reached
            yield from _from(reached[2], strong, seen)


def _from(root: str, strong: Mapping[str, Sequence[Way]], seen: set[str]) -> Iterator[Way]:
    """Walk depth first, but without recursion, for a process may be longer than Python's stack."""
    stack = [iter(strong[root] if root not in seen else ())]
    seen.add(root)
    while stack:
        way = next(stack[-1], None)
        if way is None:
            stack.pop()
            continue
        yield way
        if way[2] not in seen:
            seen.add(way[2])
            stack.append(iter(strong[way[2]]))


def _leads(start: str, end: str, forward: Mapping[str, Sequence[str]]) -> bool:
    """Whether one comes from one node to another without going back."""
    seen, stack = {start}, [start]
    while stack:
        node = stack.pop()
        if node == end:
            return True
        further = [target for target in forward[node] if target not in seen]
        seen.update(further)
        stack += further
    return False


def longest_way(flows: Sequence[Way], back: Container[str]) -> frozenset[str]:
    """Return the ids of the flows on the longest way that never leads back: the main path of a level.

    Of two equally long ways it is the one that the file names first.
    """
    incoming: dict[str, list[tuple[str, str]]] = {}
    for id, source, target in flows:
        incoming.setdefault(source, [])
        incoming.setdefault(target, [])
        if id not in back:
            incoming[target].append((id, source))
    length: dict[str, int] = {}
    through: dict[str, tuple[str, str] | None] = {}
    for node in _sources_first(incoming):
        before = max(incoming[node], key=lambda way: length[way[1]], default=None)
        length[node] = 0 if before is None else length[before[1]] + 1
        through[node] = before
    end = max(length, key=lambda node: length[node], default=None)
    found = []
    while end is not None and (before := through[end]):
        found.append(before[0])
        end = before[1]
    return frozenset(found)


def _sources_first(incoming: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    """Yield nodes so that each comes after all from which a flow leads to it."""
    done: set[str] = set()
    for root in incoming:
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [source for _, source in incoming[node] if source not in done]
            if missing:
                stack += missing
                continue
            stack.pop()
            if node not in done:
                done.add(node)
                yield node


def only_by(
    weak: Container[str], nodes: Sequence[str], flows: Sequence[Way], back: Container[str]
) -> frozenset[str]:
    """Return the nodes to which no way leads from a beginning but through a weak flow."""
    forward = [way for way in flows if way[0] not in back]
    entered = {target for _, _, target in forward}
    reached = {node for node in nodes if node not in entered}
    further = reached
    while further:
        further = {target for id, source, target in forward if source in reached and id not in weak} - reached
        reached |= further
    return frozenset(set(nodes) - reached)
