"""Rules about mappings: only where something is handed in or comes out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import THROWS, Drawing, said

_HANDED_OUT = ("message", "signal", "error", "escalation")


def mappings(drawing: Drawing) -> Iterator[Finding]:
    """An event maps what it hands out or what it brings, and nothing else."""
    for node in drawing.nodes:
        takes, gives = _maps(drawing, node)
        for has, may, what in ((node.inputs, takes, "input"), (node.outputs, gives, "output")):
            if has and not may:
                message = (
                    f"Expected no {what} mappings at {node.title!r}, but it has some that nothing would use."
                )
                yield said("mapping-place", node, message, "Remove them.")


def _maps(drawing: Drawing, node: Element) -> tuple[bool, bool]:
    """Return whether an element may have input mappings, and output mappings."""
    if node.type in THROWS:
        return node.event in _HANDED_OUT, False
    if node.type == "startEvent":
        return False, drawing.level(node).triggered_by_event
    used = node.event != "link" and (node.type, node.event) != ("boundaryEvent", "compensate")
    return used, used


RULES = (mappings,)
