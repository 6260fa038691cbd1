"""Writes a model as BPMN 2.0 XML, one file per process, with Camunda 8's attributes and a bare diagram."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import singledispatch

from .model import (
    After,
    At,
    Body,
    Boundary,
    Call,
    Catch,
    Decide,
    End,
    Every,
    Exclusive,
    Mapped,
    Message,
    Model,
    Node,
    Parallel,
    Process,
    Receive,
    Script,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Trigger,
    UserTask,
)

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CASEPATH = "https://casepath.dev/bpmn/1"
PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "zeebe": ZEEBE, "casepath": CASEPATH}
TAGS: dict[type[Node], str] = {
    Start: "startEvent",
    End: "endEvent",
    UserTask: "userTask",
    ServiceTask: "serviceTask",
    SendTask: "sendTask",
    Script: "scriptTask",
    Decide: "businessRuleTask",
    Receive: "receiveTask",
    Catch: "intermediateCatchEvent",
    Boundary: "boundaryEvent",
    Exclusive: "exclusiveGateway",
    Parallel: "parallelGateway",
    SubProcess: "subProcess",
    Call: "callActivity",
}

for prefix, uri in PREFIXES.items():
    ET.register_namespace(prefix, uri)


def files(model: Model) -> dict[str, bytes]:
    """Return the BPMN file of each process by its id."""
    return {process.id: _file(process) for process in model.processes}


def _file(process: Process) -> bytes:
    root = ET.Element(
        f"{{{BPMN}}}definitions", id=f"file_{process.id}", targetNamespace="https://casepath.dev/oracle"
    )
    messages: dict[Message, str] = {}
    for message in _messages(process.body):
        messages.setdefault(message, f"message_{process.id}_{len(messages) + 1}")
    for message, id in messages.items():
        element = _bpmn(root, "message", id=id, name=message.name)
        if message.key is not None:
            _zeebe(element, "subscription", correlationKey=f"={message.key.feel()}")
    element = _bpmn(root, "process", id=process.id, isExecutable="true")
    _write_body(element, process.body, messages)
    _draw(root, process)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _messages(body: Body) -> Iterator[Message]:
    for node in body.everything():
        wanted = getattr(node, "message", None) or getattr(node, "trigger", None)
        if isinstance(wanted, Message):
            yield wanted


def _write_body(parent: ET.Element, body: Body, messages: dict[Message, str]) -> None:
    for node in body.nodes:
        element = _bpmn(parent, TAGS[type(node)], id=node.id)
        _write(node, element, messages)
        _write_mapping(node, element)
        for flow in body.incoming(node.id):
            _bpmn(element, "incoming").text = flow.id
        for flow in body.outgoing(node.id):
            _bpmn(element, "outgoing").text = flow.id
        if isinstance(node, SubProcess):
            _write_body(element, node.body, messages)
        _write_events(node, element, messages)
    for flow in body.flows:
        element = _bpmn(parent, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
        if flow.when is not None:
            _bpmn(element, "conditionExpression").text = f"={flow.when.feel()}"


def _write_mapping(node: Node, element: ET.Element) -> None:
    if isinstance(node, Mapped) and (node.inputs or node.outputs):
        mapping = _zeebe(element, "ioMapping")
        for kind, assignments in (("input", node.inputs), ("output", node.outputs)):
            for target, source in assignments:
                _tag(mapping, ZEEBE, kind, source=f"={source.feel()}", target=target)


@singledispatch
def _write(node: Node, element: ET.Element, messages: dict[Message, str]) -> None:
    """Add what one kind of node has before its flows: attributes and extension elements."""


@_write.register
def _(node: Script, element: ET.Element, messages: dict[Message, str]) -> None:
    """One write is an expression with a result variable, several are a context."""
    if len(node.writes) == 1:
        name, source = node.writes[0]
        _zeebe(element, "script", expression=f"={source.feel()}", resultVariable=name)
    else:
        entries = ", ".join(f"{name}: {source.feel()}" for name, source in node.writes)
        _zeebe(element, "script", expression=f"={{{entries}}}")


@_write.register
def _(node: Decide, element: ET.Element, messages: dict[Message, str]) -> None:
    _zeebe(element, "calledDecision", decisionId=node.asks, resultVariable=node.result)


@_write.register
def _(node: SendTask, element: ET.Element, messages: dict[Message, str]) -> None:
    element.set(f"{{{CASEPATH}}}template", "note")


@_write.register
def _(node: Receive, element: ET.Element, messages: dict[Message, str]) -> None:
    element.set("messageRef", messages[node.message])


@_write.register
def _(node: Boundary, element: ET.Element, messages: dict[Message, str]) -> None:
    element.set("attachedToRef", node.host)
    element.set("cancelActivity", "true" if node.interrupting else "false")


@_write.register
def _(node: Exclusive, element: ET.Element, messages: dict[Message, str]) -> None:
    if node.default is not None:
        element.set("default", node.default)


@_write.register
def _(node: ServiceTask, element: ET.Element, messages: dict[Message, str]) -> None:
    _zeebe(element, "taskDefinition", type="work")


@_write.register
def _(node: Call, element: ET.Element, messages: dict[Message, str]) -> None:
    spread = {"propagateAllParentVariables": node.all_in, "propagateAllChildVariables": node.all_out}
    chosen = {name: "true" if value else "false" for name, value in spread.items()}
    _zeebe(element, "calledElement", processId=node.process, **chosen)


def _write_events(node: Node, element: ET.Element, messages: dict[Message, str]) -> None:
    """Add the event definition, which the schema wants after the flows."""
    if isinstance(node, End) and node.terminate:
        _bpmn(element, "terminateEventDefinition", id=f"{node.id}_definition")
    trigger = node.message if isinstance(node, Start) else getattr(node, "trigger", None)
    if isinstance(trigger, Message):
        _bpmn(element, "messageEventDefinition", id=f"{node.id}_definition", messageRef=messages[trigger])
    elif trigger is not None:
        tag, text = _timer(trigger)
        definition = _bpmn(element, "timerEventDefinition", id=f"{node.id}_definition")
        _bpmn(definition, tag).text = text


def _timer(trigger: Trigger) -> tuple[str, str]:
    match trigger:
        case After(span):
            return "timeDuration", _duration(span)
        case At(moment):
            return "timeDate", _moment(moment)
        case Every(span, rounds):
            return "timeCycle", f"R{'' if rounds is None else rounds}/{_duration(span)}"
    raise TypeError(f"Expected a timer, but got {trigger}.")


def _duration(span: timedelta) -> str:
    return f"PT{span // timedelta(minutes=1)}M"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _draw(root: ET.Element, process: Process) -> None:
    """Place every node on a row; nobody looks at it, but a diagram without shapes is none."""
    diagram = _tag(root, BPMNDI, "BPMNDiagram", id=f"diagram_{process.id}")
    plane = _tag(diagram, BPMNDI, "BPMNPlane", id=f"plane_{process.id}", bpmnElement=process.id)
    middle: dict[str, str] = {}
    for number, node in enumerate(process.body.everything()):
        shape = _tag(plane, BPMNDI, "BPMNShape", id=f"{node.id}_di", bpmnElement=node.id)
        _tag(shape, DC, "Bounds", x=str(number * 120), y="100", width="100", height="80")
        middle[node.id] = str(number * 120 + 50)
    for body in _bodies(process.body):
        for flow in body.flows:
            edge = _tag(plane, BPMNDI, "BPMNEdge", id=f"{flow.id}_di", bpmnElement=flow.id)
            _tag(edge, DI, "waypoint", x=middle[flow.source], y="140")
            _tag(edge, DI, "waypoint", x=middle[flow.target], y="140")


def _bodies(body: Body) -> Iterator[Body]:
    yield body
    yield from (node.body for node in body.everything() if isinstance(node, SubProcess))


def _bpmn(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return _tag(parent, BPMN, tag, **attributes)


def _zeebe(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    extensions = parent.find(f"{{{BPMN}}}extensionElements")
    if extensions is None:
        extensions = _bpmn(parent, "extensionElements")
    return _tag(extensions, ZEEBE, tag, **attributes)


def _tag(parent: ET.Element, namespace: str, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
