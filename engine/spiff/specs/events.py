"""Events: what begins, what is waited for, and what is thrown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.spiff import catching, compensating, opening
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import InnerScope
from engine.spiff.stepping import Stepper
from engine.spiff.steps import Activity, Steps
from engine.spiff.tokens import Token


class Catching(Activity):
    """An event that something has brought about: it writes what that brought, and is done."""

    is_catching = True

    def open(self, stepper: Stepper, token: Token) -> bool | None:
        if token.brought is None:
            return super().open(stepper, token)
        opening.fill_inputs(stepper, token)
        return None  # the stepper finishes it with what was brought


class StartEvent(Catching, library.StartEvent):  # type: ignore[misc]
    """Where a process, sub-process or event sub-process begins."""

    event_subprocess: Any = None


class BoundaryEvent(Catching, library.BoundaryEvent):  # type: ignore[misc]
    """Stands on an activity and waits with it; its token begins when the event comes, with what it brought."""


class IntermediateCatchEvent(Catching, library.IntermediateCatchEvent):  # type: ignore[misc]
    """Waits for a moment, a message, a signal or a condition; behind a link it waits for nothing."""

    def enter(self, stepper: Stepper, token: Token) -> bool | None:
        if self.element.event == "link":
            return True
        opening.await_event(stepper, token, self)
        return None


class Throwing(Activity):
    """An event that tells others; `_THROWS` has one function for each kind."""

    def enter(self, stepper: Stepper, token: Token) -> bool | None:
        throw = _THROWS.get(self.element.event or "")
        if throw is None:
            return True
        token.is_throwing = True
        try:
            done: bool | None = throw(stepper, token)
        finally:
            token.is_throwing = False
        return done

    def link_target(self) -> Steps | None:
        if self.element.event != "link":
            return None
        specs = self._wf_spec.task_specs.values()
        catching_it = (it for it in specs if isinstance(it, IntermediateCatchEvent))
        return next((it for it in catching_it if it.element.link == self.element.link), None)

    def after(self, stepper: Stepper, token: Token) -> None:
        target = self.link_target()
        if target is not None:
            stepper.start(token.scope, target)


class IntermediateThrowEvent(Throwing, library.IntermediateThrowEvent):  # type: ignore[misc]
    """Tells others, and goes on."""


class EndEvent(Throwing, library.EndEvent):  # type: ignore[misc]
    """Where a token ends; a terminate end takes all others of its scope with it, a cancel end its transaction."""

    def after(self, stepper: Stepper, token: Token) -> None:
        if self.element.event == "terminate":
            for other in token.scope.tokens:
                if other is not token:
                    stepper.cancel(other)
            token.scope.arrivals.clear()
            stepper.terminated = stepper.terminated or token.scope is stepper.root
        elif self.element.event == "cancel":
            transaction = cast(InnerScope, token.scope).parent_token
            boundary = next(it for it in transaction.task_spec.boundaries if it.element.event == "cancel")
            catching.cross(stepper, transaction, boundary, {})


def _message(stepper: Stepper, token: Token) -> bool:
    spec = token.task_spec
    key = opening.key_of(stepper, spec, token.scope, token.visible())
    values = {"key": key, "payload": dict(token.data)}
    stepper.tell("message_thrown", spec.element.id, token.scope, {"name": spec.element.message}, values)
    return True


def _signal(stepper: Stepper, token: Token) -> bool:
    element, payload = token.task_spec.element, dict(token.data)
    stepper.tell("signal_thrown", element.id, token.scope, {"name": element.signal}, {"payload": payload})
    catching.broadcast(stepper, element.signal, payload)
    return True


def _error(stepper: Stepper, token: Token) -> bool:
    element = token.task_spec.element
    if not catching.throw_error(stepper, token, element.code, dict(token.data), element.name or ""):
        raise uncaught(element.id, element.code)
    return True


def uncaught(element: str, code: str, message: str = "") -> RunRefused:
    """Return the refusal of an error that nobody catches."""
    said = f" ({message})" if message else ""
    return RunRefused(element, f"Expected the error {code!r}{said} to be caught, but no event catches it.")


def _escalation(stepper: Stepper, token: Token) -> bool:
    catching.throw_escalation(stepper, token, token.task_spec.element.code, dict(token.data))
    return True


def _cancel(stepper: Stepper, token: Token) -> bool | None:
    """End whatever else runs in the transaction, and compensate what was done in it."""
    scope = token.scope
    stepper.end_waits(scope)
    for other in scope.tokens:
        if other is not token:
            stepper.cancel(other)
    scope.arrivals.clear()
    return compensating.begin(stepper, token)


_THROWS: Mapping[str, Any] = {
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "compensate": compensating.begin,
    "cancel": _cancel,
}
