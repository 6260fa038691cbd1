"""What an event may wait for, or throw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .expressions import Expression, Fixed


@dataclass(frozen=True)
class After(Fixed):
    """A timer that falls due a duration after it was armed."""

    span: timedelta


@dataclass(frozen=True)
class At(Fixed):
    """A timer that falls due at a moment, at once if that is past."""

    moment: datetime


@dataclass(frozen=True)
class Every(Fixed):
    """A timer that falls due again and again on the grid of its arming; `rounds` None is for ever."""

    span: timedelta
    rounds: int | None


@dataclass(frozen=True)
class Asked(Fixed):
    """A timer of the duration that a variable names as text (`PT60M`); any other value is no timer."""

    name: str


@dataclass(frozen=True)
class Message(Fixed):
    """A message by name; the key is evaluated when the wait begins, None is a message to the instance itself."""

    name: str
    key: Expression | None = None


@dataclass(frozen=True)
class Signal(Fixed):
    name: str


@dataclass(frozen=True)
class Condition(Fixed):
    """Triggers whenever it becomes true; whatever else it may be is not true."""

    when: Expression


@dataclass(frozen=True)
class Error(Fixed):
    """An error by its code; at a catcher None catches all."""

    code: str | None = None


@dataclass(frozen=True)
class Escalation(Fixed):
    """An escalation by its code; at a catcher None catches all."""

    code: str | None = None


@dataclass(frozen=True)
class Compensate(Fixed):
    """At a thrower: of everything, or of one activity. At an event sub-process's start: when its scope is undone."""

    activity: str | None = None


@dataclass(frozen=True)
class Cancel(Fixed):
    """Of a transaction."""


@dataclass(frozen=True)
class Terminate(Fixed):
    pass


@dataclass(frozen=True)
class Link(Fixed):
    name: str


Timer = After | At | Every | Asked
Trigger = Timer | Message | Signal | Condition | Error | Escalation | Compensate | Cancel | Link
Thrown = Message | Signal | Error | Escalation | Compensate | Cancel | Terminate | Link
