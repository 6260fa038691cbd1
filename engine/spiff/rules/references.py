"""Rules about what names another element: it must be there, and be of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import FLOW_NODES
from engine.spiff.errors import Finding
from engine.spiff.reading import BPMN, refusal
from engine.spiff.rules.drawing import Drawing, said


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


def defaults(drawing: Drawing) -> Iterator[Finding]:
    """A default flow leaves the element that names it."""
    for node in drawing.nodes:
        if node.default and node.default not in {flow.id for flow in drawing.outgoing.get(node.id, [])}:
            message = f"Expected the default flow {node.default!r} to leave {node.title!r}, but it doesn't."
            yield said("references", node, message, "Choose the default flow again.")


def lanes(drawing: Drawing) -> Iterator[Finding]:
    """A lane lists nodes of its process."""
    for reference in drawing.root.iter(f"{BPMN}flowNodeRef"):
        id_, lane = (reference.text or "").strip(), reference.getparent()
        if id_ not in drawing.elements and id_ not in drawing.refused:
            message = f"Expected the lane's node {id_!r}, but there is none of that id."
            remedy = "Remove the reference from the lane."
            yield refusal("references", message, remedy, element=lane.get("id"), line=reference.sourceline)


RULES = (flow_ends, defaults, lanes)
