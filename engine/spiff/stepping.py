"""The stepper: moves tokens until each waits, in an order that depends on nothing but the diagram and the state.

Ready tokens run first in, first out; a fork's flows are taken in document order. There is no recursion from node
to node and no prediction: a chain of thousands of nodes, or a loop of thousands of rounds, costs its length. What
is interrupted ends at once: its tokens are taken out of the tree and never run again. What fails stays where it
is, as if it had not been tried, and waits for somebody's help.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from SpiffWorkflow.util.task import TaskState

from engine.feel import NO_SURROUNDINGS, Surroundings
from engine.ids import Ids
from engine.spiff import catching, compensating, joining, repeating
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import InnerScope, RootScope, Scope, kept
from engine.spiff.tokens import Token
from engine.spiff.waits import (
    ConditionWait,
    FailureWait,
    MessageWait,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)

MOST_STEPS = 50_000

Phase = Literal["enter", "finish", "leave"]

_ENDED_EARLY: dict[type[Wait], tuple[str, str]] = {
    TaskWait: ("task_cancelled", "task"),
    TimerWait: ("timer_cancelled", "timer"),
    MessageWait: ("message_ended", "subscription"),
    SignalWait: ("signal_ended", "subscription"),
    ServiceWait: ("service_cancelled", "job"),
    FailureWait: ("failure_ended", "failure"),
}


@runtime_checkable
class Answer(Protocol):
    """A decision's result, and the rules that matched, by table."""

    @property
    def value(self) -> Any: ...

    @property
    def matched(self) -> Mapping[str, Sequence[str]]: ...


class Library(Protocol):
    """The other deployed packs, for calls that aren't bound to the version deployed with their caller."""

    def find(self, process: str, tag: str | None) -> str:
        """Return the reference of the pack that holds the newest version (of that tag, if one is given) of a process.
        Raises NotFound."""
        ...

    def program(self, reference: str) -> Any:
        """Return the program of a pack."""
        ...

    def decide(self, reference: str, decision: str, variables: Mapping[str, Any], now: datetime) -> Any:
        """Return what a decision of a pack answers, as `Env.decide` does."""
        ...

    def surroundings(self, reference: str, now: datetime) -> Surroundings:
        """Return what the expressions of a pack may ask for beside variables."""
        ...


