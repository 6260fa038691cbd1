"""The token game, played by the book: what BPMN 2.0.2 says, in the reading of Camunda 8.

A *place* is where tokens move: a process instance, a called process or an open sub-process. A *token* stands on a
flow before a node until that node is played. An *activity* is a node that a token has entered and not left; its
*frame* is what it sees of the variables. A *wait* is a trigger that an activity listens to: its own or that of a
boundary event. A place with no token and no activity left is complete.

Nothing here is fast or clever, and nothing is shared with the engine. Where the standard leaves the order of
concurrent tokens open, `choose` decides which of them is played next; the default is first come, first served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatchmethod

from .model import (
    After,
    Assignments,
    At,
    Body,
    Boundary,
    Call,
    Catch,
    Decide,
    End,
    Every,
    Exclusive,
    Expression,
    Flow,
    Mapped,
    Message,
    Model,
    Node,
    Parallel,
    Receive,
    Script,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Trigger,
    UserTask,
    Value,
)

TOO_MANY = 400


class Refused(Exception):
    """The step can't be done (no flow is true, a condition is null); the instance it was tried on is spoilt."""


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

    def assign(self, name: str, value: Value) -> None:
        """Write to the nearest frame that declares the name, else to the one of the process."""
        frame = self
        while name not in frame.names and frame.outer:
            frame = frame.outer
        frame.names[name] = value
        frame.assigned.add(name)


@dataclass(eq=False)
class Place:
    """A process instance, a called process or an open sub-process, with what is active in it."""

    body: Body
    frame: Frame
    owner: Activity | None = None
    activities: list[Activity] = field(default_factory=list)
    parked: Counter[str] = field(default_factory=Counter)

    def path(self) -> tuple[str, ...]:
        """Return the ids of the sub-processes and calls that lead here from the root."""
        return (*self.owner.place.path(), self.owner.node.id) if self.owner else ()

    def all_activities(self) -> Iterator[Activity]:
        for activity in self.activities:
            yield activity
            if activity.inner:
                yield from activity.inner.all_activities()


@dataclass(eq=False)
class Activity:
    """A node that a token has entered and not yet left."""

    node: Node
    place: Place
    frame: Frame
    since: datetime
    inner: Place | None = None
    waits: list[Wait] = field(default_factory=list)


@dataclass(eq=False)
class Wait:
    """A trigger that an activity listens to; `node` is the activity's own node or a boundary event."""

    node: Node
    activity: Activity
    trigger: Trigger
    armed: datetime
    key: Value = None
    rounds_done: int = 0

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
    """Stands before a node, having come over a flow (None before a start event)."""

    place: Place
    node: Node
    flow: Flow | None = None


