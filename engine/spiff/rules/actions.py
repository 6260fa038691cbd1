"""Rules about actions: what a person is offered while a message is waited for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import ACTIONS, flow_nodes
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import CASEPATH
from engine.spiff.rules.drawing import Drawing, said


def labels(drawing: Drawing) -> Iterator[Finding]:
    """What belongs to an action stands at an action, and an action has a label that a button can show."""
    for node in flow_nodes(drawing.root):
        element = drawing.elements.get(node.get("id") or "")
        given = [name for name in ACTIONS.values() if node.get(f"{CASEPATH}{name}") is not None]
        if element is not None and element.action is None and given:
            message = f"Expected casepath:action at {element.title!r} to say what the button is called, but"
            message += f" there is only casepath:{given[-1]}." if given != ["action"] else " it is empty."
            yield said("action", element, message, 'Write casepath:action="…", or remove the others.')


def places(drawing: Drawing) -> Iterator[Finding]:
    """An action is offered where a ticket waits for a message."""
    for element in drawing.nodes:
        if element.action is None:
            continue
        if element.event != "message" and element.type != "receiveTask":
            message = f"Expected {element.title!r} to catch a message, but it doesn't and offers an action."
            yield said("action", element, message, "Make it a message event, or remove casepath:action.")
        elif element.type == "startEvent" and not drawing.level(element).triggered_by_event:
            message = f"Expected a ticket in which {element.title!r} is offered, but it begins a process."
            yield said("action", element, message, "Offer it at the start of an event sub-process.")
        elif element.action.until is not None:
            yield from _until(drawing, element, element.action.until)


def _until(drawing: Drawing, element: Element, until: str) -> Iterator[Finding]:
    last = drawing.elements.get(until)
    if last is None or last.process != element.process:
        message = f"Expected casepath:actionUntil of {element.title!r} to name an element of its process,"
        yield said("action", element, f"{message} but there is no {until!r}.", "Write the element's id.")


RULES = (labels, places)
