"""The way of a mail: read, kept, sorted, done.

A mail is kept in a transaction of its own before anything is decided, and its outcome is written by the step that it
causes. Whoever hands a mail over is answered after both. Killed between the two, the sender has no answer and sends
it again: it is found again by its id, and goes on from there. Its id is made of its Message-ID, of a hash of what its
sender wrote (ids are chosen by senders, and a second mail under the same one must not be lost) and of the desk.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from engine.clock import Clock
from engine.deployments import root_process
from engine.engine import Engine
from engine.errors import Conflict, Refused
from engine.mail import Letter, Limits, read_letter
from engine.mail.charsets import one_line
from engine.mailroom.addresses import AddressBook
from engine.mailroom.cards import masked_bytes, masked_letter
from engine.mailroom.sorting import Sorted, Sorter
from engine.message_ids import loop_mark
from engine.replying import Replies
from engine.runtime.commands import Actor, AddEntry, OpenTicket, Requester
from engine.settings import Settings
from engine.store import Desk, Store
from engine.store.mails import KeptMail, NewMail, attachment_id
from engine.worlds import Worlds

CHANNEL = "email"
HOUR = timedelta(hours=1)
NO_TEXT = "(no text)"
_UNDECIDED = ("received", "set_aside")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A mail as it is handed over. `sender` is that of the envelope (`<>` for none), None where there is no
    envelope; `brought_by` is who hands it over, as the trail names people.
    """

    raw: bytes
    recipient: str = ""
    sender: str | None = None
    brought_by: str = "casepath"


@dataclass(frozen=True)
class Receipt:
    """What came of a mail: opened, replied, noted, dropped or set_aside; `repeated` if it had come before."""

    mail: UUID
    desk_id: int
    outcome: str
    nature: str
    ticket: int | None
    reason: str
    repeated: bool = False


