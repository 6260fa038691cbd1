"""Finds ways between shapes that stand already: for lanes, message flows and data, which the kernel doesn't place.

All ways run on one grid of lines, so that what a step costs is looked up and not measured: a bend, a crossing and
above all sharing a line with another way cost extra; through shapes and labels no way goes. The cheapest way is
searched by A*, one flow after the other in the order given.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from engine.drawing.geometry import Box, Point, Way, segments, straightened

BEND = 40
CROSSING = 160
SHARING = 400
NEAR = 3
NEAREST = 30
CLEARANCE = 9
APART = 9

RIGHT, DOWN, LEFT, UP = (1, 0), (0, 1), (-1, 0), (0, -1)
Step = tuple[int, int]
Spot = tuple[int, int]


@dataclass(frozen=True)
class Door:
    """A place on a shape's border with the direction outwards, and what using it costs."""

    at: Point
    out: Step
    cost: float = 0


@dataclass
class Grid:
    """Lines on which ways run, what stands on them, and who uses them."""

    xs: Sequence[float]
    ys: Sequence[float]
    blocked: set[tuple[Spot, Spot]] = field(default_factory=set)
    near: set[tuple[Spot, Spot]] = field(default_factory=set)
    used: dict[tuple[Spot, Spot], set[str]] = field(default_factory=dict)
    across: dict[Spot, set[bool]] = field(default_factory=dict)

    @classmethod
    def over(
        cls, doors: Iterable[Door], xs: Iterable[float], ys: Iterable[float], obstacles: Iterable[Box]
    ) -> Grid:
        """Return a grid through doors and such further lines as keep apart; no step leads through an obstacle."""
        places = [door.at for door in doors]
        grid = cls(_apart({at.x for at in places}, xs), _apart({at.y for at in places}, ys))
        for box in obstacles:
            grid.blocked.update(grid._steps_in(box))
            grid.near.update(grid._steps_in(box.grown(CLEARANCE)))
        return grid

    def _steps_in(self, box: Box) -> Iterator[tuple[Spot, Spot]]:
        """Yield every step that goes through the inside of a box."""
        left, right = _inside(self.xs, box.x, box.right)
        top, bottom = _inside(self.ys, box.y, box.bottom)
        for y in range(top, bottom):
            for x in range(max(left - 1, 0), min(right, len(self.xs) - 1)):
                if self.xs[x] < box.right and box.x < self.xs[x + 1]:
                    yield (x, y), (x + 1, y)
        for x in range(left, right):
            for y in range(max(top - 1, 0), min(bottom, len(self.ys) - 1)):
                if self.ys[y] < box.bottom and box.y < self.ys[y + 1]:
                    yield (x, y), (x, y + 1)

    def respect(self, way: Way) -> None:
        """Remember a way that stands already, as far as it runs on lines of this grid."""
        for piece in segments(way):
            for step in self._steps_on(piece):
                self.used.setdefault(step, set()).add("")
                for spot in step:
                    self.across.setdefault(spot, set()).add(piece.height == 0)

    def _steps_on(self, piece: Box) -> Iterator[tuple[Spot, Spot]]:
        """Yield the steps that lie on a level or upright piece."""
        if piece.height == 0:
            left, right = bisect_left(self.xs, piece.x), bisect_right(self.xs, piece.right)
            y = bisect_left(self.ys, piece.y)
            if y < len(self.ys) and self.ys[y] == piece.y:
                yield from (((x, y), (x + 1, y)) for x in range(left, right - 1))
        else:
            top, bottom = bisect_left(self.ys, piece.y), bisect_right(self.ys, piece.bottom)
            x = bisect_left(self.xs, piece.x)
            if x < len(self.xs) and self.xs[x] == piece.x:
                yield from (((x, y), (x, y + 1)) for y in range(top, bottom - 1))

    def avoid(self, box: Box) -> None:
        """Let ways in a box cost more."""
        self.near.update(self._steps_in(box))

    def spot(self, point: Point) -> Spot:
        return bisect_left(self.xs, point.x), bisect_left(self.ys, point.y)

    def point(self, spot: Spot) -> Point:
        return Point(self.xs[spot[0]], self.ys[spot[1]])

    def way(self, sources: Sequence[Door], targets: Sequence[Door], mark: str) -> Way | None:
        """Return the cheapest way from a door of the source to one of the target, and remember it as used.

        `mark` names where the way leads: ways to the same place may run together.
        """
        ends = {self.spot(door.at): door for door in targets}
        goals = [self.point(spot) for spot in ends]
        queue: list[tuple[float, float, Spot, Step]] = []
        best: dict[tuple[Spot, Step], float] = {}
        before: dict[tuple[Spot, Step], tuple[Spot, Step]] = {}
        for door in sources:
            spot = self.spot(door.at)
            best[spot, door.out] = door.cost
            heappush(queue, (door.cost + self._far(spot, goals), door.cost, spot, door.out))
        while queue:
            _, cost, spot, step = heappop(queue)
            if cost > best[spot, step]:
                continue
            if spot in ends and (spot, step) in before and step == _turned(ends[spot].out):
                return self._kept(self._back(before, (spot, step)), mark)
            for further in (RIGHT, DOWN, LEFT, UP):
                after = (spot[0] + further[0], spot[1] + further[1])
                if further == _turned(step) or not self._is_free(spot, after):
                    continue
                if (spot, step) not in before and further != step:
                    continue
                price = cost + self._price(spot, after, further, step, mark)
                if after in ends:
                    price += ends[after].cost if further == _turned(ends[after].out) else 10_000
                if price < best.get((after, further), float("inf")):
                    best[after, further] = price
                    before[after, further] = (spot, step)
                    heappush(queue, (price + self._far(after, goals), price, after, further))
        return None

    def _far(self, spot: Spot, goals: Sequence[Point]) -> float:
        x, y = self.xs[spot[0]], self.ys[spot[1]]
        return min(abs(x - goal.x) + abs(y - goal.y) for goal in goals)

    def _is_free(self, a: Spot, b: Spot) -> bool:
        if not (0 <= b[0] < len(self.xs) and 0 <= b[1] < len(self.ys)):
            return False
        return _edge(a, b) not in self.blocked

    def _price(self, a: Spot, b: Spot, step: Step, before: Step, mark: str) -> float:
        length = abs(self.xs[a[0]] - self.xs[b[0]]) + abs(self.ys[a[1]] - self.ys[b[1]])
        edge = _edge(a, b)
        price = length + (BEND if step != before else 0)
        if edge in self.near:
            price += min(NEAR * length, NEAREST)  # a long step is near something with one end only
        if edge in self.used and self.used[edge] - {mark}:
            price += SHARING
        if (step[0] == 0) in self.across.get(b, ()):
            price += CROSSING
        return price

    def _back(self, before: dict[tuple[Spot, Step], tuple[Spot, Step]], at: tuple[Spot, Step]) -> list[Spot]:
        spots = [at[0]]
        while at in before:
            at = before[at]
            spots.append(at[0])
        return spots[::-1]

    def _kept(self, spots: Sequence[Spot], mark: str) -> Way:
        for a, b in pairwise(spots):
            self.used.setdefault(_edge(a, b), set()).add(mark)
            for spot in (a, b):
                self.across.setdefault(spot, set()).add(a[1] == b[1])
        return straightened([self.point(spot) for spot in spots])


def _apart(needed: set[float], further: Iterable[float]) -> list[float]:
    """Return all lines that are needed, and further ones that are not too near to any other."""
    lines = sorted(needed)
    for line in further:
        place = bisect_left(lines, line)
        if all(abs(line - other) >= APART for other in lines[max(place - 1, 0) : place + 1]):
            lines.insert(place, line)
    return lines


def _edge(a: Spot, b: Spot) -> tuple[Spot, Spot]:
    """Return a step without its direction."""
    return (a, b) if a < b else (b, a)


def _turned(step: Step) -> Step:
    return -step[0], -step[1]


def _inside(lines: Sequence[float], low: float, high: float) -> tuple[int, int]:
    """Return the range of the lines that lie strictly between two places."""
    return bisect_right(lines, low), bisect_left(lines, high)
