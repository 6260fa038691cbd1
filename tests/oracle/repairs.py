"""Repairs: what somebody does about a token that failed, or stands where it should not."""

from __future__ import annotations

from collections.abc import Mapping

from .expressions import Value
from .gateways import Failed
from .model import EventBased
from .state import Failure, Refused, Stay, Token, Wait


class Repairs:
    """Retries, skips and moves; each begins from a rest and ends in one."""

    def retry(self, stay: Stay, variables: Mapping[str, Value]) -> None:
        """Write variables, as seen from the node with what it brought, then try again what failed.

        Flows are chosen by what is seen outside of the node. A node that would begin again may be ended first, by a
        condition upon what is written; one that was done is brought to its end, and conditions are asked as ever.
        """
        failure = stay.failure
        assert failure
        leaving = failure.phase == "leave" and not stay.is_child
        frame = stay.around if leaving else stay.frame
        for name, value in variables.items():
            if name in failure.results:
                failure.results[name] = value
            else:
                frame.assign(name, value)
        if failure.phase == "enter":
            self.ask_conditions()
        if stay.is_alive:
            self.try_again(stay, failure)
        self.settle()

    def try_again(self, stay: Stay, failure: Failure) -> None:
        stay.failure = None
        self.note("failure_ended", stay.node, stay.place)
        if failure.phase == "enter":
            stay.since = self.now
            self.enter(stay)
        elif failure.phase == "finish":
            self.finish(stay, failure.results)
        else:
            self.leave(stay)

    def skip(self, stay: Stay) -> None:
        """Count a node as done without results; it goes on over its flows, where these can be chosen."""
        if isinstance(stay.node, EventBased):
            raise Refused(f"Expected a way on from {stay.node.id}, but only an event can choose it.")
        if stay.failure:
            self.note("failure_ended", stay.node, stay.place)
        stay.failure, stay.waits = None, []
        try:
            self.go_on(stay)
        except Failed as error:
            raise Refused(str(error)) from error
        self.settle()

    def move(self, found: Stay | Wait, target: str) -> None:
        """Take a token away, which has a wait, and put one before another node of the same place."""
        stay = found if isinstance(found, Stay) else found.owner
        told_of = found.node
        place = stay.place
        self.cancel_stay(stay)
        self.note("moved", told_of, place, target)
        self.moving.append(Token(place, place.body.node(target)))
        self.settle()
