"""What Camunda 8's extension elements (`zeebe:`) and BPMN's loops say of an element, by the names of our fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.spiff.model import Loop
from engine.spiff.reading import BPMN, ZEEBE, Node, flag, local_name

_ATTRIBUTES = {
    "form": ("formDefinition", "formId"),
    "assignee": ("assignmentDefinition", "assignee"),
    "candidate_groups": ("assignmentDefinition", "candidateGroups"),
    "due": ("taskSchedule", "dueDate"),
    "priority": ("priorityDefinition", "priority"),
    "service": ("taskDefinition", "type"),
    "retries": ("taskDefinition", "retries"),
    "called": ("calledElement", "processId"),
    "binding": ("calledElement", "bindingType"),
    "version_tag": ("calledElement", "versionTag"),
    "decision": ("calledDecision", "decisionId"),
    "script": ("script", "expression"),
}
_PROPAGATION = {
    "propagate_parent": "propagateAllParentVariables",
    "propagate_child": "propagateAllChildVariables",
}


def extensions(node: Node) -> dict[str, Node]:
    """Return the `zeebe:` extension elements of a node by their names."""
    holder = node.find(f"{BPMN}extensionElements")
    return {} if holder is None else {local_name(it): it for it in holder.iterchildren(f"{ZEEBE}*")}


def camunda(node: Node) -> dict[str, Any]:
    """Return what the extension elements of a flow node say, and how often it is done."""
    said = extensions(node)
    says: dict[str, Any] = {
        ours: _attribute(said, element, attribute)
        for ours, (element, attribute) in _ATTRIBUTES.items()
        if element in said
    }
    says["binding"] = says.get("binding") or "deployment"
    results = (_attribute(said, holder, "resultVariable") for holder in ("calledDecision", "script"))
    says["result_variable"] = next((name for name in results if name is not None), None)
    for ours, attribute in _PROPAGATION.items():
        says[ours] = _attribute(said, "calledElement", attribute) != "false"
    mapping = said.get("ioMapping")
    says |= {"inputs": _mappings(mapping, "input"), "outputs": _mappings(mapping, "output")}
    return {**says, "loop": _loop(node)}


def _loop(node: Node) -> Loop | None:
    for child in node.iterchildren(f"{BPMN}multiInstanceLoopCharacteristics"):
        return _multi_instance(child)
    for child in node.iterchildren(f"{BPMN}standardLoopCharacteristics"):
        maximum = child.get("loopMaximum", "")
        return Loop(
            "standard",
            condition=_text(child, "loopCondition"),
            test_before=flag(child, "testBefore", False),
            maximum=int(maximum) if maximum.isdecimal() and len(maximum) < 10 else None,
        )
    return None


def _multi_instance(node: Node) -> Loop:
    said = extensions(node)
    return Loop(
        "sequential" if flag(node, "isSequential", False) else "parallel",
        collection=_attribute(said, "loopCharacteristics", "inputCollection"),
        item=_attribute(said, "loopCharacteristics", "inputElement"),
        cardinality=_text(node, "loopCardinality"),
        completion=_text(node, "completionCondition"),
        results=_attribute(said, "loopCharacteristics", "outputCollection"),
        result=_attribute(said, "loopCharacteristics", "outputElement"),
    )


def _mappings(mapping: Node | None, kind: str) -> tuple[tuple[str, str], ...]:
    if mapping is None:
        return ()
    return tuple(
        (it.get("target", ""), it.get("source", "")) for it in mapping.iterchildren(f"{ZEEBE}{kind}")
    )


def _attribute(said: Mapping[str, Node], element: str, attribute: str) -> str | None:
    value = said[element].get(attribute) if element in said else None
    return value.strip() or None if value else None


def _text(node: Node, child: str) -> str | None:
    found = node.find(f"{BPMN}{child}")
    return None if found is None else (found.text or "").strip() or None
