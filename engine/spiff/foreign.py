"""Settings of other namespaces: Camunda 8's and ours where something reads them, none of other engines'.

A setting that nobody reads is refused: who set it believes that it counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import ACTIONS, EVENTS, FLOW_NODES
from engine.spiff.errors import Finding
from engine.spiff.reading import BPMN, CASEPATH, ZEEBE, Node, local_name, owner, refusal

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
            "processId", "propagateAllParentVariables", "propagateAllChildVariables", "bindingType", "versionTag",
        },
        **_MAPPING,
    },
    "multiInstanceLoopCharacteristics": {
        "loopCharacteristics": {"inputCollection", "inputElement", "outputCollection", "outputElement"},
    },
    "message": {"subscription": {"correlationKey"}},
    "process": {"versionTag": {"value"}},
    **dict.fromkeys(
        (
            "sendTask", "receiveTask", "subProcess", "transaction",
            "startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent",
        ),
        _MAPPING,
    ),
}  # fmt: skip
_BINDINGS = {"calledElement": ("deployment", "latest", "versionTag")}
_CATCHERS = {"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"}
_OUR_ATTRIBUTES = {
    "state": FLOW_NODES,
    "goal": EVENTS,
    "template": {"sendTask"},
    "relation": {"sendTask"},
    "relatedTicket": {"sendTask"},
    "backOff": {"serviceTask"},
    "timeOut": {"serviceTask"},
    "skills": {"userTask"},
    **dict.fromkeys(ACTIONS.values(), _CATCHERS),
}
_NEVER_INSIDE = {BPMN: "bpmn", CASEPATH: "casepath"}
_OTHER_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
}


def foreign(node: Node) -> Iterator[Finding]:
    """Yield a finding for each attribute and extension element of another namespace that is not read here."""
    for name in node.attrib:
        yield from _attribute(node, name)
    if local_name(node) == "extensionElements":
        yield from _extensions(node)


def _attribute(node: Node, name: str) -> Iterator[Finding]:
    namespace, _, plain = name.rpartition("}")
    if f"{namespace}}}" == CASEPATH and local_name(node) not in _OUR_ATTRIBUTES.get(plain, ()):
        message = f"Expected no attribute casepath:{plain} at {owner(node)!r}, but it has one."
        remedy = "casepath:state belongs to flow nodes, goal to timer events,"
        remedy += " template, relation and relatedTicket to send tasks,"
        remedy += " backOff and timeOut to service tasks, skills to user tasks,"
        remedy += " action and what belongs to it to catchers of messages."
        yield refusal("not-read", message, remedy, element=owner(node), line=node.sourceline)
    elif namespace.lstrip("{") in _OTHER_ENGINES:
        yield _of_another_engine(node, plain, _OTHER_ENGINES[namespace.lstrip("{")])


def _extensions(node: Node) -> Iterator[Finding]:
    host = node.getparent()
    allowed = {**_EXTENSIONS.get(local_name(host), {}), **_ANYWHERE}
    for element in node.iterdescendants():
        namespace, _, name = str(element.tag).rpartition("}")
        if f"{namespace}}}" == ZEEBE:
            yield from _camunda(host, element, allowed.get(name))
        elif f"{namespace}}}" in _NEVER_INSIDE:
            yield _not_read(host, element, f"{_NEVER_INSIDE[f'{namespace}}}']}:{name} inside a setting")
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
        elif attribute == "bindingType" and value not in _BINDINGS.get(name, ("deployment",)):
            what = f"the binding {value!r}; possible: {', '.join(_BINDINGS.get(name, ('deployment',)))}"
            yield _not_read(host, element, what)


def _not_read(host: Node, element: Node, what: str) -> Finding:
    message = f"Expected only settings that Casepath reads, but {owner(host)!r} has {what}."
    return refusal("not-read", message, "Remove it.", element=owner(host), line=element.sourceline)


def _of_another_engine(node: Node, name: str, engine: str) -> Finding:
    message = f"Expected settings of Camunda 8, but {owner(node)!r} has {name} of {engine}."
    remedy = "Open the diagram in the studio and set it there."
    return refusal("not-read", message, remedy, element=owner(node), line=node.sourceline)
