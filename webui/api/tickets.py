"""Tickets by the API: open, list, read, add to the conversation, follow the trail."""

from __future__ import annotations

from typing import Any

from flask import request

from engine.deadlines import explained
from engine.errors import Forbidden
from engine.goals.telling import facts
from engine.runtime.commands import AddEntry, LinkTicket, OpenTicket, Requester
from webui import access, frame, identity, opening, tracing
from webui.api import asking, records
from webui.api.answers import json_response
from webui.api.declare import PREFIX, operation
from webui.api.schemas import LINE, PAGING

_FILTERS = {
    "status": LINE,
    "queue": LINE,
    "q": {**LINE, "description": "A number, words of the subject, or a customer."},
    "open": {"type": "boolean"},
    **PAGING,
}


@operation(
    "POST", "/tickets", "Open a ticket", roles=access.WORK, body="NewTicket", answer="Ticket", status=201
)
def open_ticket(body: dict[str, Any]) -> Any:
    desk_id = _desk(body)
    requester = body["requester"]
    outcome = asking.handle(
        OpenTicket(
            **asking.common(),
            process=body.get("process") or opening.process_of(desk_id),
            channel=body["channel"],
            subject=body["subject"],
            description=body["description"],
            requester=Requester(requester["name"], requester.get("email"), requester.get("phone")),
            category=body.get("category"),
            priority=body.get("priority"),
            fields=body.get("fields", {}),
            external_ref=body.get("external_ref"),
            attachments=asking.files(body.get("attachments", [])),
        )
    )
    found = identity.casepath().reads.ticket(desk_id, outcome.ticket_number)
    response = json_response(records.ticket(found), 201)
    response.headers["Location"] = f"{request.script_root}{PREFIX}/tickets/{found.number}"
    return response


@operation(
    "GET", "/tickets", "List tickets, newest first", roles=access.READ, answer="Tickets", query=_FILTERS
)
def list_tickets(query: dict[str, Any]) -> Any:
    filters: dict[str, Any] = {name: query.get(name) for name in ("status", "queue", "q", "open")}
    page = identity.casepath().reads.tickets(identity.desk_id(), **filters, **asking.page_limits(query))
    return {"items": [records.ticket(it) for it in page.items], "next": page.next}


@operation("GET", "/tickets/{number}", "Read a ticket", roles=access.READ, answer="Ticket")
def read_ticket(number: int) -> Any:
    return records.ticket(_ticket(number))


@operation(
    "GET", "/tickets/{number}/entries", "Read a ticket's conversation", roles=access.READ, answer="Entries"
)
def list_entries(number: int) -> Any:
    _ticket(number)
    found = identity.casepath().reads.entries(identity.desk_id(), number)
    return {"items": [records.entry(it) for it in found]}


@operation(
    "POST",
    "/tickets/{number}/entries",
    "Add a reply, a note or a call to a ticket's conversation",
    roles=access.WORK,
    body="NewEntry",
    answer="Outcome",
    status=201,
)
def add_entry(number: int, body: dict[str, Any]) -> Any:
    public = body.get("public", False)
    kind: Any = body.get("kind") or ("reply" if public else "note")
    said = {"kind": kind, "public": public, "body": body["body"]}
    sent = asking.files(body.get("attachments", []))
    return records.outcome(
        asking.handle(AddEntry(**asking.common(), ticket=number, **said, attachments=sent))
    )


@operation(
    "GET", "/tickets/{number}/links", "Read a ticket's links to others", roles=access.READ, answer="Links"
)
def list_links(number: int) -> Any:
    _ticket(number)
    found = identity.casepath().reads.links(identity.desk_id(), number)
    return {"items": [records.link(it) for it in found]}


@operation(
    "POST",
    "/tickets/{number}/links",
    "Link a ticket to another one",
    roles=access.WORK,
    body="NewLink",
    answer="Outcome",
    status=201,
)
def add_link(number: int, body: dict[str, Any]) -> Any:
    command = LinkTicket(**asking.common(), ticket=number, kind=body["kind"], other=body["other"])
    return records.outcome(asking.handle(command))


@operation(
    "GET", "/tickets/{number}/trace", "Read a ticket's trail and its path", roles=access.READ, answer="Trace"
)
def read_trace(number: int) -> Any:
    told = tracing.tell(_ticket(number))
    return {**tracing.path_of(told), "events": [records.event(it, told.say) for it in told.events]}


@operation(
    "GET",
    "/tickets/{number}/deadlines",
    "Read what is due on a ticket, and why",
    roles=access.READ,
    answer="Deadlines",
)
def list_deadlines(number: int) -> Any:
    _ticket(number)
    casepath, desk_id = identity.casepath(), identity.desk_id()
    now = casepath.clock.now()
    return {
        "now": now,
        "items": [records.deadline(it) for it in casepath.reads.deadlines(desk_id, number)],
        "goals": [facts(it, now) for it in explained(casepath.reads, casepath.worlds, desk_id, number, now)],
    }


def _ticket(number: int) -> Any:
    return identity.casepath().reads.ticket(identity.desk_id(), number)


def _desk(body: dict[str, Any]) -> int:
    """The token's desk; a body that names another one is refused rather than misunderstood."""
    desk_id = identity.desk_id()
    if body.get("desk") not in (None, frame.desk(desk_id).key):
        raise Forbidden(f"Expected the desk of this token, but the body names {body['desk']!r}.")
    return desk_id
