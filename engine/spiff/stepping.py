"""The stepper: moves tokens until each waits, in an order that depends on nothing but the diagram and the state.

Ready tokens run first in, first out; a fork's flows are taken in document order. There is no recursion from node
to node and no prediction: a chain of thousands of nodes, or a loop of thousands of rounds, costs its length. What
is interrupted ends at once: its tokens are taken out of the tree and never run again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from SpiffWorkflow.util.task import TaskState

from engine.ids import Ids
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import RootScope, Scope
from engine.spiff.tokens import Token
from engine.spiff.waits import MessageWait, ServiceWait, TaskWait, TimerWait, Wait

MOST_STEPS = 10_000

_ENDED_EARLY: dict[type[Wait], tuple[str, str]] = {
    TaskWait: ("task_cancelled", "task"),
    TimerWait: ("timer_cancelled", "timer"),
    MessageWait: ("message_ended", "subscription"),
    ServiceWait: ("service_cancelled", "job"),
}


@runtime_checkable
class Answer(Protocol):
    """A decision's result, and the rules that matched, by table."""

    @property
    def value(self) -> Any: ...

    @property
    def matched(self) -> Mapping[str, Sequence[str]]: ...


@dataclass(frozen=True, slots=True)
class Env:
    """Everything a step may know from outside: the moment (UTC), fresh ids, and the answers of decisions.

    `decide(decision_id, variables, now)` returns the decision's result, or an `Answer`, which also says why.
    """

    now: datetime
    ids: Ids
    decide: Callable[[str, Mapping[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that a step did: `data` holds plain facts, `values` what may be about a person."""

    kind: str
    element: str
    data: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Stepper:
    """Moves the tokens of one run; `happenings` grows, `ended` says how the run ended once it has."""

    def __init__(self, program: Any, root: RootScope, env: Env) -> None:
        self.program = program
        self.root = root
        self.env = env
        self.ready: deque[Token] = deque()
        self.happenings: list[Happening] = []
        self.ended: str | None = None
        self.terminated = False
        root.stepper = self

    def tell(
        self,
        kind: str,
        element: str,
        scope: Scope,
        data: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that something happened at an element of a scope."""
        place = {"scope": list(scope.path), "process": scope.process}
        self.happenings.append(Happening(kind, element, {**place, **(data or {})}, values or {}))

    def start(self, scope: Scope, spec: Any) -> Token:
        """Put a new token before an element; it runs when its turn comes."""
        token = Token(scope, spec)
        token._ready()
        self.ready.append(token)
        return token

    def take(self, scope: Scope, flow: Any) -> None:
        """Let a token pass a sequence flow and arrive behind it."""
        self.tell("taken", flow.id, scope)
        flow.target.arrive(self, scope, flow)

    def run(self) -> None:
        """Run ready tokens until all wait. Raises RunRefused where they never come to rest."""
        steps = 0
        while self.ready:
            token = self.ready.popleft()
            steps += 1
            if steps > MOST_STEPS:
                message = f"Expected the process to come to rest, but it passed {MOST_STEPS:,} elements in one step."
                raise RunRefused(token.task_spec.name, message)
            if token.state == TaskState.READY:
                token.run()
            elif token.state == TaskState.STARTED:  # a sub-process whose inside is done
                token.complete()

    def completed(self, token: Token) -> None:
        """Take a token that is done out of the tree, and end its scope if it was the last."""
        scope = token.scope
        scope.forget(token)
        if scope.is_empty and self.ended is None:
            self._scope_done(scope)

    def await_(self, token: Token, wait: Wait, kind: str, data: Any, values: Any = None) -> None:
        """Let a token wait for something."""
        token.waits[wait.id] = wait
        self.tell(kind, wait.element, token.scope, data, values)

    def write(self, scope: Scope, element: str, values: Mapping[str, Any]) -> None:
        """Assign variables, seen from a scope, and tell what was written where."""
        for target, written in scope.write(element, values).items():
            self.tell("variables_written", element, target, values=written)

    def cancel(self, token: Token) -> None:
        """Interrupt an activity: its waits, whatever is inside it, then itself. Nothing of it runs again."""
        self.end_waits(token)
        inner = token.scope.inner(token)
        if inner is not None:
            self.cancel_all(inner)
            self.root.close(token)
        if token.state == TaskState.STARTED:
            token.cancel()
        else:  # it was still before the element: nothing was entered, so nothing is cancelled there
            token._set_state(TaskState.CANCELLED)
        token.scope.forget(token)

    def cancel_all(self, scope: Scope) -> None:
        """Interrupt everything in a scope, tokens that wait at joins included."""
        for token in scope.tokens:
            self.cancel(token)
        scope.arrivals.clear()

    def end_waits(self, token: Token) -> None:
        """End what a token still waits for, telling each."""
        for wait in token.waits.values():
            kind, name = _ENDED_EARLY[type(wait)]
            self.tell(kind, wait.element, token.scope, {name: str(wait.id)})
        token.waits.clear()

    def end(self, how: str) -> None:
        """End the whole run."""
        self.ended = how
        self.tell("ended", self.root.process, self.root, {"outcome": how})

    def _scope_done(self, scope: Scope) -> None:
        if scope is self.root:
            self.end("terminated" if self.terminated else "completed")
        else:
            self.ready.append(scope.parent_token)  # type: ignore[attr-defined]
