"""Finds the flows that lead back, so that the rest of a level runs from left to right."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence


def leading_back(
    nodes: Sequence[str], flows: Sequence[tuple[str, str, str]], first: Sequence[str], weak: Container[str]
) -> set[str]:
    """Return the ids of the flows (id, source, target) that close a loop when one walks from `first` on.

    The walk is depth first in the order of the file, so that the same file always gives the same answer. The weak
    flows, which begin at boundary events, come after all others: what happens if something is late or goes wrong
    does not say where the process as a whole leads.
    """
    outgoing: dict[str, list[tuple[str, str]]] = {node: [] for node in nodes}
    for id, source, target in flows:
        if id not in weak:
            outgoing[source].append((id, target))
    back: set[str] = set()
    done: set[str] = set()
    for root in [*first, *nodes]:
        if root not in done:
            _walk(root, outgoing, done, back)
    forward = {node: [target for id, target in ways if id not in back] for node, ways in outgoing.items()}
    for id, source, target in flows:
        if id in weak and _leads(target, source, forward):
            back.add(id)
        elif id in weak:
            forward[source].append(target)
    return back


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


def _walk(root: str, outgoing: dict[str, list[tuple[str, str]]], done: set[str], back: set[str]) -> None:
    """Walk without recursion, for a process may be longer than Python's stack."""
    open_nodes = {root}
    stack = [(root, iter(outgoing[root]))]
    while stack:
        node, ways = stack[-1]
        for id, target in ways:
            if target in open_nodes:
                back.add(id)
            elif target not in done:
                open_nodes.add(target)
                stack.append((target, iter(outgoing[target])))
                break
        else:
            stack.pop()
            open_nodes.discard(node)
            done.add(node)


def longest_way(flows: Sequence[tuple[str, str, str]], back: Container[str]) -> frozenset[str]:
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