class Instance:
    """One running process. The four commands below move it from one rest to the next."""

    def __init__(self, model: Model, variables: Mapping[str, Value], now: datetime) -> None:
        self.model = model
        self.now = now
        self.choose: Callable[[int], int] = lambda count: 0
        self.moving: list[Token] = []
        self.trail: list[tuple[str, str, tuple[str, ...]]] = []
        body = model.processes[0].body
        self.root = Place(body, Frame(None, dict(variables)))
        self.terminated = False
        self.ended: str | None = None

    # --- commands ----------------------------------------------------------------------------------------

    def start(self) -> None:
        self._open(self.root)
        self._settle()

    def complete(self, activity: Activity, writes: Mapping[str, Value]) -> None:
        """Complete a user or service task with what it brings back."""
        self._finish(activity, writes)
        self._settle()

    def deliver(self, wait: Wait, payload: Mapping[str, Value]) -> None:
        """Hand a message to the one that waits for it."""
        self._trigger(wait, payload)
        self._settle()

    def fire(self, wait: Wait) -> None:
        """Fire a timer that is due; of a cycle all rounds up to now are over with this firing."""
        self._trigger(wait, {})
        self._settle()

    def cancel(self) -> None:
        """End the whole process from outside."""
        self._clear(self.root)
        self.ended = "cancelled"

    # --- what can be seen --------------------------------------------------------------------------------

    def open_tasks(self) -> list[Activity]:
        return [each for each in self.root.all_activities() if isinstance(each.node, UserTask | ServiceTask)]

    def waits(self) -> list[Wait]:
        return [wait for activity in self.root.all_activities() for wait in activity.waits]

    def joins_that_wait(self) -> list[str]:
        """Return the ids of the joins at which tokens are parked."""
        places = [self.root, *(activity.inner for activity in self.root.all_activities() if activity.inner)]
        return [
            flow.target for place in places for flow in place.body.flows for _ in range(place.parked[flow.id])
        ]

    # --- the game ----------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Play tokens until all have come to rest."""
        for _ in range(TOO_MANY):
            if not self.moving:
                return
            token = self.moving.pop(self.choose(len(self.moving)))
            if not isinstance(token.node, Parallel):
                self._note("entered", token.node, token.place)
            self._play(token.node, token)
            self._close_if_empty(token.place)
        raise Endless(f"Expected the tokens to come to rest, but {TOO_MANY} moves were not enough.")

    def _open(self, place: Place) -> None:
        self.moving.append(Token(place, place.body.start()))

    def _leave(self, place: Place, node: Node) -> None:
        """Send a token over every outgoing flow."""
        self._note("left", node, place)
        for flow in place.body.outgoing(node.id):
            self._take(place, flow)

    def _note(self, what: str, where: Node | Flow, place: Place) -> None:
        self.trail.append((what, where.id, place.path()))

    def _take(self, place: Place, flow: Flow) -> None:
        self._note("taken", flow, place)
        self.moving.append(Token(place, place.body.node(flow.target), flow))

    @singledispatchmethod
    def _play(self, node: Node, token: Token) -> None:
        raise TypeError(f"Expected a node that tokens can enter, but {node} is none.")

    @_play.register(Start)
    @_play.register(SendTask)
    def _pass(self, node: Start | SendTask, token: Token) -> None:
        self._leave(token.place, node)

    @_play.register
    def _end(self, node: End, token: Token) -> None:
        self._note("left", node, token.place)
        if node.terminate:
            self._clear(token.place)
            self.terminated |= token.place is self.root

    @_play.register
    def _script(self, node: Script, token: Token) -> None:
        activity = self._activate(node, token.place)
        self._finish(activity, _evaluated(node.writes, activity.frame))

    @_play.register
    def _decide(self, node: Decide, token: Token) -> None:
        activity = self._activate(node, token.place)
        self._finish(activity, {node.result: activity.frame.visible().get(node.asks)})

    @_play.register
    def _exclusive(self, node: Exclusive, token: Token) -> None:
        chosen = self._chosen(node, token.place)
        self._note("left", node, token.place)
        self._take(token.place, chosen)

    def _chosen(self, node: Exclusive, place: Place) -> Flow:
        """Return the first true flow in the order of the document, else the default."""
        flows = place.body.outgoing(node.id)
        for flow in flows:
            if flow.id != node.default and (flow.when is None or _holds(flow.when, place.frame, node)):
                return flow
        for flow in flows:
            if flow.id == node.default:
                return flow
        raise Refused(f"Expected a flow out of {node.id} to be true, but none is and there is no default.")

    @_play.register
    def _parallel(self, node: Parallel, token: Token) -> None:
        assert token.flow is not None
        if self._all_are_there(node, token.place, token.flow):
            self._note("entered", node, token.place)
            self._leave(token.place, node)

    def _all_are_there(self, node: Parallel, place: Place, flow: Flow) -> bool:
        """Park a token; take one from each incoming flow if they are there. Further ones queue on their flow."""
        place.parked[flow.id] += 1
        incoming = [flow.id for flow in place.body.incoming(node.id)]
        complete = all(place.parked[flow] for flow in incoming)
        if complete:
            place.parked.subtract(incoming)
        return complete

    @_play.register(UserTask)
    @_play.register(ServiceTask)
    def _wait_for_work(self, node: UserTask | ServiceTask, token: Token) -> None:
        self._activate(node, token.place)

    @_play.register
    def _receive(self, node: Receive, token: Token) -> None:
        activity = self._activate(node, token.place)
        self._arm(node, node.message, activity)

    @_play.register
    def _catch(self, node: Catch, token: Token) -> None:
        activity = self._activate(node, token.place)
        self._arm(node, node.trigger, activity)

    @_play.register
    def _enter_subprocess(self, node: SubProcess, token: Token) -> None:
        activity = self._activate(node, token.place)
        activity.inner = Place(node.body, activity.frame, activity)
        self._open(activity.inner)

    @_play.register
    def _call(self, node: Call, token: Token) -> None:
        activity = self._activate(node, token.place)
        handed = activity.frame.visible() if node.all_in else activity.frame.names
        activity.inner = Place(self.model.body(node.process), Frame(None, dict(handed)), activity)
        self._open(activity.inner)

    def _activate(self, node: Node, place: Place) -> Activity:
        """Enter a node and stay there: its inputs first, then the waits of its boundary events."""
        frame = Frame(place.frame)
        if isinstance(node, Mapped):
            frame.names = _evaluated(node.inputs, place.frame)
        activity = Activity(node, place, frame, self.now)
        place.activities.append(activity)
        for boundary in place.body.boundaries(node.id):
            self._arm(boundary, boundary.trigger, activity)
        return activity

    def _arm(self, node: Node, trigger: Trigger, activity: Activity) -> None:
        """Begin to wait; the key of a boundary's message is read outside the activity, as in Camunda 8."""
        frame = activity.place.frame if isinstance(node, Boundary) else activity.frame
        key = trigger.key.evaluate(frame.visible()) if isinstance(trigger, Message) and trigger.key else None
        activity.waits.append(Wait(node, activity, trigger, self.now, key))

    def _trigger(self, wait: Wait, brought: Mapping[str, Value]) -> None:
        """What happens when a timer fires or a message comes, to the activity and beyond its boundary.

        What a message brings to a boundary arrives outside the activity.
        """
        activity, node = wait.activity, wait.node
        if not isinstance(node, Boundary):
            self._finish(activity, brought)
            return
        if node.interrupting:
            self._cancel(activity)
        elif not self._again(wait):
            activity.waits.remove(wait)
        self._note("entered", node, activity.place)
        _write_out(node, Frame(activity.place.frame), brought)
        self._leave(activity.place, node)

    def _again(self, wait: Wait) -> bool:
        """Say whether a non-interrupting wait goes on; a cycle goes to its next round after now."""
        if isinstance(wait.trigger, Every):
            wait.rounds_done = (self.now - wait.armed) // wait.trigger.span
            return wait.trigger.rounds is None or wait.rounds_done < wait.trigger.rounds
        return isinstance(wait.trigger, Message)

    def _finish(self, activity: Activity, brought: Mapping[str, Value]) -> None:
        """Leave an activity in the ordinary way."""
        _write_out(activity.node, activity.frame, brought)
        activity.place.activities.remove(activity)
        self._leave(activity.place, activity.node)

    def _cancel(self, activity: Activity) -> None:
        """Take an activity away with everything inside it, moving or at rest."""
        if activity.inner:
            self._clear(activity.inner)
        activity.place.activities.remove(activity)
        self._note("cancelled", activity.node, activity.place)

    def _clear(self, place: Place) -> None:
        """Take everything out of a place."""
        for activity in list(place.activities):
            self._cancel(activity)
        self.moving = [token for token in self.moving if token.place is not place]
        place.parked.clear()

    def _close_if_empty(self, place: Place) -> None:
        """Complete a place in which nothing is left, and with it the activity around it."""
        at_rest = place.activities or any(place.parked.values())
        if at_rest or any(token.place is place for token in self.moving):
            return
        if place.owner is None:
            self.ended = "terminated" if self.terminated else "completed"
            return
        self._finish(place.owner, _brought_back(place))
        self._close_if_empty(place.owner.place)


