"""Mail that came in: kept whole before anything is done with it, and known again when it comes a second time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.mail import Attachment
from engine.runtime.commands import derived_id
from engine.store.repository import Repository

_KEEP = """
INSERT INTO received_mail (desk_id, id, message_id, sha256, size, sender, sender_name, recipient, subject, nature,
    state, quoted, left_out, received_at, content, envelope_sender, brought_by, next_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'received', %s, %s, %s, %s, %s, %s, now() + %s) ON CONFLICT DO NOTHING
"""
_ATTACH = """
INSERT INTO attachment (desk_id, id, mail_id, position, name, media_type, size, sha256, added_at, content)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_GET = """
SELECT id, message_id, sha256, sender, sender_name, recipient, envelope_sender, brought_by, state, nature, reason,
    ticket_number, received_at, tries, decided_at, decided_by, decided_by_name, decided_why
FROM received_mail WHERE desk_id = %s AND id = %s
"""
_CONTENT = "SELECT content FROM received_mail WHERE desk_id = %s AND id = %s"
_FILES = """
SELECT id, name, media_type, size, sha256 FROM attachment WHERE desk_id = %s AND mail_id = %s ORDER BY position
"""
# Each try waits twice as long as the one before: what fails for a reason that goes away should find it gone.
_CLAIM = """
WITH unfinished AS (
    SELECT desk_id, id FROM received_mail WHERE state = 'received' AND next_at <= now()
    ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE received_mail m SET tries = m.tries + 1, next_at = now() + %s * (1 << least(m.tries, 10)) FROM unfinished u
WHERE m.desk_id = u.desk_id AND m.id = u.id RETURNING m.desk_id, m.id
"""
_SETTLE = """
UPDATE received_mail SET state = %s, nature = %s, reason = %s
WHERE desk_id = %s AND id = %s AND state IN ('received', 'set_aside')
"""
_DISMISS = """
UPDATE received_mail SET state = 'dismissed', decided_at = %s, decided_by = %s, decided_by_name = %s, decided_why = %s
WHERE desk_id = %s AND id = %s AND state = %s
"""
_RECENT = """
SELECT count(*) FROM received_mail
WHERE desk_id = %s AND sender = %s AND received_at > %s AND received_at <= %s AND id <> %s
"""
_REFERRED = """
SELECT message_id, ticket_number AS ticket, direction FROM mail_reference
WHERE desk_id = %s AND message_id = ANY(%s)
"""
_SENT_TO = "SELECT payload ->> 'to' FROM outbox WHERE desk_id = %s AND id = %s AND ticket_number = %s"
_TICKET = """
SELECT k.number, k.requester_id, c.name AS requester_name, c.email AS requester_email
FROM ticket k JOIN instance i ON i.desk_id = k.desk_id AND i.id = k.instance_id
LEFT JOIN customer c ON c.desk_id = k.desk_id AND c.id = k.requester_id
WHERE k.desk_id = %s AND k.number = %s AND i.timeline = 'live'
"""
_TOOK_PART = """
SELECT EXISTS (SELECT FROM received_mail
    WHERE desk_id = %s AND ticket_number = %s AND sender = %s AND state IN ('opened', 'replied'))
"""
_IS_PERSON = "SELECT EXISTS (SELECT FROM person WHERE desk_id = %s AND lower(email) = %s)"
_LATEST = """
SELECT message_id FROM received_mail
WHERE desk_id = %s AND ticket_number = %s AND sender = %s AND state IN ('opened', 'replied')
ORDER BY received_at DESC LIMIT 1
"""


@dataclass(frozen=True)
class NewMail:
    """A mail to be kept. `id` is made of its message id, so that the same mail is kept once."""

    desk_id: int
    id: UUID
    message_id: str
    sender: str
    sender_name: str
    recipient: str
    subject: str
    nature: str
    quoted: str
    left_out: tuple[str, ...]
    received_at: datetime
    content: bytes
    envelope_sender: str | None
    brought_by: str

    @property
    def sha256(self) -> bytes:
        """The hash of the whole mail as it came."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True)
class KeptMail:
    """A mail that is kept: what it is, and what came of it (`received` until that is decided), and by whom."""

    id: UUID
    message_id: str
    sha256: bytes
    sender: str
    sender_name: str
    recipient: str
    envelope_sender: str | None
    brought_by: str
    state: str
    nature: str
    reason: str
    ticket_number: int | None
    received_at: datetime
    tries: int
    decided_at: datetime | None
    decided_by: str | None
    decided_by_name: str | None
    decided_why: str | None


@dataclass(frozen=True)
class KeptFile:
    """A file that is kept, without its bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What a command says of it, as in `engine.runtime.mailed`."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256.hex()}


@dataclass(frozen=True)
class Unfinished:
    """A mail that was kept, and whose handling was cut off."""

    desk_id: int
    id: UUID


