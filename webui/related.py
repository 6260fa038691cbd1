"""What a ticket is to other tickets, in words, for the people of the desk and for its customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from webui import following, identity

# As one goes on with the other ticket's number; first of the ticket that says so, then of the one it names.
TO_OTHERS = {"follows": "Follows", "duplicate_of": "Duplicate of", "caused_by": "Caused by"}
FROM_OTHERS = {"follows": "Followed by", "duplicate_of": "Has the duplicate", "caused_by": "Cause of"}


@dataclass(frozen=True)
class Relation:
    """One link: how it is told, and the other ticket with its page."""

    what: str
    number: int
    subject: str
    label: str
    href: str


def of_desk(desk_id: int, number: int) -> list[Relation]:
    """Return every link of a ticket, with the pages of agents."""
    found = identity.casepath().reads.links(desk_id, number)
    return [_relation(it, url_for("tickets.ticket", number=it.number)) for it in found]


def of_customer(ticket: Any) -> list[Relation]:
    """Return the links to other tickets of the same customer: those of others are none of their business."""
    found = identity.casepath().reads.links(ticket.desk_id, ticket.number)
    own = [it for it in found if ticket.requester_id and it.requester_id == ticket.requester_id]
    return [_relation(it, following.page_of(ticket.desk_id, it.number)) for it in own]


def _relation(link: Any, href: str) -> Relation:
    words = TO_OTHERS if link.outward else FROM_OTHERS
    return Relation(words[link.kind], link.number, link.subject, link.label, href)
