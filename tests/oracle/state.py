"""What an instance is made of while it runs.

A *place* is where tokens move: a process instance, a called process, an open sub-process or event sub-process. A
*token* stands before a node until that node is played. A *stay* is a node that a token has entered and not left;
its *frame* is what it sees of the variables. A *wait* is a trigger that a stay listens to, for itself or for a
boundary event, or a place for one of its event sub-processes. What may still be undone is a *memory*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from .expressions import Value
from .model import Body, Boundary, EventSub, Flow, Node, Start
from .triggers import After, At, Condition, Every, Message, Signal, Trigger

Path = tuple[str, ...]


class Refused(Exception):
    """The command can't be done; the instance it was tried on is spoilt."""


class Failed(Exception):
    """What a node should do can't be done; its token stays there."""


class Endless(Exception):
    """The tokens don't come to rest; the model is no use as a test."""


@dataclass(eq=False)
class Frame:
    """A variable scope: the names it declares, those of them that were assigned to, and the frame around it."""

    outer: Frame | None
    names: dict[str, Value] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)

    def visible(self) -> dict[str, Value]:
        return {**(self.outer.visible() if self.outer else {}), **self.names}

    def declares(self, name: str) -> bool:
        return name in self.names

    def assign(self, name: str, value: Value) -> None:
        """Write to the nearest frame that declares the name, else to the one of the process."""
        frame = self
        while frame.outer and not frame.declares(name):
            frame = frame.outer
        frame.names[name] = value
        frame.assigned.add(name)


@dataclass(eq=False)
class Recalled(Frame):
    """What was visible once, laid over what is there now: it is read first, and never written."""

    def declares(self, name: str) -> bool:
        return False


@dataclass(eq=False)
class Place:
    """Where tokens move; `listeners` wait for its event sub-processes, `memories` are what may be undone in it.

    In one that is `undone` only the handlers of what was done there run, one by one.
    """

    body: Body
    frame: Frame
    owner: Stay | None = None
    stays: list[Stay] = field(default_factory=list)
    parked: Counter[str] = field(default_factory=Counter)
    listeners: list[Wait] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    undone: bool = False

    @property
    def path(self) -> Path:
        """The ids of the sub-processes and calls that lead here from the root; a child's has its number."""
        return (*self.owner.place.path, self.owner.step) if self.owner else ()

    def everyone(self) -> Iterator[Stay]:
        """Yield who stays here, and inside of them, outermost first."""
        for stay in self.stays:
            yield from stay.everyone()


@dataclass(eq=False)
class Stay:
    """A node that a token has entered and not yet left.

    `around` is the frame outside of it, `frame` its own. `parent` is the multi-instance activity whose child this
    is, or the thrower of the compensation that this is part of; `inside` are such parts. `inner` is the place inside
    of it, `closed` what that was once it is complete. One that `is_remade` was over and is now being undone.
    """

    node: Node
    place: Place
    around: Frame
    frame: Frame
    since: datetime
    parent: Stay | None = None
    number: int | None = None
    inner: Place | None = None
    closed: Place | None = None
    inside: list[Stay] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    failure: Failure | None = None
    repeating: Repeating | None = None
    undoing: list[tuple[Place, Memory]] | None = None
    is_remade: bool = False

    @property
    def step(self) -> str:
        return self.node.id if self.number is None else f"{self.node.id}#{self.number}"

    @property
    def is_child(self) -> bool:
        """One of several of the same activity."""
        return self.number is not None and self.parent is not None and self.parent.repeating is not None

    @property
    def is_part(self) -> bool:
        """Part of a compensation: a handler, or what is made again."""
        return self.parent is not None and not self.is_child

    @property
    def is_alive(self) -> bool:
        holder = self.parent.inside if self.parent else self.place.stays
        return any(self is other for other in holder) and (self.parent is None or self.parent.is_alive)

    def everyone(self) -> Iterator[Stay]:
        yield self
        for part in self.inside:
            yield from part.everyone()
        if self.inner:
            yield from self.inner.everyone()


@dataclass(eq=False)
class Failure:
    """Why a token stays: what it tried (`enter`, `finish` with results, `leave`)."""

    phase: str
    results: dict[str, Value]


@dataclass(eq=False)
class Repeating:
    """How far a repeated activity is: items and results by number, the child that is next, those done."""

    items: list[Value]
    results: list[Value]
    following: int = 0
    done: int = 0


@dataclass(eq=False)
class Memory:
    """An activity that was completed: what was visible then, and what undoes it.

    That is its handler, or else what is inside: the variables its scope had (`own`) and the memories there.
    """

    node: Node
    number: int | None
    seen: dict[str, Value]
    serial: int
    handler: Node | None = None
    own: dict[str, Value] = field(default_factory=dict)
    inside: list[Memory] = field(default_factory=list)


@dataclass(eq=False)
class Wait:
    """A trigger that is listened to, by a stay or a place; `node` is the event (or task) that it triggers."""

    node: Node
    owner: Stay | Place
    trigger: Trigger
    armed: datetime
    key: Value = None
    rounds_done: int = 0
    held: bool = False

    @property
    def place(self) -> Place:
        return self.owner if isinstance(self.owner, Place) else self.owner.place

    @property
    def is_own(self) -> bool:
        """The stay itself goes on when this is triggered."""
        return isinstance(self.owner, Stay) and not isinstance(self.node, Boundary)

    @property
    def is_seen(self) -> bool:
        """Errors, escalations and the like come from inside; nobody outside sees that one waits for them."""
        return isinstance(self.trigger, After | At | Every | Message | Signal | Condition)

    @property
    def interrupts(self) -> bool:
        event = self.node.start if isinstance(self.node, EventSub) else self.node
        return not isinstance(event, Boundary | Start) or event.interrupting

    @property
    def element(self) -> str:
        """The id of the event that is waited for."""
        return self.node.start.id if isinstance(self.node, EventSub) else self.node.id

    def due(self) -> datetime | None:
        match self.trigger:
            case After(span):
                return self.armed + span
            case At(moment):
                return moment
            case Every(span):
                return self.armed + span * (self.rounds_done + 1)
        return None


@dataclass(eq=False)
class Token:
    """Stands before a node, with what an event brought; the rest is handed on to the stay that it becomes."""

    place: Place
    node: Node
    flow: Flow | None = None
    brought: dict[str, Value] | None = None
    around: Frame | None = None
    parent: Stay | None = None
    number: int | None = None