class Mailroom:
    """Takes mails in. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        worlds: Worlds,
        engine: Engine,
        replies: Replies,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._worlds = worlds
        self._engine = engine
        self._replies = replies
        self.addresses = AddressBook(settings, store, worlds)

    def receive(self, desk: Desk, incoming: Incoming) -> Receipt:
        """Take a mail in for a desk; return what came of it, all of it durable.

        Raises Conflict where a step holds its ticket for too long, and psycopg's errors; then nothing is decided
        and it may be handed over again.
        """
        letter = self._read(incoming)
        mail = self._new(desk, incoming, letter)
        kept = self._store.mails.keep(mail, letter.attachments)
        if kept.state not in _UNDECIDED:
            return _receipt(desk, kept, repeated=True)
        decided = self._sorter(desk.id, mail).sort(letter)
        if decided.outcome == "dropped":
            self._store.mails.settle(desk.id, mail.id, "dropped", decided.nature.value, decided.reason)
        else:
            self._do(desk, mail, letter, decided, incoming.brought_by)
        settled = self._store.mails.get(desk.id, mail.id)
        assert settled is not None
        return _receipt(desk, settled)

    def _read(self, incoming: Incoming) -> Letter:
        settings = self._settings
        letter = read_letter(
            incoming.raw,
            envelope_sender=incoming.sender,
            own=self.addresses.own(),
            loop_mark=loop_mark(settings.secret_key),
            limits=Limits(settings.mail_file_size << 20, settings.mail_files),
        )
        return masked_letter(letter)

    def _new(self, desk: Desk, incoming: Incoming, letter: Letter) -> NewMail:
        key = f"casepath mail {desk.id} {letter.message_id} {letter.fingerprint}"
        return NewMail(
            desk_id=desk.id,
            id=uuid5(NAMESPACE_URL, key),
            message_id=letter.message_id,
            sender=letter.sender.address,
            sender_name=letter.sender.name,
            recipient=one_line(incoming.recipient, 300),
            subject=letter.subject,
            nature=letter.nature.value,
            quoted=letter.quoted,
            left_out=letter.left_out,
            received_at=self._clock.now(),
            content=masked_bytes(incoming.raw),
        )

    def _sorter(self, desk_id: int, mail: NewMail) -> Sorter:
        def crowded(sender: str) -> bool:
            mails, since = self._store.mails, mail.received_at - HOUR
            return (
                bool(sender) and mails.recent(desk_id, sender, since, mail.id) >= self._settings.mail_hourly
            )

        return Sorter(desk_id, self._settings, self._store.mails, crowded)

    def _do(self, desk: Desk, mail: NewMail, letter: Letter, decided: Sorted, brought_by: str) -> None:
        """Open a ticket or add an entry. What the door refuses is set aside, for somebody to look at."""
        facts = _Facts(desk, mail, letter, decided, brought_by)
        try:
            if decided.outcome == "replied":
                self._replies.take(facts.entry(), CHANNEL)
            elif decided.outcome == "noted":
                self._engine.handle(facts.entry())
            else:
                process = root_process(self._worlds.newest_pack(desk.id, desk.pack))
                self._engine.handle(facts.opening(process))
        except Conflict:  # somebody is at it; whoever brought the mail brings it again
            raise
        except Refused as refusal:
            log.warning("Mail %s could not be taken as %s: %s", mail.id, decided.outcome, refusal)
            self._store.mails.settle(desk.id, mail.id, "set_aside", decided.nature.value, str(refusal))


@dataclass(frozen=True)
class _Facts:
    """What the command of a mail is made of."""

    desk: Desk
    mail: NewMail
    letter: Letter
    decided: Sorted
    brought_by: str

    def entry(self) -> AddEntry:
        """A reply moves the process, so only what the customer wrote is one."""
        assert self.decided.found is not None
        public = self.decided.outcome == "replied"
        return AddEntry(
            **self._common(),
            ticket=self.decided.found.thread.number,
            kind="reply" if public else "note",
            public=public,
            body=self.letter.text or NO_TEXT,
        )

    def opening(self, process: str) -> OpenTicket:
        name, address = self._author(), self.letter.sender.address
        return OpenTicket(
            **self._common(),
            process=process,
            channel=CHANNEL,
            subject=self.letter.subject or "(no subject)",
            description=self.letter.text,
            requester=Requester(name, address or None),
            follows=self.decided.names,
        )

    def _common(self) -> dict[str, Any]:
        return {
            "id": self.mail.id,
            "desk_id": self.desk.id,
            "actor": self._actor(),
            "mail": self._mail(),
            "attachments": self._attachments(),
        }

    def _actor(self) -> Actor:
        """The customer where the ticket's address wrote, else whoever the mail says, known by the mail alone."""
        thread = self.decided.found.thread if self.decided.found else None
        address = self.letter.sender.address
        if thread and thread.requester_id and address == (thread.requester_email or "").lower():
            return Actor("customer", str(thread.requester_id), thread.requester_name or self._author())
        shown = (
            f"{self.letter.sender.name} <{address}>" if self.letter.sender.name and thread else self._author()
        )
        return Actor("customer", f"mail:{self.mail.id}", one_line(shown, 300))

    def _author(self) -> str:
        sender = self.letter.sender
        return sender.name or sender.address or "Unknown sender"

    def _mail(self) -> dict[str, Any]:
        decided, found = self.decided, self.decided.found
        return {
            "mail": str(self.mail.id),
            "message_id": self.mail.message_id,
            "raw": self.mail.sha256.hex(),
            "outcome": decided.outcome,
            "nature": decided.nature.value,
            "found_by": found.by if found else None,
            "reason": decided.reason,
            "brought_by": self.brought_by,
        }

    def _attachments(self) -> dict[str, Any]:
        return {
            str(attachment_id(self.mail.id, place)): {
                "name": it.name,
                "size": len(it.content),
                "sha256": it.sha256,
            }
            for place, it in enumerate(self.letter.attachments)
        }


def _receipt(desk: Desk, kept: KeptMail, *, repeated: bool = False) -> Receipt:
    return Receipt(kept.id, desk.id, kept.state, kept.nature, kept.ticket_number, kept.reason, repeated)
