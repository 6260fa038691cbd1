"""Files of tickets: listed beside the words that they came with, and handed out as downloads, never as pages.

What a stranger attached is never shown by the browser: it is always a download, its declared type is no type that a
browser runs, and nothing may guess another (`nosniff`, which every answer of ours carries).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, url_for

from webui import access, following, identity

bp = Blueprint("files", __name__)

_KILO = 1024
_HARMLESS = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
    "text/csv",
)
BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Shown:
    """A file as a page names it."""

    name: str
    size: str
    href: str


def of_ticket(ticket: Any, *, public: bool = False) -> dict[UUID | None, list[Shown]]:
    """Return a ticket's files by entry; those of its opening stand under None. `public` leaves out what isn't."""
    found: dict[UUID | None, list[Shown]] = {}
    for it in identity.casepath().reads.attachments(ticket.desk_id, ticket.number, public_only=public):
        found.setdefault(it.entry_id, []).append(
            Shown(it.name, size_words(it.size), _address(ticket, it, public))
        )
    return found


def _address(ticket: Any, file: Any, public: bool) -> str:
    if public:
        return f"{following.page_of(ticket.desk_id, ticket.number)}/files/{file.id}"
    return url_for("files.of_agent", number=ticket.number, file_id=file.id)


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < _KILO:
        return "1 byte" if size == 1 else f"{size} bytes"
    unit, value = ("kB", size / _KILO) if size < _KILO**2 else ("MB", size / _KILO**2)
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"


@bp.get("/tickets/<int:number>/files/<uuid:file_id>")
@access.only(*access.READ)
def of_agent(number: int, file_id: UUID) -> Response:
    """Hand out a file of a ticket."""
    file, content = identity.casepath().reads.attachment(identity.desk_id(), number, file_id)
    return download(file.name, file.media_type, content)


@bp.get("/follow/<secret>/files/<uuid:file_id>")
@access.public
def of_customer(secret: str, file_id: UUID) -> Response:
    """Hand out a file to the customer whose ticket it is of, if it came with words that they may read."""
    ticket = following.ticket_of(secret)
    reads = identity.casepath().reads
    file, content = reads.attachment(ticket.desk_id, ticket.number, file_id, public_only=True)
    return download(file.name, file.media_type, content)


@bp.get("/tickets/<int:number>/mails/<uuid:mail_id>.eml")
@access.only(*access.AUDIT)
def mail(number: int, mail_id: UUID) -> Response:
    """Hand out a mail as it came, byte for byte."""
    content = identity.casepath().reads.raw_mail(identity.desk_id(), mail_id, number=number)
    return download(f"ticket-{number}-{mail_id}.eml", BYTES, content)


def download(name: str, media_type: str, content: bytes) -> Response:
    """Return bytes as a download under a name (RFC 6266)."""
    response = Response(content, mimetype=media_type if media_type in _HARMLESS else BYTES)
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_").replace("?", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = disposition
    return response
