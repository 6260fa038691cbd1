"""What a file declares beside its processes, and what its events say of it.

Messages, signals, errors and escalations stand once at the top of a file; events and receive tasks refer to them. A
compensation event on a boundary refers to its handler by an association, the dotted line on the canvas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.spiff.camunda import extensions
from engine.spiff.reading import BPMN, Node, bpmn_tag

REFERENCES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}
"""By what kind of declaration: the attribute that refers to one."""
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_TIMERS = {f"{BPMN}timeDate": "date", f"{BPMN}timeDuration": "duration", f"{BPMN}timeCycle": "cycle"}


def event_definitions(node: Node) -> list[Node]:
    """Return the event definitions inside an event."""
    return [child for child in node if bpmn_tag(child).endswith("EventDefinition")]


def reference(node: Node, kind: str) -> str | None:
    """Return the id of the message, signal, error or escalation that an event or task refers to."""
    for holder in (node, *event_definitions(node)):
        found = holder.get(REFERENCES[kind])
        if found is not None:
            return str(found)
    return None


@dataclass(frozen=True)
class Declared:
    """The declarations of a file by kind and id, and its associations by where they begin."""

    by_id: Mapping[tuple[str, str], Node]
    associated: Mapping[str, str]

    @classmethod
    def of(cls, root: Node) -> Declared:
        """Read them from a file's root element; of two with the same id the last one counts."""
        by_id = {(kind, it.get("id")): it for kind in REFERENCES for it in root.iterchildren(f"{BPMN}{kind}")}
        lines = list(root.iter(f"{BPMN}association"))
        return cls(by_id, {it.get("sourceRef"): it.get("targetRef") for it in lines})

    def of_event(self, node: Node) -> dict[str, Any]:
        """Return what an event, or a task with a message, waits for or throws, by the names of our fields."""
        says = self._message(node)
        for definition in event_definitions(node)[:1]:
            kind = bpmn_tag(definition).removesuffix("EventDefinition")
            says |= {"event": kind, **self._definition(node, definition, kind)}
        return says

    def _definition(self, node: Node, definition: Node, kind: str) -> dict[str, Any]:
        declared = self.by_id.get((kind, reference(node, kind) or "")) if kind in REFERENCES else None
        says: dict[str, Any] = {}
        if kind == "timer":
            says["timer"] = _timer(definition)
        elif kind == "signal" and declared is not None:
            says["signal"] = _plain(declared.get("name"))
        elif kind in _CODES and declared is not None:
            says["code"] = _plain(declared.get(_CODES[kind]))
        elif kind == "link":
            says["link"] = _plain(definition.get("name"))
        elif kind == "compensate":
            says["compensates"] = _plain(definition.get("activityRef"))
            says["handler"] = self.associated.get(node.get("id"))
        return says

    def _message(self, node: Node) -> dict[str, Any]:
        message = self.by_id.get(("message", reference(node, "message") or ""))
        if message is None:
            return {}
        subscription = extensions(message).get("subscription")
        key = None if subscription is None else subscription.get("correlationKey") or None
        return {"message": message.get("name"), "key": key}


def _timer(definition: Node) -> tuple[str, str] | None:
    for child in definition:
        if child.tag in _TIMERS:
            return _TIMERS[child.tag], (child.text or "").strip()
    return None


def _plain(text: str | None) -> str | None:
    return (text or "").strip() or None
