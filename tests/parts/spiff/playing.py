"""Playing a process in a test: one run, a clock that is moved by hand, steps named by element.

Between any two steps the run goes through its JSON state, as it does in production; `in_memory` keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from engine.calendars import WorkingCalendar
from engine.feel import Surroundings
from engine.feel.values import normalise
from engine.ids import Ids
from engine.spiff import Env, FailureWait, Happening, Library, Program, Run, TimerWait, Wait, check_diagram

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def linked(*sources: bytes) -> Program:
    """Return the program of some files, which must be without errors."""
    diagrams = []
    for source in sources:
        diagram, findings = check_diagram(source, "test.bpmn")
        assert diagram is not None, [str(finding) for finding in findings]
        diagrams.append(diagram)
    return Program.link(diagrams)


def begin(*sources: bytes, process: str = "p", message: str | None = None, signal: str | None = None,
          in_memory: bool = False, decide: Callable[..., Any] | None = None, **variables: Any) -> Play:  # fmt: skip
    """Start a process of some files at noon."""
    program = linked(*sources)
    return Play(program, process, message, in_memory, decide or (lambda *_: None), variables, signal)


class Play:
    """A run in the hands of a test."""

    def __init__(self, program: Program, process: str, message: str | None, in_memory: bool,
                 decide: Callable[..., Any], variables: dict[str, Any],
                 signal: str | None = None, calendars: Mapping[str, WorkingCalendar] | None = None,
                 library: Library | None = None) -> None:  # fmt: skip
        self.program, self.in_memory, self.decide = program, in_memory, decide
        self.now = NOON
        self.goals: dict[str, dict[str, Any]] = {}
        self.zone: tzinfo = UTC
        self.calendars, self.library = calendars or {}, library
        self.steps = 0
        self.happenings: list[Happening] = []
        first = normalise(variables)
        self.run = Run.begin(program, process, first, self.env(), message=message, signal=signal)
        self._drain()

    def env(self) -> Env:
        self.steps += 1
        ids = Ids(self.steps.to_bytes(4, "big"), self.now)
        return Env(
            self.now,
            ids,
            self.decide,
            self.library,
            self._goal,
            Surroundings(calendars=self.calendars, zone=self.zone),
        )

    def _goal(self, name: str) -> Mapping[str, Any]:
        return self.goals.get(name, {})

    def promise(self, goal: str, **moments: datetime | None) -> None:
        """Let the clock of a goal say something else from now on."""
        self.goals[goal] = dict(moments)
        self._step(lambda run: run.follow_goals())

    def complete(self, element: str, **writes: Any) -> None:
        """Complete the task or service task that is open at an element."""
        wait = self.wait(element)
        self._step(lambda run: run.complete(wait.id, normalise(writes)))

    def complete_at(self, index: int, **writes: Any) -> None:
        """Complete one of several tasks at an element, by its place in `waits`."""
        wait = self.waits[index]
        self._step(lambda run: run.complete(wait.id, normalise(writes)))

    def fire(self, element: str, late: timedelta = timedelta()) -> None:
        """Move the clock to when a timer is due, or later, and fire it."""
        wait = self.wait(element)
        assert isinstance(wait, TimerWait) and wait.due
        self.now = wait.due + late
        self._step(lambda run: run.fire(wait.id))

    def deliver(self, element: str, **payload: Any) -> None:
        """Hand a message to the catcher at an element."""
        wait = self.wait(element)
        self._step(lambda run: run.deliver(wait.id, normalise(payload)))

    def broadcast(self, signal: str, **payload: Any) -> int:
        """Let a signal from outside come; return how many it reached."""
        return self._step(lambda run: run.broadcast(signal, normalise(payload)))

    def throw_error(self, element: str, code: str, said: str = "", **variables: Any) -> None:
        """Let the handler of the service task at an element end in an error."""
        wait = self.wait(element)
        self._step(lambda run: run.throw_error(wait.id, code, said, normalise(variables)))

    def retry(self, element: str, **variables: Any) -> None:
        """Try again what failed at an element, or ask its service again."""
        failed = (it for it in self.waits if it.element == element and isinstance(it, FailureWait))
        wait = next(failed, None) or self.wait(element)
        self._step(lambda run: run.retry(wait.id, normalise(variables)))

    def skip(self, element: str) -> None:
        """Let what waits at an element count as done."""
        wait = self.wait(element)
        self._step(lambda run: run.skip(wait.id))

    def move(self, element: str, target: str) -> None:
        """Put the token that waits at an element before another."""
        wait = self.wait(element)
        self._step(lambda run: run.move(wait.id, target))

    def move_parked(self, join: str, target: str, scope: tuple[str, ...] = ()) -> None:
        """Put one token that waits at a join before another element."""
        self._step(lambda run: run.move_parked(join, scope, target))

    def cancel(self) -> None:
        self._step(lambda run: run.cancel())

    def wait(self, element: str) -> Any:
        """Return the one wait at an element."""
        found = [wait for wait in self.run.waits.values() if wait.element == element]
        assert len(found) == 1, f"Expected one wait at {element}, but there are {self.waiting}"
        return found[0]

    @property
    def waits(self) -> list[Wait]:
        return list(self.run.waits.values())

    @property
    def waiting(self) -> list[str]:
        """The elements that wait, in order."""
        return [wait.element for wait in self.run.waits.values()]

    @property
    def failures(self) -> dict[str, str]:
        """What is said of each element that could not be done."""
        return {wait.element: wait.message for wait in self.waits if isinstance(wait, FailureWait)}

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables()

    def path(self, *kinds: str) -> list[str]:
        """The elements at which something of the kinds happened so far (entered, unless told)."""
        return [it.element for it in self.happenings if it.kind in (kinds or ("entered",))]

    def what(self, kind: str) -> list[dict[str, Any]]:
        """The data of what happened, of one kind."""
        return [dict(it.data) for it in self.happenings if it.kind == kind]

    @property
    def size(self) -> int:
        """The bytes of the state."""
        return len(json.dumps(self.run.dump(), separators=(",", ":")))

    def _step(self, do: Callable[[Run], Any]) -> Any:
        if self.in_memory:
            self.run.env = self.env()
        else:
            self.run = Run.load(self.program, json.loads(json.dumps(self.run.dump())), self.env())
        answer = do(self.run)
        self._drain()
        return answer

    def _drain(self) -> None:
        self.happenings += self.run.happenings
        self.run.happenings = []
