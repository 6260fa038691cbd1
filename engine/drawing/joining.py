"""Joins what stands already: notes and data with their nodes, and message flows between pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.drawing.geometry import Box, Drawing, Point, Way, segments
from engine.drawing.labels import label_ways
from engine.drawing.model import Flow, Node
from engine.drawing.routing import DOWN, LEFT, RIGHT, UP, Door, Grid

STEPS = (12, 24)
SIDEWAYS = 60
INSET = 8
BORDER = 5
OFF_MIDDLE = 10
WIDE = 80


def join(flows: Sequence[Flow], drawing: Drawing, nodes: Iterable[Node], pools: Sequence[str] = ()) -> None:
    """Add the ways of flows whose ends have shapes, and their names."""
    wanted = [flow for flow in flows if flow.source in drawing.shapes and flow.target in drawing.shapes]
    if not wanted:
        return
    solid = [node.id for node in nodes if node.inner is None or not node.expanded]
    obstacles = [drawing.shapes[id] for id in solid if id in drawing.shapes]
    obstacles += drawing.labels.values()
    doors = {flow.id: _doors(flow, drawing, pools) for flow in wanted}
    grid = Grid.over(
        [door for pair in doors.values() for side in pair for door in side],
        *_lines(obstacles, drawing.edges.values()),
        obstacles,
    )
    for pool in pools:
        box = drawing.shapes[pool]
        grid.avoid(Box(box.x, box.y - BORDER, box.width, 2 * BORDER))
        grid.avoid(Box(box.x, box.bottom - BORDER, box.width, 2 * BORDER))
    for standing in drawing.edges.values():
        grid.respect(standing)
    for flow in wanted:
        source, target = doors[flow.id]
        way = grid.way(source, target, flow.target)
        drawing.edges[flow.id] = way or _straight(drawing.shapes[flow.source], drawing.shapes[flow.target])
    label_ways(wanted, drawing)


def tie(note: Box, node: Box) -> Way:
    """Return the line from a note down to the node that it stands above: upright if that can be."""
    low, high = max(note.x, node.x + INSET), min(note.right, node.right - INSET)
    if low <= high:
        return [Point((low + high) / 2, note.bottom), Point((low + high) / 2, node.y)]
    return _straight(note, node)


def tie_to_way(note: Box, way: Way) -> Way:
    """Return the line from a note to the place of a way that is nearest to it."""
    middle = note.centre
    places = [
        Point(min(max(middle.x, piece.x), piece.right), min(max(middle.y, piece.y), piece.bottom))
        for piece in segments(way)
    ]
    to = min(places, key=lambda place: abs(place.x - middle.x) + abs(place.y - middle.y))
    return [_nearest(note, to), to]


def _straight(a: Box, b: Box) -> Way:
    """Return the straight line between the places where two shapes are nearest."""
    return [_nearest(a, b.centre), _nearest(b, a.centre)]


def _nearest(box: Box, to: Point) -> Point:
    """Return where the line from the middle of a box to a place leaves the box."""
    middle = box.centre
    x, y = to.x - middle.x, to.y - middle.y
    reach = max(abs(x) / (box.width / 2), abs(y) / (box.height / 2), 1e-9)
    return Point(middle.x + x / reach, middle.y + y / reach)


Ends = tuple[list[Door], list[Door]]


def _doors(flow: Flow, drawing: Drawing, pools: Sequence[str]) -> Ends:
    source, target = drawing.shapes[flow.source], drawing.shapes[flow.target]
    x = source.centre.x if flow.source not in pools else target.centre.x
    return list(_of(source, flow.source in pools, x)), list(
        _of(target, flow.target in pools, x if flow.source in pools else source.centre.x)
    )


def _of(box: Box, is_pool: bool, x: float) -> Iterator[Door]:
    """Yield the doors of a shape: the middles of its sides; of a pool, above and below, opposite the other end."""
    x = min(max(x, box.x), box.right) if is_pool else box.centre.x
    aside = [box.x + box.width // 4, box.right - box.width // 4] if not is_pool and box.width >= WIDE else []
    for here in (x, *aside):
        yield Door(Point(here, box.y), UP, OFF_MIDDLE if here in aside else 0)
        yield Door(Point(here, box.bottom), DOWN, OFF_MIDDLE if here in aside else 0)
    if not is_pool:
        yield Door(Point(box.x, box.centre.y), LEFT, SIDEWAYS)
        yield Door(Point(box.right, box.centre.y), RIGHT, SIDEWAYS)


def _lines(obstacles: Iterable[Box], ways: Iterable[Way]) -> tuple[list[float], list[float]]:
    """Return lines for ways: those of ways that stand, so that they are known, and some around every shape."""
    points = [point for way in ways for point in way]
    xs, ys = [point.x for point in points], [point.y for point in points]
    for box in obstacles:
        for step in STEPS:
            xs += [box.x - step, box.right + step]
            ys += [box.y - step, box.bottom + step]
    return xs, ys
