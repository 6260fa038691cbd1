"""Takes out bends that nobody needs.

The kernel lines up long ways first; an end event at the side often stands a few pixels beside its flow, which then
has two bends for nothing. And a way that leaves or enters a gateway above or below often needs only one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.drawing.geometry import Box, Drawing, Point, crosses, segments, straightened
from engine.drawing.model import Flow, Node

FARTHEST = 60
CLEARANCE = 12


def line_up(nodes: Sequence[Node], flows: Sequence[Flow], drawing: Drawing) -> None:
    """Move events at which a way ends to where it comes from, up or down, if there is room."""
    touched = Counter(id for flow in flows for id in (flow.source, flow.target))
    kinds = {node.id: node for node in nodes}
    for flow in flows:
        if touched[flow.target] == 1 and kinds[flow.target].is_event:
            way = drawing.edges[flow.id]
            by = way[0].y - way[-1].y
            level = len(way) == 4 and way[0].y == way[1].y and way[1].x == way[2].x and way[0].x < way[-1].x
            if level and 0 < abs(by) <= FARTHEST and _has_room(flow, by, drawing):
                drawing.edges[flow.id] = straightened([way[0], Point(way[-1].x, way[0].y)])
                drawing.shapes[flow.target] = drawing.shapes[flow.target].moved(0, by)
                if flow.target in drawing.labels:
                    drawing.labels[flow.target] = drawing.labels[flow.target].moved(0, by)


def cut_short(flows: Sequence[Flow], drawing: Drawing) -> None:
    """Give ways with three bends and more only one, where that is free; a way with a name keeps its place."""
    for flow in flows:
        way = drawing.edges[flow.id]
        if len(way) < 5 or flow.id in drawing.labels:
            continue
        upright = way[0].x == way[1].x
        if upright == (way[-2].x == way[-1].x):
            continue
        bend = Point(way[0].x, way[-1].y) if upright else Point(way[-1].x, way[0].y)
        shorter = [way[0], bend, way[-1]]
        same_ends = _heading(way[0], way[1]) == _heading(way[0], bend)
        same_ends = same_ends and _heading(way[-2], way[-1]) == _heading(bend, way[-1])
        if same_ends and not any(_is_taken(piece, flow, drawing) for piece in segments(shorter)):
            drawing.edges[flow.id] = shorter


def _heading(a: Point, b: Point) -> tuple[bool, bool, bool, bool]:
    return a.x < b.x, a.x > b.x, a.y < b.y, a.y > b.y


def _has_room(flow: Flow, by: float, drawing: Drawing) -> bool:
    """Whether the target, its label and the straight way to it stand free after the move."""
    id, way = flow.target, drawing.edges[flow.id]
    wanted = [drawing.shapes[id].moved(0, by), Box(way[0].x + CLEARANCE, way[0].y, way[-1].x - way[0].x, 0)]
    if id in drawing.labels:
        wanted.append(drawing.labels[id].moved(0, by))
    return flow.id not in drawing.labels and not any(_is_taken(box, flow, drawing) for box in wanted)


def _is_taken(box: Box, flow: Flow, drawing: Drawing) -> bool:
    """Whether anything but the two ends of a flow and what holds them stands in a box or near it."""
    own = (flow.source, flow.target, flow.id)
    wide = box.grown(CLEARANCE)
    shapes = (other for id, other in drawing.shapes.items() if id not in own)
    labels = (other for id, other in drawing.labels.items() if id not in own)
    ways = (way for id, way in drawing.edges.items() if id != flow.id)
    return any(wide.meets(other) for other in (*shapes, *labels)) or any(crosses(way, wide) for way in ways)
