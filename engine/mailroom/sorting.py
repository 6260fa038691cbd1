"""Where a mail belongs, and what is believed of it.

A header is easily forged, so each way to a ticket asks for something that a stranger doesn't have:

1. an id of a mail that we sent (In-Reply-To, References, or the mail that a server returns). It is signed, and
   whoever has it had the mail in hand, as with the link to follow the ticket;
2. an id of a mail that we received, or
3. the number in the subject, as our templates write it. These can be known or guessed, so they count only for the
   ticket's customer, and for who took part in it by mail.

Where the mail server in front says who proved to be the sender (`CASEPATH_MAIL_AUTHSERV`), 2 and 3 need that proof.
What is not believed opens a ticket of its own, which says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.mail import Letter, Nature
from engine.message_ids import SentMail, read_message_id
from engine.settings import Settings
from engine.store.mails import Mails, Thread

FoundBy = Literal["our_mail", "their_mail", "number"]
_NUMBER = re.compile(r"\bticket\s+#?(\d{1,9})\b", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_SENTENCES = {
    Nature.OUT_OF_OFFICE: "An automatic reply, such as out of office.",
    Nature.AUTOMATIC: "A program sent it (Auto-Submitted or a like header).",
    Nature.BOUNCE: "A mail server returned a mail that it could not deliver.",
    Nature.LIST: "It came over a mailing list.",
    Nature.LOOP: "It is a mail of our own that came back.",
}


@dataclass(frozen=True)
class Found:
    """A ticket that a mail belongs to, how it was found, and whether the customer wrote, as far as we can tell."""

    thread: Thread
    by: FoundBy
    customers: bool


@dataclass(frozen=True)
class Sorted:
    """What is to become of a mail. `found` is None for a new ticket; `names` is a ticket that it named in vain."""

    outcome: Literal["opened", "replied", "noted", "dropped"]
    nature: Nature
    found: Found | None = None
    reason: str = ""
    names: int | None = None


class Sorter:
    """Sorts the letters of one desk. `crowded` says whether a sender wrote too much in the last hour."""

    def __init__(
        self, desk_id: int, settings: Settings, mails: Mails, crowded: Callable[[str], bool]
    ) -> None:
        self._desk_id = desk_id
        self._settings = settings
        self._mails = mails
        self._crowded = crowded

    def sort(self, letter: Letter) -> Sorted:
        """Return what is to become of a letter."""
        nature = letter.nature
        if letter.empty:
            return Sorted("dropped", nature, reason="Nothing is in it.")
        if nature is Nature.LOOP:
            return Sorted("dropped", nature, reason=_SENTENCES[nature])
        found, why = self._found(letter), ""
        if nature is Nature.ORDINARY and self._crowded(letter.sender.address):
            nature = Nature.FLOOD
            why = f"Its sender wrote more than {self._settings.mail_hourly} mails within an hour."
        if nature is Nature.ORDINARY:
            return self._of_person(letter, found)
        reason = why or _SENTENCES[nature]
        return Sorted("noted" if found else "dropped", nature, found, reason)

    def _of_person(self, letter: Letter, found: Found | None) -> Sorted:
        named = self._named(letter)
        if found is None:
            if named is None:
                return Sorted("opened", letter.nature)
            reason = f"It names ticket {named.number}, but {self._doubt(letter)}."
            return Sorted("opened", letter.nature, None, reason, named.number)
        if not found.customers:
            reason = "It answers a mail that did not go to the customer."
            return Sorted("noted", letter.nature, found, reason)
        return Sorted("replied", letter.nature, found)

    def _found(self, letter: Letter) -> Found | None:
        found = self._by_our_mail(letter)
        if found is None and self._believed(letter):
            found = self._by_their_mail(letter) or self._by_number(letter)
        return found

    def _by_our_mail(self, letter: Letter) -> Found | None:
        known = self._mails.references(self._desk_id, letter.references)
        returned = (letter.returned,) if letter.nature is Nature.BOUNCE else ()
        for reference in (*letter.references, *returned):
            sent = read_message_id(self._settings.secret_key, reference)
            kept = known.get(reference)
            number = sent.ticket if sent else kept.ticket if kept and kept.direction == "sent" else None
            if number is None or (sent and sent.desk_id != self._desk_id):
                continue
            if thread := self._mails.thread(self._desk_id, number):
                return Found(thread, "our_mail", self._is_customers(letter, thread, sent))
        return None

    def _is_customers(self, letter: Letter, thread: Thread, sent: SentMail | None) -> bool:
        """Whoever answers a mail to a lead or a supplier is not the customer, and neither is one of us."""
        to = self._mails.sent_to(self._desk_id, sent.job, thread.number) if sent else thread.requester_email
        went_to_customer = (to or "").strip().lower() == (thread.requester_email or "").lower()
        return went_to_customer and not self._mails.is_person(self._desk_id, letter.sender.address)

    def _by_their_mail(self, letter: Letter) -> Found | None:
        known = self._mails.references(self._desk_id, letter.references)
        for reference in letter.references:
            kept = known.get(reference)
            thread = self._mails.thread(self._desk_id, kept.ticket) if kept else None
            if thread and self._has_part(letter, thread):
                return Found(thread, "their_mail", True)
        return None

    def _by_number(self, letter: Letter) -> Found | None:
        thread = self._named(letter)
        return Found(thread, "number", True) if thread and self._has_part(letter, thread) else None

    def _named(self, letter: Letter) -> Thread | None:
        named = _NUMBER.search(letter.subject)
        return self._mails.thread(self._desk_id, int(named[1])) if named else None

    def _has_part(self, letter: Letter, thread: Thread) -> bool:
        sender = letter.sender.address
        if not sender:
            return False
        is_requester = sender == (thread.requester_email or "").lower()
        return is_requester or self._mails.took_part(self._desk_id, thread.number, sender)

    def _believed(self, letter: Letter) -> bool:
        """Whether its From may be taken as true: one sender, and the proof of it where we were told who gives it."""
        server = self._settings.mail_authserv.lower()
        return letter.senders == 1 and (not server or _proved(letter.authentication, server))

    def _doubt(self, letter: Letter) -> str:
        if self._believed(letter):
            return "its sender has no part in that"
        return "nobody proved who sent it"


def _proved(results: tuple[str, ...], server: str) -> bool:
    """Whether our mail server says so (RFC 8601); of several lines of its name only the topmost is surely its own."""
    for line in results:
        by, *methods = (it.strip().lower() for it in _COMMENT.sub(" ", line).split(";"))
        if by.split()[:1] == [server]:
            return any(it.split()[:1] == ["dmarc=pass"] for it in methods)
    return False
