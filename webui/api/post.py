"""Mail that came in and files of tickets, by the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from webui import access, files, identity
from webui.api import asking
from webui.api.declare import PREFIX, operation
from webui.api.schemas import MAIL_STATE, PAGING


@operation(
    "GET", "/tickets/{number}/attachments", "List a ticket's files", roles=access.READ, answer="Attachments"
)
def list_attachments(number: int) -> Any:
    reads, desk_id = identity.casepath().reads, identity.desk_id()
    reads.ticket(desk_id, number)
    return {"items": [_file(number, it) for it in reads.attachments(desk_id, number)]}


@operation(
    "GET",
    "/tickets/{number}/attachments/{id}",
    "Get a file of a ticket, byte for byte",
    roles=access.READ,
    answer=None,
    media="application/octet-stream",
)
def read_attachment(number: int, id: UUID) -> Response:
    found, content = identity.casepath().reads.attachment(identity.desk_id(), number, id)
    return files.download(found.name, "application/octet-stream", content)


@operation(
    "GET",
    "/mails",
    "List the mails that came in, newest first, with what became of each",
    roles=access.AUDIT,
    answer="ReceivedMails",
    query={"state": MAIL_STATE, **PAGING},
)
def list_mails(query: dict[str, Any]) -> Any:
    reads = identity.casepath().reads
    page = reads.mails_in(identity.desk_id(), state=query.get("state"), **asking.page_limits(query))
    return {"items": [_mail(it) for it in page.items], "next": page.next}


def _file(number: int, found: Any) -> dict[str, Any]:
    facts = {
        name: getattr(found, name) for name in ("id", "name", "media_type", "size", "added_at", "public")
    }
    where = f"{PREFIX}/tickets/{number}/attachments/{found.id}"
    return {**facts, "entry": found.entry_id, "sha256": found.sha256.hex(), "href": where}


def _mail(found: Any) -> dict[str, Any]:
    names = ("id", "message_id", "sender", "sender_name", "recipient", "subject", "size", "nature", "state")
    facts = {name: getattr(found, name) for name in (*names, "reason", "found_by", "received_at")}
    return {**facts, "ticket": found.ticket_number, "entry": found.entry_id, "sha256": found.sha256.hex()}
