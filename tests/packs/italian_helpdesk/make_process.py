"""Draw the process that a help desk's log follows: `python make_process.py LOG` writes bpmn/ and forms/ beside it.

Every activity of the log is a user task. Its form offers as `next` exactly the activities that come next somewhere
in the log, and may stay empty where a ticket ends there: at the end where the activity closes tickets, else in a
wait that keeps the ticket open. So the diagram holds facts of the log and no opinion. It is drawn as arcs:
activities in a row, the way forward above them, the way back below.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

CLOSING = "Closed"
STATES = {"Take in charge ticket": "in_progress", "Wait": "waiting", "Resolve ticket": "resolved"}
PITCH, TOP, STEP = 400, 120, 22
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
                  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
                  xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
                  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
                  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
                  xmlns:casepath="https://casepath.dev/bpmn/1"
                  id="helpdesk_definitions" targetNamespace="https://casepath.dev/tests/italian_helpdesk"
                  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
"""


@dataclass
class Relation:
    """Which activity follows which; None stands for the beginning and for the end."""

    pairs: set[tuple[str | None, str | None]] = field(default_factory=set)
    order: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]]) -> Relation:
        """Read the relation from rows, in order of time inside each case."""
        cases: dict[str, list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["Complete Timestamp"]):
            cases[row["Case ID"]].append(row["Activity"])
        places: dict[str, list[float]] = defaultdict(list)
        pairs: set[tuple[str | None, str | None]] = set()
        for steps in cases.values():
            for index, step in enumerate(steps):
                places[step].append(index / len(steps))
            pairs.update(zip([None, *steps], [*steps, None], strict=True))
        order = sorted(places, key=lambda step: (sum(places[step]) / len(places[step]), step))
        return cls(pairs, order)


@dataclass(frozen=True)
class Node:
    """A drawn element with its box."""

    id: str
    tag: str
    name: str
    x: float
    y: float
    width: float
    height: float
    attributes: str = ""
    inside: str = ""

    @property
    def left(self) -> tuple[float, float]:
        """The middle of the left side."""
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> tuple[float, float]:
        """The middle of the right side."""
        return self.x + self.width, self.y + self.height / 2

    @property
    def top(self) -> tuple[float, float]:
        """The middle of the top."""
        return self.x + self.width / 2, self.y

    @property
    def bottom(self) -> tuple[float, float]:
        """The middle of the bottom."""
        return self.x + self.width / 2, self.y + self.height


@dataclass(frozen=True)
class Flow:
    """A drawn sequence flow."""

    id: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    name: str = ""
    condition: str = ""


