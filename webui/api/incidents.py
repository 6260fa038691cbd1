"""Incidents by the API: what stands still, and every repair that the page offers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine import repairs
from webui import access, identity
from webui.api import asking, records
from webui.api.declare import operation
from webui.plain import plain


@operation("GET", "/incidents", "List open incidents", roles=access.READ, answer="Incidents")
def list_incidents() -> Any:
    found = identity.casepath().reads.incidents(identity.desk_id())
    return {"items": [records.incident(it) for it in found]}


@operation(
    "GET",
    "/incidents/{id}",
    "Read an incident, with the variables seen there and the elements its token may be moved to",
    roles=access.READ,
    answer="IncidentSeen",
)
def read_incident(id: UUID) -> Any:
    found = _incident(id)
    sight = identity.casepath().looks.incident(identity.desk_id(), found)
    targets = [{"element": it.id, "name": it.title, "type": it.type} for it in sight.targets]
    seen = {"variables": plain(sight.variables), "targets": targets, "unreadable": sight.unreadable}
    return {**records.incident(found), **seen}


@operation(
    "POST",
    "/incidents/{id}/retry",
    "Try again what an incident stopped, after writing variables where it is an element that failed",
    roles=access.LEAD,
    body="Retry",
    answer="Repaired",
)
def retry_incident(id: UUID, body: dict[str, Any]) -> Any:
    return _repaired(repairs.retry(_incident(id), body.get("variables", {}), **asking.common()))


@operation(
    "POST",
    "/incidents/{id}/skip",
    "Count what an incident stopped as done, without results",
    roles=access.LEAD,
    body="Reason",
    answer="Repaired",
)
def skip_incident(id: UUID, body: dict[str, Any]) -> Any:
    return _repaired(repairs.skip(_incident(id), body["reason"], **asking.common()))


@operation(
    "POST",
    "/incidents/{id}/move",
    "Move the token of an incident to another element of its level",
    roles=access.LEAD,
    body="Move",
    answer="Repaired",
)
def move_incident(id: UUID, body: dict[str, Any]) -> Any:
    return _repaired(repairs.move(_incident(id), body["target"], body["reason"], **asking.common()))


@operation(
    "POST",
    "/incidents/{id}/cancel",
    "End the ticket of an incident where it stands",
    roles=access.LEAD,
    body="Reason",
    answer="Repaired",
)
def cancel_incident(id: UUID, body: dict[str, Any]) -> Any:
    return _repaired(repairs.cancel(_incident(id), body["reason"], **asking.common()))


def _incident(id: UUID) -> Any:
    return identity.casepath().reads.incident(identity.desk_id(), id)


def _repaired(command: Any) -> Any:
    outcome = asking.handle(command)
    told = records.outcome(outcome)
    if outcome.repeated:
        return told
    again = repairs.stands_again(outcome)
    return {**told, "incident": again.data["incident"] if again else None}
