"""One instance in the hands of a history: begun or loaded, and moved on by steps as they stand in its file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import NotFound
from engine.feel import Surroundings
from engine.feel.codec import from_json
from engine.ids import Ids
from engine.spiff import Env, FailureWait, Happening, Program, Run, TimerWait, Wait
from engine.spiff.checking import read_deployed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Step = Sequence[Any]


def program(source: bytes) -> Program:
    """Return the program of one file, read as what is deployed is read."""
    return Program.link([read_deployed(source, "history.bpmn")])


class OtherPack:
    """The one other pack that a history may call into, under the reference `other`."""

    def __init__(self, source: bytes) -> None:
        self._program = program(source)

    def find(self, process: str, tag: str | None) -> str:
        if process not in self._program.processes:
            raise NotFound(f"Expected a process {process!r}, but there is none.")
        return "other"

    def program(self, reference: str) -> Program:
        assert reference == "other"
        return self._program

    def decide(self, reference: str, decision: str, variables: Mapping[str, Any], now: datetime) -> Any:
        return None

    def surroundings(self, reference: str, now: datetime) -> Surroundings:
        return Surroundings(now)


class Instance:
    """A run that takes steps; between any two it goes through its state."""

    def __init__(self, source: bytes, other: bytes | None, done: int = 0) -> None:
        self.program = program(source)
        self.library = None if other is None else OtherPack(other)
        self.done = done
        self.now = NOON + done * HOUR
        self.goals: dict[str, dict[str, Any]] = {}
        self.run: Run
        self.happenings: list[Happening] = []

    def begin(self, variables: Mapping[str, Any], **start: str) -> None:
        self.run = Run.begin(self.program, "p", variables, self._env(), **start)
        self._drain()

    def load(self, state: Any) -> None:
        self.run = Run.load(self.program, state, self._env())

    def take(self, step: Step) -> None:
        """Take one step."""
        self.load(json.loads(json.dumps(self.run.dump())))
        what, element, values = step
        given = from_json(values) if isinstance(values, dict) else {}
        match what:
            case "complete":
                self.run.complete(self._wait(element).id, given)
            case "fire":
                self._fire(element)
            case "deliver":
                self.run.deliver(self._wait(element).id, given)
            case "broadcast":
                self.run.broadcast(element, given)
            case "throw_error":
                self.run.throw_error(self._wait(element).id, values, "said", {})
            case "retry":
                self.run.retry(self._wait(element).id, given)
            case "skip":
                self.run.skip(self._wait(element).id)
            case "move":
                self.run.move(self._wait(element).id, values)
            case "promise":
                self.goals[element] = given
                self.run.follow_goals()
            case "cancel":
                self.run.cancel()
            case _:
                raise ValueError(f"Expected a step that is known, but found {what!r}.")
        self._drain()

    @property
    def waiting(self) -> list[str]:
        """What waits: the kind, the element and its scope, in order."""
        return [
            f"{type(wait).__name__.removesuffix('Wait')} {'/'.join((*wait.scope, wait.element))}"
            for wait in self.run.waits.values()
        ]

    @property
    def entered(self) -> list[str]:
        return [it.element for it in self.happenings if it.kind == "entered"]

    def _fire(self, element: str) -> None:
        wait = self._wait(element)
        assert isinstance(wait, TimerWait) and wait.due
        if wait.due > self.now:
            self.now = wait.due
            self.run.env = self._env()
        self.run.fire(wait.id)

    def _wait(self, place: str) -> Wait:
        element, _, number = place.partition(":")
        found = [wait for wait in self.run.waits.values() if wait.element == element]
        if not number:  # at an element that failed there may be its boundary events' waits too
            found.sort(key=lambda wait: not isinstance(wait, FailureWait))
        return found[int(number or 0)]

    def _env(self) -> Env:
        ids = Ids(self.done.to_bytes(4, "big"), self.now)
        return Env(self.now, ids, lambda *_: None, self.library, lambda goal: self.goals.get(goal, {}))

    def _drain(self) -> None:
        self.happenings += self.run.happenings
        self.run.happenings = []
        self.done += 1
        self.now += HOUR