@dataclass(frozen=True)
class Reference:
    """A message id that belongs to a ticket, of a mail that we sent or received."""

    message_id: str
    ticket: int
    direction: str


@dataclass(frozen=True)
class Thread:
    """A ticket as mail sees it: whose it is."""

    number: int
    requester_id: UUID | None
    requester_name: str | None
    requester_email: str | None


class Mails(Repository):
    """Mails that came in, by desk."""

    def keep(self, mail: NewMail, attachments: Sequence[Attachment], patience: timedelta) -> KeptMail:
        """Keep a mail with its attachments in one transaction, or find it again as it was kept before.

        After `patience`, whoever finishes what was cut off may take it up.
        """
        facts = (mail.sender, mail.sender_name, mail.recipient, mail.subject, mail.nature)
        with self._lend() as connection, connection.transaction():
            added = connection.execute(
                _KEEP,
                (
                    *(mail.desk_id, mail.id, mail.message_id, mail.sha256, len(mail.content), *facts),
                    *(mail.quoted, list(mail.left_out), mail.received_at, mail.content),
                    *(mail.envelope_sender, mail.brought_by, patience),
                ),
            ).rowcount
            for place, it in enumerate(attachments if added else ()):
                row = (mail.desk_id, attachment_id(mail.id, place), mail.id, place, it.name, it.media_type)
                digest = bytes.fromhex(it.sha256)
                connection.execute(_ATTACH, (*row, len(it.content), digest, mail.received_at, it.content))
        kept = self._one(KeptMail, _GET, mail.desk_id, mail.id)
        assert kept is not None
        return kept

    def get(self, desk_id: int, mail_id: UUID) -> KeptMail | None:
        """Return what is known of a kept mail, or None."""
        return self._one(KeptMail, _GET, desk_id, mail_id)

    def settle(self, desk_id: int, mail_id: UUID, state: str, nature: str, reason: str) -> None:
        """Say that nothing comes of a mail (`dropped`), or that somebody must look at it (`set_aside`), and why."""
        self._run(_SETTLE, state, nature, reason, desk_id, mail_id)

    def dismiss(
        self, desk_id: int, mail_id: UUID, was: str, at: datetime, by: tuple[str, str], why: str
    ) -> bool:
        """Say that somebody (id and name) wants nothing to come of a mail; False if it is no longer what it was."""
        return self._run(_DISMISS, at, *by, why, desk_id, mail_id, was) == 1

    def content(self, desk_id: int, mail_id: UUID) -> bytes:
        """Return a kept mail whole."""
        content: bytes = self._value(_CONTENT, desk_id, mail_id)
        return content

    def files(self, desk_id: int, mail_id: UUID) -> list[KeptFile]:
        """Return what was attached to a mail, in its order."""
        return self._all(KeptFile, _FILES, desk_id, mail_id)

    def claim_unfinished(self, *, limit: int, lease: timedelta) -> list[Unfinished]:
        """Claim mails whose handling was cut off; nobody else gets them before the lease ends, longer each time."""
        return self._all(Unfinished, _CLAIM, limit, lease)

    def recent(self, desk_id: int, sender: str, since: datetime, until: datetime, but: UUID) -> int:
        """Return how many mails a sender wrote between two moments, beside one."""
        many: int = self._value(_RECENT, desk_id, sender, since, until, but)
        return many

    def references(self, desk_id: int, message_ids: Sequence[str]) -> dict[str, Reference]:
        """Return which of some message ids belong to tickets."""
        return {it.message_id: it for it in self._all(Reference, _REFERRED, desk_id, list(message_ids))}

    def sent_to(self, desk_id: int, job: UUID, ticket: int) -> str | None:
        """Return to whom a mail of a ticket went, or None where there is no such mail."""
        address: str | None = self._value(_SENT_TO, desk_id, job, ticket)
        return address

    def thread(self, desk_id: int, number: int) -> Thread | None:
        """Return a ticket as mail sees it, or None."""
        return self._one(Thread, _TICKET, desk_id, number)

    def took_part(self, desk_id: int, number: int, sender: str) -> bool:
        """Whether a mail of this sender opened the ticket, or was taken as an answer in it."""
        return bool(self._value(_TOOK_PART, desk_id, number, sender))

    def is_person(self, desk_id: int, sender: str) -> bool:
        """Whether an address is that of somebody who works at the desk."""
        return bool(self._value(_IS_PERSON, desk_id, sender))

    def latest_message_id(self, desk_id: int, number: int, sender: str) -> str | None:
        """Return the id of the last mail that somebody wrote for a ticket, or None."""
        found: str | None = self._value(_LATEST, desk_id, number, sender.lower())
        return found


def attachment_id(mail_id: UUID, place: int) -> UUID:
    """Return the id of an attachment of a mail, the same whenever it is read."""
    return derived_id(mail_id, f"attachment {place}")
