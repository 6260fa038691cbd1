"""A level as a board for tokens: numbered places, ways between them, and which place can still reach which join.

Places are sequence flows, and activities beside which a branch may begin (by a non-interrupting boundary event that
leads back into the main paths). Numbers rise along the paths, except where a path leads back; the order in which
tokens are moved rests on that. Flows into the same node have numbers in a row, then comes the node's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.flow.graph import closure, components, reverse_postorder
from engine.flow.level import Level
from engine.flow.outcome import Known, can_fire
from engine.flow.ways import Option, Way, across, ways
from engine.spiff import Element

_Events = defaultdict[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A way as the game plays it: `places` that get a token."""

    places: tuple[int, ...]
    option: Option | None
    shown: tuple[str, ...]
    over: str | None


class Board:
    """One level, numbered, with the outcomes of what is called or stands inside it."""

    def __init__(self, level: Level, known: Known) -> None:
        self.level = level
        self.known = known
        self.alone, self.merging = _side_branches(level, known)
        self._leading: dict[tuple[tuple[int, ...], str | None], frozenset[int]] = {}
        self.ways = {node.id: ways(level, node, known) for node in level.nodes.values()}
        self.names: list[str] = []
        self.nodes: list[Element] = []
        self.span: dict[str, tuple[int, int]] = {}
        self.place: dict[str, int] = {}
        for node in self._in_order():
            self._number(node)
        self.turns = {id: [self._turn(way) for way in found] for id, found in self.ways.items()}
        self.retreats = [self._must_retreat(place) for place in range(len(self.names))]

    def _number(self, node: Element) -> None:
        flows = [flow.id for flow in self.level.entering(node)]
        self.span[node.id] = (len(self.names), len(self.names) + len(flows))
        for id in [*flows, node.id]:
            self.place[id] = len(self.names)
            self.names.append(id)
            self.nodes.append(node)

    def _in_order(self) -> list[Element]:
        """Return the nodes along the paths; what can do nothing but end everything comes last, so that what runs
        beside it is not cut short."""
        starts = [*self.level.starts, *self.level.nodes.values()]
        ids = reverse_postorder((node.id for node in starts), self.successors)
        last = {id for id in ids if self.ways[id] and all(way.over for way in self.ways[id])}
        return [self.level.nodes[id] for id in sorted(ids, key=last.__contains__)]

    def successors(self, id: str) -> list[str]:
        """Return the nodes that a token may stand at next, when it leaves a node in one of the ways it has."""
        flows = [flow for way in self.ways[id] for flow in way.flows]
        events = [*self.alone.get(id, []), *self.merging.get(id, [])]
        besides = [flow.id for event in events for flow in self.level.leaving(event)]
        return list(dict.fromkeys(self.level.flows[it].target or "" for it in [*flows, *besides]))

    def turn_across(self, event: Element) -> Turn:
        """Return what happens when a non-interrupting boundary event fires."""
        return self._turn(across(self.level, event))

    def _turn(self, way: Way) -> Turn:
        return Turn(tuple(self.place[id] for id in way.flows), way.option, way.shown, way.over)

    def _must_retreat(self, place: int) -> bool:
        """Say whether a token of a place goes back to a lower one in every way that it has."""
        turns = self.turns[self.nodes[place].id]
        return bool(turns) and not any(
            not turn.over and all(it > place for it in turn.places) for turn in turns
        )

    @cached_property
    def following(self) -> list[list[int]]:
        """For each place those that a token of it may come to next."""
        found = []
        for place, node in enumerate(self.nodes):
            ids = [flow for way in self.ways[node.id] for flow in way.flows]
            ids += [flow.id for it in self.merging.get(node.id, []) for flow in self.level.leaving(it)]
            if node.id in self.merging and self.names[place] != node.id:
                ids = [node.id]
            found.append(sorted({self.place[id] for id in ids}))
        return found

    @cached_property
    def awaited(self) -> dict[int, int]:
        """The flows into joins, each with its bit in `reach`."""
        joins = [node for node in self.level.nodes.values() if self.level.is_join(node)]
        flows = [self.place[flow.id] for node in joins for flow in self.level.entering(node)]
        return {place: 1 << bit for bit, place in enumerate(flows)}

    @cached_property
    def ending(self) -> int:
        """The bit of what ends a whole level."""
        return 1 << len(self.awaited)

    @cached_property
    def reach(self) -> list[int]:
        """For each place the bits of the flows into joins that a token of it may come to, and that of `ending` if it
        may come to something that ends the whole level."""
        over = {id for id, found in self.ways.items() if any(way.over for way in found)}
        found = [self.ending if node.id in over else 0 for node in self.nodes]
        for component in components(range(len(self.names)), self.following.__getitem__):
            ahead = {following for place in component for following in self.following[place]}
            bits = 0
            for place in ahead:
                bits |= found[place] | self.awaited.get(place, 0)
            for place in component:
                bits |= found[place]
            for place in component:
                found[place] = bits
        return found

    def leading_to(self, places: tuple[int, ...], around: str | None = None) -> frozenset[int]:
        """Return the places from which a token may come to one of these, without passing the node `around`."""
        key = places, around
        if key not in self._leading:
            found = closure(
                places, lambda it: [place for place in self._before[it] if self.nodes[place].id != around]
            )
            self._leading[key] = frozenset(found)
        return self._leading[key]

    @cached_property
    def _before(self) -> list[list[int]]:
        before: list[list[int]] = [[] for _ in self.names]
        for place, following in enumerate(self.following):
            for it in following:
                before[it].append(place)
        return before


def _side_branches(level: Level, known: Known) -> tuple[_Events, _Events]:
    """Return the non-interrupting boundary events that can fire, by host: those that begin a branch of its own, and
    those whose branch leads back into the main paths.

    A branch that never meets the main paths is explored by itself: a reminder at each of ten tasks would otherwise
    multiply the states by 1,024.
    """
    fires = [
        (host, event)
        for host in level.nodes.values()
        for event in level.boundaries(host)
        if not event.interrupting and can_fire(event, host, known)
    ]
    main = closure((node.id for node in level.starts), lambda id: _next(level, id, besides=False))
    branches = {
        event.id: closure([event.id], lambda id: _next(level, id, besides=True)) for _, event in fires
    }
    shared = _shared_joins(level, branches.values())
    while found := [id for id, branch in branches.items() if branch & (main | shared)]:
        for id in found:
            main |= branches.pop(id)
    alone, merging = _Events(list), _Events(list)
    for host, event in fires:
        (alone if event.id in branches else merging)[host.id].append(event)
    return alone, merging


def _next(level: Level, id: str, *, besides: bool) -> list[str]:
    node = level.nodes[id]
    link = level.link_target(node)
    events = [it for it in level.boundaries(node) if besides or it.interrupting]
    ahead = [level.target(flow) for flow in level.leaving(node)] + events
    return [it.id for it in (ahead if link is None else [link])]


def _shared_joins(level: Level, branches: Iterable[set[str]]) -> set[str]:
    """Return the joins at which tokens of several branches may meet."""
    joins = {node.id for node in level.nodes.values() if level.is_join(node)}
    seen: Counter[str] = Counter()
    for branch in branches:
        seen.update(branch & joins)
    return {id for id, number in seen.items() if number > 1}