def _evaluated(assignments: Assignments, frame: Frame) -> dict[str, Value]:
    """Evaluate assignments in order, each seeing the ones before it."""
    values: dict[str, Value] = {}
    for name, source in assignments:
        values[name] = source.evaluate({**frame.visible(), **values})
    return values


def _write_out(node: Node, frame: Frame, brought: Mapping[str, Value]) -> None:
    """Write what an activity or event brought, seen from its frame; if it has outputs only these leave it."""
    if isinstance(node, Mapped) and node.outputs:
        frame.names.update(brought)
        brought = _evaluated(node.outputs, frame)
        frame = frame.outer or frame
    for name, value in brought.items():
        frame.assign(name, value)


def _brought_back(place: Place) -> dict[str, Value]:
    """Return what a finished place hands to its activity: nothing, unless it is a called process.

    Without outputs only what the process assigned comes back. Here we part from Camunda 8, where a process also
    hands back what it was handed and so undoes what happened to that beside it.
    """
    node = place.owner.node if place.owner else None
    if not isinstance(node, Call):
        return {}
    if node.outputs:
        return place.frame.names
    return {name: place.frame.names[name] for name in place.frame.assigned} if node.all_out else {}


def _holds(condition: Expression, frame: Frame, node: Node) -> bool:
    value = condition.evaluate(frame.visible())
    if not isinstance(value, bool):
        raise Refused(
            f"Expected {condition.feel()} before {node.id} to be true or false, but it is {value!r}."
        )
    return value
