"""A customer's words, whichever way they come: they join their ticket, or open one that follows it.

A closed ticket whose process waits for a word of the customer takes it up: that is how a diagram reopens. On one
where nobody waits the words would reach nobody; they become a new ticket, linked to the old one. Which of the two it
is, is judged at the door, by the step that would add the words, so that no timer can come between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.deployments import root_process
from engine.engine import Outcome
from engine.reads import Reads
from engine.runtime.commands import AddEntry, Command, OpenTicket, Requester, derived_id
from engine.runtime.handlers.messages import NobodyHears
from engine.store import Store
from engine.worlds import Worlds


class Replies:
    """Takes what customers write; `handle` is the engine's door."""

    def __init__(self, store: Store, worlds: Worlds, handle: Callable[[Command], Outcome]) -> None:
        self._reads = Reads(store)
        self._worlds = worlds
        self._handle = handle

    def take(self, words: AddEntry, channel: str) -> Outcome:
        """Bring a customer's words to their ticket, or open one that follows it by this channel.

        The same command id does either once. The outcome names the ticket that has the words. Raises as the door
        does.
        """
        try:
            return self._handle(replace(words, only_if_heard=True))
        except NobodyHears:
            return self._handle(self._following(words, channel))

    def _following(self, words: AddEntry, channel: str) -> OpenTicket:
        old = self._reads.ticket(words.desk_id, words.ticket)
        pack = self._worlds.newest_pack(old.desk_id, self._reads.desk(old.desk_id).pack)
        asks = (old.requester_name or words.actor.name, old.requester_email, old.requester_phone)
        return OpenTicket(
            id=derived_id(words.id, "follows"),
            desk_id=old.desk_id,
            actor=words.actor,
            process=root_process(pack),
            channel=channel,
            subject=old.subject,
            description=words.body,
            requester=Requester(*asks, id=old.requester_id),
            follows=old.number,
            mail=words.mail,
            attachments=words.attachments,
        )
