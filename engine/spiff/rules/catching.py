"""Rules about events that are caught: where they may stand, what they may leave running, and that none is doubled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.spiff.describe import SUB_PROCESSES
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, an, said, warned

_ONCE = ("error", "escalation", "cancel", "compensate")
_ALWAYS_INTERRUPT = {"boundaryEvent": ("error", "cancel"), "startEvent": ("error", "compensate")}
_INSIDES = SUB_PROCESSES | {"callActivity"}
_CAN_THROW = {"error": _INSIDES | {"serviceTask"}, "escalation": _INSIDES}
_NEVER_WAITS = frozenset({"scriptTask", "businessRuleTask", "sendTask"})


def attachments(drawing: Drawing) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own level."""
    for event in drawing.nodes:
        if event.type == "boundaryEvent" and drawing.host(event) is None:
            message = (
                f"Expected {event.title!r} to sit on an activity, but there is no {event.attached_to!r} here."
            )
            yield said("references", event, message, "Drop the event on the border of an activity.")


def interrupting(drawing: Drawing) -> Iterator[Finding]:
    """What can't leave its scope running does not say so."""
    for event in drawing.nodes:
        if event.interrupting:
            continue
        if event.event in _ALWAYS_INTERRUPT.get(event.type, ()):
            message = f"Expected {event.title!r} to interrupt, but it is {an(event.event or '')} event that doesn't."
            yield said("interrupting", event, message, "Make it interrupting.")
        elif event.type == "startEvent" and not drawing.level(event).triggered_by_event:
            message = (
                f"Expected no isInterrupting='false' at {event.title!r}, but it starts no event sub-process."
            )
            yield said("interrupting", event, message, "Make it interrupting.")


def twice(drawing: Drawing) -> Iterator[Finding]:
    """The same error, escalation, cancel or compensation is caught once on an activity, and once in a level."""
    for host, events in drawing.boundaries.items():
        yield from _twice(events, f"on the border of {host!r}")
    for level in drawing.levels:
        inside = (it for it in drawing.inside(level) if it.triggered_by_event)
        starts = (start for it in inside for start in drawing.starts(it))
        yield from _twice(starts, f"by the event sub-processes of {level.title!r}")


def _twice(events: Iterable[Element], where: str) -> Iterator[Finding]:
    seen: dict[tuple[str | None, str | None], Element] = {}
    for event in events:
        first = seen.setdefault((event.event, event.code), event)
        if event.event in _ONCE and first is not event:
            code = f" with the code {event.code!r}" if event.code else ""
            message = f"Expected {an(event.event)}{code} to be caught once {where}, but"
            message += f" {first.title!r} and {event.title!r} both catch it."
            yield said("caught-twice", event, message, "Remove one of them, or give it another code.")


def never(drawing: Drawing) -> Iterator[Finding]:
    """A boundary event can happen: its activity waits, and can throw what the event catches."""
    for event in drawing.nodes:
        host = drawing.host(event)
        if host is None or event.event in ("compensate", "cancel"):
            continue
        if host.type in _NEVER_WAITS:
            message = (
                f"Expected {host.title!r} to wait for something, but it is done at once and {event.title!r}"
            )
            message += " never happens."
            yield warned("never-happens", event, message, "Put the event on an activity that waits.")
        elif host.type not in _CAN_THROW.get(event.event or "", {host.type}):
            message = f"Expected {host.title!r} to be able to throw {an(event.event or '')}, but it can't and"
            remedy = "Put the event on a sub-process or called process that throws it"
            remedy += ", or on a service task." if event.event == "error" else "."
            yield warned("never-happens", event, f"{message} {event.title!r} never happens.", remedy)


RULES = (attachments, interrupting, twice, never)
