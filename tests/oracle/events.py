"""Catching: what begins to wait, what its coming does, at an event, on a boundary, for an event sub-process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from .expressions import Value
from .model import Boundary, Catch, EventBased, Node, Receive
from .state import Failed, Frame, Place, Stay, Token, Wait
from .triggers import After, Asked, Compensate, Condition, Every, Message, Trigger

SPANS = {f"PT{minutes}M": timedelta(minutes=minutes) for minutes in (60, 120, 180)}


class Events:
    """Arms triggers, and does what happens when one comes."""

    # --- beginning to wait -------------------------------------------------------------------------------

    def arm(self, stay: Stay, node: Node, trigger: Trigger) -> None:
        """Begin to wait; an event on a boundary sees what is outside the activity, as in Camunda 8."""
        frame = stay.place.frame if isinstance(node, Boundary) else stay.frame
        stay.waits.append(new_wait(stay, node, trigger, frame, self.now))

    def arm_boundaries(self, stay: Stay) -> None:
        for boundary in stay.place.body.boundaries(stay.node.id):
            self.arm(stay, boundary, boundary.trigger)

    def arm_all(self, stay: Stay) -> None:
        """Wait for all that the flows of an event-based gateway lead to."""
        for flow in stay.place.body.outgoing(stay.node.id):
            target = stay.place.body.node(flow.target)
            assert isinstance(target, Catch | Receive)
            self.arm(stay, target, target.message if isinstance(target, Receive) else target.trigger)

    def arm_event_subs(self, place: Place) -> None:
        for node in place.body.event_subs():
            if not isinstance(node.start.trigger, Compensate):
                place.listeners.append(new_wait(place, node, node.start.trigger, place.frame, self.now))

    def all_waits(self) -> Iterator[Wait]:
        """Yield everything that is waited for, outermost first."""
        if self.ended:
            return
        yield from self.root.listeners
        for stay in self.root.everyone():
            yield from stay.waits
            if stay.inner:
                yield from stay.inner.listeners

    # --- what comes --------------------------------------------------------------------------------------

    def trigger(self, wait: Wait, brought: dict[str, Value]) -> None:
        """Do what happens when a timer fires, or a message, signal, error or escalation comes."""
        if isinstance(wait.owner, Place):
            self.start_event_sub(wait, wait.owner, brought)
        elif isinstance(wait.owner.node, EventBased):
            self.decide_gateway(wait, wait.owner, brought)
        elif wait.is_own:
            wait.owner.waits.remove(wait)
            self.finish(wait.owner, brought)
        else:
            self.cross_boundary(wait, wait.owner, brought)

    def cross_boundary(self, wait: Wait, stay: Stay, brought: dict[str, Value]) -> None:
        """Go on beyond an activity; what is brought arrives outside of it."""
        if wait.interrupts:
            self.cancel_stay(stay)
        elif not self.again(wait):
            stay.waits.remove(wait)
        self.moving.append(Token(stay.place, wait.node, brought=brought))

    def start_event_sub(self, wait: Wait, place: Place, brought: dict[str, Value]) -> None:
        """Start an event sub-process; an interrupting one is all that goes on in its scope, for good."""
        if wait.interrupts:
            self.clear(place)
            place.listeners.clear()
        elif not self.again(wait):
            place.listeners.remove(wait)
        self.moving.append(Token(place, wait.node, brought=brought))

    def decide_gateway(self, wait: Wait, stay: Stay, brought: dict[str, Value]) -> None:
        """Let the first event that comes decide where an event-based gateway leads."""
        place = stay.place
        flow = next(flow for flow in place.body.outgoing(stay.node.id) if flow.target == wait.node.id)
        self.remove(stay)
        self.note("left", stay.node, place)
        self.note("taken", flow, place)
        self.moving.append(Token(place, wait.node, brought=brought))

    def again(self, wait: Wait) -> bool:
        """Say whether a non-interrupting wait goes on; a cycle goes to its next round after now."""
        if isinstance(wait.trigger, Every):
            wait.rounds_done = (self.now - wait.armed) // wait.trigger.span
            return wait.trigger.rounds is None or wait.rounds_done < wait.trigger.rounds
        return wait.due() is None

    def ask_conditions(self) -> bool:
        """Trigger every condition that has become true; say whether one was triggered."""
        triggered = False
        for wait in [each for each in self.all_waits() if isinstance(each.trigger, Condition)]:
            if not self.is_open(wait):
                continue
            before, wait.held = wait.held, wait.trigger.when.evaluate(self.seen_by(wait)) is True
            if wait.held and not before:
                triggered = True
                self.trigger(wait, {})
        return triggered

    def seen_by(self, wait: Wait) -> dict[str, Value]:
        frame = wait.owner.frame if wait.is_own or isinstance(wait.owner, Place) else wait.place.frame
        return frame.visible()

    def is_open(self, wait: Wait) -> bool:
        return any(wait is other for other in self.all_waits())


def new_wait(owner: Stay | Place, node: Node, trigger: Trigger, frame: Frame, now: datetime) -> Wait:
    """Return a wait for a trigger, whose key or duration is read now."""
    key = None
    if isinstance(trigger, Message) and trigger.key:
        key = trigger.key.evaluate(frame.visible())
        if not isinstance(key, str):
            raise Failed(f"Expected the key at {node.id} to be a text, but it is {key!r}.")
    if isinstance(trigger, Asked):
        span = SPANS.get(frame.visible().get(trigger.name))
        if span is None:
            raise Failed(f"Expected a duration at {node.id}, but {trigger.name} is none.")
        trigger = After(span)
    return Wait(node, owner, trigger, now, key)
