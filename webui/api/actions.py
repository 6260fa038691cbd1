"""Actions by the API: what a ticket's diagram accepts now, what that would do, and doing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.looking import Prospect
from engine.runtime.commands import TakeAction
from engine.runtime.handlers.rights import is_meant
from webui import access, identity
from webui.api import asking, records
from webui.api.declare import operation


@operation(
    "GET",
    "/tickets/{number}/actions",
    "List what the ticket's diagram accepts now from the token's person",
    roles=access.READ,
    answer="Actions",
)
def list_actions(number: int) -> Any:
    casepath, who = identity.casepath(), identity.who()
    casepath.reads.ticket(who.desk_id, number)
    offers = casepath.looks.offers(who.desk_id, number)
    meant = [it for it in offers if is_meant(who.actor, it.action.groups)]
    return {"items": [_action(casepath.looks.prospect(who.desk_id, it.subscription)) for it in meant]}


@operation(
    "POST",
    "/actions/{id}",
    "Take an action with the fields of its form",
    roles=access.WORK,
    body="ActionTaken",
    answer="Outcome",
)
def take_action(id: UUID, body: dict[str, Any]) -> Any:
    command = TakeAction(**asking.common(), subscription_id=id, fields=body.get("fields", {}))
    return records.outcome(asking.handle(command))


def _action(found: Prospect) -> dict[str, Any]:
    offer = found.offer
    return {
        "id": offer.subscription,
        "element": offer.element.id,
        "label": offer.action.label,
        "form": offer.action.form,
        "groups": list(offer.action.groups),
        "preview": list(found.preview),
        "taken_back": [{"activity": done.id, "handler": handler.id} for done, handler in found.taken_back],
        "until": found.until.id if found.until else None,
    }
