"""Rules about what names another element: it must be there, and be of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.declared import event_definitions
from engine.spiff.describe import ACTIVITIES, FLOW_NODES, flow_nodes
from engine.spiff.errors import Finding
from engine.spiff.reading import BPMN, Node, refusal
from engine.spiff.rules.drawing import Drawing, said, warned

_NEVER_WAITS = frozenset({"scriptTask", "businessRuleTask", "sendTask"})


def flow_ends(drawing: Drawing) -> Iterator[Finding]:
    """A sequence flow joins two nodes of the same level."""
    for flow in drawing.flows:
        for side, id_ in (("source", flow.source), ("target", flow.target)):
            node = drawing.elements.get(id_ or "")
            if id_ in drawing.refused:
                continue
            if node is None or node.type not in FLOW_NODES:
                message = f"Expected the {side} of {flow.id!r} to be a node, but there is no node {id_!r}."
                yield said("references", flow, message, "Join the flow to a node, or remove it.")
            elif drawing.level_of(node) != drawing.level_of(flow):
                message = (
                    f"Expected {flow.id!r} to stay inside one level, but its {side} {id_!r} is in another."
                )
                yield said("references", flow, message, "End the sub-process and go on from its border.")


def attachments(drawing: Drawing) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own level, and on one that waits."""
    for event in drawing.nodes:
        if event.type != "boundaryEvent":
            continue
        host = drawing.elements.get(event.attached_to or "")
        if host is None or host.type not in ACTIVITIES or drawing.level_of(host) != drawing.level_of(event):
            message = (
                f"Expected {event.title!r} to sit on an activity, but there is no {event.attached_to!r} here."
            )
            yield said("references", event, message, "Drop the event on the border of an activity.")
        elif host.type in _NEVER_WAITS:
            message = (
                f"Expected {host.title!r} to wait for something, but it is done at once and {event.title!r}"
            )
            message += " never happens."
            yield warned("never-happens", event, message, "Put the event on an activity that waits.")


def defaults(drawing: Drawing) -> Iterator[Finding]:
    """A default flow leaves the element that names it."""
    for node in drawing.nodes:
        if node.default and node.default not in {flow.id for flow in drawing.outgoing.get(node.id, [])}:
            message = f"Expected the default flow {node.default!r} to leave {node.title!r}, but it doesn't."
            yield said("references", node, message, "Choose the default flow again.")


def messages(drawing: Drawing) -> Iterator[Finding]:
    """What waits for a message names one that the file declares, with a plain name."""
    declared = {node.get("id"): node for node in drawing.root.iterchildren(f"{BPMN}message")}
    for node in flow_nodes(drawing.root):
        reference = _message_reference(node)
        if reference is not None and reference not in declared:
            message = f"Expected a message for {node.get('id')!r}, but there is no message {reference!r}."
            remedy = "Choose the message again, or declare it."
            yield refusal("references", message, remedy, element=node.get("id"), line=node.sourceline)
    for id_, node in declared.items():
        name = (node.get("name") or "").strip()
        if not name or name.startswith("="):
            message = f"Expected the message {id_!r} to have a plain name, but it has {name or 'none'}."
            yield refusal("messages", message, "Give it a name.", element=id_, line=node.sourceline)


def lanes(drawing: Drawing) -> Iterator[Finding]:
    """A lane lists nodes of its process."""
    for reference in drawing.root.iter(f"{BPMN}flowNodeRef"):
        id_, lane = (reference.text or "").strip(), reference.getparent()
        if id_ not in drawing.elements and id_ not in drawing.refused:
            message = f"Expected the lane's node {id_!r}, but there is none of that id."
            remedy = "Remove the reference from the lane."
            yield refusal("references", message, remedy, element=lane.get("id"), line=reference.sourceline)


def _message_reference(node: Node) -> str | None:
    for holder in (node, *event_definitions(node)):
        reference = holder.get("messageRef")
        if reference is not None:
            return str(reference)
    return None


RULES = (flow_ends, attachments, defaults, messages, lanes)
