"""How a sentence about an event is made: names in quotes, values as people read them, who did it and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from engine.goals.telling import reason
from webui import times
from webui.plain import words
from webui.scopes import Scopes

ERASED = "(erased)"
LONGEST = 600  # characters of one variable or field
LABELLED = {
    "queue": "queues", "channel": "channels", "category": "categories", "priority": "priorities", "goal": "goals",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """How to say things here: the scopes of the ticket with the names of their elements, the zone that moments are
    told in, the pack's own word for a key of a field (channel, queue, category, priority, state), and why a goal's
    clock does what it does."""

    scopes: Scopes
    place: tzinfo
    label: Callable[[str, str], str] = lambda field, key: key
    cause: Callable[[str], str] = lambda text: reason(text, {})

    def element(self, event: Any) -> str:
        """Return the element or task that an event is about, in quotes."""
        path, element = self.scopes.place(event)
        return self.named(element, path)

    def named(self, element: str, path: str) -> str:
        """Return an element of a scope, in quotes."""
        return f"“{self.scopes.name(element, path)}”"

    def listed(self, elements: Iterable[str], path: str) -> str:
        """Return elements of a scope in quotes, each with how often; nameless gateways are told only where nothing
        else is."""
        counted = Counter(elements)
        known = [it for it in counted if self.scopes.knows(it, path)] or list(counted)
        return ", ".join(
            self.named(it, path) + (f" ({counted[it]} times)" if counted[it] > 1 else "") for it in known
        )

    def value(self, value: Any, field: str = "") -> str:
        """Return a value (of a field, where it has one); a moment of the chain as a person reads it."""
        if isinstance(value, str) and field in LABELLED:
            return self.label(LABELLED[field], value)
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return times.exact(datetime.fromisoformat(value), self.place)
        return _cut(words(value))


Say = Callable[[Any, Words], str]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)")


def _cut(text: str) -> str:
    """A list of a thousand items would bury the line it stands in; `ticket trace --json` has it whole."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


def who(event: Any) -> str:
    """Return who caused an event, as far as that is known."""
    actor, values = event.actor, event.values or {}
    if event.kind == "ticket_opened" and actor.kind == "customer" and "requester" in values:
        return str(values["requester"]["name"])
    name = str(actor.name or actor.id)
    return f"{name} (by a program)" if actor.kind == "token" else name


def value_of(event: Any, key: str) -> str:
    """Return a value of an event in words, or that it was erased."""
    values = event.values or {}
    return ERASED if key not in values else words(values[key])


def pairs(event: Any, say: Words) -> str:
    """The values of an event but empty ones, and but the ticket itself, which is told when it is opened."""
    values = event.values or {}
    told = {key: value for key, value in values.items() if key != "ticket" and value is not None}
    return "; ".join(f"{key} = {say.value(value, key)}" for key, value in told.items())


def because(event: Any) -> str:
    """Return the reason that was given, to stand before the full stop; "" for none."""
    if "reason" in event.erased:
        return f": {ERASED}"
    reason = (event.values or {}).get("reason")
    return f": {reason.rstrip('.')}" if reason else ""


def plainly(text: str) -> Say:
    """A sentence with {who}, {element}, {data…} and {value…} filled in."""

    def sentence(event: Any, say: Words) -> str:
        filled = text.replace("{who}", who(event)).replace("{element}", say.element(event))
        for key, value in event.data.items():
            filled = filled.replace("{" + key + "}", say.value(value, key))
        for key in ("subject", "message", "error", "reason"):
            filled = filled.replace("{=" + key + "}", value_of(event, key))
        return filled

    return sentence