class Drawing:
    """Places a relation: `join → task → next?` for each activity, arcs between them."""

    def __init__(self, relation: Relation) -> None:
        self.relation = relation
        self.nodes: dict[str, Node] = {}
        self.flows: list[Flow] = []
        above, below = self._levels()
        self.middle = TOP + STEP * (max(above.values(), default=0) + 1) + 60
        for column, activity in enumerate(relation.order, 1):
            self._block(activity, 160 + PITCH * column)
        self._frame()
        for source, target in sorted(relation.pairs, key=str):
            if source is not None and target is not None:
                self._arc(source, target, above, below)
        for target in sorted(str(target) for source, target in relation.pairs if source is None):
            self._first(target, above)

    def _levels(self) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
        spans = {self._span(pair) for pair in self.relation.pairs if pair[1] is not None}
        forward = sorted((span for span in spans if span[1] - span[0] > 1 or span[0] < 0), key=_length)
        back = sorted((span for span in spans if span[1] <= span[0]), key=_length)
        return _lanes(forward), _lanes(back)

    def _span(self, pair: tuple[str | None, str | None]) -> tuple[int, int]:
        order = self.relation.order
        return (-1 if pair[0] is None else order.index(pair[0])), order.index(str(pair[1]))

    def _block(self, activity: str, x: float) -> None:
        key, y = slug(activity), self.middle
        state = f' casepath:state="{STATES[activity]}"' if activity in STATES else ""
        self._add(Node(f"to_{key}", "exclusiveGateway", "", x, y - 25, 50, 50))
        self._add(
            Node(
                key, "userTask", activity, x + 80, y - 40, 100, 80, state, _INSIDE.format(form=f"after_{key}")
            )
        )
        self._add(Node(f"after_{key}", "exclusiveGateway", "Next?", x + 210, y - 25, 50, 50))
        self._flow(f"to_{key}", key, "right", "left")
        self._flow(key, f"after_{key}", "right", "left")

    def _frame(self) -> None:
        """The beginning on the left; on the right the end, and the wait of tickets that never close."""
        last = 160 + PITCH * (len(self.relation.order) + 1)
        self._add(
            Node(
                "opened",
                "startEvent",
                "Ticket opened",
                160,
                self.middle - 18,
                36,
                36,
                ' casepath:state="new"',
            )
        )
        self._add(Node("first", "exclusiveGateway", "First?", 240, self.middle - 25, 50, 50))
        self._flow("opened", "first", "right", "left")
        closed = ' casepath:state="closed"'
        self._add(
            Node("ticket_closed", "endEvent", "Ticket closed", last + 200, self.middle - 118, 36, 36, closed)
        )
        waiting = ' messageRef="message_continued"'
        self._add(Node("left_open", "receiveTask", "Wait for more", last, self.middle + 60, 100, 80, waiting))
        self._add(
            Node("continued", "endEvent", "Continued elsewhere", last + 200, self.middle + 82, 36, 36, closed)
        )
        self._flow("left_open", "continued", "right", "left")
        for activity in self.relation.order:
            if (activity, None) in self.relation.pairs:
                self._last(activity)

    def _arc(self, source: str, target: str, above: dict, below: dict) -> None:
        start, end = self.nodes[f"after_{slug(source)}"], self.nodes[f"to_{slug(target)}"]
        span = self._span((source, target))
        if span[1] - span[0] == 1:
            points = (start.right, end.left)
        elif span[1] > span[0]:
            points = _over(start.top, end.top, _over_row(self.middle, above[span]))
        else:
            points = _over(start.bottom, end.bottom, self.middle + 60 + STEP * (below[span] + 1))
        self._choice(f"after_{slug(source)}", f"to_{slug(target)}", points, target)

    def _first(self, target: str, above: dict) -> None:
        start, end = self.nodes["first"], self.nodes[f"to_{slug(target)}"]
        span = self._span((None, target))
        points = (
            (start.right, end.left)
            if span[1] == 0
            else _over(start.top, end.top, _over_row(self.middle, above[span]))
        )
        self._choice("first", end.id, points, target)

    def _last(self, activity: str) -> None:
        start, key = self.nodes[f"after_{slug(activity)}"], slug(activity)
        closing = activity == CLOSING
        end = self.nodes["ticket_closed" if closing else "left_open"]
        deepest = self.middle + 60 + STEP * 16
        points = (
            _over(start.top, end.top, TOP - 40)
            if closing
            else (start.bottom, (start.bottom[0], deepest), (end.bottom[0], deepest), end.bottom)
        )
        self.flows.append(Flow(f"{key}_last", start.id, end.id, points, "nothing more", "=next = null"))

    def _choice(self, source: str, target: str, points: tuple[tuple[float, float], ...], name: str) -> None:
        id = f"{source}_{target}"
        self.flows.append(Flow(id, source, target, points, name, f'=next = "{name}"'))

    def default(self, gateway: str) -> str | None:
        """Return the flow that a gateway takes when no other fits: its last one.

        BPMN wants one; the form has let through only what some flow is for, so it is taken for its own value.
        """
        chosen = [flow for flow in self.flows if flow.source == gateway and flow.condition]
        return chosen[-1].id if chosen else None

    def _flow(self, source: str, target: str, leaves: str, enters: str) -> None:
        points = (getattr(self.nodes[source], leaves), getattr(self.nodes[target], enters))
        self.flows.append(Flow(f"{source}_{target}", source, target, points))

    def _add(self, node: Node) -> None:
        self.nodes[node.id] = node


_INSIDE = """<bpmn:extensionElements>
        <zeebe:formDefinition formId="{form}" />
        <zeebe:assignmentDefinition candidateGroups="desk" />
      </bpmn:extensionElements>"""


def _over_row(middle: float, level: int) -> float:
    """Return the height of an arc over the row."""
    return middle - 60 - STEP * (level + 1)


def slug(activity: str) -> str:
    """Return an activity's name as an id."""
    return re.sub(r"\W+", "_", activity.lower())


