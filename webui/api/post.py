"""Files by the API: those of tickets, and those that wait to go with somebody's words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from engine.errors import InvalidInput
from engine.uploads import Sent
from webui import access, files, identity
from webui.api import asking, records
from webui.api.declare import PREFIX, operation
from webui.api.schemas import FILE_NAME


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
    "POST",
    "/files",
    "Send a file that is to go with an entry or a new ticket: its bytes are the body",
    roles=access.WORK,
    answer="SentFile",
    status=201,
    query={"name": FILE_NAME},
    takes="application/octet-stream",
)
def send_file(query: dict[str, Any]) -> Any:
    if "name" not in query:
        raise InvalidInput("Expected the name of the file, but there is none.", {"name": "Expected ?name=."})
    who = identity.who()
    sent = Sent(query["name"], request.get_data())
    kept = identity.casepath().uploads.keep(who.desk_id, asking.owner(), asking.command_id(), sent)
    return {**records.same(kept, "id", "name", "media_type", "size"), "sha256": kept.sha256.hex()}


def _file(number: int, found: Any) -> dict[str, Any]:
    facts = {
        name: getattr(found, name) for name in ("id", "name", "media_type", "size", "added_at", "public")
    }
    where = f"{PREFIX}/tickets/{number}/attachments/{found.id}"
    return {**facts, "entry": found.entry_id, "sha256": found.sha256.hex(), "href": where}
