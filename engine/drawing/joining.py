"""Joins what stands already: notes and data with their nodes, and message flows between pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.drawing.geometry import Box, Drawing, Point, Way
from engine.drawing.labels import label_ways
from engine.drawing.model import Flow, Node
from engine.drawing.routing import DOWN, LEFT, RIGHT, UP, Door, Grid

STEPS = (12, 24)
SIDEWAYS = 60
INSET = 8


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
        [door for pair in doors.values() for side in pair for door in side], *_lines(obstacles), obstacles
    )
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
    yield Door(Point(x, box.y), UP)
    yield Door(Point(x, box.bottom), DOWN)
    if not is_pool:
        yield Door(Point(box.x, box.centre.y), LEFT, SIDEWAYS)
        yield Door(Point(box.right, box.centre.y), RIGHT, SIDEWAYS)


def _lines(obstacles: Iterable[Box]) -> tuple[list[float], list[float]]:
    xs, ys = [], []
    for box in obstacles:
        for step in STEPS:
            xs += [box.x - step, box.right + step]
            ys += [box.y - step, box.bottom + step]
    return xs, ys
