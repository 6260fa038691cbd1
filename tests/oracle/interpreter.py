"""The token game, played by the book: what BPMN 2.0.2 says, in the reading of Camunda 7 and 8.

Nothing here is fast or clever, and nothing is shared with the engine. Where the standard leaves the order of
concurrent tokens open, `choose` decides which of them is played next; the default is first come, first served.

An instance moves from one rest to the next: a command does something to it, then tokens are played until all have
come to rest. `activities`, `gateways`, `events`, `throwing`, `repeating`, `compensation` and `repairs` hold the
rules of one topic each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count

from .activities import Activities
from .compensation import Compensation
from .events import Events
from .expressions import Value
from .gateways import Gateways
from .model import EventSub, Flow, Model, Node, ServiceTask, UserTask
from .repairs import Repairs
from .repeating import Repetition
from .state import Endless, Failed, Failure, Frame, Path, Place, Refused, Stay, Token, Wait
from .throwing import Throwing
from .triggers import Error, Message, Signal

TOO_MANY = 400

__all__ = ["Endless", "Instance", "Refused"]


class Instance(Activities, Gateways, Events, Throwing, Repetition, Compensation, Repairs):
    """One running process."""

    def __init__(
        self,
        model: Model,
        variables: Mapping[str, Value],
        now: datetime,
        by: Message | Signal | None = None,
    ) -> None:
        self.model = model
        self.now = now
        self.by = by
        self.choose: Callable[[int], int] = lambda count: 0
        self.moving: list[Token] = []
        self.trail: list[tuple[str, str, Path, tuple[object, ...]]] = []
        self.serial = count()
        self.thrower: Stay | None = None
        self.root = Place(model.processes[0].body, Frame(None, dict(variables)))
        self.terminated = False
        self.ended: str | None = None

    # --- commands ----------------------------------------------------------------------------------------

    def start(self) -> None:
        self.open(self.root, self.root.body.start(self.by))
        self.settle()

    def complete(self, stay: Stay, writes: Mapping[str, Value]) -> None:
        """Complete a user or service task with what it brings back."""
        self.finish(stay, dict(writes))
        self.settle()

    def deliver(self, wait: Wait, payload: Mapping[str, Value]) -> None:
        """Hand a message or a signal to the one that waits for it."""
        self.trigger(wait, dict(payload))
        self.settle()

    def broadcast(self, signal: str, payload: Mapping[str, Value]) -> None:
        """Hand a signal to all who wait for it."""
        self.spread(signal, dict(payload))
        self.settle()

    def answer_error(self, stay: Stay, error: Error, variables: Mapping[str, Value]) -> None:
        """Let a service task's handler answer with an error."""
        self.fail_service(stay, error, dict(variables))
        self.settle()

    def fire(self, wait: Wait) -> None:
        """Fire a timer that is due; of a cycle all rounds up to now are over with this firing."""
        self.trigger(wait, {})
        self.settle()

    def cancel(self) -> None:
        """End the whole process from outside."""
        self.clear(self.root)
        self.root.listeners.clear()
        self.ended = "cancelled"

    # --- what can be seen --------------------------------------------------------------------------------

    def open_tasks(self) -> list[Stay]:
        return [
            stay
            for stay in self.root.everyone()
            if isinstance(stay.node, UserTask | ServiceTask)
            and stay.failure is None
            and stay.repeating is None
        ]

    def failures(self) -> list[Stay]:
        return [stay for stay in self.root.everyone() if stay.failure]

    def waits(self) -> list[Wait]:
        return [wait for wait in self.all_waits() if wait.is_seen]

    # --- the game ----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Play tokens until all have come to rest, and no join is ready."""
        for _ in range(TOO_MANY):
            self.thrower = None
            self.close_finished()
            if self.ask_conditions():
                continue
            if self.moving:
                self.play(self.moving.pop(self.choose(len(self.moving))))
            elif not self.join_one():
                return
        raise Endless(f"Expected the tokens to come to rest, but {TOO_MANY} moves were not enough.")

    def play(self, token: Token) -> None:
        """Let a token enter the node before which it stands."""
        if token.flow and self.parks(token):
            return
        around = token.around or token.place.frame
        stay = Stay(token.node, token.place, around, Frame(around), self.now, token.parent, token.number)
        (token.parent.inside if token.parent else token.place.stays).append(stay)
        self.enter(stay, token.brought)

    def enter(self, stay: Stay, brought: dict[str, Value] | None = None) -> None:
        """Begin what the node does; `brought` is what already came for an event."""
        if not stay.is_child:
            self.note("entered", stay.node, stay.place)
        if brought is not None and not isinstance(stay.node, EventSub):
            self.finish(stay, brought)
        else:
            self.attempt(stay, "enter", lambda: self.begin(stay, brought))

    def finish(self, stay: Stay, brought: dict[str, Value]) -> None:
        """Write what the node brought, and leave it."""
        if self.attempt(stay, "finish", lambda: self.write_out(stay, brought), brought):
            self.leave(stay)

    def leave(self, stay: Stay) -> None:
        """Go on: over the flows, or where the one goes on that this is a part of."""
        self.attempt(stay, "leave", lambda: self.go_on(stay))

    def go_on(self, stay: Stay) -> None:
        if stay.is_child:
            self.child_done(stay)
            return
        flows = [] if stay.parent else self.flows_out(stay)
        self.remember(stay)
        self.note("left", stay.node, stay.place)
        self.remove(stay)
        if stay.parent:
            self.undo_next(stay.parent)
        for flow in flows:
            self.take(stay.place, flow)

    def attempt(
        self, stay: Stay, phase: str, action: Callable[[], None], results: dict[str, Value] | None = None
    ) -> bool:
        """Do something that may fail; every action judges before it changes anything."""
        try:
            action()
        except Failed:
            self.fail(stay, phase, results or {})
            return False
        return True

    def fail(self, stay: Stay, phase: str, results: dict[str, Value]) -> None:
        """Let a token stay where it is until somebody helps."""
        if phase == "enter":
            stay.waits, stay.inner, stay.frame = [], None, Frame(stay.around)
            stay.repeating = None
        stay.waits = [wait for wait in stay.waits if not wait.is_own]
        stay.failure = Failure(phase, results)
        self.note("failed", stay.node, stay.place)

    def take(self, place: Place, flow: Flow) -> None:
        self.note("taken", flow, place)
        self.moving.append(Token(place, place.body.node(flow.target), flow))

    def note(self, what: str, where: Node | Flow, place: Place, *facts: object) -> None:
        self.trail.append((what, where.id, place.path, facts))

    # --- ending ------------------------------------------------------------------------------------------

    def remove(self, stay: Stay) -> None:
        holder = stay.parent.inside if stay.parent else stay.place.stays
        holder.remove(stay)

    def cancel_stay(self, stay: Stay) -> None:
        """Take a stay away with everything inside it, moving or at rest."""
        for part in list(stay.inside):
            self.cancel_stay(part)
        if stay.inner:
            self.clear(stay.inner)
        self.moving = [token for token in self.moving if token.parent is not stay]
        self.remove(stay)
        if stay.failure:
            self.note("failure_ended", stay.node, stay.place)
        if not stay.is_child and not stay.is_remade:
            self.note("left" if stay is self.thrower else "cancelled", stay.node, stay.place)

    def clear(self, place: Place, but: Stay | None = None) -> None:
        """Take everything out of a place, but one."""
        for stay in list(place.stays):
            if stay is not but:
                self.cancel_stay(stay)
        self.moving = [token for token in self.moving if token.place is not place]
        place.parked.clear()

    def close_finished(self) -> None:
        """Complete places in which nothing is left, innermost first, and with them the stays around them.

        Who is in one place hears nothing any more at once; whether the way goes on from there before or after what
        moves elsewhere is one of the orders that the standard leaves open.
        """
        later: list[Place] = []
        while place := next((each for each in self.places() if self.is_done(each, later)), None):
            place.listeners.clear()
            if place.owner is None:
                self.ended = "terminated" if self.terminated else "completed"
                return
            if self.moving and self.choose(2):
                later.append(place)
            else:
                self.place_done(place.owner)

    def is_done(self, place: Place, later: list[Place]) -> bool:
        return self.is_finished(place) and not any(place is each for each in later)

    def places(self) -> list[Place]:
        """Return all places that are open, innermost first."""
        if self.ended:
            return []
        return [*reversed([stay.inner for stay in self.root.everyone() if stay.inner]), self.root]

    def is_finished(self, place: Place) -> bool:
        if place.undone or place.stays or any(place.parked.values()):
            return False
        return not any(token.place is place for token in self.moving)
