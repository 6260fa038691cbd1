"""The way of a mail: read, kept, sorted, done.

A mail is kept in a transaction of its own before anything is decided, and its outcome is written by the step that it
causes. Whoever hands a mail over is answered after both. Killed between the two, the sender has no answer and sends
it again: it is found again by its id, and goes on from there; or `finish` goes on, which a scheduler calls for what
lies unfinished. Its id is made of its Message-ID, of a hash of what its sender wrote (ids are chosen by senders, and
a second mail under the same one must not be lost) and of the desk.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from engine.cards import masked_bytes
from engine.clock import Clock
from engine.deployments import root_process
from engine.engine import Engine
from engine.errors import Conflict, Refused
from engine.mail import Letter, Limits, read_letter
from engine.mail.charsets import one_line
from engine.mailroom.addresses import AddressBook
from engine.mailroom.cards import masked_letter
from engine.mailroom.sorting import Sorted, Sorter
from engine.mailroom.wishes import CHANNEL, Wishes
from engine.message_ids import loop_mark
from engine.replying import Replies
from engine.settings import Settings
from engine.store import Desk, Store
from engine.store.mails import KeptMail, NewMail
from engine.worlds import Worlds

HOUR = timedelta(hours=1)
# So long is waited for whoever has a mail in hand, or brings it again, before somebody else goes on with it.
PATIENCE = timedelta(minutes=1)
MOST_TRIES = 6
_TRIED = f"It was tried {MOST_TRIES} times, and each time something failed; the log of a worker says what."
_UNDECIDED = ("received", "set_aside")
log = logging.getLogger(__name__)


class TooLarge(Refused):
    """A mail is larger than this installation takes."""


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
        self.addresses = AddressBook(settings, store)

    def receive(self, desk: Desk, incoming: Incoming) -> Receipt:
        """Take a mail in for a desk; return what came of it, all of it durable.

        Raises TooLarge, and then nothing is kept; Conflict where a step holds its ticket for too long, and psycopg's
        errors; then nothing is decided and it may be handed over again.
        """
        self._weigh(incoming.raw)
        letter = self.read(incoming.raw, incoming.sender)
        kept = self._store.mails.keep(self._new(desk, incoming, letter), letter.attachments, PATIENCE)
        if kept.state not in _UNDECIDED:
            return _receipt(desk, kept, repeated=True)
        return self._decide(desk, replace(kept, brought_by=incoming.brought_by), letter)

    def finish(self, desk_id: int, mail_id: UUID) -> None:
        """Go on with a mail that was kept and whose handling was cut off; one that was tried often is set aside.

        Raises what `receive` raises.
        """
        desk, kept = self._store.desks.get(desk_id), self._store.mails.get(desk_id, mail_id)
        if desk is None or kept is None or kept.state != "received":
            return
        if kept.tries > MOST_TRIES:
            self._store.mails.settle(desk_id, mail_id, "set_aside", kept.nature, _TRIED)
            return
        self._decide(desk, kept, self.read(self._store.mails.content(desk_id, mail_id), kept.envelope_sender))

    def read(self, raw: bytes, envelope_sender: str | None) -> Letter:
        """Take a mail apart, without card numbers."""
        settings = self._settings
        letter = read_letter(
            raw,
            envelope_sender=envelope_sender,
            own=self.addresses.own(),
            loop_mark=loop_mark(settings.secret_key),
            limits=Limits(settings.mail_file_size << 20, settings.mail_files),
        )
        return masked_letter(letter)

    def _weigh(self, raw: bytes) -> None:
        most = self._settings.mail_size
        if len(raw) > most << 20:
            raise TooLarge(
                f"Expected a mail of at most {most} MB, but it is larger; nothing of it was kept. Ask its sender for"
                " less at once, or raise CASEPATH_MAIL_SIZE."
            )

    def _decide(self, desk: Desk, kept: KeptMail, letter: Letter) -> Receipt:
        decided = self._sorter(desk.id, kept).sort(letter)
        if decided.outcome == "dropped":
            self._store.mails.settle(desk.id, kept.id, "dropped", decided.nature.value, decided.reason)
        else:
            self._do(desk, kept, letter, decided)
        settled = self._store.mails.get(desk.id, kept.id)
        assert settled is not None
        return _receipt(desk, settled)

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
            envelope_sender=incoming.sender,
            brought_by=incoming.brought_by,
        )

    def _sorter(self, desk_id: int, mail: KeptMail) -> Sorter:
        def crowded(sender: str) -> bool:
            hour = (mail.received_at - HOUR, mail.received_at)
            many = self._store.mails.recent(desk_id, sender, *hour, mail.id) if sender else 0
            return many >= self._settings.mail_hourly

        return Sorter(desk_id, self._settings, self._store.mails, crowded)

    def _do(self, desk: Desk, kept: KeptMail, letter: Letter, decided: Sorted) -> None:
        """Open a ticket or add an entry. What the door refuses is set aside, for somebody to look at."""
        files = self._store.mails.files(desk.id, kept.id)
        wishes = Wishes(desk.id, kept, letter, files, _told(decided))
        try:
            if decided.found is None:
                process = root_process(self._worlds.newest_pack(desk.id, desk.pack))
                self._engine.handle(wishes.opening(kept.id, process, decided.names))
            elif decided.outcome == "replied":
                self._replies.take(wishes.entry(kept.id, decided.found.thread, public=True), CHANNEL)
            else:
                self._engine.handle(wishes.entry(kept.id, decided.found.thread, public=False))
        except Conflict:  # somebody is at it; whoever brought the mail brings it again
            raise
        except Refused as refusal:
            log.warning("Mail %s could not be taken as %s: %s", kept.id, decided.outcome, refusal)
            self._store.mails.settle(desk.id, kept.id, "set_aside", decided.nature.value, str(refusal))


def _told(decided: Sorted) -> dict[str, Any]:
    found = decided.found
    return {
        "outcome": decided.outcome,
        "nature": decided.nature.value,
        "found_by": found.by if found else None,
        "reason": decided.reason,
    }


def _receipt(desk: Desk, kept: KeptMail, *, repeated: bool = False) -> Receipt:
    return Receipt(kept.id, desk.id, kept.state, kept.nature, kept.ticket_number, kept.reason, repeated)
