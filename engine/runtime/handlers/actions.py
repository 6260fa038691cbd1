"""Actions: what the diagram offers people while it waits for a message, taken with its form."""

from __future__ import annotations

from typing import Any

from engine.errors import Conflict, Refused
from engine.runtime.commands import TakeAction
from engine.runtime.handlers.applying import apply, find
from engine.runtime.handlers.messages import deliver
from engine.runtime.handlers.rights import demand_right
from engine.runtime.keeping import kept
from engine.runtime.step import Step
from engine.spiff import MessageWait, Offer


class ActionOver(Conflict):
    """The ticket went on before this command came; what was offered is offered no more."""


@apply.register
def _take_action(command: TakeAction, step: Step) -> None:
    wait = find(step, command.subscription_id, MessageWait)
    if wait is None:
        raise ActionOver(
            f"Expected ticket {step.ticket.number} to offer this still, but it went on meanwhile."
        )
    offer = next((it for it in step.run.offers if it.subscription == wait.id), None)
    if offer is None:
        raise Refused(f"Expected '{wait.name}' to be offered to people, but it comes by other ways.")
    demand_right(offer.action.label, offer.action.groups, command.actor)
    deliver(step, wait, _fields(step, offer, command), command, {"action": offer.action.label})


def _fields(step: Step, offer: Offer, command: TakeAction) -> dict[str, Any]:
    """Return the fields as values: judged by the action's form, or taken as they are where it has none."""
    if offer.action.form is None:
        return kept(command.fields)
    world = step.world.of(offer.pack)
    variables = step.run.variables(offer.subscription)
    return world.form(offer.action.form).validate(command.fields, variables, world.surroundings(step.now))
