"""What BPMN DI says of one shape or edge: its bounds or waypoints, and where its name stands."""

from __future__ import annotations

from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI, DC = "http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC"
POINT = "http://www.omg.org/spec/DD/20100524/DI"
SUBS = ("subProcess", "transaction")

Box = tuple[float, float, float, float]  # x, y, width, height


def tag(node: Any) -> str:
    """A BPMN element's name without its namespace."""
    return str(node.tag).removeprefix(BPMN)


def is_node(node: Any) -> bool:
    """Whether it is an activity, event or gateway."""
    ends = ("Event", "Gateway", "Task", "Activity", "task", *SUBS)
    return tag(node).endswith(ends)


def shape(node: Any, box: Box, x: float, y: float, label: tuple[float, float]) -> Any:
    """The shape of a node in a box; `label` is where the middle of its name's upper edge stands."""
    id_ = node.get("id")
    drawn = etree.Element(f"{{{DI}}}BPMNShape", id=f"{id_}_di", bpmnElement=id_)
    if tag(node) in SUBS:
        drawn.set("isExpanded", "true")
    if tag(node) == "exclusiveGateway":
        drawn.set("isMarkerVisible", "true")
    left, top = x + box[0], y + box[1]
    _bounds(drawn, left, top, box[2], box[3])
    if node.get("name") and tag(node).endswith(("Event", "Gateway")):
        width = label_width(node)
        holder = etree.SubElement(drawn, f"{{{DI}}}BPMNLabel")
        _bounds(holder, left + label[0] - width / 2, top + label[1], width, label_height(node))
    return drawn


def edge(flow: Any, points: list[tuple[float, float]]) -> Any:
    """The line of a flow or association through points."""
    id_ = flow.get("id")
    drawn = etree.Element(f"{{{DI}}}BPMNEdge", id=f"{id_}_di", bpmnElement=id_)
    for px, py in points:
        etree.SubElement(drawn, f"{{{POINT}}}waypoint", x=_number(px), y=_number(py))
    if flow.get("name"):
        label = etree.SubElement(drawn, f"{{{DI}}}BPMNLabel")
        width = text_width(flow.get("name"))
        down_first = points[0][0] == points[1][0]  # then the name stands beside the second part
        (x1, y1), (x2, _) = points[1:3] if down_first else points[:2]
        _bounds(label, min(x1, x2) + 6, y1 - 18, width, 14)
    return drawn


def text_width(text: str) -> float:
    """About how wide a text is drawn."""
    return 6 * len(text) + 8


def label_width(node: Any) -> float:
    """How wide a node's name may be."""
    return min(text_width(node.get("name", "")), 96)


def label_height(node: Any) -> float:
    """How high a node's name is, broken into lines."""
    return 14 * -(-text_width(node.get("name", "")) // 96)


def _bounds(parent: Any, x: float, y: float, width: float, height: float) -> None:
    etree.SubElement(
        parent, f"{{{DC}}}Bounds", x=_number(x), y=_number(y), width=_number(width), height=_number(height)
    )


def _number(value: float) -> str:
    return str(round(value))
