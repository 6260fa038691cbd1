"""Gateways: which flows a token takes, and for which others it waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.spiff import joining, opening
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import Scope
from engine.spiff.stepping import Stepper
from engine.spiff.steps import SequenceFlow, Steps, is_true, true_flows
from engine.spiff.tokens import Token


class ExclusiveGateway(Steps, library.ExclusiveGateway):  # type: ignore[misc]
    """Takes the first flow, in document order, whose condition is true; else the default flow."""

    def choose(self, stepper: Stepper, token: Token) -> list[SequenceFlow]:
        variables = token.scope.visible()
        for flow in self.outgoing:
            if (
                flow.condition is not None
                and not flow.is_default
                and is_true(stepper, flow, token.scope, variables)
            ):
                return [flow]
        for flow in self.outgoing:
            if flow.is_default or flow.condition is None:
                return [flow]
        raise RunRefused(
            self.element.id, "Expected a condition to be true, but none is and there is no default flow."
        )


class ParallelGateway(Steps, library.ParallelGateway):  # type: ignore[misc]
    """Waits for one token on each incoming flow, then sends one out on each outgoing flow.

    Arrivals are counted by flow and kept in the scope, so that a join needs no history: the library looks for
    the finished ancestors of the tokens, which are no longer there.
    """

    def arrive(self, stepper: Stepper, scope: Scope, flow: SequenceFlow) -> Token | None:
        joining.arrive(scope, flow)
        if not all(scope.arrivals.get(it.id) for it in self.incoming):
            return None
        joining.consume(scope, self.incoming)
        return stepper.start(scope, self)


class InclusiveGateway(Steps, library.InclusiveGateway):  # type: ignore[misc]
    """Waits for every token that can still come, then takes every flow whose condition is true, else the default."""

    is_inclusive = True

    def arrive(self, stepper: Stepper, scope: Scope, flow: SequenceFlow) -> Token | None:
        if len(self.incoming) == 1:
            return stepper.start(scope, self)
        joining.arrive(scope, flow)  # `joining.join_one` lets it go on
        return None

    def choose(self, stepper: Stepper, token: Token) -> list[SequenceFlow]:
        return true_flows(stepper, token, self)


class EventBasedGateway(Steps, library.EventBasedGateway):  # type: ignore[misc]
    """Waits for all the events behind it; the first that comes decides which flow is taken."""

    is_race = True

    def enter(self, stepper: Stepper, token: Token) -> None:
        for flow in self.outgoing:
            opening.await_event(stepper, token, flow.target)

    def win(self, stepper: Stepper, token: Token, event: Any, brought: Mapping[str, Any]) -> None:
        """Let the token go on behind the event that came first, with what it brought."""
        token.internal_data["winner"] = event
        token.brought = brought
        stepper.leave(token)

    def choose(self, stepper: Stepper, token: Token) -> list[SequenceFlow]:
        """Return no flow: `after` takes the winner's, with what the event brought."""
        return []

    def after(self, stepper: Stepper, token: Token) -> None:
        winner = token.internal_data["winner"]
        flow = next(flow for flow in self.outgoing if flow.target is winner)
        behind = stepper.take(token.scope, flow)
        if behind is not None:
            behind.brought = token.brought
