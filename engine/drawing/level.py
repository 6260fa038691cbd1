"""Draws one level: blocks and flows become a graph for the kernel, and its answer a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.drawing.bends import cut_short, line_up
from engine.drawing.blocks import Block, Company, block_of
from engine.drawing.choosing import ATTEMPTS, easiest
from engine.drawing.corners import use_corners
from engine.drawing.elk import Elk
from engine.drawing.geometry import Box, Drawing, Point, Way, straightened, whole
from engine.drawing.joining import join, tie, tie_to_way
from engine.drawing.labels import move_labels
from engine.drawing.lanes import draw_lanes
from engine.drawing.loops import leading_back, longest_way, only_by
from engine.drawing.model import Flow, Level, Node
from engine.drawing.plan import Plan, add_below
from engine.drawing.sizes import flow_label_size

OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "RIGHT",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.randomSeed": "1",
    "elk.separateConnectedComponents": "false",
    "elk.padding": "[top=0,left=0,bottom=0,right=0]",
    "elk.spacing.nodeNode": "35",
    "elk.spacing.edgeNode": "18",
    "elk.spacing.edgeEdge": "14",
    "elk.spacing.edgeLabel": "3",
    "elk.layered.spacing.nodeNodeBetweenLayers": "40",
    "elk.layered.spacing.edgeNodeBetweenLayers": "18",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "14",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.nodePlacement.favorStraightEdges": "true",
    "elk.layered.crossingMinimization.semiInteractive": "false",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.thoroughness": "10",
    "elk.layered.edgeLabels.sideSelection": "ALWAYS_UP",
    "elk.layered.edgeLabels.centerLabelPlacementStrategy": "TAIL_LAYER",
}


def draw_level(level: Level, elk: Elk) -> Drawing:
    """Return the drawing of a level with all that is shown inside it, its upper left corner at the origin."""
    insides = {
        node.id: draw_level(node.inner, elk)
        for node in level.nodes
        if node.inner is not None and node.expanded
    }
    beside = [node for node in level.nodes if node.is_event_sub_process]
    plan = _plan(level, insides)
    besides = [block_of(node, Company(inside=insides.get(node.id))) for node in beside]
    return easiest(_drawings(level, plan, besides, elk), plan.main)


def _drawings(level: Level, plan: Plan, besides: Sequence[Block], elk: Elk) -> Iterator[Drawing]:
    """Yield a drawing of the level for each attempt of the kernel."""
    for attempt in ATTEMPTS:
        answer = elk.place(_graph(level.id, plan, attempt)) if plan.blocks else {"children": [], "edges": []}
        if level.lanes:
            drawing = draw_lanes(level.lanes, plan, answer, besides)
            _tie(level, plan, drawing)
            yield drawing
        else:
            yield _drawn(level, plan, answer, besides)


def _drawn(level: Level, plan: Plan, answer: Mapping[str, Any], besides: Sequence[Block]) -> Drawing:
    """Return a level without lanes as the kernel places it, its upper left corner at the origin."""
    drawing = _placed(plan, answer)
    use_corners(level.nodes, plan.flows, drawing)
    line_up(level.nodes, plan.flows, drawing)
    cut_short(plan.flows, drawing)
    move_labels(plan.flows, drawing)
    add_below(drawing, besides)
    _tie(level, plan, drawing)
    extent = drawing.extent()
    drawn = Drawing()
    drawn.add(drawing, -extent.x, -extent.y)
    return drawn


def _plan(level: Level, insides: Mapping[str, Drawing]) -> Plan:
    nodes = level.by_id
    hosts = {node.id: node.host if node.host in nodes else node.id for node in level.nodes}
    noted = _noted(level, hosts)
    placed = [
        node
        for node in level.nodes
        if hosts[node.id] == node.id and not node.is_event_sub_process and node.id not in noted
    ]
    within = {node.id for node in placed}
    flows = [flow for flow in level.flows if _is_flow(flow, nodes) and hosts.get(flow.source) in within]
    flows = [flow for flow in flows if hosts.get(flow.target) in within]
    ways = [(flow.id, str(hosts[flow.source]), str(hosts[flow.target])) for flow in flows]
    first = [node.id for node in placed if node.kind == "startEvent"]
    weak = {flow.id for flow in flows if hosts[flow.source] != flow.source}
    back = frozenset(leading_back([node.id for node in placed], ways, first, weak))
    aside = only_by(weak, [node.id for node in placed], ways, back)
    below = frozenset(flow.id for flow in flows if flow.id in back and _goes_below(flow, nodes, aside, level))
    above = back - below
    blocks = {}
    for node in placed:
        company = Company(
            boundary=[other for other in level.nodes if other.host == node.id],
            notes=[nodes[id] for id, host in noted.items() if host == node.id],
            inside=insides.get(node.id),
            leaving=frozenset(flow.source for flow in flows),
            from_above=bool(level.lanes) or _is_turning(node, flows, above),
            from_below=_is_turning(node, flows, below),
        )
        blocks[node.id] = block_of(node, company)
    main = longest_way(ways, back)
    return Plan(blocks, flows, back, noted, main, aside, below)


def _goes_below(flow: Flow, nodes: Mapping[str, Node], aside: frozenset[str], level: Level) -> bool:
    """Whether a flow that leads back does so below: from what hangs below, if nothing is in its way there."""
    hosts = {node.host for node in level.nodes}
    ends = nodes[flow.source], nodes[flow.target]
    return flow.source in aside and flow.source not in hosts and not any(node.is_event for node in ends)


def _is_turning(node: Node, flows: Sequence[Flow], turning: frozenset[str]) -> bool:
    """Whether one of some flows begins or ends at a node."""
    return any(flow.id in turning and node.id in (flow.source, flow.target) for flow in flows)


def _is_flow(flow: Flow, nodes: Mapping[str, Node]) -> bool:
    """Whether a flow has a say in the order: sequence flows, and from a compensation's event to its handler."""
    if flow.kind == "sequenceFlow":
        return True
    target = nodes.get(flow.target)
    return flow.kind == "association" and target is not None and target.compensates


