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
from typing import Any

from .interpreter import Activity, Instance, Wait
from .model import Message, Value

Label = tuple[Any, ...]


@dataclass(frozen=True)
class View:
    """The labels of an instance's waits (each as often as there is one), its process's variables, its end."""

    waits: tuple[Label, ...]
    variables: tuple[tuple[str, str], ...]
    ended: str | None

    def __str__(self) -> str:
        waits = "".join(f"\n    {label}" for label in self.waits)
        return f"{self.ended or 'running'}, variables {dict(self.variables)}{waits}"


@dataclass(frozen=True)
class Action:
    """One step of a history: complete, fire or deliver to what has a label, at a moment."""

    label: Label
    now: datetime
    values: Mapping[str, Value] = field(default_factory=dict)


def make_view(labels: Iterable[Label], variables: Mapping[str, Any], ended: str | None) -> View:
    return View(tuple(sorted(labels, key=repr)), plain(variables), ended)


def plain(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return variables by name, spelled so that 1, true and "1" differ and the engine's decimals are ints."""
    return tuple((name, _spelled(value)) for name, value in sorted(values.items()))


def _spelled(value: Any) -> str:
    return repr(int(value)) if isinstance(value, Decimal) and value == int(value) else repr(value)


def oracle_view(instance: Instance) -> View:
    labels = [label for label, alike in labelled(instance).items() for _ in alike]
    return make_view(labels, instance.root.frame.names, instance.ended)


def labelled(instance: Instance) -> dict[Label, list[Activity | Wait]]:
    """Return the oracle's open tasks and waits by label."""
    found: dict[Label, list[Activity | Wait]] = {}
    for task in instance.open_tasks():
        label = ("task", task.node.id, task.place.path(), task.since, plain(task.frame.visible()))
        found.setdefault(label, []).append(task)
    for wait in instance.waits():
        found.setdefault(_wait_label(wait), []).append(wait)
    return found


def _wait_label(wait: Wait) -> Label:
    place = (wait.node.id, wait.activity.place.path())
    if isinstance(wait.trigger, Message):
        return ("message", *place, wait.trigger.name, wait.key)
    return ("timer", *place, wait.due())
