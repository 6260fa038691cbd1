"""Timers that are due, incidents, and what people do about them: try again, skip, move a token, cancel.

Each repair is an ordinary command: it stands in the trail with who did it and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from engine.errors import InvalidInput, Refused
from engine.runtime.commands import (
    SYSTEM,
    CancelTicket,
    FireTimer,
    Inspect,
    MoveToken,
    ReportIncident,
    RetryIncident,
    SkipIncident,
)
from engine.runtime.handlers.applying import apply, demand_reason, demand_running, find
from engine.runtime.keeping import kept
from engine.runtime.state import Trouble
from engine.runtime.step import Step
from engine.spiff import ConditionWait, FailureWait, TimerWait, Wait

_NOTHING_TO_TRY = {
    "stuck": (
        "Expected something to try again, but the process waits for what can't come;"
        " move a token, or cancel the ticket."
    ),
    "lost": "Expected something to try again, but nobody can find it; move the token, to the same element too.",
    "text": "Expected something to try again, but the process has gone on; write to the customer, then skip it.",
}
# What a skipped incident leaves as it is: nothing in the process waits for it.
_BESIDE_THE_PROCESS = frozenset({"mail", "message", "signal", "text", "assignee"})


@apply.register
def _fire_timer(command: FireTimer, step: Step) -> None:
    """Whatever was due has fired before this; a timer no longer armed, or not yet due, changes nothing."""


@apply.register
def _report_incident(command: ReportIncident, step: Step) -> None:
    wait = find(step, command.timer_id, TimerWait)
    if wait is None or step.has_trouble(wait.id):
        return
    step.emit("timer_failed", command.actor, {"timer": str(wait.id), "element": wait.element})
    step.open_trouble("timer", wait.id, command.error, command.actor, wait.element, wait.scope)


@apply.register
def _inspect(command: Inspect, step: Step) -> None:
    if step.run.ended or step.instance.revision != command.revision:
        return
    if command.timer_id is None:
        return _look_for_anything(step)
    wait = find(step, command.timer_id, TimerWait)
    if wait is not None and wait.due and wait.due <= step.now and not step.has_trouble(wait.id):
        message = f"Expected timer '{wait.element}' to fire at {wait.due.isoformat()}, but nobody fires it."
        step.open_trouble("overdue", wait.id, message, SYSTEM, wait.element, wait.scope)


@apply.register
def _retry(command: RetryIncident, step: Step) -> None:
    trouble = _open(command, step)
    if trouble is None:
        return
    if trouble.about in _NOTHING_TO_TRY:
        raise Refused(_NOTHING_TO_TRY[trouble.about])
    variables = kept(command.variables)
    anew = trouble.about == "element" or (trouble.about == "service" and variables)
    if variables and not anew:
        raise InvalidInput(
            f"Expected variables only for an element or a service, but this incident is about: {trouble.about}.",
            dict.fromkeys(variables, "Expected no variable here."),
        )
    step.close_trouble(command.incident_id, command.actor, "retried")
    if anew:
        wait = step.run.waits.get(UUID(trouble.subject))
        step.run.retry(UUID(trouble.subject), variables)
        if isinstance(wait, FailureWait) and wait.phase == "enter":
            _stay_entered(step, wait)
        step.settle(command.actor)
    elif trouble.about == "goal":
        step.promises.reconsider("retried")
    elif trouble.about == "timer":
        step.run.follow_goals()
        step.settle(command.actor)


@apply.register
def _skip(command: SkipIncident, step: Step) -> None:
    demand_reason(command.reason)
    trouble = _open(command, step)
    if trouble is None:
        return
    if trouble.about in ("element", "service"):
        step.close_trouble(command.incident_id, command.actor, "skipped", command.reason)
        step.run.skip(UUID(trouble.subject))
        step.settle(command.actor)
    elif trouble.about in _BESIDE_THE_PROCESS:
        step.close_trouble(command.incident_id, command.actor, "skipped", command.reason)
    else:
        raise Refused(
            f"Expected an element, a service or a mail to skip, but this incident is about a {trouble.about};"
            " try again, move the token, or cancel the ticket."
        )


@apply.register
def _move(command: MoveToken, step: Step) -> None:
    demand_reason(command.reason)
    demand_running(step)
    data = {"from": command.element, "to": command.target, "element": command.target}
    if command.scope:
        data["scope"] = command.scope
    step.emit("token_moved", command.actor, data, {"reason": command.reason})
    wait = _where(command, step)
    if wait is None:
        step.run.move_parked(command.element, _path(command.scope), command.target)
    else:
        step.run.move(wait.id, command.target)
    step.settle(command.actor)
    step.close_what_is_over(command.actor, "moved", command.reason)


@apply.register
def _cancel(command: CancelTicket, step: Step) -> None:
    demand_running(step)
    step.run.cancel()
    step.settle(command.actor, {"reason": command.reason})
    step.close_what_is_over(command.actor, "cancelled", command.reason)


def _look_for_anything(step: Step) -> None:
    """Nothing of the instance was found in the tables: either nothing waits, or what waits got lost there."""
    step.judge()
    for wait in step.run.waits.values():
        if not isinstance(wait, ConditionWait) and not step.has_trouble(wait.id):
            message = f"Expected somebody to find what '{wait.element}' waits for, but it is in no table."
            step.open_trouble("lost", wait.id, message, SYSTEM, wait.element, wait.scope)


def _open(command: RetryIncident | SkipIncident, step: Step) -> Trouble | None:
    """Return what the incident is about; None where the timers due before this command have just settled it."""
    trouble = step.state.troubles.get(command.incident_id)
    if trouble is None and str(command.incident_id) not in _just_closed(step):
        raise Refused("Expected an open incident, but it is closed.")
    return trouble


def _stay_entered(step: Step, wait: FailureWait) -> None:
    """Tell no second time that an element was entered: its token came there once, and has not left."""
    told = step.run.happenings
    again = [
        it
        for it in told
        if it.kind == "entered" and it.element == wait.element and tuple(it.data["scope"]) == wait.scope
    ]
    if again:
        told.remove(again[0])


def _just_closed(step: Step) -> set[str]:
    return {event.data["incident"] for event in step.events if event.kind == "incident_closed"}


def _where(command: MoveToken, step: Step) -> Wait | None:
    """Return a wait of the token that is meant, or None where it is one parked at a join."""
    if command.wait_id is not None:
        wait = find(step, command.wait_id, Wait)
        if wait is None:
            raise Refused(f"Expected a token at '{command.element}' as you saw it, but it has gone on since.")
        return wait
    here = [
        wait
        for wait in step.run.waits.values()
        if wait.element == command.element and wait.scope == _path(command.scope)
    ]
    if len(here) > 1:
        raise Refused(_several(command.element, here))
    return here[0] if here else None


def _several(element: str, waits: Iterable[Wait]) -> str:
    ids = ", ".join(str(wait.id) for wait in waits)
    return f"Expected one token at '{element}', but several wait there; name one of {ids}."


def _path(scope: str) -> tuple[str, ...]:
    return tuple(scope.split("/")) if scope else ()