def _noted(level: Level, hosts: Mapping[str, str | None]) -> dict[str, str]:
    """Return which notes and data stand by which node: the first one that they are tied to."""
    by_flow = {flow.id: flow.source for flow in level.flows if flow.kind == "sequenceFlow"}
    found: dict[str, str] = {}
    nodes = level.by_id
    for flow in level.flows:
        for note, other in ((flow.source, flow.target), (flow.target, flow.source)):
            other = by_flow.get(other, other)
            host = hosts.get(other)
            if note in nodes and nodes[note].is_artifact and host and not nodes[host].is_artifact:
                found.setdefault(note, host)
    return found


def _graph(id: str, plan: Plan, attempt: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": id,
        "layoutOptions": {**OPTIONS, **attempt},
        "children": [_child(block) for block in plan.blocks.values()],
        "edges": [_edge(flow, plan) for flow in plan.flows],
    }


def _child(block: Block) -> dict[str, Any]:
    ports = [
        {
            "id": f"{block.node.id}/{name}",
            "x": port.at.x,
            "y": port.at.y,
            "width": 0,
            "height": 0,
            "layoutOptions": {"elk.port.side": _side(name)},
        }
        for name, port in block.ports.items()
    ]
    options = {"elk.portConstraints": "FIXED_POS"}
    width, height = block.size
    return {"id": block.node.id, "width": width, "height": height, "ports": ports, "layoutOptions": options}


def _side(port: str) -> str:
    return {"w": "WEST", "e": "EAST", "n_in": "NORTH", "n_out": "NORTH"}.get(port, "SOUTH")


def _edge(flow: Flow, plan: Plan) -> dict[str, Any]:
    """Return a flow as the kernel sees it: one that leads back is turned round, so that all run to the right."""
    source, target = _ends(flow, plan)
    if flow.id in plan.back:
        source, target = target, source
    edge: dict[str, Any] = {"id": flow.id, "sources": [source], "targets": [target]}
    if flow.id in plan.main:
        edge["layoutOptions"] = {
            "elk.layered.priority.straightness": "20",
            "elk.layered.priority.shortness": "5",
        }
    if flow.name:
        width, height = flow_label_size(flow.name)
        edge["labels"] = [{"id": f"{flow.id}/label", "text": flow.name, "width": width, "height": height}]
    return edge


def _ends(flow: Flow, plan: Plan) -> tuple[str, str]:
    """Return the ports at which a flow begins and ends."""
    back = flow.id in plan.back
    side = "s" if flow.id in plan.below else "n"
    source = f"{flow.source}/{side + '_out' if back else 'e'}"
    for id, block in plan.blocks.items():
        if flow.source != id and flow.source in block.ports:
            source = f"{id}/{flow.source}"
    return source, f"{flow.target}/{side + '_in' if back else 'w'}"


def _placed(plan: Plan, answer: Mapping[str, Any]) -> Drawing:
    drawing = Drawing()
    corners = {child["id"]: Point(whole(child["x"]), whole(child["y"])) for child in answer["children"]}
    for id, block in plan.blocks.items():
        drawing.add(block.drawing, *corners[id])
    flows = {flow.id: flow for flow in plan.flows}
    for edge in answer["edges"]:
        flow = flows[edge["id"]]
        drawing.edges[flow.id] = _way(flow, plan, corners, edge)
        for label in edge.get("labels", ()):
            drawing.labels[flow.id] = Box(
                whole(label["x"]), whole(label["y"]), label["width"], label["height"]
            )
    return drawing


def _way(flow: Flow, plan: Plan, corners: Mapping[str, Point], edge: Mapping[str, Any]) -> Way:
    section = edge["sections"][0]
    found = [section["startPoint"], *section.get("bendPoints", ()), section["endPoint"]]
    points = [Point(whole(point["x"]), whole(point["y"])) for point in found]
    if flow.id in plan.back:
        points.reverse()
    ends = [_anchor(end, plan, corners) for end in _ends(flow, plan)]
    return straightened([ends[0], *points, ends[1]])


def _anchor(end: str, plan: Plan, corners: Mapping[str, Point]) -> Point:
    id, _, port = end.partition("/")
    anchor, corner = plan.blocks[id].ports[port].anchor, corners[id]
    return Point(anchor.x + corner.x, anchor.y + corner.y)


def _tie(level: Level, plan: Plan, drawing: Drawing) -> None:
    """Draw what the kernel knew nothing of: the lines of notes and data."""
    nodes = level.by_id
    rest = []
    for flow in level.flows:
        note, other = (
            (flow.source, flow.target) if _is_note(flow.source, nodes) else (flow.target, flow.source)
        )
        if flow.id in drawing.edges or note not in drawing.shapes:
            continue
        if other in drawing.edges:
            way = tie_to_way(drawing.shapes[note], drawing.edges[other])
        elif plan.noted.get(note) == other:
            way = tie(drawing.shapes[note], drawing.shapes[other])
        else:
            rest.append(flow)
            continue
        drawing.edges[flow.id] = way if note == flow.source else way[::-1]
    join(rest, drawing, level.nodes)


def _is_note(id: str, nodes: Mapping[str, Node]) -> bool:
    return id in nodes and nodes[id].is_artifact
