"""Boxes and ways in pixels, y downwards, and a drawing made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float


Way = list[Point]


class Box(NamedTuple):
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def moved(self, x: float, y: float) -> Box:
        return Box(self.x + x, self.y + y, self.width, self.height)

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Box) -> bool:
        """Whether the insides of both share a place; touching borders don't."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass
class Drawing:
    """Places of shapes, edges and labels by the ids of their elements."""

    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, Way] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    room: Box | None = None

    def add(self, other: Drawing, x: float, y: float) -> None:
        """Take in another drawing, moved."""
        self.shapes.update({id: box.moved(x, y) for id, box in other.shapes.items()})
        self.labels.update({id: box.moved(x, y) for id, box in other.labels.items()})
        self.edges.update({id: moved(way, x, y) for id, way in other.edges.items()})

    def extent(self) -> Box:
        """Return the smallest box around everything, and around the room that was asked for."""
        points = [Point(0, 0)] if not self.shapes else []
        for box in (*self.shapes.values(), *self.labels.values()):
            points += [Point(box.x, box.y), Point(box.right, box.bottom)]
        if self.room:
            points += [Point(self.room.x, self.room.y), Point(self.room.right, self.room.bottom)]
        points += [point for way in self.edges.values() for point in way]
        x, y = min(point.x for point in points), min(point.y for point in points)
        return Box(x, y, max(point.x for point in points) - x, max(point.y for point in points) - y)


def whole(pixels: float) -> int:
    """Return the nearest whole number; of two, the greater, so that distances between halves stay as they are."""
    return math.floor(pixels + 0.5)


def moved(way: Iterable[Point], x: float, y: float) -> Way:
    return [Point(point.x + x, point.y + y) for point in way]


def straightened(way: Sequence[Point]) -> Way:
    """Return a way without doubled points and without points in the middle of a straight line."""
    found: Way = []
    for point in way:
        if found and point == found[-1]:
            continue
        if len(found) > 1 and _in_line(found[-2], found[-1], point):
            found.pop()
        found.append(point)
    return found


def _in_line(a: Point, b: Point, c: Point) -> bool:
    return (a.x == b.x == c.x) or (a.y == b.y == c.y)


def segments(way: Sequence[Point]) -> Iterator[Box]:
    """Yield the pieces of an orthogonal way as boxes without breadth."""
    for a, b in pairwise(way):
        yield Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x), abs(a.y - b.y))


def crosses(way: Sequence[Point], box: Box) -> bool:
    """Whether an orthogonal way goes through the inside of a box."""
    left, right, top, bottom = box.x, box.right, box.y, box.bottom
    for a, b in pairwise(way):
        if a.y == b.y:
            if top < a.y < bottom and min(a.x, b.x) < right and left < max(a.x, b.x):
                return True
        elif left < a.x < right and min(a.y, b.y) < bottom and top < max(a.y, b.y):
            return True
    return False
