"""What happens when an event comes: to whoever waits for it, at a boundary, or by starting an event sub-process.

Errors and escalations are waited for by nobody: when one is thrown, its catcher is looked for from the thrower
outwards, scope by scope, and the innermost takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from engine.spiff import arming, opening
from engine.spiff.errors import RunRefused
from engine.spiff.timers import next_round
from engine.spiff.tokens import Token
from engine.spiff.waits import ConditionWait, MessageWait, SignalWait, TimerWait, Wait

if TYPE_CHECKING:
    from engine.spiff.scopes import InnerScope, Scope
    from engine.spiff.stepping import Stepper

Catcher = tuple[
    "Token | Scope", Any
]  # an activity with its boundary event, or a scope with its event sub-process


def trigger(stepper: Stepper, owner: Token | Scope, wait: Wait, brought: Mapping[str, Any]) -> None:
    """Let what somebody waits for come true, with what it brings."""
    spec = waiting_spec(owner, wait.element)
    own = isinstance(owner, Token) and (owner.task_spec is spec or owner.task_spec.is_race)
    if own or spec.element.interrupting or isinstance(wait, TimerWait):
        _end(stepper, owner, wait)
    if isinstance(wait, TimerWait):
        _arm_again(stepper, owner, spec, wait)
    if not isinstance(owner, Token):
        start_event_sub_process(stepper, owner, spec, brought)
    elif owner.task_spec is spec:
        stepper.finish(owner, brought)
    elif owner.task_spec.is_race:
        owner.task_spec.win(stepper, owner, spec, brought)
    else:
        cross(stepper, owner, spec, brought)


def waiting_spec(owner: Token | Scope, element: str) -> Any:
    """Return the specification of what waits: the element, a boundary event, or a start of an event sub-process."""
    if isinstance(owner, Token):
        return owner.scope.spec.task_specs[element]
    return next(it.begin for it in owner.spec.event_subprocesses if it.begin.name == element)


def cross(stepper: Stepper, token: Token, boundary: Any, brought: Mapping[str, Any]) -> None:
    """Leave an activity by a boundary event, interrupting it or beside it."""
    scope = token.scope
    if boundary.element.interrupting:
        stepper.cancel(token)
    stepper.start(scope, boundary, brought)


def start_event_sub_process(stepper: Stepper, scope: Scope, begin: Any, brought: Mapping[str, Any]) -> None:
    """Start an event sub-process by its start event; an interrupting one ends everything else in its scope."""
    if begin.element.interrupting:
        stepper.cancel_all(scope)
        scope.interrupted = True
    stepper.start(scope, begin.event_subprocess, brought)


def watch(stepper: Stepper, scope: Scope) -> None:
    """Let the event sub-processes of a scope that begins wait for their events; all of them, or none.

    Raises RunRefused where one can't.
    """
    try:
        for spec in scope.spec.event_subprocesses:
            if spec.begin.element.event in opening.AWAITED:
                opening.await_event(stepper, scope, spec.begin)
    except RunRefused:
        scope.waits.clear()
        raise


def broadcast(stepper: Stepper, signal: str, payload: Mapping[str, Any]) -> int:
    """Let a signal reach all that wait for it now, outermost first; return how many those are."""
    waiting = [
        (owner, wait)
        for owner in stepper.root.owners()
        for wait in owner.waits.values()
        if isinstance(wait, SignalWait) and wait.name == signal
    ]
    reached = 0
    for owner, wait in waiting:
        if wait.id in owner.waits:  # one before it may have interrupted it
            reached += 1
            data = {"subscription": str(wait.id), "name": signal}
            stepper.tell("signal_received", wait.element, owner.scope, data, payload)
            trigger(stepper, owner, wait, payload)
    return reached


def ask_conditions(stepper: Stepper) -> None:
    """Ask every condition that is waited for, after something was written; each triggers when it becomes true."""
    stepper.has_written = False
    if not stepper.has_conditions:
        return  # looking for them costs as much as there are tokens, after each writing
    waiting = [
        (owner, wait)
        for owner in stepper.root.owners()
        for wait in owner.waits.values()
        if isinstance(wait, ConditionWait)
    ]
    stepper.has_conditions = bool(waiting)
    for owner, wait in waiting:
        if wait.id in owner.waits:
            _ask(stepper, owner, wait)


def throw_error(
    stepper: Stepper, thrower: Token, code: str, brought: Mapping[str, Any] | None = None, said: str = ""
) -> bool:
    """Let the innermost catcher take an error, which interrupts; say whether there is one.

    Its output mappings see `error` with the code and what was said, so that one event can tell many refusals.
    """
    catcher = _catcher(thrower, "error", code)
    if catcher is not None:
        error = {"error": {"code": code, "message": said}} if catcher[1].element.outputs else {}
        _take(stepper, thrower, "error", code, catcher, {**error, **(brought or {})})
    return catcher is not None


def throw_escalation(stepper: Stepper, thrower: Token, code: str, brought: Mapping[str, Any]) -> None:
    """Let the innermost catcher take an escalation; without one, things go on."""
    catcher = _catcher(thrower, "escalation", code)
    if catcher is None:
        data = {"code": code, "caught_by": None}
        stepper.tell("escalation_thrown", thrower.task_spec.element.id, thrower.scope, data)
    else:
        _take(stepper, thrower, "escalation", code, catcher, brought)


def _take(
    stepper: Stepper, thrower: Token, kind: str, code: str, catcher: Catcher, brought: Mapping[str, Any]
) -> None:
    owner, spec = catcher
    data = {"code": code, "caught_by": spec.element.id}
    stepper.tell(f"{kind}_thrown", thrower.task_spec.element.id, thrower.scope, data)
    if isinstance(owner, Token):
        cross(stepper, owner, spec, brought)
    else:
        start_event_sub_process(stepper, owner, spec, brought)


def _catcher(thrower: Token, kind: str, code: str) -> Catcher | None:
    token = thrower
    while True:
        found = None if token.is_child else _match(token.task_spec.boundaries, kind, code)
        if found is not None:
            return token, found
        scope = token.scope
        if scope.is_plain and not scope.interrupted:
            begins = (it.begin for it in scope.spec.event_subprocesses if it is not token.task_spec)
            found = _match(begins, kind, code)
            if found is not None:
                return scope, found
        if scope is scope.top:
            return None
        token = cast("InnerScope", scope).parent_token


def _match(events: Iterable[Any], kind: str, code: str) -> Any:
    """Return the event that catches a code, else the one that catches all."""
    catching = [event for event in events if event.element.event == kind]
    exact = (event for event in catching if event.element.code == code)
    return next(exact, None) or next((event for event in catching if event.element.code is None), None)


def _end(stepper: Stepper, owner: Token | Scope, wait: Wait) -> None:
    del owner.waits[wait.id]
    for kind, name in ((MessageWait, "message_ended"), (SignalWait, "signal_ended")):
        if isinstance(wait, kind):
            stepper.tell(name, wait.element, owner.scope, {"subscription": str(wait.id)})


def _arm_again(stepper: Stepper, owner: Token | Scope, spec: Any, wait: TimerWait) -> None:
    """Let a timer that interrupts nothing wait for its next round, or for the next moment of its goal."""
    own = isinstance(owner, Token) and (owner.task_spec is spec or owner.task_spec.is_race)
    if own or spec.element.interrupting:
        return
    if wait.goal is not None:
        arming.arm_for_goal(stepper, owner, spec, wait.due)
    elif wait.cycle is not None:
        following = next_round(wait.cycle, stepper.env.now, stepper.surroundings(owner.scope).zone)
        if following is not None:
            arming.arm(stepper, owner, spec, *following)


def _ask(stepper: Stepper, owner: Token | Scope, wait: ConditionWait) -> None:
    spec = waiting_spec(owner, wait.element)
    holds = opening.condition_holds(stepper, owner, spec)
    owner.waits[wait.id] = replace(wait, held=holds)
    if holds and not wait.held:
        stepper.tell("condition_met", wait.element, owner.scope)
        trigger(stepper, owner, owner.waits[wait.id], {})
