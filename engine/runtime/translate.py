"""From the fence's happenings to events of the trail.

All movements of tokens in one settlement become a single `elements_passed`, because a step's trail should cost a
few rows and not one per sequence flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import Refused
from engine.runtime.commands import Actor
from engine.runtime.events import Event
from engine.runtime.state import Hold

if TYPE_CHECKING:
    from engine.runtime.step import Step
    from engine.spiff import Happening

_MOVES = frozenset({"entered", "left", "taken", "cancelled"})


def events(happenings: Iterable[Happening], step: Step, actor: Actor) -> list[Event]:
    """Return the events of one settlement, movements first, and let the step's state follow them."""
    happenings = list(happenings)
    moves = [_move(it, step.instance.process) for it in happenings if it.kind in _MOVES]
    found = [Event("elements_passed", actor, {"steps": moves})] if moves else []
    for happening in happenings:
        translate = _TRANSLATIONS.get(happening.kind)
        if translate:
            found.extend(translate(happening, step, actor))
    return found


def _move(happening: Happening, root: str) -> list[str]:
    """Kind and element; for what lies inside a sub-process or called process also its path and process."""
    path, process = happening.data["scope"], happening.data["process"]
    return [
        happening.kind,
        happening.element,
        *(["/".join(path), process] if path or process != root else []),
    ]


def _facts(happening: Happening) -> dict[str, Any]:
    """Return the plain facts; the scope only where it isn't the root."""
    data = {name: fact for name, fact in happening.data.items() if name not in ("scope", "process")}
    path = happening.data["scope"]
    return {"element": happening.element, **({"scope": "/".join(path)} if path else {}), **data}


def _as(kind: str) -> Callable[[Happening, Step, Actor], list[Event]]:
    def translate(happening: Happening, step: Step, actor: Actor) -> list[Event]:
        return [Event(kind, actor, _facts(happening), happening.values)]

    return translate


def _task_opened(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    facts = _facts(happening)
    queue = next(iter(facts["candidate_groups"]), None)
    step.state.holds[UUID(facts["task"])] = Hold(_person(facts))
    opened = Event("task_opened", actor, {**facts, "queue": queue}, happening.values)
    return [opened, *(step.ticket_change("queue", queue, actor) if queue else [])]


def _person(facts: Mapping[str, Any]) -> str | None:
    assignee: str | None = facts["assignee"]
    try:
        return str(UUID(assignee)) if assignee else None
    except ValueError:
        raise Refused(
            f"Expected the assignee of '{facts['name']}' to be a person's id, but it is {assignee!r}."
        ) from None


def _send_requested(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    name = happening.data["template"]
    mail = step.world.template(name).render({**step.run.variables(), **happening.values}, now=step.now)
    facts = {"element": happening.element, "template": name}
    if not mail.to:  # somebody who called by phone; an incident for each mail would help nobody
        return [Event("mail_omitted", actor, facts)]
    data = {"job": str(step.ids.uuid()), **facts}
    return [Event("mail_requested", actor, data, {"to": mail.to, "subject": mail.subject, "body": mail.body})]


def _state_set(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    before, after = step.ticket.status, happening.data["state"]
    if before == after:
        return []
    step.state.ticket = replace(step.ticket, status=after)
    data = {"from": before, "to": after, "label": step.world.label(after), "element": happening.element}
    return [Event("state_changed", actor, data)]


_TRANSLATIONS: Mapping[str, Callable[[Happening, Step, Actor], list[Event]]] = {
    "task_opened": _task_opened,
    "send_requested": _send_requested,
    "state_set": _state_set,
    **{
        kind: _as(kind)
        for kind in (
            "task_cancelled",
            "timer_armed",
            "timer_cancelled",
            "message_awaited",
            "message_ended",
            "service_requested",
            "service_cancelled",
            "variables_written",
            "decided",
        )
    },
}
