"""A run: one process instance in memory, from its state and back to it.

What it knows of the world comes in by `Env`; what it does comes out as `happenings`. What goes wrong inside an
element leaves a token there that waits for help (`FailureWait`). RunRefused means that the caller asked for what
can't be done; the run may then be half done and must be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.errors import NotFound
from engine.spiff import catching, codec, joining, offering, promised, repairing
from engine.spiff.deadlocks import deadlocks
from engine.spiff.errors import RunRefused
from engine.spiff.model import Element
from engine.spiff.offering import Offer
from engine.spiff.program import Program
from engine.spiff.scopes import RootScope, kept
from engine.spiff.stepping import Env, Happening, Stepper
from engine.spiff.tokens import Token
from engine.spiff.waits import (
    FailureWait,
    MessageWait,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)


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
        signal: str | None = None,
    ) -> Run:
        """Start a process with its first variables, at its plain start event or at that of a message or signal."""
        body = program.process(process)
        root = RootScope(body.spec, process)
        run = cls(Stepper(program, root, env))
        if variables:
            run._stepper.write(root, process, variables)
        run._stepper.begin(Token(root, body.start(message, signal)))
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
        """All that the run waits for, by id, outermost first, in the order of the tokens."""
        return {wait.id: wait for owner in self._stepper.root.owners() for wait in owner.waits.values()}

    @property
    def stuck(self) -> tuple[str, ...]:
        """The joins at which tokens wait for others that can never come."""
        if self.ended:
            return ()
        return tuple(dict.fromkeys(join.name for _, join in joining.stuck(self._stepper.root)))

    @property
    def deadlocks(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """Those of them that nothing which is open can end, each with the path of the scope in which it waits."""
        if self.ended:
            return ()
        return tuple((scope.path, join.name) for scope, join in deadlocks(self._stepper.root))

    def variables(self, scope_of_wait: UUID | None = None) -> dict[str, Any]:
        """Return the process's variables, or all that are visible where something waits."""
        if scope_of_wait is None:
            return dict(self._stepper.root.data)
        owner, _ = self._waiting(scope_of_wait, Wait)
        return dict(owner.visible())

    @property
    def offers(self) -> list[Offer]:
        """The actions that people can take now, outermost first."""
        return list(offering.offers(self._stepper))

    def preview(self, subscription_id: UUID) -> tuple[str, ...]:
        """Return what the diagram says will come of an action. Raises NotFound, RunRefused."""
        return offering.preview(self._stepper, *self._waiting(subscription_id, MessageWait))

    def taken_back(self, subscription_id: UUID) -> list[tuple[Element, Element]]:
        """Return each completed activity that an action leads to the compensation of, with its handler, in order.

        Looking opens scopes in this run, so a run that was asked can't go on: throw it away. Raises NotFound.
        """
        return offering.taken_back(self._stepper, *self._waiting(subscription_id, MessageWait))

    def complete(self, wait_id: UUID, writes: Mapping[str, Any], by: str | None = None) -> None:
        """Complete a user task, or a service task with its result. Raises NotFound where none waits.

        Output mappings see `completed_by`, the id of the person, so that a later task can be theirs again.
        """
        token, wait = self._waiting(wait_id, TaskWait, ServiceWait)
        seen = {"completed_by": by} if by and token.task_spec.formulas.outputs else {}
        results = kept(wait.element, {**seen, **writes})
        del token.waits[wait_id]
        self._stepper.finish(token, results)
        self._stepper.run()

    def fire(self, timer_id: UUID) -> None:
        """Fire a timer, whether due or not. Raises NotFound where it isn't armed."""
        owner, wait = self._waiting(timer_id, TimerWait)
        catching.trigger(self._stepper, owner, wait, {})
        self._stepper.run()

    def follow_goals(self) -> None:
        """Date the timers that hang on goals anew, because a goal's clock has changed."""
        promised.follow(self._stepper)

    def deliver(self, subscription_id: UUID, payload: Mapping[str, Any]) -> None:
        """Hand a message, or a signal, to exactly one catcher. Raises NotFound where it isn't subscribed."""
        owner, wait = self._waiting(subscription_id, MessageWait, SignalWait)
        catching.trigger(self._stepper, owner, wait, kept(wait.element, payload))
        self._stepper.run()

    def broadcast(self, signal: str, payload: Mapping[str, Any]) -> int:
        """Let a signal from outside reach all that wait for it; return how many those are."""
        reached = catching.broadcast(self._stepper, signal, kept(signal, payload))
        self._stepper.run()
        return reached

    def throw_error(self, job_id: UUID, code: str, message: str, variables: Mapping[str, Any]) -> None:
        """Let a service task end in a BPMN error; one that nobody catches leaves its token waiting for help."""
        token, wait = self._waiting(job_id, ServiceWait)
        repairing.throw_error(self._stepper, token, code, message, kept(wait.element, variables))
        self._stepper.run()

    def retry(self, failure_id: UUID, variables: Mapping[str, Any] | None = None) -> None:
        """Try again what failed, with changed variables as they are seen from the element.

        A service task that waits for an answer is begun anew, so that it asks with other inputs.
        """
        token, wait = self._waiting(failure_id, FailureWait, ServiceWait)
        repairing.retry(self._stepper, token, wait, kept(wait.element, variables or {}))
        self._stepper.run()

    def skip(self, wait_id: UUID) -> None:
        """Let an element count as done without results. Raises RunRefused where no flow can be chosen for it."""
        token, _ = self._waiting(wait_id, Wait)
        repairing.skip(self._stepper, token)
        self._stepper.run()

    def move(self, wait_id: UUID, target: str) -> None:
        """Take a token from where it waits and put it before another element of the same level.

        Raises RunRefused where no token can begin there.
        """
        token, wait = self._waiting(wait_id, Wait)
        repairing.move(self._stepper, token, wait.element, target)
        self._stepper.run()

    def move_parked(self, join: str, scope: tuple[str, ...], target: str) -> None:
        """Take one token from a join at which it waits and put it before another element of the same level.

        Raises RunRefused where none waits, or no token can begin at the target.
        """
        repairing.move_parked(self._stepper, join, scope, target)
        self._stepper.run()

    def cancel(self) -> None:
        """End the whole run; everything open in it is cancelled. Raises RunRefused where it has ended."""
        if self.ended is not None:
            raise RunRefused(None, f"Expected a process that runs, but it is {self.ended}.")
        self._stepper.cancel_all(self._stepper.root)
        self._stepper.end("cancelled")

    def _waiting(self, wait_id: UUID, *kinds: type[Wait]) -> tuple[Any, Any]:
        for owner in self._stepper.root.owners():
            wait = owner.waits.get(wait_id)
            if isinstance(wait, kinds):
                return owner, wait
        names = " or ".join(kind.__name__.removesuffix("Wait").lower() for kind in kinds)
        raise NotFound(f"Expected an open {names} {wait_id}, but the run waits for none of that id.")