def _length(span: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    return abs(span[1] - span[0]), span


def _lanes(spans: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Give each arc the lowest height at which it meets no other one."""
    levels: dict[tuple[int, int], int] = {}
    for span in spans:
        low, high = min(span), max(span)
        taken = {level for other, level in levels.items() if min(other) <= high and low <= max(other)}
        levels[span] = next(level for level in range(len(spans) + 1) if level not in taken)
    return levels


def _over(
    start: tuple[float, float], end: tuple[float, float], height: float
) -> tuple[tuple[float, float], ...]:
    return (start, (start[0], height), (end[0], height), end)


def document(drawing: Drawing) -> Iterator[str]:
    """Yield the BPMN file in pieces."""
    yield HEAD
    yield '  <bpmn:message id="message_continued" name="continued" />\n'
    yield '  <bpmn:process id="helpdesk" name="Help desk, as its log has it" isExecutable="true">\n'
    defaults = {drawing.default(id) for id in drawing.nodes}
    for node in drawing.nodes.values():
        yield from _element(node, drawing)
    for flow in drawing.flows:
        yield from _sequence_flow(flow, flow.condition if flow.id not in defaults else "")
    yield '  </bpmn:process>\n  <bpmndi:BPMNDiagram id="diagram">\n'
    yield '    <bpmndi:BPMNPlane id="plane" bpmnElement="helpdesk">\n'
    for node in drawing.nodes.values():
        yield from _shape(node)
    for flow in drawing.flows:
        yield from _edge(flow)
    yield "    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</bpmn:definitions>\n"


def _element(node: Node, drawing: Drawing) -> Iterator[str]:
    flows, default = drawing.flows, drawing.default(node.id)
    name = f" name={quoteattr(node.name)}" if node.name else ""
    way = f' default="{default}"' if default else ""
    yield f'    <bpmn:{node.tag} id="{node.id}"{name}{node.attributes}{way}>\n'
    if node.inside:
        yield f"      {node.inside}\n"
    yield from (
        f"      <bpmn:incoming>{flow.id}</bpmn:incoming>\n" for flow in flows if flow.target == node.id
    )
    yield from (
        f"      <bpmn:outgoing>{flow.id}</bpmn:outgoing>\n" for flow in flows if flow.source == node.id
    )
    yield f"    </bpmn:{node.tag}>\n"


def _sequence_flow(flow: Flow, condition: str) -> Iterator[str]:
    name = f" name={quoteattr(flow.name)}" if flow.name else ""
    head = f'    <bpmn:sequenceFlow id="{flow.id}"{name} sourceRef="{flow.source}" targetRef="{flow.target}"'
    if not condition:
        yield head + " />\n"
        return
    yield head + '>\n      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
    yield f"{condition}</bpmn:conditionExpression>\n    </bpmn:sequenceFlow>\n"


def _shape(node: Node) -> Iterator[str]:
    marker = ' isMarkerVisible="true"' if node.tag == "exclusiveGateway" else ""
    yield f'      <bpmndi:BPMNShape id="{node.id}_di" bpmnElement="{node.id}"{marker}>\n'
    yield f'        <dc:Bounds x="{node.x:g}" y="{node.y:g}" width="{node.width:g}" height="{node.height:g}" />\n'
    if node.name and node.tag == "exclusiveGateway":
        yield f'        <bpmndi:BPMNLabel>\n          <dc:Bounds x="{node.x + 40:g}" y="{node.y + 40:g}" width="36"'
        yield ' height="14" />\n        </bpmndi:BPMNLabel>\n'
    yield "      </bpmndi:BPMNShape>\n"


def _edge(flow: Flow) -> Iterator[str]:
    yield f'      <bpmndi:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}">\n'
    yield from (f'        <di:waypoint x="{x:g}" y="{y:g}" />\n' for x, y in flow.points)
    if flow.name:
        x, y = _label_place(flow)
        yield "        <bpmndi:BPMNLabel>\n"
        yield f'          <dc:Bounds x="{x:g}" y="{y:g}" width="130" height="14" />\n        </bpmndi:BPMNLabel>\n'
    yield "      </bpmndi:BPMNEdge>\n"


def _label_place(flow: Flow) -> tuple[float, float]:
    """On the arc, just behind its gateway, where the eye leaves it."""
    if len(flow.points) == 2:
        return flow.points[0][0] + 2, flow.points[0][1] - 18
    (_, _), (x, y), (end, _), _ = flow.points
    return (x + 4 if end > x else x - 134), y - 15


def form(activity: str, relation: Relation) -> str:
    """Return the form that judges what may follow an activity."""
    after = sorted(str(target) for source, target in relation.pairs if source == activity and target)
    ends = (activity, None) in relation.pairs
    options = [{"label": name, "value": name} for name in after]
    field = {"type": "select", "id": "next", "key": "next", "label": "Next", "values": options}
    field["validate"] = {"required": not ends}
    schema = {"schemaVersion": 18, "type": "default", "id": f"after_{slug(activity)}", "components": [field]}
    return json.dumps(schema, indent=2) + "\n"


def main(path: str) -> None:
    """Write the process and the forms of a log."""
    with open(path, encoding="utf-8", newline="") as file:
        relation = Relation.of(csv.DictReader(file))
    here = Path(__file__).parent
    for folder in ("bpmn", "forms"):
        (here / folder).mkdir(exist_ok=True)
    (here / "bpmn" / "helpdesk.bpmn").write_text("".join(document(Drawing(relation))))
    for activity in relation.order:
        (here / "forms" / f"after_{slug(activity)}.form").write_text(form(activity, relation))


if __name__ == "__main__":
    main(sys.argv[1])
