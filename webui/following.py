"""Who follows a ticket by its signed link: the ticket, and its customer as somebody who acts."""

from __future__ import annotations

from flask import g, url_for

from engine.errors import NotFound
from engine.links import follow_secret, read_follow_secret
from engine.reads import Ticket
from engine.runtime.commands import Actor
from webui import identity


def ticket_of(secret: str) -> Ticket:
    """Return the ticket that a link leads to. Raises NotFound where it isn't ours."""
    casepath = identity.casepath()
    found = read_follow_secret(casepath.settings.secret_key, secret)
    if found is None:
        raise NotFound("Expected the link from our mail, but this one is not complete; please copy it whole.")
    ticket = casepath.reads.ticket(*found)
    g.desk_id, g.desk_zone = ticket.desk_id, casepath.reads.desk(ticket.desk_id).time_zone
    return ticket


def customer(ticket: Ticket) -> Actor:
    """Return the customer of a ticket."""
    return Actor("customer", str(ticket.requester_id or "unknown"), ticket.requester_name or "Customer")


def page_of(desk_id: int, number: int) -> str:
    """Return the address of a ticket's page for its customer."""
    secret = follow_secret(identity.casepath().settings.secret_key, desk_id, number)
    return url_for("portal.follow", secret=secret)
