"""Writes a model as BPMN 2.0 XML, one file per process, with Camunda 8's attributes and a bare diagram."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import singledispatch

from .bpmn_events import Definitions
from .model import (
    Activity,
    Body,
    Boundary,
    Call,
    Catch,
    Decide,
    End,
    EventBased,
    EventSub,
    Exclusive,
    Inclusive,
    Many,
    Mapped,
    Model,
    Node,
    Parallel,
    Process,
    Receive,
    Rounds,
    Script,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
    Transaction,
    Undo,
    UserTask,
)
from .tags import BPMN, BPMNDI, CASEPATH, DC, DI, ZEEBE, bpmn, tag, truth, zeebe

TAGS: dict[type[Node], str] = {
    Start: "startEvent",
    End: "endEvent",
    Throw: "intermediateThrowEvent",
    Catch: "intermediateCatchEvent",
    Boundary: "boundaryEvent",
    Undo: "boundaryEvent",
    UserTask: "userTask",
    ServiceTask: "serviceTask",
    SendTask: "sendTask",
    Script: "scriptTask",
    Decide: "businessRuleTask",
    Receive: "receiveTask",
    Exclusive: "exclusiveGateway",
    Inclusive: "inclusiveGateway",
    Parallel: "parallelGateway",
    EventBased: "eventBasedGateway",
    SubProcess: "subProcess",
    Transaction: "transaction",
    EventSub: "subProcess",
    Call: "callActivity",
}


def files(model: Model) -> dict[str, bytes]:
    """Return the BPMN file of each process by its id."""
    return {process.id: _file(process) for process in model.processes}


def _file(process: Process) -> bytes:
    root = ET.Element(
        f"{{{BPMN}}}definitions", id=f"file_{process.id}", targetNamespace="https://casepath.dev/oracle"
    )
    definitions = Definitions(root, process.id, process.body)
    element = bpmn(root, "process", id=process.id, isExecutable="true")
    _write_body(element, process.body, definitions)
    _draw(root, process)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_body(parent: ET.Element, body: Body, definitions: Definitions) -> None:
    for node in body.nodes:
        _write_node(parent, node, body, definitions)
    for flow in body.flows:
        element = bpmn(parent, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
        if flow.when is not None:
            bpmn(element, "conditionExpression").text = f"={flow.when.feel()}"
    for node in body.nodes:
        if isinstance(node, Undo):
            ends = {"sourceRef": node.id, "targetRef": node.handler}
            bpmn(parent, "association", id=f"{node.id}_way", associationDirection="One", **ends)


def _write_node(parent: ET.Element, node: Node, body: Body, definitions: Definitions) -> None:
    """Write one node, its parts in the order that the schema wants."""
    element = bpmn(parent, TAGS[type(node)], id=node.id)
    if isinstance(node, Exclusive | Inclusive | Activity) and node.default:
        element.set("default", node.default)
    if isinstance(node, Activity) and node.handler:
        element.set("isForCompensation", "true")
    if isinstance(node, Receive):
        definitions.refer(element, node.message)
    if isinstance(node, Start) and parent.get("triggeredByEvent"):
        element.set("isInterrupting", truth(node.interrupting))
    _write(node, element)
    _write_mapping(node, element)
    for flow in body.incoming(node.id):
        bpmn(element, "incoming").text = flow.id
    for flow in body.outgoing(node.id):
        bpmn(element, "outgoing").text = flow.id
    if isinstance(node, Activity) and node.repeated:
        _write_repeated(element, node.repeated)
    if isinstance(node, SubProcess | EventSub):
        _write_body(element, node.body, definitions)
    definitions.write(node, element)


def _write_mapping(node: Node, element: ET.Element) -> None:
    if isinstance(node, Mapped) and (node.inputs or node.outputs):
        mapping = zeebe(element, "ioMapping")
        for kind, assignments in (("input", node.inputs), ("output", node.outputs)):
            for target, source in assignments:
                tag(mapping, ZEEBE, kind, source=f"={source.feel()}", target=target)


def _write_repeated(element: ET.Element, rule: Many | Rounds) -> None:
    if isinstance(rule, Rounds):
        most = {} if rule.most is None else {"loopMaximum": str(rule.most)}
        loop = bpmn(element, "standardLoopCharacteristics", testBefore=truth(rule.before), **most)
        if rule.when:
            bpmn(loop, "loopCondition").text = f"={rule.when.feel()}"
        return
    loop = bpmn(element, "multiInstanceLoopCharacteristics", isSequential=truth(rule.sequential))
    attributes = {
        "inputCollection": rule.collection and f"={rule.collection.feel()}",
        "inputElement": rule.item,
        "outputCollection": rule.results,
        "outputElement": rule.result and f"={rule.result.feel()}",
    }
    zeebe(loop, "loopCharacteristics", **{name: text for name, text in attributes.items() if text})
    if rule.cardinality:
        bpmn(loop, "loopCardinality").text = f"={rule.cardinality.feel()}"
    if rule.completion:
        bpmn(loop, "completionCondition").text = f"={rule.completion.feel()}"


@singledispatch
def _write(node: Node, element: ET.Element) -> None:
    """Add what one kind of node has before its flows: attributes and extension elements."""


@_write.register
def _(node: Script, element: ET.Element) -> None:
    """One write is an expression with a result variable, several are a context."""
    if len(node.writes) == 1:
        name, source = node.writes[0]
        zeebe(element, "script", expression=f"={source.feel()}", resultVariable=name)
    else:
        entries = ", ".join(f"{name}: {source.feel()}" for name, source in node.writes)
        zeebe(element, "script", expression=f"={{{entries}}}")


@_write.register
def _(node: Decide, element: ET.Element) -> None:
    zeebe(element, "calledDecision", decisionId=node.asks, resultVariable=node.result)


@_write.register
def _(node: SendTask, element: ET.Element) -> None:
    element.set(f"{{{CASEPATH}}}template", "note")


@_write.register
def _(node: Boundary, element: ET.Element) -> None:
    element.set("attachedToRef", node.host)
    element.set("cancelActivity", truth(node.interrupting))


@_write.register
def _(node: Undo, element: ET.Element) -> None:
    element.set("attachedToRef", node.host)


@_write.register
def _(node: EventSub, element: ET.Element) -> None:
    element.set("triggeredByEvent", "true")


@_write.register
def _(node: ServiceTask, element: ET.Element) -> None:
    zeebe(element, "taskDefinition", type="work")


@_write.register
def _(node: Call, element: ET.Element) -> None:
    spread = {"propagateAllParentVariables": node.all_in, "propagateAllChildVariables": node.all_out}
    chosen = {name: truth(value) for name, value in spread.items()}
    zeebe(element, "calledElement", processId=node.process, **chosen)


def _draw(root: ET.Element, process: Process) -> None:
    """Place every node on a row; nobody looks at it, but a diagram without shapes is none."""
    diagram = tag(root, BPMNDI, "BPMNDiagram", id=f"diagram_{process.id}")
    plane = tag(diagram, BPMNDI, "BPMNPlane", id=f"plane_{process.id}", bpmnElement=process.id)
    middle: dict[str, str] = {}
    for number, node in enumerate(process.body.everything()):
        shape = tag(plane, BPMNDI, "BPMNShape", id=f"{node.id}_di", bpmnElement=node.id)
        tag(shape, DC, "Bounds", x=str(number * 120), y="100", width="100", height="80")
        middle[node.id] = str(number * 120 + 50)
    for body in _bodies(process.body):
        ways = [(flow.id, flow.source, flow.target) for flow in body.flows]
        ways += [(f"{it.id}_way", it.id, it.handler) for it in body.nodes if isinstance(it, Undo)]
        for id, source, target in ways:
            edge = tag(plane, BPMNDI, "BPMNEdge", id=f"{id}_di", bpmnElement=id)
            tag(edge, DI, "waypoint", x=middle[source], y="140")
            tag(edge, DI, "waypoint", x=middle[target], y="140")


def _bodies(body: Body) -> Iterator[Body]:
    yield body
    yield from (node.body for node in body.everything() if isinstance(node, SubProcess | EventSub))
