"""What happened, in a sentence: one for each kind of event of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from webui.plain import words

ERASED = "(erased)"
Say = Callable[[Any, Callable[[str], str]], str]


def of(event: Any, names: Mapping[str, str]) -> str:
    """Return the sentence of an event; `names` gives the names of elements on the diagram."""

    def name(element: str) -> str:
        return names.get(element) or element.replace("_", " ")

    return _SENTENCES[event.kind](event, name)


def who(event: Any) -> str:
    """Return who caused an event, as far as that is known."""
    actor = event.actor
    if actor.kind == "system":
        return "Casepath"
    name = str(actor.name or actor.id)
    return f"{name} (by a program)" if actor.kind == "token" else name


def _element(event: Any, name: Callable[[str], str]) -> str:
    return f"“{event.data.get('name') or name(event.data.get('element') or '')}”"


def _value(event: Any, key: str) -> str:
    values = event.values or {}
    return ERASED if key not in values else words(values[key])


def _passed(event: Any, name: Callable[[str], str]) -> str:
    ends = [name(element) for what, element, *_ in event.data.get("steps", ()) if what == "entered"]
    stopped = [name(element) for what, element, *_ in event.data.get("steps", ()) if what == "cancelled"]
    parts = []
    if ends:
        parts.append(f"went on to {', '.join(f'“{it}”' for it in ends)}")
    if stopped:
        parts.append(f"stopped {', '.join(f'“{it}”' for it in stopped)}")
    return f"The ticket {' and '.join(parts) or 'went on'}."


def _written(event: Any, name: Callable[[str], str]) -> str:
    values = event.values or {}
    pairs = "; ".join(f"{key} = {words(value)}" for key, value in values.items())
    return f"Variables were written: {pairs or ERASED}."


def _completed(event: Any, name: Callable[[str], str]) -> str:
    values = event.values or {}
    pairs = "; ".join(f"{key} = {words(value)}" for key, value in values.items())
    return f"{who(event)} completed {_element(event, name)}{': ' + pairs if pairs else ''}."


def _handed(event: Any, name: Callable[[str], str]) -> str:
    return f"{who(event)} gave {_element(event, name)} to {event.data.get('person_name') or 'a person'}."


def _fired(event: Any, name: Callable[[str], str]) -> str:
    return f"The timer {_element(event, name)} fired; it was due {event.data.get('due')}."


def _entry(event: Any, name: Callable[[str], str]) -> str:
    what = {"reply": "replied", "note": "noted", "call": "noted a call"}[event.data["kind"]]
    return f"{who(event)} {what}: {_value(event, 'body')}"


def _decided(event: Any, name: Callable[[str], str]) -> str:
    return (
        f"Decision “{event.data.get('decision')}” was asked; rules {words(event.data.get('rules'))} matched."
    )


def _changed(event: Any, name: Callable[[str], str]) -> str:
    data = event.data
    return f"The {data['field']} changed from {words(data.get('from'))} to {words(data.get('to'))}."


def _desk(event: Any, name: Callable[[str], str]) -> str:
    facts = "; ".join(f"{key} = {words(value)}" for key, value in event.data.items() if key != "what")
    return f"{who(event)}: {str(event.data.get('what')).replace('_', ' ')}{f' ({facts})' if facts else ''}."


def _plain(text: str) -> Say:
    """A sentence with {who}, {element}, {data…} and {value…} filled in."""

    def say(event: Any, name: Callable[[str], str]) -> str:
        filled = text.replace("{who}", who(event)).replace("{element}", _element(event, name))
        for key, value in event.data.items():
            filled = filled.replace("{" + key + "}", words(value))
        for key in ("subject", "message", "error", "reason"):
            filled = filled.replace("{=" + key + "}", _value(event, key))
        return filled

    return say


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
    "mail_failed": _plain("A mail was given up after its last try: {=error}"),
    "state_changed": _plain("The state became “{label}” (it was {from})."),
    "ticket_changed": _changed,
    "entry_added": _entry,
    "incident_opened": _plain("An incident was opened: {=message}"),
    "incident_closed": _plain("{who} closed the incident; it goes on."),
    "instance_ended": _plain("The process ended ({how})."),
    "desk_event": _desk,
}
