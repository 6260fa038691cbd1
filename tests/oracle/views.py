"""What is compared: an instance as it is seen from outside.

A *label* is all that can be seen of one wait: kind, element, place, and what it waits for; of a task also since
when it is open and every variable that it sees. Waits with the same label are alike, and a step is said of
"one with this label".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from difflib import unified_diff
from typing import Any

from .expressions import Value
from .interpreter import Instance
from .state import Stay, Wait
from .triggers import Condition, Message, Signal

Label = tuple[Any, ...]
Footprint = tuple[str, str, tuple[str, ...], tuple[Any, ...]]
NOTHING: Label = ()


@dataclass(frozen=True)
class View:
    """An instance after a step, and what the step did to its elements.

    `waits` are labels, each as often as there is one; `variables` those of the process; `stuck` the joins at which
    tokens wait for others that can't come; `trail` the elements entered, left, cancelled, flows taken and whatever
    else was told, in no order, for that is left open.
    """

    waits: tuple[Label, ...]
    variables: tuple[tuple[str, str], ...]
    ended: str | None
    stuck: tuple[str, ...]
    trail: tuple[Footprint, ...]

    def __str__(self) -> str:
        trail = [" ".join([what, *path, id, *map(str, facts)]) for what, id, path, facts in self.trail]
        values = [f"{name} = {value}" for name, value in self.variables]
        return "\n".join(
            [self.ended or "running", f"stuck at {self.stuck}", *map(str, self.waits), *values, *trail]
        )


@dataclass(frozen=True)
class Action:
    """One step of a history at a moment, mostly upon a wait that has a label.

    `go` completes, fires or delivers; `error` is a service's answer with the code `name`; `retry` (with values),
    `skip` and `move` (to the node `name`) repair; `signal` is one of that name from outside; `cancel` ends all.
    """

    kind: str
    label: Label
    now: datetime
    values: Mapping[str, Value] = field(default_factory=dict)
    name: str = ""


def plain(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return variables by name, spelled so that 1, true and "1" differ and the engine's decimals are ints."""
    return tuple((name, _spelled(value)) for name, value in sorted(values.items()))


def _spelled(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_spelled, value)) + "]"
    return repr(int(value)) if isinstance(value, Decimal) and value == int(value) else repr(value)


def oracle_view(instance: Instance) -> View:
    return View(
        in_order(label for label, alike in labelled(instance).items() for _ in alike),
        plain(instance.root.frame.names),
        instance.ended,
        in_order(set(instance.stuck_joins())),
        in_order(instance.trail),
    )


def difference(expected: View | None, seen: View | None) -> str:
    """Return what two views (None is a refusal) don't have in common, line by line."""
    lines = [str(view or "refused").splitlines() for view in (expected, seen)]
    return "\n".join(unified_diff(*lines, "the oracle expects", "the players show", lineterm=""))


def in_order(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(things, key=repr))


def labelled(instance: Instance) -> dict[Label, list[Stay | Wait]]:
    """Return the oracle's open tasks, waits and failures by label."""
    found: dict[Label, list[Stay | Wait]] = {}
    for task in instance.open_tasks():
        label = ("task", *_where(task), task.since, plain(task.frame.visible()))
        found.setdefault(label, []).append(task)
    for stay in instance.failures():
        seen = () if stay.failure.phase == "finish" else plain(stay.frame.visible())
        label = ("failure", *_where(stay), stay.failure.phase, seen)
        found.setdefault(label, []).append(stay)
    for wait in instance.waits():
        found.setdefault(_wait_label(wait), []).append(wait)
    return found


def _where(stay: Stay) -> Label:
    return (stay.node.id, stay.place.path)


def _wait_label(wait: Wait) -> Label:
    path = wait.place.path
    match wait.trigger:
        case Message(name):
            return ("message", wait.element, path, name, wait.key)
        case Signal(name):
            return ("signal", wait.element, path, name)
        case Condition():
            return ("condition", wait.element, path, wait.held)
    return ("timer", wait.element, path, wait.due())
