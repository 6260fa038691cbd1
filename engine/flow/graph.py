"""Plain graphs over numbers or ids, walked with lists instead of recursion, so that length is no limit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

_V = TypeVar("_V", bound=Hashable)
Edges = Callable[[_V], Iterable[_V]]


def closure(starts: Iterable[_V], edges: Edges[_V]) -> set[_V]:
    """Return what can be reached from the starts, the starts included."""
    pending = list(starts)
    found = set(pending)
    while pending:
        for following in edges(pending.pop()):
            if following not in found:
                found.add(following)
                pending.append(following)
    return found


def reverse_postorder(starts: Iterable[_V], edges: Edges[_V]) -> list[_V]:
    """Return all reachable vertices; each stands behind all that lead to it, but for the way round of a loop, which
    is entered where the first of the starts comes to it."""
    seen: set[_V] = set()
    order: list[_V] = []
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, _backwards(edges(start)))]
        while path:
            vertex, rest = path[-1]
            following = next((it for it in rest if it not in seen), None)
            if following is None:
                order.append(vertex)
                path.pop()
            else:
                seen.add(following)
                path.append((following, _backwards(edges(following))))
    return order[::-1]


def components(vertices: Iterable[_V], edges: Edges[_V]) -> Iterator[list[_V]]:
    """Yield the strongly connected components, each before those that lead to it (Tarjan)."""
    number: dict[_V, int] = {}
    low: dict[_V, int] = {}
    open_: list[_V] = []
    on: set[_V] = set()
    for start in vertices:
        path: list[tuple[_V, Iterator[_V]]] = [] if start in number else [(start, iter(edges(start)))]
        while path:
            vertex, rest = path[-1]
            if vertex not in number:
                number[vertex] = low[vertex] = len(number)
                open_.append(vertex)
                on.add(vertex)
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[vertex])
                if low[vertex] == number[vertex]:
                    yield _closed(open_, on, vertex)
            elif following not in number:
                path.append((following, iter(edges(following))))
            elif following in on:
                low[vertex] = min(low[vertex], number[following])


def _backwards(vertices: Iterable[_V]) -> Iterator[_V]:
    return iter(list(vertices)[::-1])


def _closed(open_: list[_V], on: set[_V], root: _V) -> list[_V]:
    place = open_.index(root) if open_[-1] != root else len(open_) - 1
    component = open_[place:]
    del open_[place:]
    on.difference_update(component)
    return component


def reversed_edges(edges: Sequence[Iterable[int]]) -> list[list[int]]:
    """Return the edges of a numbered graph the other way round."""
    back: list[list[int]] = [[] for _ in edges]
    for source, targets in enumerate(edges):
        for target in targets:
            back[target].append(source)
    return back
