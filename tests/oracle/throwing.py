"""Throwing: messages, signals, errors, escalations, links, the ends that terminate or cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .expressions import Value
from .model import End, EventSub
from .state import Failed, Place, Stay, Token, Wait
from .triggers import (
    Cancel,
    Compensate,
    Error,
    Escalation,
    Link,
    Message,
    Signal,
    Terminate,
    Thrown,
)


class Throwing:
    """Does what throw and end events do, and finds who catches it."""

    def throw(self, stay: Stay, thrown: Thrown | None) -> None:
        """Throw, and go on if that did not end the thrower, which is then left all the same."""
        self.thrower = stay
        match thrown:
            case Error():
                self.throw_error(stay, thrown)
                return
            case Compensate():
                self.compensate(stay, thrown)
                return
            case Cancel():
                self.cancel_transaction(stay)
                return
            case Link():
                self.follow_link(stay, thrown)
                return
            case Escalation():
                self.throw_escalation(stay, thrown)
            case Signal():
                self.note("signal_thrown", stay.node, stay.place, thrown.name)
                self.spread(thrown.name, dict(stay.frame.names))
            case Message():
                self.note("message_thrown", stay.node, stay.place, thrown.name)
            case Terminate():
                self.clear(stay.place, but=stay)
                self.terminated |= stay.place is self.root
        if stay.is_alive:
            self.finish(stay, {})

    def spread(self, signal: str, payload: dict[str, Value]) -> None:
        """Let a signal reach all who wait for it at this moment, outermost first."""
        for wait in [each for each in self.all_waits() if each.trigger == Signal(signal)]:
            if self.is_open(wait):
                self.trigger(wait, dict(payload))

    def follow_link(self, stay: Stay, link: Link) -> None:
        place = stay.place
        self.note("left", stay.node, place)
        self.remove(stay)
        self.moving.append(Token(place, place.body.link(link.name), brought={}))

    # --- errors and escalations --------------------------------------------------------------------------

    def throw_error(self, stay: Stay, error: Error) -> None:
        """End what the innermost scope that catches an error holds; one that nobody catches fails."""
        catcher = self.catcher(stay, error)
        if catcher is None:
            raise Failed(f"Expected the error {error.code} of {stay.node.id} to be caught, but nobody does.")
        self.note("error_thrown", stay.node, stay.place, error.code, catcher.element)
        self.trigger(catcher, {})

    def throw_escalation(self, stay: Stay, escalation: Escalation) -> None:
        """Hand an escalation to the innermost scope that catches it; one that nobody catches is let go."""
        catcher = self.catcher(stay, escalation)
        by = catcher.element if catcher else None
        self.note("escalation_thrown", stay.node, stay.place, escalation.code, by)
        if catcher:
            self.trigger(catcher, {})

    def fail_service(self, stay: Stay, error: Error, variables: dict[str, Value]) -> None:
        """Throw the error that a service answered with; its task's own boundary is asked first."""
        host = stay.parent if stay.is_child else stay
        catcher = matching(error, host.waits) or self.catcher(stay, error)
        if catcher is None:
            self.fail(stay, "enter", {})
        else:
            self.note("error_thrown", stay.node, stay.place, error.code, catcher.element)
            self.trigger(catcher, variables)

    def catcher(self, stay: Stay, thrown: Error | Escalation) -> Wait | None:
        """Return who catches what is thrown, walking outwards from the place of the thrower.

        In each place its event sub-processes are asked, but not the one from which it comes; then the boundary of
        the activity that it is the inside of.
        """
        place: Place | None = stay.place
        inside: EventSub | None = None
        while place:
            found = matching(thrown, (wait for wait in place.listeners if wait.node is not inside))
            if found or place.owner is None:
                return found
            owner = place.owner
            host = owner.parent if owner.is_child else owner
            found = matching(thrown, host.waits)
            if found:
                return found
            inside = owner.node if isinstance(owner.node, EventSub) else None
            place = owner.place
        return None

    # --- ends that take others with them -----------------------------------------------------------------

    def cancel_transaction(self, stay: Stay) -> None:
        """End all else in a transaction, undo what was done in it, then leave it by its cancel boundary."""
        self.clear(stay.place, but=stay)
        stay.place.listeners.clear()
        self.undo(stay, self.memories_of(stay.place))

    def transaction_undone(self, stay: Stay) -> None:
        owner = stay.place.owner
        assert owner and isinstance(stay.node, End)
        self.thrower = stay
        self.trigger(next(wait for wait in owner.waits if isinstance(wait.trigger, Cancel)), {})


def matching(thrown: Error | Escalation, waits: Iterable[Wait]) -> Wait | None:
    """Return the wait that catches: one for the code before one for all."""
    kin = [wait for wait in waits if type(wait.trigger) is type(thrown)]
    tests: list[Callable[[Wait], bool]] = [
        lambda wait: wait.trigger.code == thrown.code,
        lambda wait: wait.trigger.code is None,
    ]
    return next((wait for test in tests for wait in kin if test(wait)), None)
