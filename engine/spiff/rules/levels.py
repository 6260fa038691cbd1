"""Rules about a whole level: where it begins and ends, and that every node in it can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said, warned

_CATCH, _THROW = "intermediateCatchEvent", "intermediateThrowEvent"


def starts(drawing: Drawing) -> Iterator[Finding]:
    """A process begins somewhere: at one plain start event at most, and at messages that differ."""
    for level in drawing.levels:
        events = drawing.starts(level)
        if not events:
            message = f"Expected {level.title!r} to have a start event, but it has none."
            yield said("start", level, message, "Draw a start event.")
        if not level.triggered_by_event:
            yield from _repeated(level, events)
        for event in events:
            if event.event is not None and level.type != "process" and not level.triggered_by_event:
                message = f"Expected a plain start event in {level.title!r}, but {event.title!r} waits for an event."
                yield said("start", event, message, "Make it a plain start event.")


def _repeated(level: Element, events: list[Element]) -> Iterator[Finding]:
    seen: set[tuple[str | None, ...]] = set()
    for event in events:
        if (event.event, event.message, event.signal) in seen:
            name = event.message or event.signal
            what = f"start event for the {event.event} {name!r}" if event.event else "plain start event"
            message = f"Expected one {what} in {level.title!r}, but {event.title!r} is a further one."
            yield said("start", event, message, "Join the paths behind one start event.")
        seen.add((event.event, event.message, event.signal))


def ends(drawing: Drawing) -> Iterator[Finding]:
    """A process ends somewhere, and a path that just stops is worth a word."""
    if drawing.refused:
        return
    for level in drawing.levels:
        if not any(node.type == "endEvent" for node in drawing.inside(level)):
            message = f"Expected {level.title!r} to have an end event, but it has none."
            yield said("end", level, message, "Draw an end event.")
    for node in drawing.nodes:
        if node.id in drawing.sinks or drawing.outgoing.get(node.id):
            continue
        message = f"Expected a path to end in an end event, but it stops at {node.title!r}."
        make = said if node.type.endswith("Gateway") else warned
        yield make("end", node, message, "Draw a flow to an end event.")


def edges(drawing: Drawing) -> Iterator[Finding]:
    """Nothing leads into what begins by itself, nothing out of what ends or goes on elsewhere."""
    for node in drawing.nodes:
        is_link = node.event == "link"
        begins = node.type in ("startEvent", "boundaryEvent") or (is_link and node.type == _CATCH)
        stops = node.type == "endEvent" or (is_link and node.type == _THROW) or node.event == "compensate"
        if begins and drawing.incoming.get(node.id):
            message = f"Expected nothing to lead into {node.title!r}, but a sequence flow does."
            yield said("edges", node, message, "Lead the flow to the element behind the event.")
        if stops and node.id in drawing.sinks and drawing.outgoing.get(node.id):
            message = f"Expected nothing to lead out of {node.title!r}, but a sequence flow does."
            yield said("edges", node, message, "Remove the flow, or make the event an intermediate one.")


def reachable(drawing: Drawing) -> Iterator[Finding]:
    """Every node can be reached from a start event of its level."""
    if drawing.refused:
        return
    reached = _reached(drawing)
    for node in drawing.nodes:
        if node.id not in reached:
            message = f"Expected a way from a start event to {node.title!r}, but there is none."
            yield said("reachable", node, message, "Lead a sequence flow to it, or remove it.")


def _reached(drawing: Drawing) -> set[str]:
    pending = [node.id for node in drawing.nodes if node.id in drawing.sources]
    reached: set[str] = set()
    while pending:
        id_ = pending.pop()
        if id_ not in reached:
            reached.add(id_)
            pending += [flow.target for flow in drawing.outgoing.get(id_, []) if flow.target]
            pending += [event.id for event in drawing.boundaries.get(id_, [])]
    return reached


RULES = (starts, ends, edges, reachable)
