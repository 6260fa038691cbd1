"""Draws nodes one at a time: tasks, events, what they wait for and throw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from .expressions import Assignments, Const, Expression, Name
from .model import (
    Catch,
    Decide,
    End,
    Node,
    Receive,
    Script,
    SendTask,
    ServiceTask,
    Throw,
    UserTask,
)
from .sketch import Sketch
from .triggers import (
    Cancel,
    Compensate,
    Condition,
    Error,
    Escalation,
    Message,
    Signal,
    Terminate,
    Thrown,
    Trigger,
)
from .values import assignments, conditions, mappings, once

MOST_NODES = 16


class Drawer:
    """Draws into one body; `theme` is what is drawn more often than the rest, `budget` how many nodes are left."""

    def __init__(
        self,
        draw: Callable[..., Any],
        counter: list[int],
        calls: Sequence[str],
        is_main: bool,
        theme: str,
        budget: list[int],
    ) -> None:
        self.draw = draw
        self.calls = calls
        self.is_main = is_main
        self.theme = theme
        self.sketch = Sketch(counter)
        self.budget = budget
        self.in_transaction = False
        self.closed: set[str] = set()  # flows that no jump may begin or end in
        self.counted_back: set[str] = set()  # flows that close a cycle which ends by itself
        self.undoable: list[str] = []  # activities that a compensation may name

    def pick(self, *things: Any) -> Any:
        return self.draw(st.sampled_from(things))

    def chance(self, one_in: int, *themes: str) -> bool:
        """Draw true once in so many times; every other time where it is the theme."""
        return self.pick(*[False] * (1 if self.theme in themes else one_in - 1), True)

    def add(self, kind: type[Node], name: str, **facts: Any) -> str:
        self.budget[0] -= 1
        return self.sketch.add(kind(self.sketch.fresh(name), **facts)).id

    # --- what events wait for and throw ------------------------------------------------------------------

    def message(self) -> Message:
        keys: list[Expression | None] = [None, Const("k1"), *([Name("s")] if self.is_main else [])]
        return Message(self.pick("news", "stop"), self.pick(*keys))

    def signal(self) -> Signal:
        return Signal(self.pick("rain", "sun"))

    def condition(self) -> Condition:
        return Condition(self.draw(conditions))

    def caught(self, kind: type[Error] | type[Escalation]) -> Error | Escalation:
        return kind(self.pick("E1", "E2", None))

    def thrown(self) -> Thrown:
        """What a throw event may throw, and an end event, too."""
        kinds: dict[str, Callable[[], Thrown]] = {
            "signals": self.signal,
            "escalations": lambda: Escalation(self.pick("E1", "E2")),
            "compensation": self.compensation,
            "messages": lambda: Message("told"),
        }
        favourite = [self.theme] * 4 if self.theme in kinds else []
        return kinds[self.pick(*kinds, *favourite)]()

    def compensation(self) -> Compensate:
        return Compensate(self.pick(None, None, *self.undoable))

    # --- nodes -------------------------------------------------------------------------------------------

    def end(self) -> str:
        kinds: list[Callable[[], Thrown | None]] = [lambda: None] * 6 + [Terminate, self.thrown]
        kinds.append(lambda: Error(self.pick("E1", "E2")))
        if self.theme in ("errors", "signals", "escalations", "compensation", "messages"):
            kinds += [lambda: Error(self.pick("E1", "E2")) if self.theme == "errors" else self.thrown()] * 6
        if self.in_transaction:
            kinds += [Cancel] * 6
        throws = self.pick(*kinds)()
        return self.add(End, "end", throws=throws, inputs=self.payload(throws))

    def throw(self) -> str:
        throws = self.thrown()
        return self.add(Throw, "throw", throws=throws, inputs=self.payload(throws))

    def payload(self, throws: Thrown | None) -> Assignments:
        return self.draw(mappings) if isinstance(throws, Signal | Message) else ()

    def mapped(self) -> dict[str, Assignments]:
        return {"inputs": self.draw(mappings), "outputs": self.draw(mappings)}

    def seldom_mapped(self) -> dict[str, Assignments]:
        return self.mapped() if self.chance(3) else {}

    def user(self, **facts: Any) -> str:
        return self.add(UserTask, "task", **self.mapped(), **facts)

    def service(self, **facts: Any) -> str:
        return self.add(ServiceTask, "service", **self.mapped(), **facts)

    def script(self, **facts: Any) -> str:
        written = self.draw(st.lists(assignments, min_size=1, max_size=2, unique_by=lambda pair: pair[0]))
        return self.add(Script, "script", writes=tuple(written), **self.seldom_mapped(), **facts)

    def receive(self, **facts: Any) -> str:
        return self.add(Receive, "receive", message=self.message(), **self.mapped(), **facts)

    def catch(self) -> str:
        return self.add(Catch, "catch", trigger=self.awaited(), outputs=self.draw(mappings))

    def awaited(self) -> Trigger:
        """What a catch event may wait for."""
        kinds: dict[str, Callable[[], Trigger]] = {
            "messages": self.message,
            "timers": lambda: self.draw(once),
            "signals": self.signal,
            "conditions": self.condition,
        }
        favourite = [self.theme] * 4 if self.theme in kinds else []
        return kinds[self.pick(*kinds, *favourite)]()

    def send(self) -> str:
        return self.add(SendTask, "send")

    def decide(self, **facts: Any) -> str:
        return self.add(
            Decide,
            "decide",
            asks=self.pick("x", "y"),
            result=self.pick("x", "y", "z"),
            **self.seldom_mapped(),
            **facts,
        )
