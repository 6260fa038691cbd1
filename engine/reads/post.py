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
    `decided_by_name` is who took it up or dismissed it by hand, and `decided_why` the reason of a dismissal.
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
    envelope_sender: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    decided_why: str | None


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
    left_out, ticket_number, entry_id, received_at, envelope_sender, decided_at, decided_by_name, decided_why
FROM received_mail WHERE desk_id = %(desk)s
"""
_FILE = """
SELECT a.id, a.entry_id, a.name, a.media_type, a.size, a.sha256, a.added_at,
    a.entry_id IS NULL OR e.public AS public
FROM attachment a LEFT JOIN entry e ON e.desk_id = a.desk_id AND e.id = a.entry_id
WHERE a.desk_id = %(desk)s AND a.ticket_number = %(number)s AND (e.public OR a.entry_id IS NULL OR NOT %(public)s)
"""
_OF_MAIL = """
SELECT id, entry_id, name, media_type, size, sha256, added_at, FALSE AS public FROM attachment
WHERE desk_id = %s AND mail_id = %s
"""
_CONTENT = "SELECT content FROM attachment WHERE desk_id = %s AND id = %s"
_RAW = "SELECT content FROM received_mail WHERE desk_id = %s AND id = %s"
_OF_TICKET = f"{_RAW} AND ticket_number = %s"


class Post(Repository):
    """Questions about mail that came in."""

    def received_mails(self, desk_id: int, number: int) -> list[ReceivedMail]:
        """Return the mails that came in for a ticket, the oldest first."""
        sql = _MAIL + " AND ticket_number = %(number)s ORDER BY received_at, id"
        return self._all(ReceivedMail, sql, {"desk": desk_id, "number": number})

    def mails_in(
        self,
        desk_id: int,
        *,
        state: str | None = None,
        nature: str | None = None,
        sender: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ReceivedMail]:
        """Return the mails that came in to a desk, the newest first; of one outcome, kind or sender's address."""
        wanted = {"state": state, "nature": nature, "sender": sender.lower() if sender else None}
        sql, values = _MAIL, {"desk": desk_id, "limit": limit + 1, **wanted}
        sql += "".join(f" AND {name} = %({name})s" for name, value in wanted.items() if value is not None)
        if seen := after(cursor, moment, UUID):
            sql += " AND (received_at, id) < (%(at)s::timestamptz, %(id)s::uuid)"
            values["at"], values["id"] = seen
        sql += " ORDER BY received_at DESC, id DESC LIMIT %(limit)s"
        return cut(self._all(ReceivedMail, sql, values), limit, "received_at", "id")

    def mails_set_aside(self, desk_id: int | None = None) -> int:
        """Return how many mails of a desk, or of all, could become no ticket."""
        sql = """SELECT count(*) FROM received_mail
                 WHERE state = 'set_aside' AND desk_id = COALESCE(%s::int, desk_id)"""
        many: int = self._value(sql, desk_id)
        return many

    def mail_in(self, desk_id: int, mail_id: UUID) -> ReceivedMail:
        """Return a mail that came in to a desk. Raises NotFound."""
        found = self._one(ReceivedMail, f"{_MAIL} AND id = %(id)s", {"desk": desk_id, "id": mail_id})
        if found is None:
            raise NotFound(f"Expected a mail of this desk, but there is none with the id {mail_id}.")
        return found

    def mail_files(self, desk_id: int, mail_id: UUID) -> list[AttachedFile]:
        """Return what was attached to a mail, in its order."""
        return self._all(AttachedFile, f"{_OF_MAIL} ORDER BY position", desk_id, mail_id)

    def mail_file(self, desk_id: int, mail_id: UUID, file_id: UUID) -> tuple[AttachedFile, bytes]:
        """Return a file of a mail with its bytes. Raises NotFound."""
        found = self._one(AttachedFile, f"{_OF_MAIL} AND id = %s", desk_id, mail_id, file_id)
        if found is None:
            raise NotFound(f"Expected the mail to have the file {file_id}, but it has none of that id.")
        content: bytes = self._value(_CONTENT, desk_id, file_id)
        return found, content

    def raw_mail(self, desk_id: int, mail_id: UUID, *, number: int | None = None) -> bytes:
        """Return a mail (of a ticket, where one is named), byte for byte as it came. Raises NotFound."""
        content: bytes | None = (
            self._value(_RAW, desk_id, mail_id)
            if number is None
            else self._value(_OF_TICKET, desk_id, mail_id, number)
        )
        if content is None and number is None:
            raise NotFound(f"Expected a mail of this desk, but there is none with the id {mail_id}.")
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
