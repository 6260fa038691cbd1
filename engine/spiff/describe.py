"""From an XML node to an `Element`: BPMN's own attributes, Camunda 8's (`zeebe:`), and the few of ours.

Nothing is judged here; what may not stand in a diagram is the matter of `allowed.py` and `rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.spiff.model import Element
from engine.spiff.reading import BPMN, CASEPATH, ZEEBE, Node, local_name

EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent"})
TASKS = frozenset({"userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway"})
ACTIVITIES = TASKS | {"subProcess", "callActivity"}
FLOW_NODES = EVENTS | GATEWAYS | ACTIVITIES
TIMER_KINDS = {f"{BPMN}timeDate": "date", f"{BPMN}timeDuration": "duration", f"{BPMN}timeCycle": "cycle"}


def processes(root: Node) -> list[Node]:
    """Return the process nodes of a file, in document order."""
    return list(root.iterchildren(f"{BPMN}process"))


def flow_nodes(root: Node) -> Iterator[Node]:
    """Yield every node that the fence can run, at any depth, in document order."""
    return (node for process in processes(root) for node in process.iter() if _tag(node) in FLOW_NODES)


def describe(root: Node) -> dict[str, Element]:
    """Return the elements of a file by id: processes, lanes, flow nodes and sequence flows, in document order."""
    lanes = _lanes(root)
    messages = {node.get("id"): node for node in root.iterchildren(f"{BPMN}message")}
    found: dict[str, Element] = {}
    for process in processes(root):
        found[process.get("id", "")] = _plain(process, process.get("id", ""))
        for node in process.iter():
            if node.get("id") and (_tag(node) in FLOW_NODES or _tag(node) in ("sequenceFlow", "lane")):
                found[node.get("id")] = _element(node, process.get("id", ""), lanes, messages)
    return found


def event_definitions(node: Node) -> list[Node]:
    """Return the event definitions inside an event."""
    return [child for child in node if _tag(child).endswith("EventDefinition")]


def extensions(node: Node) -> dict[str, Node]:
    """Return the `zeebe:` extension elements of a node by their names."""
    holder = node.find(f"{BPMN}extensionElements")
    return {} if holder is None else {local_name(it): it for it in holder.iterchildren(f"{ZEEBE}*")}


def condition(flow: Node) -> str | None:
    """Return the text of a sequence flow's condition, or None where it has none."""
    found = flow.find(f"{BPMN}conditionExpression")
    return None if found is None else (found.text or "").strip()


def _tag(node: Node) -> str:
    return local_name(node) if str(node.tag).startswith(BPMN) else ""


def _plain(node: Node, process: str) -> Element:
    return Element(node.get("id", ""), local_name(node), _name(node), node.sourceline or 0, process)


def _element(node: Node, process: str, lanes: Mapping[str, str], messages: Mapping[str, Node]) -> Element:
    parent = node.getparent().get("id")
    return Element(
        id=node.get("id"),
        type=_tag(node),
        name=_name(node),
        line=node.sourceline or 0,
        process=process,
        parent=None if parent == process or _tag(node) == "lane" else parent,
        lane=lanes.get(node.get("id")),
        documentation=_text(node.find(f"{BPMN}documentation")),
        event=_event(node),
        state=node.get(f"{CASEPATH}state"),
        goal=node.get(f"{CASEPATH}goal"),
        template=node.get(f"{CASEPATH}template"),
        timer=_timer(node),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") != "false",
        source=node.get("sourceRef"),
        target=node.get("targetRef"),
        condition=condition(node),
        default=node.get("default"),
        **_camunda(node),
        **_message(node, messages),
    )


def _name(node: Node) -> str:
    """Return the label on one line; on the canvas it may be broken into several."""
    return " ".join(node.get("name", "").split())


def _lanes(root: Node) -> dict[str, str]:
    """Return the innermost lane's name (else id) of each node; inner lanes come later in the document."""
    return {
        (reference.text or "").strip(): lane.get("name") or lane.get("id", "")
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef")
    }


def _event(node: Node) -> str | None:
    definitions = event_definitions(node) if _tag(node) in EVENTS else []
    return _tag(definitions[0]).removesuffix("EventDefinition") if definitions else None


def _timer(node: Node) -> tuple[str, str] | None:
    for definition in event_definitions(node):
        for child in definition:
            if child.tag in TIMER_KINDS:
                return TIMER_KINDS[child.tag], (child.text or "").strip()
    return None


def _message(node: Node, messages: Mapping[str, Node]) -> dict[str, Any]:
    holders = [node, *event_definitions(node)]
    reference = next((holder.get("messageRef") for holder in holders if holder.get("messageRef")), None)
    message = messages.get(reference or "")
    if message is None:
        return {}
    subscription = extensions(message).get("subscription")
    key = None if subscription is None else subscription.get("correlationKey") or None
    return {"message": message.get("name"), "key": key}


def _mappings(mapping: Node | None, kind: str) -> tuple[tuple[str, str], ...]:
    if mapping is None:
        return ()
    return tuple(
        (it.get("target", ""), it.get("source", "")) for it in mapping.iterchildren(f"{ZEEBE}{kind}")
    )


def _camunda(node: Node) -> dict[str, Any]:
    """Return what Camunda 8's extension elements say, by our names."""
    said = extensions(node)
    says: dict[str, Any] = {
        ours: _attribute(said, element, attribute)
        for ours, (element, attribute) in _ATTRIBUTES.items()
        if element in said
    }
    results = (_attribute(said, holder, "resultVariable") for holder in ("calledDecision", "script"))
    says["result_variable"] = next((name for name in results if name is not None), None)
    for ours, attribute in _PROPAGATION.items():
        says[ours] = _attribute(said, "calledElement", attribute) != "false"
    mapping = said.get("ioMapping")
    return {**says, "inputs": _mappings(mapping, "input"), "outputs": _mappings(mapping, "output")}


def _attribute(said: Mapping[str, Node], element: str, attribute: str) -> str | None:
    value = said[element].get(attribute) if element in said else None
    return value.strip() or None if value else None


_ATTRIBUTES = {
    "form": ("formDefinition", "formId"),
    "assignee": ("assignmentDefinition", "assignee"),
    "candidate_groups": ("assignmentDefinition", "candidateGroups"),
    "due": ("taskSchedule", "dueDate"),
    "priority": ("priorityDefinition", "priority"),
    "service": ("taskDefinition", "type"),
    "retries": ("taskDefinition", "retries"),
    "called": ("calledElement", "processId"),
    "decision": ("calledDecision", "decisionId"),
    "script": ("script", "expression"),
}
_PROPAGATION = {
    "propagate_parent": "propagateAllParentVariables",
    "propagate_child": "propagateAllChildVariables",
}


def _text(node: Node | None) -> str | None:
    return None if node is None else (node.text or "").strip() or None
