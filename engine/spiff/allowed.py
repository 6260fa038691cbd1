"""The allow-list: what a diagram may hold. Whatever is not named here is refused, never ignored.

Three tables say it all: BPMN's elements, the attributes that would change what an element does, and the extension
elements (with their attributes) that are read, by the element that they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import ACTIVITIES, EVENTS, FLOW_NODES, event_definitions
from engine.spiff.errors import Finding
from engine.spiff.reading import BPMN, CASEPATH, ZEEBE, Node, local_name, refusal

_READ = FLOW_NODES | {
    "definitions", "collaboration", "participant", "process", "message", "sequenceFlow", "conditionExpression",
    "timerEventDefinition", "messageEventDefinition", "terminateEventDefinition",
    "timeDate", "timeDuration", "timeCycle",
    "laneSet", "childLaneSet", "lane", "flowNodeRef", "incoming", "outgoing", "documentation", "extensionElements",
}  # fmt: skip
_PICTURE = {
    "textAnnotation", "text", "association", "group", "category", "categoryValue", "messageFlow",
    "dataObject", "dataObjectReference", "dataState", "dataInputAssociation", "dataOutputAssociation",
    "sourceRef", "targetRef", "property",
    "signal", "error", "escalation", "itemDefinition",  # bpmn-js leaves them behind; what uses one is refused
}  # fmt: skip
_EVENTS_ALLOWED = {
    "startEvent": {"messageEventDefinition"},
    "endEvent": {"terminateEventDefinition"},
    "intermediateCatchEvent": {"timerEventDefinition", "messageEventDefinition"},
    "boundaryEvent": {"timerEventDefinition", "messageEventDefinition"},
}
_MUST_HAVE_AN_EVENT = ("intermediateCatchEvent", "boundaryEvent")
_CHANGING = {
    "isForCompensation": (
        "false",
        "Compensation is not supported; model the correction as a path of its own.",
    ),
    "triggeredByEvent": (
        "false",
        "Event sub-processes are not supported; use boundary events on a sub-process.",
    ),
    "instantiate": ("false", "Start the process with a message start event instead."),
    "startQuantity": ("1", "Leave it out."),
    "completionQuantity": ("1", "Leave it out."),
    "parallelMultiple": ("false", "Wait for one event at a time, or use a parallel gateway."),
}
_INSTEAD = {
    "task": "Choose a type: user, service, script, business rule, send or receive task.",
    "manualTask": "Make it a user task, so that somebody says when it is done.",
    "inclusiveGateway": "Use an exclusive gateway, or a parallel gateway with conditions behind it.",
    "eventBasedGateway": "Use a receive task with boundary events.",
    "complexGateway": "Use exclusive and parallel gateways.",
    "intermediateThrowEvent": "Use a send task.",
    "multiInstanceLoopCharacteristics": "Call a process in a loop with an exclusive gateway.",
    "standardLoopCharacteristics": "Draw the loop with an exclusive gateway.",
    "transaction": "Use an embedded sub-process.",
    "adHocSubProcess": "Use an embedded sub-process with gateways.",
    "dataStoreReference": "Keep the data in variables, or read it with a service task.",
    "script": "Write FEEL into the script task's expression (zeebe:script); Python is never run.",
    "signalEventDefinition": "Use a message.",
    "errorEventDefinition": "Write the outcome into a variable and decide with an exclusive gateway.",
    "escalationEventDefinition": "Use a timer or a message on the boundary.",
    "conditionalEventDefinition": "Use a message, or decide with an exclusive gateway.",
}
_OTHERWISE = "Remove it, or model it with the elements that Casepath runs (see docs/reference/bpmn.md)."

_MAPPING = {"ioMapping": set[str](), "input": {"source", "target"}, "output": {"source", "target"}}
_ANYWHERE = {"properties": set[str](), "property": {"name", "value"}, "modelerTemplate": set[str]()}
_EXTENSIONS: dict[str, dict[str, set[str]]] = {
    "userTask": {
        "userTask": set(),
        "formDefinition": {"formId", "bindingType"},
        "assignmentDefinition": {"assignee", "candidateGroups"},
        "taskSchedule": {"dueDate"},
        "priorityDefinition": {"priority"},
        **_MAPPING,
    },
    "serviceTask": {"taskDefinition": {"type", "retries"}, **_MAPPING},
    "scriptTask": {"script": {"expression", "resultVariable"}, **_MAPPING},
    "businessRuleTask": {"calledDecision": {"decisionId", "resultVariable", "bindingType"}, **_MAPPING},
    "callActivity": {
        "calledElement": {
            "processId", "propagateAllParentVariables", "propagateAllChildVariables", "bindingType",
        },
        **_MAPPING,
    },
    "message": {"subscription": {"correlationKey"}},
    "process": {"versionTag": {"value"}},
    **dict.fromkeys(("sendTask", "receiveTask", "subProcess", "intermediateCatchEvent", "boundaryEvent"), _MAPPING),
}  # fmt: skip
_OUR_ATTRIBUTES = {"state": FLOW_NODES, "goal": EVENTS, "template": {"sendTask"}}
_OTHER_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
}


def not_allowed(root: Node) -> Iterator[Finding]:
    """Yield a finding for whatever is not on the list; what stands inside a refused element is not said again."""
    pending = [root]
    while pending:
        node = pending.pop()
        if not str(node.tag).startswith(BPMN):
            continue
        if local_name(node) in _READ or local_name(node) in _PICTURE:
            yield from _attributes(node)
            yield from _events(node)
            yield from _extensions(node)
            pending += node
        else:
            yield _refused(node)


def refused_ids(root: Node) -> frozenset[str]:
    """Return the ids of what is not on the list, so that flows to it are not reproached as well."""
    nodes = (it for it in root.iter() if str(it.tag).startswith(BPMN) and it.get("id"))
    return frozenset(it.get("id") for it in nodes if local_name(it) not in _READ | _PICTURE)


def _refused(node: Node) -> Finding:
    tag, owner = local_name(node), _owner(node)
    what = _words(tag)
    article = "an" if what[0] in "aeiou" else "a"
    verb = "is" if owner == node.get("id") else "has"
    message = f"Expected only elements that Casepath runs, but {owner!r} {verb} {article} {what}."
    return refusal(
        "not-supported", message, _INSTEAD.get(tag, _OTHERWISE), element=owner, line=node.sourceline
    )


def _attributes(node: Node) -> Iterator[Finding]:
    for name, (harmless, remedy) in _CHANGING.items():
        if node.get(name, harmless) != harmless:
            message = f"Expected {node.get('id')!r} without {name}={node.get(name)!r}, but it has it."
            yield refusal("not-supported", message, remedy, element=_owner(node), line=node.sourceline)
    for name in node.attrib:
        yield from _foreign_attribute(node, name)


def _foreign_attribute(node: Node, name: str) -> Iterator[Finding]:
    namespace, _, plain = name.rpartition("}")
    if f"{namespace}}}" == CASEPATH and local_name(node) not in _OUR_ATTRIBUTES.get(plain, ()):
        message = f"Expected no attribute casepath:{plain} at {_owner(node)!r}, but it has one."
        remedy = "casepath:state belongs to flow nodes, goal to timer events, template to send tasks."
        yield refusal("not-read", message, remedy, element=_owner(node), line=node.sourceline)
    elif namespace.lstrip("{") in _OTHER_ENGINES:
        yield _of_another_engine(node, plain, _OTHER_ENGINES[namespace.lstrip("{")])


def _events(node: Node) -> Iterator[Finding]:
    tag = local_name(node)
    if tag not in EVENTS:
        return
    definitions = event_definitions(node)
    known = [it for it in definitions if local_name(it) in _READ]
    for definition in known:
        if local_name(definition) not in _EVENTS_ALLOWED[tag]:
            event = _words(local_name(definition))
            message = f"Expected no {event} at a {_words(tag)}, but {_owner(node)!r} has one."
            yield refusal(
                "not-supported", message, _OTHERWISE, element=_owner(node), line=definition.sourceline
            )
    if len(definitions) > 1 or (not definitions and tag in _MUST_HAVE_AN_EVENT):
        message = f"Expected one timer or message at {_owner(node)!r}, but it has {len(definitions)} events."
        remedy = "Draw one event for each thing that is waited for."
        yield refusal("not-supported", message, remedy, element=_owner(node), line=node.sourceline)


def _extensions(node: Node) -> Iterator[Finding]:
    if local_name(node) != "extensionElements":
        return
    host = node.getparent()
    allowed = {**_EXTENSIONS.get(local_name(host), {}), **_ANYWHERE}
    for element in node.iterdescendants():
        namespace, _, name = str(element.tag).rpartition("}")
        if f"{namespace}}}" == ZEEBE:
            yield from _camunda(host, element, allowed.get(name))
        elif f"{namespace}}}" == CASEPATH:
            yield _not_read(host, element, f"casepath:{name}")
        elif namespace.lstrip("{") in _OTHER_ENGINES:
            yield _of_another_engine(host, name, _OTHER_ENGINES[namespace.lstrip("{")])


def _camunda(host: Node, element: Node, attributes: set[str] | None) -> Iterator[Finding]:
    name = local_name(element)
    if attributes is None:
        yield _not_read(host, element, f"zeebe:{name}")
        return
    for attribute, value in element.attrib.items():
        if attribute not in attributes and name != "modelerTemplate":
            yield _not_read(host, element, f"{attribute} of zeebe:{name}")
        elif attribute == "bindingType" and value != "deployment":
            yield _not_read(
                host, element, f"the binding {value!r}; what is called is what was deployed with it"
            )


def _not_read(host: Node, element: Node, what: str) -> Finding:
    message = f"Expected only settings that Casepath reads, but {_owner(host)!r} has {what}."
    return refusal("not-read", message, "Remove it.", element=_owner(host), line=element.sourceline)


def _of_another_engine(node: Node, name: str, engine: str) -> Finding:
    message = f"Expected settings of Camunda 8, but {_owner(node)!r} has {name} of {engine}."
    remedy = "Open the diagram in the studio and set it there."
    return refusal("not-read", message, remedy, element=_owner(node), line=node.sourceline)


def _owner(node: Node) -> str | None:
    """Return the id under which a person finds the node on the canvas."""
    parent = node.getparent()
    if (
        parent is not None
        and (local_name(parent) in ACTIVITIES | EVENTS)
        and local_name(node) not in FLOW_NODES
    ):
        inside = local_name(parent) == "subProcess" and node.get("id")
        return str(node.get("id")) if inside else parent.get("id")
    while node is not None and not node.get("id"):
        node = node.getparent()
    return None if node is None else str(node.get("id"))


def _words(tag: str) -> str:
    """Return a tag as words: `intermediateCatchEvent` is an intermediate catch event."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in tag)
    return spaced.removesuffix(" definition").removesuffix(" characteristics").strip()
