"""A run: one process instance in memory, from its state and back to it.

What it knows of the world comes in by `Env`; what it does comes out as `happenings`. Any method may raise
RunRefused; the run is then half done and must be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.errors import NotFound
from engine.spiff import codec, opening
from engine.spiff.errors import RunRefused
from engine.spiff.program import Program
from engine.spiff.scopes import RootScope, keepable
from engine.spiff.stepping import Env, Happening, Stepper
from engine.spiff.timers import next_round
from engine.spiff.tokens import Token
from engine.spiff.waits import MessageWait, ServiceWait, TaskWait, TimerWait, Wait


class Run:
    """One instance of a process. Make it with `begin` or `load`."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper

    @classmethod
    def begin(
        cls,
        program: Program,
        process: str,
        variables: Mapping[str, Any],
        env: Env,
        *,
        message: str | None = None,
    ) -> Run:
        """Start a process with its first variables, at its plain start event or at that of a message."""
        body = program.process(process)
        root = RootScope(body.spec, process)
        run = cls(Stepper(program, root, env))
        if variables:
            run._stepper.write(root, process, variables)
        run._stepper.start(root, body.start(message))
        run._stepper.run()
        return run

    @classmethod
    def load(cls, program: Program, state: Any, env: Env) -> Run:
        """Take up a run from its state. Raises UnreadableState for a format or an element that is unknown."""
        return cls(codec.load(program, state, env))

    def dump(self) -> Any:
        """Return the state: a small JSON value with a format number, without the process itself."""
        return codec.dump(self._stepper)

    @property
    def env(self) -> Env:
        """What the next step may ask from outside; set it before each step on a run that stays in memory."""
        return self._stepper.env

    @env.setter
    def env(self, env: Env) -> None:
        self._stepper.env = env

    @property
    def ended(self) -> str | None:
        """How the run ended (`completed`, `terminated`, `cancelled`), or None while it runs."""
        return self._stepper.ended

    @property
    def happenings(self) -> list[Happening]:
        """What happened since the caller last took the list away, in order."""
        return self._stepper.happenings

    @happenings.setter
    def happenings(self, happenings: list[Happening]) -> None:
        self._stepper.happenings = happenings

    @property
    def waits(self) -> Mapping[UUID, Wait]:
        """All that the run waits for, by id, in the order of the tokens."""
        return {wait.id: wait for token in self._stepper.root.walk() for wait in token.waits.values()}

    @property
    def stuck(self) -> tuple[str, ...]:
        """The parallel joins at which tokens wait while nothing else is open, so that none can ever come."""
        if self.ended or any(not self._is_container(token) for token in self._stepper.root.walk()):
            return ()
        return tuple(dict.fromkeys(self._stepper.root.joins()))

    def variables(self, scope_of_wait: UUID | None = None) -> dict[str, Any]:
        """Return the process's variables, or all that are visible where a token waits."""
        if scope_of_wait is None:
            return dict(self._stepper.root.data)
        token = self._waiting(scope_of_wait, Wait)[0]
        return dict(token.scope.visible(token.data))

    def complete(self, wait_id: UUID, writes: Mapping[str, Any]) -> None:
        """Complete a user task, or a service task with its result. Raises NotFound where none waits."""
        token, _ = self._waiting(wait_id, TaskWait, ServiceWait)
        del token.waits[wait_id]
        self._go_on(token, writes)

    def fire(self, timer_id: UUID) -> None:
        """Fire a timer, whether due or not. Raises NotFound where it isn't armed."""
        token, wait = self._waiting(timer_id, TimerWait)
        del token.waits[timer_id]
        if wait.element == token.task_spec.name:
            return self._go_on(token, {})
        boundary = token.scope.spec.task_specs[wait.element]
        if wait.cycle is not None:
            following = next_round(wait.cycle, self._stepper.env.now)
            if following is not None:
                opening.arm(self._stepper, token, boundary, *following)
        self._cross(token, boundary, {})

    def deliver(self, subscription_id: UUID, payload: Mapping[str, Any]) -> None:
        """Hand a message to exactly one catcher. Raises NotFound where it isn't subscribed."""
        token, wait = self._waiting(subscription_id, MessageWait)
        boundary = token.scope.spec.task_specs[wait.element]
        if wait.element == token.task_spec.name or boundary.element.interrupting:
            del token.waits[subscription_id]
            self._stepper.tell("message_ended", wait.element, token.scope, {"subscription": str(wait.id)})
        if wait.element == token.task_spec.name:
            return self._go_on(token, payload)
        self._cross(token, boundary, payload)

    def cancel(self) -> None:
        """End the whole run; everything open in it is cancelled. Raises RunRefused where it has ended."""
        if self.ended is not None:
            raise RunRefused(None, f"Expected a process that runs, but it is {self.ended}.")
        self._stepper.cancel_all(self._stepper.root)
        self._stepper.end("cancelled")

    def _waiting(self, wait_id: UUID, *kinds: type[Wait]) -> tuple[Token, Any]:
        for token in self._stepper.root.walk():
            wait = token.waits.get(wait_id)
            if isinstance(wait, kinds):
                return token, wait
        names = " or ".join(kind.__name__.removesuffix("Wait").lower() for kind in kinds)
        raise NotFound(f"Expected an open {names} {wait_id}, but the run waits for none of that id.")

    def _go_on(self, token: Token, results: Mapping[str, Any]) -> None:
        """Finish the element at which a token waits, and run on."""
        token.task_spec.finish(self._stepper, token, _kept(token.task_spec.name, results))
        token.complete()
        self._stepper.run()

    def _cross(self, token: Token, boundary: Any, payload: Mapping[str, Any]) -> None:
        """Leave an activity by a boundary event, interrupting it or beside it, and run on."""
        scope = token.scope
        if boundary.element.interrupting:
            self._stepper.cancel(token)
        self._stepper.start(scope, boundary).internal_data = _kept(boundary.name, payload)
        self._stepper.run()

    def _is_container(self, token: Token) -> bool:
        return token.scope.inner(token) is not None and not token.waits


def _kept(element: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came in from outside as it can be kept. Raises RunRefused, naming the variable."""
    return {name: keepable(element, name, value) for name, value in values.items()}
