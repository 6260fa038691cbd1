"""From the fence's happenings to events of the trail.

All movements of tokens in one settlement become a single `elements_passed`, because a step's trail should cost a few
rows and not one per sequence flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

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
    moves = [[it.kind, it.element, it.data.get("scope", "")] for it in happenings if it.kind in _MOVES]
    found = [Event("elements_passed", actor, {"steps": moves})] if moves else []
    for happening in happenings:
        translate = _TRANSLATIONS.get(happening.kind)
        if translate:
            found.extend(translate(happening, step, actor))
    return found


def _task_opened(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    data = dict(happening.data)
    task = data.pop("id")
    queue = next(iter(data["candidate_groups"]), None)
    step.state.holds[UUID(str(task))] = Hold(data.get("assignee"))
    opened = {"task": str(task), "element": happening.element, "queue": queue, **data}
    changed = _queue_changed(step, actor, queue)
    return [Event("task_opened", actor, opened, happening.values), *changed]


def _queue_changed(step: Step, actor: Actor, queue: str | None) -> list[Event]:
    """The ticket lies where its newest task lies."""
    length = len(step.events)
    if queue:
        step.change_ticket("queue", queue, actor)
    changed = step.events[length:]
    del step.events[length:]
    return changed


def _plain(kind: str, id_name: str) -> Callable[[Happening, Step, Actor], list[Event]]:
    def translate(happening: Happening, step: Step, actor: Actor) -> list[Event]:
        data: dict[str, Any] = dict(happening.data)
        if "id" in data:
            data[id_name] = str(data.pop("id"))
        return [Event(kind, actor, {"element": happening.element, **data}, happening.values)]

    return translate


def _message_awaited(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    data: dict[str, Any] = dict(happening.data)
    subscription, key = str(data.pop("id")), data.pop("key", None)
    return [
        Event(
            "message_awaited",
            actor,
            {"subscription": subscription, "element": happening.element, **data},
            {"key": key},
        )
    ]


def _send_requested(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    template = step.world.template(happening.data["template"])
    variables = {**step.run.variables(), **happening.values}
    mail = template.render(variables, now=step.now)
    data = {
        "job": str(step.ids.uuid()),
        "element": happening.element,
        "template": happening.data["template"],
    }
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
    "task_cancelled": _plain("task_cancelled", "task"),
    "timer_armed": _plain("timer_armed", "timer"),
    "timer_cancelled": _plain("timer_cancelled", "timer"),
    "message_awaited": _message_awaited,
    "message_ended": _plain("message_ended", "subscription"),
    "service_requested": _plain("service_requested", "job"),
    "service_cancelled": _plain("service_cancelled", "job"),
    "send_requested": _send_requested,
    "state_set": _state_set,
    "variables_written": _plain("variables_written", "variables"),
    "decided": _plain("decided", "decided"),
}
