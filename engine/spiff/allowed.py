"""The allow-list: what a diagram may hold. Whatever is not named here is refused, never ignored.

Three tables say it all: BPMN's elements, the events by the position that they stand in, and the attributes that would
change what an element does. Which settings of other namespaces are read is said in `foreign.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.declared import event_definitions
from engine.spiff.describe import EVENTS, FLOW_NODES, SUB_PROCESSES
from engine.spiff.errors import Finding
from engine.spiff.foreign import foreign
from engine.spiff.reading import BPMN, Node, bpmn_tag, flag, local_name, owner, refusal

_KINDS = (
    "timer", "message", "signal", "error", "escalation", "conditional", "link", "compensate", "cancel",
    "terminate",
)  # fmt: skip
_DEFINITIONS = {f"{kind}EventDefinition" for kind in _KINDS}
_READ = FLOW_NODES | _DEFINITIONS | {
    "definitions", "collaboration", "participant", "process", "sequenceFlow", "conditionExpression", "association",
    "message", "signal", "error", "escalation", "timeDate", "timeDuration", "timeCycle", "condition",
    "multiInstanceLoopCharacteristics", "loopCardinality", "completionCondition",
    "standardLoopCharacteristics", "loopCondition",
    "laneSet", "childLaneSet", "lane", "flowNodeRef", "incoming", "outgoing", "documentation", "extensionElements",
}  # fmt: skip
_PICTURE = {
    "textAnnotation", "text", "group", "category", "categoryValue", "messageFlow",
    "dataObject", "dataObjectReference", "dataState", "dataInputAssociation", "dataOutputAssociation",
    "sourceRef", "targetRef", "property", "itemDefinition",
}  # fmt: skip
_START, _EVENT_START = "start event", "start event of an event sub-process"
_EVENTS_ALLOWED = {
    _START: {"message", "signal"},
    _EVENT_START: {"timer", "message", "signal", "error", "escalation", "conditional", "compensate"},
    "intermediate catch event": {"timer", "message", "signal", "conditional", "link"},
    "intermediate throw event": {"message", "signal", "escalation", "link", "compensate"},
    "boundary event": {
        "timer", "message", "signal", "error", "escalation", "conditional", "compensate", "cancel",
    },
    "end event": {"message", "signal", "error", "escalation", "compensate", "cancel", "terminate"},
}  # fmt: skip
_MUST_HAVE_AN_EVENT = ("intermediate catch event", "boundary event", _EVENT_START)
_FALSE, _ONE = ("false", "0"), ("1",)
_CHANGING = {
    "instantiate": (_FALSE, "Start the process with a message start event instead."),
    "startQuantity": (_ONE, "Leave it out."),
    "completionQuantity": (_ONE, "Leave it out."),
    "parallelMultiple": (_FALSE, "Wait for one event at a time, or use a parallel gateway."),
    "eventGatewayType": (("Exclusive",), "Use a parallel gateway with a catch event behind each flow."),
    "waitForCompletion": (("true", "1"), "Leave it out: who throws a compensation waits until it is done."),
    "method": (("##Compensate",), "Leave it out: a cancelled transaction is compensated."),
    "behavior": (
        ("All",),
        "Leave it out, and throw an event inside a sub-process that is done several times.",
    ),
}
_INSTEAD = {
    "task": "Choose a type: user, service, script, business rule, send or receive task.",
    "manualTask": "Make it a user task, so that somebody says when it is done.",
    "complexGateway": "Use exclusive, inclusive and parallel gateways.",
    "adHocSubProcess": "Use an embedded sub-process with gateways.",
    "dataStoreReference": "Keep the data in variables, or read it with a service task.",
    "ioSpecification": "Use input and output mappings (zeebe:ioMapping).",
    "potentialOwner": "Say who does it in zeebe:assignmentDefinition.",
    "performer": "Say who does it in zeebe:assignmentDefinition.",
    "script": "Write FEEL into the script task's expression (zeebe:script); Python is never run.",
    "inputDataItem": "Name the item in zeebe:loopCharacteristics (inputElement).",
    "outputDataItem": "Name the result in zeebe:loopCharacteristics (outputElement, outputCollection).",
    "loopDataInputRef": "Name the collection in zeebe:loopCharacteristics (inputCollection).",
    "loopDataOutputRef": "Name the results in zeebe:loopCharacteristics (outputCollection).",
    "eventDefinitionRef": "Draw the event itself; events are not shared.",
}
_OTHERWISE = "Remove it, or model it with the elements that Casepath runs (see docs/reference/bpmn.md)."


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
            yield from foreign(node)
            pending += node
        else:
            yield _refused(node)


def refused_ids(root: Node) -> frozenset[str]:
    """Return the ids of what is not on the list, so that flows to it are not reproached as well."""
    nodes = (it for it in root.iter() if str(it.tag).startswith(BPMN) and it.get("id"))
    return frozenset(it.get("id") for it in nodes if local_name(it) not in _READ | _PICTURE)


def _refused(node: Node) -> Finding:
    tag, at = local_name(node), owner(node)
    verb = "is" if at == node.get("id") else "has"
    message = f"Expected only elements that Casepath runs, but {at!r} {verb} {_an(_words(tag))}."
    return refusal("not-supported", message, _INSTEAD.get(tag, _OTHERWISE), element=at, line=node.sourceline)


def _attributes(node: Node) -> Iterator[Finding]:
    for name, (harmless, remedy) in _CHANGING.items():
        if node.get(name, harmless[0]) not in harmless:
            message = f"Expected {owner(node)!r} without {name}={node.get(name)!r}, but it has it."
            yield refusal("not-supported", message, remedy, element=owner(node), line=node.sourceline)


def _events(node: Node) -> Iterator[Finding]:
    if local_name(node) not in EVENTS:
        return
    position, definitions = _position(node), event_definitions(node)
    for definition in definitions:
        kind = local_name(definition).removesuffix("EventDefinition")
        if local_name(definition) in _READ and kind not in _EVENTS_ALLOWED[position]:
            message = f"Expected no {kind} event at {_an(position)}, but {owner(node)!r} has one."
            remedy = f"Possible here: {', '.join(sorted(_EVENTS_ALLOWED[position]))}."
            yield refusal("not-supported", message, remedy, element=owner(node), line=definition.sourceline)
    if len(definitions) > 1 or (not definitions and position in _MUST_HAVE_AN_EVENT):
        message = f"Expected one event at {owner(node)!r}, but it has {len(definitions)} events."
        remedy = "Draw one event for each thing that is waited for."
        yield refusal("not-supported", message, remedy, element=owner(node), line=node.sourceline)


def _position(node: Node) -> str:
    """Return where an event stands. In a plain sub-process the rule `start` asks for a plain start event."""
    level = node.getparent()
    in_sub_process = local_name(node) == "startEvent" and bpmn_tag(level) in SUB_PROCESSES
    if in_sub_process and (event_definitions(node) or flag(level, "triggeredByEvent", False)):
        return _EVENT_START
    return _words(local_name(node))


def _an(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _words(tag: str) -> str:
    """Return a tag as words: `intermediateCatchEvent` is an intermediate catch event."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in tag)
    return spaced.removesuffix(" definition").removesuffix(" characteristics").strip()
