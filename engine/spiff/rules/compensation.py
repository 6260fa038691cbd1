"""Rules about compensation and transactions: what takes work back stands beside the flow, until somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import ACTIVITIES, SUB_PROCESSES
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import THROWS, Drawing, said, warned

_HAS_INSIDE = SUB_PROCESSES | {"callActivity"}


def boundaries(drawing: Drawing) -> Iterator[Finding]:
    """A compensation event on an activity leads, by an association, to its handler."""
    for event in drawing.nodes:
        if event.type != "boundaryEvent" or event.event != "compensate":
            continue
        handler = drawing.elements.get(event.handler or "")
        is_one = handler is not None and handler.type in ACTIVITIES and handler.for_compensation
        if handler is None or not is_one or drawing.level_of(handler) != drawing.level_of(event):
            message = f"Expected {event.title!r} to lead to a compensation handler here, but it leads to"
            remedy = "Join the event, by an association, to an activity with isForCompensation='true'."
            yield said("compensation", event, f"{message} {event.handler or 'nothing'}.", remedy)
        if event.state is not None:
            message = f"Expected no casepath:state at {event.title!r}, but it has one and is never entered."
            yield said("compensation", event, message, "Set the state at the handler.")
        host = drawing.host(event)
        if host is not None and (host.for_compensation or host.triggered_by_event):
            message = f"Expected {event.title!r} on an activity of the flow, but {host.title!r} is none."
            yield said("compensation", event, message, "Compensate the activities inside of it.")


def handlers(drawing: Drawing) -> Iterator[Finding]:
    """A compensation handler stands outside of the flow, and a compensation event leads to it."""
    led_to = {it.handler for it in drawing.nodes if it.event == "compensate"}
    for node in drawing.nodes:
        if not node.for_compensation:
            continue
        if drawing.incoming.get(node.id) or drawing.outgoing.get(node.id):
            message = (
                f"Expected no sequence flow at the compensation handler {node.title!r}, but there is one."
            )
            yield said("compensation", node, message, "Remove it; whoever throws the compensation goes on.")
        if node.id not in led_to:
            message = f"Expected a compensation event that leads to {node.title!r}, but there is none."
            yield said("compensation", node, message, "Put one on the activity that it compensates.")
        if drawing.boundaries.get(node.id):
            message = (
                f"Expected no boundary events at the compensation handler {node.title!r}, but it has some."
            )
            yield said("compensation", node, message, "Make the handler a sub-process and put them inside.")


def throws(drawing: Drawing) -> Iterator[Finding]:
    """A compensation that is thrown has something to compensate: the activity that it names, or any."""
    for event in drawing.nodes:
        if event.event != "compensate" or event.type not in THROWS:
            continue
        can = {node.id for node in _around(drawing, event) if _can_be_compensated(drawing, node)}
        if event.compensates is None and not can:
            message = f"Expected something to compensate where {event.title!r} stands, but there is nothing."
            remedy = "Put a compensation event with a handler on an activity beside it."
            yield warned("compensation", event, message, remedy)
        elif event.compensates is not None and event.compensates not in can:
            message = (
                f"Expected {event.title!r} to compensate an activity of its level that has a handler or an"
            )
            message += f" inside, but {event.compensates!r} is none."
            yield said("compensation", event, message, "Choose the activity again.")


def _around(drawing: Drawing, event: Element) -> Iterator[Element]:
    """Yield what a throwing event may compensate: its own level, and that around an event sub-process."""
    levels = [drawing.level(event)]
    while (
        levels[-1].triggered_by_event and levels[-1] not in levels[:-1]
    ):  # where ids stand twice it may come back
        levels.append(drawing.level(levels[-1]))
    for level in levels:
        yield from drawing.inside(level)


def _can_be_compensated(drawing: Drawing, node: Element) -> bool:
    if node.for_compensation or node.triggered_by_event:
        return False
    handled = any(it.event == "compensate" for it in drawing.boundaries.get(node.id, []))
    return handled or node.type in _HAS_INSIDE


def cancels(drawing: Drawing) -> Iterator[Finding]:
    """A transaction is cancelled by a cancel end of its own level, and left by a cancel event on its border."""
    for event in drawing.nodes:
        if event.event != "cancel":
            continue
        host = drawing.host(event)
        if event.type == "boundaryEvent" and host is not None and host.type != "transaction":
            message = f"Expected {event.title!r} to sit on a transaction, but {host.title!r} is none."
            yield said(
                "transaction", event, message, "Make the activity a transaction, or use another event."
            )
        elif event.type == "endEvent" and drawing.level(event).type != "transaction":
            message = f"Expected {event.title!r} to stand directly in a transaction, but it doesn't."
            yield said("transaction", event, message, "Use a terminate or error end event.")
    for node in drawing.nodes:
        if node.type == "transaction":
            yield from _transaction(drawing, node)


def _transaction(drawing: Drawing, node: Element) -> Iterator[Finding]:
    ends = [it for it in drawing.inside(node) if it.type == "endEvent" and it.event == "cancel"]
    borders = [it for it in drawing.boundaries.get(node.id, []) if it.event == "cancel"]
    if ends and not borders:
        message = f"Expected a cancel event on the border of {node.title!r}, but there is none and"
        message += f" {ends[0].title!r} cancels it."
        yield said("transaction", node, message, "Put a cancel event there, and lead it on.")
    elif borders and not ends:
        message = f"Expected a cancel end in {node.title!r}, but there is none and {borders[0].title!r}"
        message += " never happens."
        yield warned("never-happens", borders[0], message, "Draw a cancel end event, or remove the event.")


RULES = (boundaries, handlers, throws, cancels)