@dataclass(frozen=True, slots=True)
class Env:
    """Everything a step may know from outside: the moment (UTC), fresh ids, and the answers of decisions.

    `decide(decision_id, variables, now)` returns the decision's result, or an `Answer`, which also says why. Without
    a `library` only what was deployed with the run can be called. `goal(name)` gives what a goal's clock says now;
    `surroundings` are what the expressions of the run's own pack may ask for.
    """

    now: datetime
    ids: Ids
    decide: Callable[[str, Mapping[str, Any], datetime], Any]
    library: Library | None = None
    goal: Callable[[str], Mapping[str, Any]] = lambda name: {}
    surroundings: Surroundings = NO_SURROUNDINGS


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
        self.has_written = False
        self.has_conditions = True  # somebody may wait for one; found out when they are asked next
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
        place = {
            "scope": list(scope.path),
            "process": scope.process,
            **({"pack": scope.pack} if scope.pack else {}),
        }
        self.happenings.append(Happening(kind, element, {**place, **(data or {})}, values or {}))

    def surroundings(self, scope: Scope) -> Surroundings:
        """Return what a scope's expressions may ask for: a diagram sees calendars and settings of its own pack."""
        if scope.pack:
            return self.library.surroundings(scope.pack, self.env.now)
        return replace(self.env.surroundings, now=self.env.now)

    def program_of(self, scope: Scope) -> Any:
        """Return the program that a scope's diagram belongs to. Raises RunRefused where it can't be had."""
        return self.library.program(scope.pack) if scope.pack else self.program

    @property
    def library(self) -> Library:
        """The other deployed packs. Raises RunRefused where none are at hand."""
        if self.env.library is None:
            raise RunRefused(None, "Expected other deployed versions to call, but none are at hand here.")
        return self.env.library

    def start(self, scope: Scope, spec: Any, brought: Mapping[str, Any] | None = None) -> Token:
        """Put a new token before an element; it runs when its turn comes. `brought` is what an event brought."""
        token = Token(scope, spec)
        token.brought = brought
        token._ready()
        self.ready.append(token)
        return token

    def begin(self, token: Token) -> None:
        """Begin the run itself at its start event, which fails where an event sub-process can't begin to wait."""
        before = len(self.happenings)
        try:
            if not self.root.waits:  # a start that is tried again may have got so far
                catching.watch(self, self.root)
        except RunRefused as error:
            del self.happenings[before:]
            self.tell("entered", token.task_spec.element.id, self.root)
            return self.fail(token, "enter", str(error))
        token._ready()
        self.ready.append(token)

    def take(self, scope: Scope, flow: Any) -> Token | None:
        """Let a token pass a sequence flow and arrive behind it; None where it has to wait for others there."""
        self.tell("taken", flow.id, scope)
        arrived: Token | None = flow.target.arrive(self, scope, flow)
        return arrived

    def run(self) -> None:
        """Run ready tokens until all wait. Those that don't come to rest are stopped, and wait for help."""
        steps = 0
        while True:
            if self.has_written:
                catching.ask_conditions(self)
            if not self.ready and not joining.join_one(self):
                return
            steps += 1
            if steps > MOST_STEPS:
                return self._stop()
            self._run(self.ready.popleft())

    def attempt(
        self, token: Token, phase: Phase, action: Callable[[], Any], results: Mapping[str, Any] | None = None
    ) -> bool:
        """Do something for a token; where it can't be done, undo the half of it and let the token wait for help."""
        before, waiting = len(self.happenings), len(self.ready)
        try:
            action()
        except RunRefused as error:
            self._undo(token, phase, before, waiting)
            self.fail(token, phase, str(error), results)
            return False
        return True

    def finish(self, token: Token, results: Mapping[str, Any]) -> None:
        """Let a token go on that has got what it waited for: write the results, then leave."""
        spec = token.task_spec
        if self.attempt(token, "finish", lambda: spec.finish(self, token, results), results):
            self.leave(token)

    def leave(self, token: Token) -> None:
        """Let a token leave its element, which is done."""
        self.attempt(token, "leave", token.complete)

    def fail(
        self, token: Token, phase: Phase, message: str, results: Mapping[str, Any] | None = None
    ) -> None:
        """Let a token stay at its element until somebody helps."""
        token._set_state(TaskState.STARTED)
        element = token.task_spec.element
        wait = FailureWait(
            id=self.env.ids.uuid(),
            element=element.id,
            name=element.title,
            scope=token.scope.path,
            since=self.env.now,
            message=message,
            phase=phase,
            results=results,
        )
        self.await_(token, wait, "failed", {"failure": str(wait.id)}, {"message": message})

    def completed(self, token: Token) -> None:
        """Take a token that is done out of the tree, and end its scope if it was the last."""
        scope = token.scope
        if token.id not in scope.tasks:
            return  # leaving its element, it has ended its own scope
        scope.forget(token)
        if scope.is_empty and self.ended is None:
            self.scope_done(scope)

    def await_(self, owner: Token | Scope, wait: Wait, kind: str, data: Any, values: Any = None) -> None:
        """Let a token, or a scope for one of its event sub-processes, wait for something."""
        owner.waits[wait.id] = wait
        self.tell(kind, wait.element, owner.scope, data, values)

    def write(self, scope: Scope, element: str, values: Mapping[str, Any]) -> None:
        """Assign variables, seen from a scope, and tell what was written where; all of them or none."""
        for target, written in scope.write(kept(element, values)).items():
            self.tell("variables_written", element, target, values=written)
            self.has_written = True

    def cancel(self, token: Token) -> None:
        """Interrupt an activity: its waits, whatever is inside it, then itself. Nothing of it runs again."""
        self.end_waits(token)
        inner = token.scope.inner(token)
        if inner is not None:
            self.cancel_all(inner)
            self.root.close(token)
        has_entered = token.state == TaskState.STARTED or token.is_throwing or token.has_entered
        if has_entered and not (inner and inner.is_made_again):
            token.cancel()
        else:  # still before its element, or only opened again: nothing was entered, so nothing is cancelled there
            token._set_state(TaskState.CANCELLED)
        token.scope.forget(token)

    def cancel_all(self, scope: Scope) -> None:
        """Interrupt everything in a scope, tokens that wait at joins included."""
        self.end_waits(scope)
        for token in scope.tokens:
            self.cancel(token)
        scope.arrivals.clear()

    def end_waits(self, owner: Token | Scope) -> None:
        """End what a token or scope still waits for, telling each that was told to begin."""
        for wait in list(owner.waits.values()):
            self.end_wait(owner, wait)

    def end_wait(self, owner: Token | Scope, wait: Wait) -> None:
        """End one thing that a token or scope waits for."""
        del owner.waits[wait.id]
        if not isinstance(wait, ConditionWait):
            kind, name = _ENDED_EARLY[type(wait)]
            self.tell(kind, wait.element, owner.scope, {name: str(wait.id)})

    def end(self, how: str) -> None:
        """End the whole run."""
        self.ended = how
        self.tell("ended", self.root.process, self.root, {"outcome": how})

    def scope_done(self, scope: Scope) -> None:
        """Go on where the last token of a scope has left it."""
        self.end_waits(scope)
        if scope is self.root:
            self.end("terminated" if self.terminated else "completed")
            return
        assert isinstance(scope, InnerScope)
        if scope.rounds is not None:
            if not repeating.next_round(
                self, scope
            ):  # with its last child the activity is done, in the same turn
                self.finish(scope.parent_token, {})
        elif scope.todo is None or not compensating.next_one(self, scope):
            self.ready.append(scope.parent_token)

    def _run(self, token: Token) -> None:
        if token.state == TaskState.READY:
            self._enter(token)
        elif token.state == TaskState.STARTED:  # whatever it had opened is done
            self.finish(token, {})

    def _enter(self, token: Token) -> None:
        done: list[bool | None] = []
        if not self.attempt(token, "enter", lambda: done.append(token.task_spec._run(token)), token.brought):
            return
        if token.is_done:
            return  # it has interrupted itself
        if done[0]:
            self.leave(token)
            return
        token._set_state(TaskState.STARTED)
        if token.brought is not None and token.task_spec.is_catching:
            self.finish(token, token.brought)

    def _undo(self, token: Token, phase: Phase, happenings: int, ready: int) -> None:
        """Take back the half of a step that failed. What evaluates comes before what writes, so this is all."""
        if phase == "enter":
            happenings += any(it.kind == "entered" for it in self.happenings[happenings : happenings + 1])
            token.waits.clear()
            token.data = {}
            self.root.close(token)
            while len(self.ready) > ready:
                self.ready.pop()
        del self.happenings[happenings:]

    def _stop(self) -> None:
        message = f"Expected the process to come to rest, but it passed {MOST_STEPS:,} elements in one step."
        while self.ready:
            token = self.ready.popleft()
            if token.is_done:
                continue
            if token.state != TaskState.READY:
                self.fail(token, "finish", message, token.brought)
                continue
            if not token.is_child:  # as every element that could not be entered, it was come to
                self.tell("entered", token.task_spec.element.id, token.scope)
            self.fail(token, "enter", message, token.brought)
