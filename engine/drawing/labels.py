"""Puts the names of flows on ways that were found: on a level piece, where nothing stands and no way goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.drawing.geometry import Box, Drawing, Way, crosses
from engine.drawing.model import Flow
from engine.drawing.sizes import flow_label_size

GAP = 3
SHARED = 1


def label_ways(flows: Sequence[Flow], drawing: Drawing) -> None:
    """Give each named flow its label, the one place that disturbs least."""
    solid = _solid(drawing)
    for flow in flows:
        if flow.name and flow.id in drawing.edges:
            width, height = flow_label_size(flow.name)
            places = list(_places(drawing.edges[flow.id], width, height))
            others = [way for id, way in drawing.edges.items() if id != flow.id]
            drawing.labels[flow.id] = min(
                places,
                key=lambda box: _disturbance(box, drawing, solid) + SHARED * _is_shared(box, others),
            )


def move_labels(flows: Sequence[Flow], drawing: Drawing) -> None:
    """Move the labels that cover something to a better place on their way, if there is one."""
    solid = _solid(drawing)
    for flow in flows:
        box = drawing.labels.pop(flow.id, None)
        if box is not None:
            places = [box]
            if _disturbance(box, drawing, solid):
                places += _places(drawing.edges[flow.id], box.width, box.height)
            drawing.labels[flow.id] = min(places, key=lambda place: _disturbance(place, drawing, solid))


def _places(way: Way, width: float, height: float) -> Iterator[Box]:
    for a, b in pairwise(way):
        if a.y == b.y:
            for x in _starts(min(a.x, b.x), max(a.x, b.x), a.x <= b.x, width):
                yield Box(x, a.y - height - GAP, width, height)
                yield Box(x, a.y + GAP, width, height)
        else:
            for y in _starts(min(a.y, b.y), max(a.y, b.y), a.y <= b.y, height):
                yield Box(a.x + GAP + 1, y, width, height)
                yield Box(a.x - GAP - 1 - width, y, width, height)


def _starts(low: float, high: float, forwards: bool, size: float) -> list[float]:
    """Return where a label may begin along a piece, the places near its start first."""
    room = max(high - low - 16 - size, 0)
    places = [low + 8 + room * part / 8 for part in range(9)]
    return places if forwards else places[::-1]


def _disturbance(box: Box, drawing: Drawing, solid: Sequence[Box]) -> int:
    """Count what a label would cover."""
    shapes = sum(box.meets(other) for other in solid)
    labels = sum(box.meets(other) for other in drawing.labels.values())
    ways = sum(crosses(way, box) for way in drawing.edges.values())
    borders = sum(_is_on_border(box, other) for other in drawing.shapes.values() if other not in solid)
    return 20 * shapes + 10 * labels + 10 * borders + 2 * ways


def _is_on_border(box: Box, lane: Box) -> bool:
    """Whether a label would stand half in a lane or sub-process."""
    return box.meets(lane) and not lane.holds(box)


def _is_shared(box: Box, others: Sequence[Way]) -> bool:
    """Whether a label would stand by a piece on which another way runs too, so that it could name either."""
    beside = box.grown(GAP + 2)
    return any(crosses(way, beside) for way in others)


def _solid(drawing: Drawing) -> list[Box]:
    """Return the shapes that hold no other; a label may stand in a lane or sub-process."""
    boxes = list(drawing.shapes.values())
    return [box for box in boxes if not any(box.holds(other) for other in boxes if other != box)]
