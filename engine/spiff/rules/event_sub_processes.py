"""Rules about event sub-processes: one event begins them, no flow leads to or from them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said


def event_sub_processes(drawing: Drawing) -> Iterator[Finding]:
    """An event sub-process stands apart, and one event begins it."""
    for node in drawing.nodes:
        if not node.triggered_by_event:
            continue
        for start in drawing.starts(node)[1:]:
            message = f"Expected one start event in {node.title!r}, but {start.title!r} is a further one."
            yield said("event-sub-process", start, message, "Draw an event sub-process for each event.")
        for what, remedy in _wrong(drawing, node):
            yield said(
                "event-sub-process", node, f"Expected the event sub-process {node.title!r} {what}.", remedy
            )


def _wrong(drawing: Drawing, node: Element) -> Iterator[tuple[str, str]]:
    if node.type == "transaction":
        yield "to be an embedded sub-process, but it is a transaction", "Put the transaction inside of it."
    if drawing.incoming.get(node.id) or drawing.outgoing.get(node.id):
        remedy = "Remove the flow: the event begins it, and it ends by itself."
        yield "without sequence flows, but it has one", remedy
    if drawing.boundaries.get(node.id):
        remedy = "Put its inside into a sub-process and the event on that."
        yield "without events on its border, but it has some", remedy
    if node.for_compensation:
        remedy = "Use an embedded sub-process as the handler."
        yield "not to be a compensation handler, but it is one", remedy
    if node.inputs or node.outputs:
        yield "without mappings, but it has some", "Map variables at the activities inside of it."


RULES = (event_sub_processes,)
