"""How large things are drawn: bpmn-js's own sizes, activities grown until their name can be read."""

from __future__ import annotations

from engine.drawing.model import Node
from engine.drawing.text import INSIDE, OUTSIDE, Size, box, width_of, wrapped

EVENT = Size(36, 36)
GATEWAY = Size(50, 50)
DATA_OBJECT = Size(36, 50)
DATA_STORE = Size(50, 50)
# With the lines of text that fit below the sign in the corner.
ACTIVITY_SIZES = ((Size(100, 80), 2), (Size(120, 80), 2), (Size(140, 90), 3), (Size(160, 100), 4))
PADDING = 7
LABEL_WIDTHS = (90, 120, 160)
FLOW_LABEL_WIDTH = 110
ANNOTATION_WIDTH = 160


def size_of(node: Node) -> Size:
    """Return a node's size; that of an expanded sub-process is made by what is in it."""
    if node.is_event:
        return EVENT
    if node.is_gateway:
        return GATEWAY
    if node.kind == "dataStoreReference":
        return DATA_STORE
    if node.is_artifact:
        return _annotation(node.name) if node.kind == "textAnnotation" else DATA_OBJECT
    return _activity(node.name)


def _activity(name: str) -> Size:
    for size, lines in ACTIVITY_SIZES:
        room = size.width - 2 * PADDING
        found = wrapped(name, room, INSIDE)
        if len(found) <= lines and all(width_of(line, INSIDE) <= room for line in found):
            return size
    largest = ACTIVITY_SIZES[-1][0]
    need = box(name, largest.width - 2 * PADDING, INSIDE)
    return Size(max(largest.width, need.width + 2 * PADDING), max(largest.height, need.height + 44))


def _annotation(text: str) -> Size:
    need = box(text, ANNOTATION_WIDTH - 14, INSIDE)
    return Size(max(60, need.width + 14), max(30, need.height + 12))


def label_size(text: str) -> Size:
    """Return the room for an external label of an event, gateway or data object: narrow, and at most four lines."""
    found = Size(0, 0)
    for width in LABEL_WIDTHS:
        found = box(text, width, OUTSIDE)
        if len(wrapped(text, width, OUTSIDE)) <= 3:
            break
    return found


def flow_label_size(text: str) -> Size:
    """Return the room for the name of a flow."""
    return box(text, FLOW_LABEL_WIDTH if len(text) < 60 else 2 * FLOW_LABEL_WIDTH, OUTSIDE)
