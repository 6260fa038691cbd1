"""What a token, or an event sub-process, can wait for: a person, a moment, a message, a signal, a condition, an
answer of a service, or somebody's help.

`scope` is the path of element ids (sub-processes and call activities) that leads from the root process to the
element. Moments are aware, in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Wait:
    """What all waits have: an id from outside, the element's id and name, where it is, and since when."""

    id: UUID
    element: str
    name: str
    scope: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class TaskWait(Wait):
    """A user task; `variables` are the results of its input mappings, what its form sees beside the process.

    `pack` refers to the pack that its form is in, if a process of another version was called; empty: the run's own.
    """

    form: str | None = None
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    due: datetime | None = None
    priority: int | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating timer: its grid begins at `anchor` with steps of `interval` (ISO 8601).

    `number` is the round (from 1) that is due next; `last` the last round, None for no end.
    """

    anchor: datetime
    interval: str
    number: int
    last: int | None


@dataclass(frozen=True, slots=True)
class TimerWait(Wait):
    """A timer that fires once at `due`; of a cycle, its next round.

    One that hangs on a `goal` may have no due moment at present; `fired` is the moment of the goal at which it fired
    last, if it goes on.
    """

    due: datetime | None
    goal: str | None = None
    cycle: Cycle | None = None
    fired: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageWait(Wait):
    """A catcher of messages; `name` is the message's, `key` None means that only the instance is the address."""

    key: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceWait(Wait):
    """A service task; `inputs` are its input mappings' results, `retries` how often it may be tried."""

    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    retries: int = 3


@dataclass(frozen=True, slots=True)
class SignalWait(Wait):
    """A catcher of signals; `name` is the signal's."""


@dataclass(frozen=True, slots=True)
class ConditionWait(Wait):
    """A catcher that is triggered when its condition becomes true; `held` says that it was true when last asked."""

    held: bool = False


@dataclass(frozen=True, slots=True)
class FailureWait(Wait):
    """An element that could not be done: the token stays until somebody helps.

    `phase` is what is tried again: to `enter` it, to `finish` it with `results`, or to `leave` it. An element that
    an event has begun is entered with its `results` too.
    """

    message: str
    phase: Literal["enter", "finish", "leave"]
    results: Mapping[str, Any] | None = None
