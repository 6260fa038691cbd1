"""From an XML node to an `Element`: BPMN's own attributes, and the few of ours.

What Camunda 8's extension elements say is read in `camunda.py`, what an event refers to in `declared.py`. Nothing is
judged here; what may not stand in a diagram is the matter of `allowed.py` and `rules/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.camunda import camunda, extensions
from engine.spiff.declared import Declared, event_definitions
from engine.spiff.model import Action, Element
from engine.spiff.reading import BPMN, CASEPATH, Node, bpmn_tag, flag, local_name

EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
TASKS = frozenset({"userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
SUB_PROCESSES = frozenset({"subProcess", "transaction"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
FLOW_NODES = EVENTS | GATEWAYS | ACTIVITIES
ACTIONS = {
    "label": "action",
    "form": "actionForm",
    "groups": "actionGroups",
    "preview": "actionPreview",
    "until": "actionUntil",
}
"""The attributes of an action, by the field of `Action`."""


def processes(root: Node) -> list[Node]:
    """Return the process nodes of a file, in document order, without those of other pools that are empty.

    An editor gives each pool a process; one in which nothing is drawn stands for somebody else's.
    """
    found = list(root.iterchildren(f"{BPMN}process"))
    return [it for it in found if any(bpmn_tag(node) in FLOW_NODES for node in it.iter())] or found


def flow_nodes(root: Node) -> Iterator[Node]:
    """Yield every node that the fence can run, at any depth, in document order."""
    return (node for process in processes(root) for node in process.iter() if bpmn_tag(node) in FLOW_NODES)


def describe(root: Node) -> dict[str, Element]:
    """Return the elements of a file by id: processes, lanes, flow nodes and sequence flows, in document order."""
    lanes, declared = _lanes(root), Declared.of(root)
    found: dict[str, Element] = {}
    for process in processes(root):
        found[process.get("id", "")] = _plain(process, process.get("id", ""))
        for node in process.iter():
            if node.get("id") and (
                bpmn_tag(node) in FLOW_NODES or bpmn_tag(node) in ("sequenceFlow", "lane")
            ):
                found[node.get("id")] = _element(node, process.get("id", ""), lanes, declared)
    return found


def condition(node: Node) -> str | None:
    """Return the text of a sequence flow's condition or of a conditional event's, or None where it has none."""
    found = node.find(f"{BPMN}conditionExpression")
    for definition in event_definitions(node):
        found = definition.find(f"{BPMN}condition") if found is None else found
    return None if found is None else (found.text or "").strip()


def _plain(node: Node, process: str) -> Element:
    tag = extensions(node).get("versionTag")
    return Element(
        id=node.get("id", ""),
        type=local_name(node),
        name=_name(node),
        line=node.sourceline or 0,
        process=process,
        version_tag=None if tag is None else tag.get("value"),
    )


def _element(node: Node, process: str, lanes: Mapping[str, str], declared: Declared) -> Element:
    parent = node.getparent().get("id")
    return Element(
        id=node.get("id"),
        type=bpmn_tag(node),
        name=_name(node),
        line=node.sourceline or 0,
        process=process,
        parent=None if parent == process or bpmn_tag(node) == "lane" else parent,
        lane=lanes.get(node.get("id")),
        documentation=_text(node.find(f"{BPMN}documentation")),
        for_compensation=flag(node, "isForCompensation", False),
        triggered_by_event=flag(node, "triggeredByEvent", False),
        attached_to=node.get("attachedToRef"),
        interrupting=flag(node, "cancelActivity", True) and flag(node, "isInterrupting", True),
        source=node.get("sourceRef"),
        target=node.get("targetRef"),
        condition=condition(node),
        action=_action(node),
        default=node.get("default"),
        **{ours: node.get(f"{CASEPATH}{attribute}") for ours, attribute in _OURS.items()},
        **camunda(node),
        **declared.of_event(node),
    )


def _action(node: Node) -> Action | None:
    """Return what a person is offered here; settings without a label are left to the rules to find."""
    found = {name: (node.get(f"{CASEPATH}{attribute}") or "").strip() for name, attribute in ACTIONS.items()}
    if not found["label"]:
        return None
    groups = tuple(part.strip() for part in found["groups"].split(",") if part.strip())
    settings = {name: found[name] or None for name in ("form", "preview", "until")}
    return Action(" ".join(found["label"].split()), groups=groups, **settings)


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


def _text(node: Node | None) -> str | None:
    return None if node is None else (node.text or "").strip() or None


_OURS = {
    "state": "state",
    "goal": "goal",
    "template": "template",
    "relation": "relation",
    "related": "relatedTicket",
    "back_off": "backOff",
    "time_out": "timeOut",
    "skills": "skills",
}
