"""What people decide about mails of which nothing came: set aside, dropped, or dismissed before.

Taking a mail up is a command like any other; its step changes the mail only if it is still what the person saw. A
dismissal touches no instance, so it is a fact of the desk. Whoever comes second is told who decided, and how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.cards import without_card_numbers
from engine.clock import Clock
from engine.deployments import root_process
from engine.engine import Engine, Outcome
from engine.errors import Conflict, InvalidInput, NotFound
from engine.mail import Letter, telling_headers
from engine.mailroom.wishes import CHANNEL, Wishes
from engine.replying import Replies
from engine.runtime.commands import Actor, Requester
from engine.store import Store
from engine.store.mails import KeptMail
from engine.worlds import Worlds

WAITING = ("set_aside", "dropped", "dismissed")
LONGEST_REASON = 1_000
_DID = {
    "opened": "opened ticket {} with it",
    "replied": "added it to ticket {}",
    "noted": "noted it at ticket {}",
    "dismissed": "dismissed it",
}


@dataclass(frozen=True)
class Hand:
    """Somebody who decides about a mail: `seen` is the outcome that they saw it with, `id` makes it happen once."""

    id: UUID
    desk_id: int
    actor: Actor
    mail: UUID
    seen: str


@dataclass(frozen=True)
class Sight:
    """What stands in a mail: what is new, the history, what is left out, and the headers that tell something."""

    text: str
    quoted: str
    left_out: tuple[str, ...]
    headers: list[tuple[str, str]]


class ByHand:
    """Decides about mails for people. `read` takes a mail apart, as it was when it came in."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        worlds: Worlds,
        engine: Engine,
        replies: Replies,
        read: Callable[[bytes, str | None], Letter],
    ) -> None:
        self._store = store
        self._clock = clock
        self._worlds = worlds
        self._engine = engine
        self._replies = replies
        self._read = read

    def look(self, desk_id: int, mail_id: UUID) -> Sight:
        """Return what stands in a mail. Raises NotFound."""
        kept = self._store.mails.get(desk_id, mail_id)
        if kept is None:
            raise NotFound(f"Expected a mail of this desk, but there is none with the id {mail_id}.")
        content = self._store.mails.content(desk_id, mail_id)
        letter = self._read(content, kept.envelope_sender)
        return Sight(letter.text, letter.quoted, letter.left_out, telling_headers(content))

    def open(self, hand: Hand, subject: str, requester: Requester) -> Outcome:
        """Open a ticket with a mail, for a customer. Raises Conflict saying who was quicker, and as the door does."""
        kept = self._kept(hand)
        desk = self._store.desks.get(hand.desk_id)
        assert desk is not None
        process = root_process(self._worlds.newest_pack(desk.id, desk.pack))
        wishes = self._wishes(hand, kept, "opened")
        command = wishes.opened_by(hand.actor, hand.id, process, subject, requester)
        return self._first(hand, lambda: self._engine.handle(command))

    def add(self, hand: Hand, ticket: int, *, public: bool) -> Outcome:
        """Add a mail to a ticket, as words of the customer or as a note for us. Raises as `open`.

        A reply to a ticket on which nobody listens opens one that follows it; the outcome names it.
        """
        kept = self._kept(hand)
        thread = self._store.mails.thread(hand.desk_id, ticket)
        if thread is None:
            sentence = f"Expected the number of a ticket of this desk, but there is no ticket {ticket}."
            raise InvalidInput(sentence, {"ticket": sentence})
        wishes = self._wishes(hand, kept, "replied" if public else "noted")
        command = wishes.entry(hand.id, thread, public=public)
        if public:
            return self._first(hand, lambda: self._replies.take(command, CHANNEL))
        return self._first(hand, lambda: self._engine.handle(command))

    def dismiss(self, hand: Hand, reason: str) -> None:
        """Say that nothing is to come of a mail, and why. Raises Conflict saying who was quicker."""
        kept, reason = self._kept(hand), without_card_numbers(reason.strip())
        if not reason or len(reason) > LONGEST_REASON:
            sentence = f"Expected a reason of at most {LONGEST_REASON} characters, but it is empty or longer."
            raise InvalidInput(sentence, {"reason": sentence})
        if (kept.state, kept.decided_by, kept.decided_why) == ("dismissed", hand.actor.id, reason):
            return
        now, who = self._clock.now(), (hand.actor.id, hand.actor.name)
        with self._store.desk_unit(hand.desk_id) as unit:
            if hand.seen == "dismissed" or not unit.mails.dismiss(
                hand.desk_id, hand.mail, hand.seen, now, who, reason
            ):
                raise Conflict(_quicker(self._kept(hand)))
            facts = {"mail": str(hand.mail), "was": hand.seen}
            unit.note("mail_dismissed", hand.actor, facts, at=now, recorded_at=now, values={"reason": reason})

    def _first(self, hand: Hand, act: Callable[[], Outcome]) -> Outcome:
        try:
            return act()
        except Conflict:
            kept = self._kept(hand)
            if kept.state == hand.seen:
                raise
            raise Conflict(_quicker(kept)) from None

    def _kept(self, hand: Hand) -> KeptMail:
        kept = self._store.mails.get(hand.desk_id, hand.mail)
        if kept is None:
            raise NotFound(f"Expected a mail of this desk, but there is none with the id {hand.mail}.")
        if hand.seen not in WAITING:
            sentence = f"Expected the outcome that was seen to be one of {', '.join(WAITING)}, but got {hand.seen!r}."
            raise InvalidInput(sentence, {"seen": sentence})
        return kept

    def _wishes(self, hand: Hand, kept: KeptMail, outcome: str) -> Wishes:
        content = self._store.mails.content(hand.desk_id, hand.mail)
        told: dict[str, Any] = {
            "outcome": outcome,
            "nature": kept.nature,
            "found_by": "person",
            "reason": "",
            "was": hand.seen,
            "by": hand.actor.id,
            "by_name": hand.actor.name,
        }
        files = self._store.mails.files(hand.desk_id, hand.mail)
        return Wishes(hand.desk_id, kept, self._read(content, kept.envelope_sender), files, told)


def _quicker(kept: KeptMail) -> str:
    did = _DID.get(kept.state, "changed it").format(kept.ticket_number)
    if kept.decided_at is None:
        return f"Expected the mail to wait for somebody, but it came in once more, and that {did}."
    when = f"at {kept.decided_at:%H:%M} UTC on {kept.decided_at:%d %B %Y}"
    return f"Expected the mail to wait for somebody, but {kept.decided_by_name} {did} {when}."
