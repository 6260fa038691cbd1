"""Finds the flows that lead back, so that the rest of a level runs from left to right."""

from __future__ import annotations

from collections.abc import Sequence


def leading_back(
    nodes: Sequence[str], flows: Sequence[tuple[str, str, str]], first: Sequence[str]
) -> set[str]:
    """Return the ids of the flows (id, source, target) that close a loop when one walks from `first` on.

    The walk is depth first in the order of the file, so that the same file always gives the same answer.
    """
    outgoing: dict[str, list[tuple[str, str]]] = {node: [] for node in nodes}
    for id, source, target in flows:
        outgoing[source].append((id, target))
    back: set[str] = set()
    done: set[str] = set()
    for root in [*first, *nodes]:
        if root not in done:
            _walk(root, outgoing, done, back)
    return back


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
