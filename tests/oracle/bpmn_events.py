"""Writes what events wait for and throw: definitions at the event, and what they refer to at the file's root."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

from .model import Body, End, Node, Receive, Throw, Undo
from .tags import bpmn, zeebe
from .triggers import (
    After,
    Asked,
    At,
    Cancel,
    Compensate,
    Condition,
    Error,
    Escalation,
    Every,
    Link,
    Message,
    Signal,
    Terminate,
    Thrown,
    Trigger,
)

Referred = Message | Signal | Error | Escalation
TAGS: dict[type[Referred], str] = {
    Message: "message",
    Signal: "signal",
    Error: "error",
    Escalation: "escalation",
}


def event_of(node: Node) -> Trigger | Thrown | None:
    """Return what an event waits for or throws."""
    if isinstance(node, Throw | End):
        return node.throws
    return Compensate() if isinstance(node, Undo) else getattr(node, "trigger", None)


class Definitions:
    """The messages, signals, errors and escalations of one file, by id."""

    def __init__(self, root: ET.Element, process: str, body: Body) -> None:
        self.ids: dict[Referred, str] = {}
        for node in body.everything():
            wanted = node.message if isinstance(node, Receive) else event_of(node)
            known = wanted in self.ids or (isinstance(wanted, Error | Escalation) and wanted.code is None)
            if isinstance(wanted, Referred) and not known:
                self.ids[wanted] = f"{TAGS[type(wanted)]}_{process}_{len(self.ids) + 1}"
        for wanted, id in self.ids.items():
            _write_root(root, wanted, id)

    def refer(self, element: ET.Element, wanted: Referred) -> None:
        """Let an element refer to a definition; one that catches all refers to none."""
        if wanted in self.ids:
            element.set(f"{TAGS[type(wanted)]}Ref", self.ids[wanted])

    def write(self, node: Node, element: ET.Element) -> None:
        """Add the event definition of a node, if it is an event with one."""
        event = event_of(node)
        if event is None:
            return
        attributes = {"id": f"{node.id}_definition"}
        match event:
            case Message() | Signal() | Error() | Escalation():
                definition = bpmn(element, f"{TAGS[type(event)]}EventDefinition", **attributes)
                self.refer(definition, event)
            case Condition(when):
                definition = bpmn(element, "conditionalEventDefinition", **attributes)
                bpmn(definition, "condition").text = f"={when.feel()}"
            case Link(name):
                bpmn(element, "linkEventDefinition", name=name, **attributes)
            case Compensate(activity):
                named = {} if activity is None else {"activityRef": activity}
                bpmn(element, "compensateEventDefinition", **named, **attributes)
            case Cancel() | Terminate():
                bpmn(element, f"{type(event).__name__.lower()}EventDefinition", **attributes)
            case _:
                name, text = _timer(event)
                bpmn(bpmn(element, "timerEventDefinition", **attributes), name).text = text


def _write_root(root: ET.Element, wanted: Referred, id: str) -> None:
    match wanted:
        case Message(name, key):
            element = bpmn(root, "message", id=id, name=name)
            if key is not None:
                zeebe(element, "subscription", correlationKey=f"={key.feel()}")
        case Signal(name):
            bpmn(root, "signal", id=id, name=name)
        case Error(code):
            bpmn(root, "error", id=id, name=f"Error {code}", errorCode=code)
        case Escalation(code):
            bpmn(root, "escalation", id=id, name=f"Escalation {code}", escalationCode=code)


def _timer(trigger: Trigger | Thrown) -> tuple[str, str]:
    match trigger:
        case After(span):
            return "timeDuration", _duration(span)
        case At(moment):
            return "timeDate", _moment(moment)
        case Every(span, rounds):
            return "timeCycle", f"R{'' if rounds is None else rounds}/{_duration(span)}"
        case Asked(name):
            return "timeDuration", f"=duration({name})"
    raise TypeError(f"Expected a timer, but got {trigger}.")


def _duration(span: timedelta) -> str:
    return f"PT{span // timedelta(minutes=1)}M"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
