"""Says what is wrong with the drawing of a BPMN file: something missing, or something that hangs loose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.drawing.geometry import Box, Point
from engine.drawing.model import Level, Model, Node, every_lane
from engine.drawing.reading import BPMNDI, DC, Element, bounds_of, local, read, way_of

TOUCHING = 6


def faults(root: Element) -> list[str]:
    """Return a sentence for everything that is wrong with a file's drawing; none where it is whole."""
    model = read(root)
    planes = list(root.iter(f"{{{BPMNDI}}}BPMNPlane"))
    if not planes:
        return ["There is no drawing."]
    shapes = {
        _element(shape): _box(shape) for plane in planes for shape in plane.iter(f"{{{BPMNDI}}}BPMNShape")
    }
    edges = {_element(edge): way_of(edge) for plane in planes for edge in plane.iter(f"{{{BPMNDI}}}BPMNEdge")}
    return [
        *_missing(model, shapes, edges),
        *_unknown(root, {*shapes, *edges, *map(_element, planes)}),
        *(f"The shape of {id} has no size." for id, box in shapes.items() if box is None),
        *_loose(model, {id: box for id, box in shapes.items() if box}, edges),
    ]


def _element(drawn: Element) -> str:
    return local(drawn.get("bpmnElement", ""))


def _box(shape: Element) -> Box | None:
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    box = bounds_of(bounds)
    return box if box.width > 0 and box.height > 0 else None


def _levels(model: Model) -> list[Level]:
    """Return the levels that must be drawn: what is in a collapsed sub-process need not be."""
    levels = [*model.processes, *(pool.level for pool in model.pools if pool.level)]
    for level in levels:
        levels += [node.inner for node in level.nodes if node.inner is not None and node.expanded]
    return levels


def _missing(model: Model, shapes: Iterable[str], edges: Iterable[str]) -> Iterator[str]:
    levels = _levels(model)
    wanted = [node.id for level in levels for node in level.nodes if _must_be_drawn(node)]
    wanted += [lane.id for level in levels for lane in every_lane(level.lanes)]
    wanted += [pool.id for pool in model.pools]
    yield from (f"{id} has no shape." for id in wanted if id not in set(shapes))
    flows = [flow.id for level in levels for flow in level.flows if flow.kind == "sequenceFlow"]
    flows += [flow.id for flow in model.messages]
    yield from (f"{id} has no edge." for id in flows if id not in set(edges))


def _must_be_drawn(node: Node) -> bool:
    return node.kind not in ("dataInput", "dataOutput")


def _unknown(root: Element, drawn: Iterable[str]) -> Iterator[str]:
    known = {element.get("id") for element in root.iter() if BPMNDI not in str(element.tag)}
    yield from (
        f"{id or 'Nothing'} is drawn, but the file has no such element." for id in drawn if id not in known
    )


def _loose(model: Model, shapes: Mapping[str, Box], edges: Mapping[str, list[Point]]) -> Iterator[str]:
    """Yield what does not touch what it belongs to."""
    for level in _levels(model):
        for flow in level.flows:
            if flow.kind == "sequenceFlow" and flow.id in edges:
                yield from _ends(flow.id, edges[flow.id], shapes.get(flow.source), shapes.get(flow.target))
        for node in level.nodes:
            box, host = shapes.get(node.id), shapes.get(node.host or "")
            if box and host and not _on_border(box.centre, host):
                yield f"{node.id} does not sit on the border of {node.host}."


def _ends(id: str, way: list[Point], source: Box | None, target: Box | None) -> Iterator[str]:
    if len(way) < 2:
        yield f"The edge of {id} has fewer than two points."
    elif source and not _touches(way[0], source):
        yield f"The edge of {id} does not begin at its source."
    elif target and not _touches(way[-1], target):
        yield f"The edge of {id} does not end at its target."


def _touches(point: Point, box: Box) -> bool:
    return box.grown(TOUCHING).holds(Box(*point, 0, 0))


def _on_border(point: Point, box: Box) -> bool:
    return _touches(point, box) and not box.grown(-TOUCHING).holds(Box(*point, 0, 0))
