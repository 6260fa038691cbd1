"""What people may do about an element that could not be done: try again, skip it, or move its token elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff import catching, joining
from engine.spiff.errors import RunRefused
from engine.spiff.specs.events import uncaught
from engine.spiff.tokens import Token
from engine.spiff.waits import FailureWait, ServiceWait

if TYPE_CHECKING:
    from engine.spiff.scopes import Scope
    from engine.spiff.stepping import Phase, Stepper

_NO_TARGETS = frozenset({"startEvent", "boundaryEvent"})


def retry(
    stepper: Stepper, token: Token, wait: FailureWait | ServiceWait, variables: Mapping[str, Any]
) -> None:
    """Try again what failed, after writing variables as they are seen from the element."""
    if isinstance(wait, ServiceWait):
        stepper.end_waits(token)
        wait = _begun_anew(stepper, token, wait)
    else:  # what else the token waits for holds until it has really left
        stepper.end_wait(token, wait)
        token.has_entered = True
    results = dict(wait.results or {})
    _change(stepper, token, results, wait.phase, variables)
    if wait.phase == "enter":
        token.brought = None if wait.results is None else results
        token._set_state(TaskState.FUTURE)
        if token.scope is stepper.root and token.task_spec.element.type == "startEvent":
            stepper.begin(token)
        else:
            token._ready()
            stepper.ready.append(token)
    elif wait.phase == "finish":
        stepper.finish(token, results)
    else:
        stepper.leave(token)


def _change(
    stepper: Stepper, token: Token, results: dict[str, Any], phase: Phase, variables: Mapping[str, Any]
) -> None:
    """Write variables where the element would read them: what came, what is its own, what is around it."""
    nearer: list[dict[str, Any]] = [results, token.own]
    if phase == "finish":
        inner = token.scope.inner(token)
        nearer.append(token.data if inner is None else inner.data)
    others: dict[str, Any] = {}
    for name, value in variables.items():
        next((it for it in nearer if name in it), others)[name] = value
    stepper.write(token.scope, token.task_spec.element.id, others)


def _begun_anew(stepper: Stepper, token: Token, wait: ServiceWait) -> FailureWait:
    """Give up the answer that a service task waits for, as if it could not be entered."""
    if not token.is_child:
        stepper.tell("cancelled", wait.element, token.scope)
    token.data = {}
    return FailureWait(wait.id, wait.element, wait.name, wait.scope, wait.since, message="", phase="enter")


def skip(stepper: Stepper, token: Token | Scope) -> None:
    """Let an element be done without results; what is inside it ends. Raises RunRefused for an event sub-process
    that waits, and where no flow can be chosen."""
    if not isinstance(token, Token) or token.task_spec.is_race:
        raise RunRefused(None, "Expected an element that can be skipped, but several ways lead on; move it.")
    stepper.end_waits(token)
    inner = token.scope.inner(token)
    if inner is not None:
        stepper.cancel_all(inner)
        stepper.root.close(token)
    token.complete()


def move(stepper: Stepper, token: Token | Scope, element: str, target: str) -> None:
    """Put a token before another element of its level. Raises RunRefused where that can't be."""
    if not isinstance(token, Token) or not token.scope.is_plain:  # a child, or a handler at work
        raise RunRefused(
            element, "Expected a token of its own, but this one belongs to the element around it."
        )
    scope = token.scope
    spec = _target(scope, target)
    stepper.cancel(token)
    stepper.tell("moved", element, scope, {"to": target})
    stepper.start(scope, spec)


def move_parked(stepper: Stepper, join: str, path: tuple[str, ...], target: str) -> None:
    """Put a token that waits at a join before another element. Raises RunRefused where that can't be."""
    for scope in stepper.root.scopes():
        spec = next((it for it in joining.waiting_joins(scope) if it.name == join), None)
        if scope.path == path and spec is not None:
            aim = _target(scope, target)
            joining.consume(scope, [next(flow for flow in spec.incoming if flow.id in scope.arrivals)])
            stepper.tell("moved", join, scope, {"to": target})
            stepper.start(scope, aim)
            return
    raise RunRefused(join, f"Expected a token to wait at {join!r}, but none does.")


def throw_error(
    stepper: Stepper, token: Token, code: str, message: str, variables: Mapping[str, Any]
) -> None:
    """Let a service task end in an error of its handler."""
    if not catching.throw_error(stepper, token, code, variables, message):
        element = token.task_spec.element.id
        stepper.end_waits(token)
        token.data = {}
        stepper.fail(token, "enter", str(uncaught(element, code, message)))


def _target(scope: Scope, target: str) -> Any:
    spec = scope.spec.task_specs.get(target)
    element = getattr(spec, "element", None)
    if element is None:
        raise RunRefused(target, f"Expected an element of the same level, but there is no {target!r} in it.")
    if element.type in _NO_TARGETS or element.triggered_by_event or element.for_compensation:
        raise RunRefused(target, f"Expected an element that a flow can lead to, but {target!r} is none.")
    return spec
