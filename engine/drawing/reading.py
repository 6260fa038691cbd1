"""Reads from a BPMN file what a drawing must show.

It judges nothing else: what lint refuses can be drawn all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.drawing.geometry import Box, Point, Way
from engine.drawing.model import (
    ACTIVITIES,
    ARTIFACTS,
    EVENTS,
    GATEWAYS,
    SUB_PROCESSES,
    Flow,
    Lane,
    Level,
    Model,
    Node,
    Pool,
)
from engine.errors import Unsupported

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
_NODES = EVENTS | GATEWAYS | ACTIVITIES | ARTIFACTS
_UNDRAWN = ("choreography", "globalConversation", "conversation")

Element = etree._Element


def parse(content: bytes) -> Element:
    """Return the root of a BPMN file. Raises Unsupported for what is not one, or has a DOCTYPE."""
    if b"<!DOCTYPE" in content:
        raise Unsupported("Expected BPMN without a DOCTYPE, but there is one.")
    try:
        root = etree.fromstring(
            content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError as error:
        raise Unsupported(f"Expected XML, but: {error.msg}.") from error
    if root.tag != f"{{{BPMN}}}definitions":
        raise Unsupported(f"Expected the definitions of BPMN 2.0, but the root is {root.tag}.")
    return root


def read(root: Element) -> Model:
    """Return what is to be drawn. Raises Unsupported for files whose diagrams are of another kind, or empty."""
    for kind in _UNDRAWN:
        if root.find(_tag(kind)) is not None:
            raise Unsupported(f"Expected processes and collaborations, but this is a {kind}.")
    collapsed = _collapsed(root)
    levels = {str(process.get("id")): _level(process, collapsed) for process in root.findall(_tag("process"))}
    collaboration = root.find(_tag("collaboration"))
    if collaboration is None:
        if not levels:
            raise Unsupported("Expected a process, but there is none.")
        return Model(None, (), tuple(levels.values()))
    pools = tuple(_pools(collaboration, levels))
    shown = {pool.level.id for pool in pools if pool.level}
    others = tuple(level for id, level in levels.items() if id not in shown and level.nodes)
    messages = tuple(_messages(collaboration))
    return Model(str(collaboration.get("id")), pools, others, messages)


def _collapsed(root: Element) -> frozenset[str]:
    """Return the sub-processes that the present drawing shows as one small shape; it stays so."""
    shapes = root.iter(f"{{{BPMNDI}}}BPMNShape")
    return frozenset(
        local(shape.get("bpmnElement", "")) for shape in shapes if shape.get("isExpanded") == "false"
    )


def _level(element: Element, collapsed: frozenset[str]) -> Level:
    nodes = tuple(_node(child, collapsed) for child in _drawn(element))
    flows = tuple(_flows(element))
    known = {node.id for node in nodes}
    for flow in flows:
        if flow.kind == "sequenceFlow" and not {flow.source, flow.target} <= known:
            raise Unsupported(
                f"Expected {flow.id} to begin and end at elements of its level, but it does not."
            )
    return Level(_id(element), nodes, flows, tuple(_lanes(element.find(_tag("laneSet")))))


def _drawn(element: Element) -> Iterator[Element]:
    for child in element.iterchildren(etree.Element):
        if _kind(child) in _NODES:
            yield child
        elif _kind(child) == "ioSpecification":
            yield from (data for data in child.iterchildren(etree.Element) if _kind(data) in ARTIFACTS)


def _node(element: Element, collapsed: frozenset[str]) -> Node:
    kind, id = _kind(element), _id(element)
    inner = _level(element, collapsed) if kind in SUB_PROCESSES else None
    text = element.findtext(_tag("text")) if kind == "textAnnotation" else element.get("name")
    return Node(
        id,
        kind,
        (text or "").strip(),
        inner,
        expanded=inner is not None and bool(inner.nodes) and id not in collapsed,
        triggered=element.get("triggeredByEvent") == "true",
        compensates=element.get("isForCompensation") == "true",
        host=local(element.get("attachedToRef", "")) or None,
    )


def _flows(element: Element) -> Iterator[Flow]:
    for child in element.iterchildren(etree.Element):
        kind = _kind(child)
        if kind in ("sequenceFlow", "association"):
            source, target = local(child.get("sourceRef", "")), local(child.get("targetRef", ""))
            yield Flow(_id(child), kind, source, target, child.get("name", ""))
        elif kind in _NODES:
            yield from _data_flows(child)


def _data_flows(node: Element) -> Iterator[Flow]:
    """Yield the associations of a node with data that has a shape; its own inputs and outputs have none."""
    for association in node.findall(_tag("dataInputAssociation")):
        for source in association.findall(_tag("sourceRef")):
            yield Flow(_id(association), "data", local(source.text or ""), _id(node))
    for association in node.findall(_tag("dataOutputAssociation")):
        target = association.findtext(_tag("targetRef"))
        yield Flow(_id(association), "data", _id(node), local(target or ""))


def _lanes(lane_set: Element | None) -> Iterator[Lane]:
    for lane in lane_set.findall(_tag("lane")) if lane_set is not None else ():
        members = frozenset(local(member.text or "") for member in lane.findall(_tag("flowNodeRef")))
        yield Lane(_id(lane), lane.get("name", ""), members, tuple(_lanes(lane.find(_tag("childLaneSet")))))


def _pools(collaboration: Element, levels: Mapping[str, Level]) -> Iterator[Pool]:
    for participant in collaboration.findall(_tag("participant")):
        level = levels.get(local(participant.get("processRef", "")))
        yield Pool(_id(participant), participant.get("name", ""), level if level and level.nodes else None)


def _messages(collaboration: Element) -> Iterator[Flow]:
    for flow in collaboration.findall(_tag("messageFlow")):
        source, target = local(flow.get("sourceRef", "")), local(flow.get("targetRef", ""))
        yield Flow(_id(flow), "message", source, target, flow.get("name", ""))


def _tag(kind: str) -> str:
    return f"{{{BPMN}}}{kind}"


def _kind(element: Element) -> str:
    """Return the BPMN name of an element; nothing for one of another namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else ""


def _id(element: Element) -> str:
    """Return an element's id. Raises Unsupported without one, for a shape names its element by it."""
    if id := element.get("id"):
        return id
    raise Unsupported(
        f"Expected every element to have an id, but the {_kind(element)} on line {element.sourceline} has none."
    )


def local(name: str) -> str:
    """Return the id of a reference, which the standard writes as a qualified name."""
    return name.strip().rpartition(":")[2]


def bounds_of(bounds: Element) -> Box:
    """Return the box of a Bounds element; what is missing or no number counts as 0."""
    return Box(*(_number(bounds.get(name)) for name in ("x", "y", "width", "height")))


def way_of(edge: Element) -> Way:
    """Return the way points of an edge."""
    return [
        Point(_number(point.get("x")), _number(point.get("y"))) for point in edge.findall(f"{{{DI}}}waypoint")
    ]


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0
