"""Mail that came in, and files that came with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.errors import NotFound
from engine.reads.page import Page, after, cut, moment
from engine.store.repository import Repository


@dataclass(frozen=True)
class ReceivedMail:
    """A mail that came in: `state` is what became of it, `nature` its kind, `found_by` how its ticket was found.

    `quoted` is the history that its writer's program repeated; `left_out` says what is not kept apart from the whole.
    """

    id: UUID
    message_id: str
    sha256: bytes
    size: int
    sender: str
    sender_name: str
    recipient: str
    subject: str
    nature: str
    state: str
    reason: str
    found_by: str | None
    quoted: str
    left_out: list[str]
    ticket_number: int | None
    entry_id: UUID | None
    received_at: datetime


@dataclass(frozen=True)
class AttachedFile:
    """A file of a ticket: of an entry, or of its opening. `public` says whether the customer may have it."""

    id: UUID
    entry_id: UUID | None
    name: str
    media_type: str
    size: int
    sha256: bytes
    added_at: datetime
    public: bool


_MAIL = """
SELECT id, message_id, sha256, size, sender, sender_name, recipient, subject, nature, state, reason, found_by, quoted,
    left_out, ticket_number, entry_id, received_at
FROM received_mail WHERE desk_id = %(desk)s
"""
_FILE = """
SELECT a.id, a.entry_id, a.name, a.media_type, a.size, a.sha256, a.added_at,
    a.entry_id IS NULL OR e.public AS public
FROM attachment a LEFT JOIN entry e ON e.desk_id = a.desk_id AND e.id = a.entry_id
WHERE a.desk_id = %(desk)s AND a.ticket_number = %(number)s AND (e.public OR a.entry_id IS NULL OR NOT %(public)s)
"""
_CONTENT = "SELECT content FROM attachment WHERE desk_id = %s AND id = %s"
_RAW = "SELECT content FROM received_mail WHERE desk_id = %s AND ticket_number = %s AND id = %s"


class Post(Repository):
    """Questions about mail that came in."""

    def received_mails(self, desk_id: int, number: int) -> list[ReceivedMail]:
        """Return the mails that came in for a ticket, the oldest first."""
        sql = _MAIL + " AND ticket_number = %(number)s ORDER BY received_at, id"
        return self._all(ReceivedMail, sql, {"desk": desk_id, "number": number})

    def mails_in(
        self, desk_id: int, *, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[ReceivedMail]:
        """Return the mails that came in to a desk, the newest first."""
        sql, values = _MAIL, {"desk": desk_id, "limit": limit + 1, "state": state}
        if state is not None:
            sql += " AND state = %(state)s"
        if seen := after(cursor, moment, UUID):
            sql += " AND (received_at, id) < (%(at)s::timestamptz, %(id)s::uuid)"
            values["at"], values["id"] = seen
        sql += " ORDER BY received_at DESC, id DESC LIMIT %(limit)s"
        return cut(self._all(ReceivedMail, sql, values), limit, "received_at", "id")

    def mails_set_aside(self) -> int:
        """Return how many mails of all desks could become no ticket."""
        many: int = self._value("SELECT count(*) FROM received_mail WHERE state = 'set_aside'")
        return many

    def raw_mail(self, desk_id: int, number: int, mail_id: UUID) -> bytes:
        """Return a mail of a ticket, byte for byte as it came. Raises NotFound."""
        content: bytes | None = self._value(_RAW, desk_id, number, mail_id)
        if content is None:
            raise NotFound(
                f"Expected ticket {number} to have the mail {mail_id}, but it has none of that id."
            )
        return content

    def attachments(self, desk_id: int, number: int, *, public_only: bool = False) -> list[AttachedFile]:
        """Return the files of a ticket, in the order in which they came."""
        values = {"desk": desk_id, "number": number, "public": public_only}
        return self._all(AttachedFile, _FILE + " ORDER BY a.added_at, a.mail_id, a.position, a.id", values)

    def attachment(
        self, desk_id: int, number: int, file_id: UUID, *, public_only: bool = False
    ) -> tuple[AttachedFile, bytes]:
        """Return a file of a ticket with its bytes. Raises NotFound, also for what the asker may not have."""
        values = {"desk": desk_id, "number": number, "public": public_only, "id": file_id}
        found = self._one(AttachedFile, _FILE + " AND a.id = %(id)s", values)
        if found is None:
            raise NotFound(
                f"Expected ticket {number} to have the file {file_id}, but it has none of that id."
            )
        content: bytes = self._value(_CONTENT, desk_id, file_id)
        return found, content
