"""A block: a node with all that must stand by it, as one rectangle that the kernel moves as a whole.

Around the node's own shape a block has room for its label, the boundary events below it with their labels, and the
notes and data above it. Flows reach the block's border at a port and go straight on from there to the shape
(`anchor`), through room that nothing else in the block uses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.drawing.geometry import Box, Drawing, Point, whole
from engine.drawing.model import Node
from engine.drawing.sizes import EVENT, label_size, size_of
from engine.drawing.text import Size

GAP = 4
ABOVE = 25
BESIDE = 20
FIRST_SLOT = 24


@dataclass(frozen=True)
class Port:
    """A place on a block's border, and the place on a shape to which it leads."""

    at: Point
    anchor: Point


@dataclass
class Block:
    """A node's rectangle; everything in it is placed relative to its upper left corner."""

    node: Node
    drawing: Drawing
    size: Size
    ports: dict[str, Port] = field(default_factory=dict)


@dataclass(frozen=True)
class Company:
    """Who stands by a node: its boundary events, its notes and data, and what is in it if it is expanded."""

    boundary: Sequence[Node] = ()
    notes: Sequence[Node] = ()
    inside: Drawing | None = None
    leaving: frozenset[str] = frozenset()
    from_above: bool = False
    from_below: bool = False


def block_of(node: Node, company: Company) -> Block:
    """Return the block of a node. Ports: w, e, n_in, n_out, s_in, s_out, and the id of each boundary event."""
    slots = _slots(company)
    shape = Box(0, 0, *_shape_size(node, company, slots))
    drawing = Drawing(shapes={node.id: shape})
    _add_label(node, shape, company, drawing)
    anchors = _anchors(node, shape, company)
    left = FIRST_SLOT if len(slots) > 1 or not slots else max(FIRST_SLOT, shape.width - slots[0] - 12)
    for event, slot in zip(company.boundary, slots, strict=True):
        first = EVENT.width / 2 + GAP if len(slots) > 1 and company.from_below else slot - EVENT.width / 2
        anchors[event.id] = _add_boundary(event, left + first, shape, company, drawing)
        left += slot
    _add_notes(company.notes, shape, drawing)
    if company.inside:
        extent = company.inside.extent()
        drawing.add(company.inside, (shape.width - extent.width) // 2 - extent.x, INSIDE_TOP - extent.y)
    return _closed(node, drawing, anchors)


INSIDE_TOP = 40
INSIDE_SIDE = 30
INSIDE_BOTTOM = 30


def _slots(company: Company) -> list[float]:
    """Return how much of the border each boundary event takes, its label included."""
    widths = [label_size(event.name).width if event.name else 0 for event in company.boundary]
    if len(widths) == 1:
        return [EVENT.width + 8.0]
    return [max(EVENT.width + 14.0, width + 4 + 14) for width in widths]


def _shape_size(node: Node, company: Company, slots: Sequence[float]) -> Size:
    size = size_of(node)
    if company.inside:
        extent = company.inside.extent()
        size = Size(
            max(size.width, _even(extent.width) + 2 * INSIDE_SIDE),
            max(size.height, _even(extent.height) + INSIDE_TOP + INSIDE_BOTTOM),
        )
    wanted = FIRST_SLOT + sum(slots) + 12 if slots else 0
    return Size(max(size.width, _even(wanted)), size.height)


def _even(pixels: float) -> int:
    """Return the next even number, so that middles are whole pixels."""
    return math.ceil(pixels / 2) * 2


def _add_label(node: Node, shape: Box, company: Company, drawing: Drawing) -> None:
    """Put a label above a gateway, or left of the flow that comes to it from above, and below anything else."""
    if not node.name or node.is_activity:
        return
    width, height = label_size(node.name)
    x = shape.centre.x - (width + 6 if node.is_gateway and company.from_above else width / 2)
    y = -height - GAP if node.is_gateway else shape.height + GAP
    drawing.labels[node.id] = Box(whole(x), y, width, height)


def _anchors(node: Node, shape: Box, company: Company) -> dict[str, Point]:
    middle = shape.centre
    if not node.is_activity:
        top, bottom = Point(middle.x, 0), Point(middle.x, shape.height)
        return {
            "w": Point(0, middle.y),
            "e": Point(shape.width, middle.y),
            **{"n_in": top, "n_out": top, "s_in": bottom, "s_out": bottom},
        }
    third = shape.width // 3
    above = (12, 6) if company.notes else (third, 2 * third)
    below = (12, 6) if company.boundary else (third, 2 * third)
    return {
        "w": Point(0, middle.y),
        "e": Point(shape.width, middle.y),
        "n_in": Point(above[0], 0),
        "n_out": Point(above[1], 0),
        "s_in": Point(below[0], shape.height),
        "s_out": Point(below[1], shape.height),
    }


def _add_boundary(event: Node, x: float, shape: Box, company: Company, drawing: Drawing) -> Point:
    """Put an event on the lower border with its label beside the flow that leaves it downwards."""
    box = Box(x - EVENT.width / 2, shape.height - EVENT.height / 2, *EVENT)
    drawing.shapes[event.id] = box
    if event.name:
        width, height = label_size(event.name)
        left = x + GAP
        if not company.from_below:
            left = x - (GAP + width if event.id in company.leaving else width / 2)
        drawing.labels[event.id] = Box(whole(left), box.bottom + GAP / 2, width, height)
    return Point(x, box.bottom)


def _add_notes(notes: Sequence[Node], shape: Box, drawing: Drawing) -> None:
    """Put notes and data in a row above the shape, beside the room of flows that come from above."""
    x = 24.0
    for note in notes:
        size = size_of(note)
        label = label_size(note.name) if note.name and note.kind != "textAnnotation" else Size(0, 0)
        room = max(size.width, label.width)
        top = -ABOVE - size.height
        drawing.shapes[note.id] = Box(x + (room - size.width) // 2, top, *size)
        if label.height:
            drawing.labels[note.id] = Box(x + (room - label.width) // 2, top - GAP - label.height, *label)
        x += room + BESIDE


def _closed(node: Node, drawing: Drawing, anchors: dict[str, Point]) -> Block:
    """Return the block around what was put, with its corner at the origin and its ports on its border."""
    extent = drawing.extent()
    block = Block(node, Drawing(), Size(round(extent.width), round(extent.height)))
    block.drawing.add(drawing, -extent.x, -extent.y)
    for name, point in anchors.items():
        anchor = Point(point.x - extent.x, point.y - extent.y)
        block.ports[name] = Port(_on_border(name, anchor, block.size), anchor)
    return block


def _on_border(name: str, anchor: Point, size: Size) -> Point:
    if name == "w":
        return Point(0, anchor.y)
    if name == "e":
        return Point(size.width, anchor.y)
    return Point(anchor.x, 0 if name in ("n_in", "n_out") else size.height)
