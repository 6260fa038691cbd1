"""Lets flows leave and enter gateways above and below, as people draw them.

The kernel leads every flow out of a gateway's right corner and into its left one. Where the room above or below the
gateway is free, the flow that goes farthest up or down takes that corner instead, which saves it a bend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.drawing.geometry import Box, Drawing, Point, Way, segments, straightened
from engine.drawing.model import Flow, Node

CLEARANCE = 7
LEAST = 12
ASIDE = 6


def use_corners(nodes: Iterable[Node], flows: Sequence[Flow], drawing: Drawing) -> None:
    """Change the ways of a drawing where that is possible."""
    for node in nodes:
        if node.is_gateway and node.id in drawing.shapes:
            leaving = [flow.id for flow in flows if flow.source == node.id]
            entering = [flow.id for flow in flows if flow.target == node.id]
            for up in (True, False):
                _use_corner(node.id, leaving, entering, up, drawing)


def _use_corner(id: str, leaving: Sequence[str], entering: Sequence[str], up: bool, drawing: Drawing) -> None:
    """Let the first flow that can, and the farthest of these, use one corner of a gateway."""
    found = []
    for flow in (*leaving, *entering):
        way = drawing.edges[flow] if flow in leaving else drawing.edges[flow][::-1]
        shorter = _by_corner(way, drawing.shapes[id], up)
        if shorter:
            found.append((-abs(shorter[1].y - shorter[0].y), flow, shorter))
    for _, flow, shorter in sorted(found):
        others = [way for other, way in drawing.edges.items() if other != flow]
        if _is_free(shorter, drawing, others, id, flow) and _make_room(id, shorter, up, drawing, others):
            drawing.edges[flow] = shorter if flow in leaving else shorter[::-1]
            return


def _by_corner(way: Way, gateway: Box, up: bool) -> Way | None:
    """Return a way that leaves sideways and turns at once, changed to leave by the corner that it turns to."""
    middle = gateway.centre
    if len(way) < 4 or way[0].y != middle.y or way[1].y != middle.y or way[2].x != way[1].x:
        return None
    y = way[2].y
    reach = middle.y - y if up else y - middle.y
    if reach < gateway.height / 2 + LEAST:
        return None
    return straightened([Point(middle.x, gateway.y if up else gateway.bottom), Point(middle.x, y), *way[3:]])


def _is_free(way: Way, drawing: Drawing, others: Sequence[Way], id: str, flow: str) -> bool:
    """Whether the two pieces at a corner meet no shape, no label and no other way."""
    grown = [piece.grown(CLEARANCE) for piece in segments(way[:3])]
    end = Box(*way[-1], 0, 0)
    gateway = drawing.shapes[id]
    boxes = [
        box
        for other, box in drawing.shapes.items()
        if other != id and not box.holds(gateway) and not box.holds(end)
    ]
    boxes += [box for other, box in drawing.labels.items() if other not in (id, flow)]
    return not any(piece.meets(box) for piece in grown for box in boxes) and not _is_crossed(way[:3], others)


def _is_crossed(way: Way, others: Iterable[Way]) -> bool:
    """Whether a piece touches another way anywhere."""
    pieces = [piece.grown(2) for piece in segments(way)]
    return any(piece.meets(other.grown(1)) for piece in pieces for way in others for other in segments(way))


def _make_room(id: str, way: Way, up: bool, drawing: Drawing, others: Sequence[Way]) -> bool:
    """Move the gateway's label to the left of a way that goes up; say whether that could be done."""
    label = drawing.labels.get(id)
    if label is None or not up:
        return True
    aside = label._replace(x=way[0].x - ASIDE - label.width)
    shapes = [
        box for other, box in drawing.shapes.items() if other != id and not box.holds(drawing.shapes[id])
    ]
    labels = [box for other, box in drawing.labels.items() if other != id]
    if any(aside.meets(box) for box in (*shapes, *labels)):
        return False
    if any(aside.meets(piece.grown(1)) for other in others for piece in segments(other)):
        return False
    drawing.labels[id] = aside
    return True
