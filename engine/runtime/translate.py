"""From the fence's happenings to events of the trail.

All movements of tokens in one settlement become a single `elements_passed`, because a step's trail should cost a
few rows and not one per sequence flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import CasepathError, InvalidInput
from engine.runtime import relations, troubles
from engine.runtime.commands import Actor
from engine.runtime.events import Event
from engine.runtime.state import Hold, Trouble
from engine.spiff import FailureWait

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
    """Kind and element; for what lies inside a sub-process or called process also its path and process, and the pack
    of one that was called from another pack."""
    path, process = happening.data["scope"], happening.data["process"]
    pack = happening.data.get("pack")
    return [
        happening.kind,
        happening.element,
        *(["/".join(path), process] if path or process != root else []),
        *([pack] if pack else []),
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
    person, wrong = _person(facts)
    step.state.holds[UUID(facts["task"])] = Hold(person)
    opened = Event("task_opened", actor, {**facts, "assignee": person, "queue": queue}, happening.values)
    told = [_trouble("assignee", facts["task"], happening, step, actor, wrong)] if wrong else []
    if person is None and step.world.of(facts.get("pack", "")).assigns_by_load(queue):
        told.append(_assignment(facts, queue, step, actor))
    return [opened, *(step.ticket_change("queue", queue, actor) if queue else []), *told]


def _assignment(facts: Mapping[str, Any], queue: str | None, step: Step, actor: Actor) -> Event:
    """Who has least to do is known only across tickets, so that this is a job of the outbox."""
    data = {name: facts[name] for name in ("task", "element", "scope") if name in facts}
    skills = facts.get("skills", [])
    return Event(
        "assignment_wanted", actor, {"job": str(step.ids.uuid()), **data, "queue": queue, "skills": skills}
    )


def _person(facts: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the person's id, or None and what is wrong; the task then opens for its queue all the same."""
    assignee: str | None = facts["assignee"]
    try:
        return (str(UUID(assignee)) if assignee else None), None
    except ValueError:
        sentence = f"Expected the assignee of '{facts['name']}' to be a person's id, but it is {assignee!r}."
        return None, sentence


def _trouble(
    about: str,
    subject: str,
    happening: Happening,
    step: Step,
    actor: Actor,
    message: str,
    more: Mapping[str, Any] | None = None,
) -> Event:
    trouble = Trouble(about, subject, happening.element, "/".join(happening.data["scope"]))
    return troubles.opened(step.state, step.ids.uuid(), trouble, message, actor, more)


def _failed(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    failure, message = happening.data["failure"], happening.values["message"]
    wait = step.run.waits.get(UUID(failure))
    phase = {"phase": wait.phase} if isinstance(wait, FailureWait) else {}
    return [_trouble("element", failure, happening, step, actor, message, phase)]


def _timer_unclear(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    """A timer names no moment of its goal any more; it stays suspended until somebody helps."""
    if step.has_trouble(UUID(happening.data["timer"])):
        return []
    return [_trouble("timer", happening.data["timer"], happening, step, actor, happening.values["message"])]


def _thrown(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    """What crosses to other instances goes through the outbox, as a job of its own."""
    return [
        Event(happening.kind, actor, {"job": str(step.ids.uuid()), **_facts(happening)}, happening.values)
    ]


def _service_cancelled(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    """A service whose handler raised an error has answered; nothing of it is cancelled any more."""
    job = happening.data["job"]
    if any(event.kind == "service_error" and event.data["job"] == job for event in step.events):
        return []
    return [Event("service_cancelled", actor, _facts(happening))]


def _send_requested(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    name = happening.data["template"]
    facts = {"element": happening.element, "template": name}
    try:
        world = step.world.of(happening.data.get("pack", ""))
        variables = {**step.run.variables(), **happening.values}
        mail = world.template(name).render(variables, world.surroundings(step.now))
    except CasepathError as error:
        return [_trouble("text", str(step.ids.uuid()), happening, step, actor, str(error))]
    if not mail.to:  # somebody who called by phone; an incident for each mail would help nobody
        return [Event("mail_omitted", actor, facts)]
    data = {"job": str(step.ids.uuid()), **facts}
    return [Event("mail_requested", actor, data, {"to": mail.to, "subject": mail.subject, "body": mail.body})]


def _related(happening: Happening, step: Step, actor: Actor) -> list[Event]:
    """A send task says what the ticket is to another one; whether that is there is judged when the step is saved."""
    kind, other = happening.data["kind"], happening.data["other"]
    sentence = relations.judge(step.ticket.number, other)
    if sentence:
        raise InvalidInput(sentence, {happening.element: sentence})
    return [Event("ticket_linked", actor, {"kind": kind, "other": other, "field": happening.element})]


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
    "ticket_related": _related,
    "service_cancelled": _service_cancelled,
    "failed": _failed,
    "timer_unclear": _timer_unclear,
    "message_thrown": _thrown,
    "signal_thrown": _thrown,
    **{
        kind: _as(kind)
        for kind in (
            "task_cancelled",
            "timer_armed",
            "timer_suspended",
            "timer_cancelled",
            "message_awaited",
            "message_ended",
            "signal_awaited",
            "signal_received",
            "signal_ended",
            "condition_met",
            "error_thrown",
            "escalation_thrown",
            "compensating",
            "service_requested",
            "variables_written",
            "decided",
        )
    },
}
