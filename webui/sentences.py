"""What happened, in a sentence: one for each kind of event of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from webui import times
from webui.plain import words

ERASED = "(erased)"
LABELLED = {"queue": "queues", "channel": "channels", "category": "categories", "priority": "priorities"}


@dataclass(frozen=True)
class Words:
    """How to say things here: the names of elements on the diagram, the zone that moments are told in, and the
    pack's own word for a key of a field (channel, queue, category, priority)."""

    names: Mapping[str, str]
    place: tzinfo
    label: Callable[[str, str], str] = lambda field, key: key

    def element(self, event: Any) -> str:
        """Return the element or task that an event is about, in quotes."""
        element = event.data.get("element") or ""
        return f"“{self.names.get(element) or element.replace('_', ' ')}”"

    def listed(self, elements: Iterable[str]) -> str:
        """Return names in quotes, one after the other; nameless gateways are told only where nothing else is."""
        elements = list(elements)
        known = [self.names[it] for it in elements if it in self.names]
        return ", ".join(f"“{it}”" for it in known or (it.replace("_", " ") for it in elements))

    def value(self, value: Any, field: str = "") -> str:
        """Return a value (of a field, where it has one); a moment of the chain as a person reads it."""
        if isinstance(value, str) and field in LABELLED:
            return self.label(LABELLED[field], value)
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return times.exact(datetime.fromisoformat(value), self.place)
        return words(value)


Say = Callable[[Any, Words], str]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)")


def of(event: Any, say: Words) -> str:
    """Return the sentence of an event."""
    return _SENTENCES[event.kind](event, say)


def who(event: Any) -> str:
    """Return who caused an event, as far as that is known."""
    actor, values = event.actor, event.values or {}
    if event.kind == "ticket_opened" and actor.kind == "customer" and "requester" in values:
        return str(values["requester"]["name"])
    name = str(actor.name or actor.id)
    return f"{name} (by a program)" if actor.kind == "token" else name


def _value(event: Any, key: str) -> str:
    values = event.values or {}
    return ERASED if key not in values else words(values[key])


def _pairs(event: Any, say: Words) -> str:
    """The values of an event but empty ones, and but the ticket itself, which is told when it is opened."""
    values = event.values or {}
    told = {key: value for key, value in values.items() if key != "ticket" and value is not None}
    return "; ".join(f"{key} = {say.value(value, key)}" for key, value in told.items())


def _passed(event: Any, say: Words) -> str:
    steps = event.data.get("steps", ())
    entered = [element for what, element, *_ in steps if what == "entered"]
    stopped = [element for what, element, *_ in steps if what == "cancelled"]
    parts = [f"went on to {say.listed(entered)}"] if entered else []
    parts += [f"stopped {say.listed(stopped)}"] if stopped else []
    return f"The ticket {' and '.join(parts) or 'went on'}."


def _written(event: Any, say: Words) -> str:
    pairs = _pairs(event, say)
    return f"Variables were written{': ' + pairs if pairs else ', none with a value'}."


def _completed(event: Any, say: Words) -> str:
    pairs = _pairs(event, say)
    return f"{who(event)} completed {say.element(event)}{': ' + pairs if pairs else ''}."


def _handed(event: Any, say: Words) -> str:
    return f"{who(event)} gave {say.element(event)} to {event.data.get('person_name') or 'a person'}."


def _fired(event: Any, say: Words) -> str:
    return f"The timer {say.element(event)} fired; it was due {say.value(event.data.get('due'))}."


def _entry(event: Any, say: Words) -> str:
    what = {"reply": "replied", "note": "noted", "call": "noted a call"}[event.data["kind"]]
    return f"{who(event)} {what}: {_value(event, 'body')}"


def _decided(event: Any, say: Words) -> str:
    return (
        f"Decision “{event.data.get('decision')}” was asked; rules {words(event.data.get('rules'))} matched."
    )


def _changed(event: Any, say: Words) -> str:
    field, values = event.data["field"], event.values
    if values.get("from") is None:
        return f"The {field} became {say.value(values.get('to'), field)}."
    before, after = say.value(values["from"], field), say.value(values.get("to"), field)
    return f"The {field} changed from {before} to {after}."


def _desk(event: Any, say: Words) -> str:
    facts = "; ".join(f"{key} = {say.value(value)}" for key, value in event.data.items() if key != "what")
    return f"{who(event)}: {str(event.data.get('what')).replace('_', ' ')}{f' ({facts})' if facts else ''}."


def _plain(text: str) -> Say:
    """A sentence with {who}, {element}, {data…} and {value…} filled in."""

    def sentence(event: Any, say: Words) -> str:
        filled = text.replace("{who}", who(event)).replace("{element}", say.element(event))
        for key, value in event.data.items():
            filled = filled.replace("{" + key + "}", say.value(value, key))
        for key in ("subject", "message", "error", "reason"):
            filled = filled.replace("{=" + key + "}", _value(event, key))
        return filled

    return sentence


_SENTENCES: Mapping[str, Say] = {
    "ticket_opened": _plain("{who} opened ticket {number} by {channel}: {=subject}"),
    "instance_started": _plain("Process {process}, version {version}, was started."),
    "elements_passed": _passed,
    "variables_written": _written,
    "decided": _decided,
    "task_opened": _plain("Task {element} was opened."),
    "task_claimed": _plain("{who} claimed {element}."),
    "task_released": _plain("{who} released {element}."),
    "task_assigned": _handed,
    "task_completed": _completed,
    "task_cancelled": _plain("Task {element} ended, because the process went another way."),
    "timer_armed": _plain("The timer {element} was set for {due}."),
    "timer_fired": _fired,
    "timer_cancelled": _plain("The timer {element} was no longer needed."),
    "timer_failed": _plain("The timer {element} could not be fired and was set aside."),
    "message_awaited": _plain("{element} waits for message “{name}”."),
    "message_received": _plain("Message “{name}” came from {who} and reached {element}."),
    "message_ended": _plain("{element} no longer waits for message “{name}”."),
    "service_requested": _plain("Service “{type}” was asked at {element}."),
    "service_completed": _plain("The service at {element} answered."),
    "service_failed": _plain("The service at {element} failed for the last time: {=error}"),
    "service_cancelled": _plain("The answer of the service at {element} was no longer needed."),
    "mail_requested": _plain("A mail was requested at {element}: {=subject}"),
    "mail_sent": _plain("The mail server accepted a mail."),
    "mail_omitted": _plain("No mail was sent: the customer has no address."),
    "mail_failed": _plain("A mail was given up after its last try: {=error}"),
    "state_changed": _plain("The state became “{label}” (it was {from})."),
    "ticket_changed": _changed,
    "entry_added": _entry,
    "incident_opened": _plain("An incident was opened: {=message}"),
    "incident_closed": _plain("{who} closed the incident; it goes on."),
    "instance_ended": _plain("The process ended ({how})."),
    "desk_event": _desk,
}
