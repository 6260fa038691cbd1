"""Messages: each goes to the one catcher that has waited longest, or opens one ticket, or waits itself.

A message with a key opens none while a ticket runs that one of that key has opened: the database refuses the second,
whoever was quicker, and the message is for the first ticket's own catchers then.

A message is kept before anything is done with it. Its delivery is one command with an id made from the message's, and
the step that takes it marks the message as delivered: in the same transaction, and only if it still waits. So two
that deliver one message at once can't both succeed, whichever catchers they chose.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from engine.clock import Clock
from engine.correlation.judging import judged
from engine.correlation.pausing import pause
from engine.correlation.starting import opening
from engine.errors import AlreadyBegun, CasepathError, Conflict, InvalidInput
from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration
from engine.runtime.commands import SYSTEM, Actor, Command, CorrelateMessage, derived_id
from engine.runtime.instance import Timeline
from engine.store import Store
from engine.store.messages import MessageRow, NewMessage
from engine.worlds import Worlds

USUAL_LIFE = timedelta(hours=1)
LONGEST_LIFE = timedelta(days=366)
_SENDERS = UUID("4c1f2f0a-9d5e-5c39-8d0e-2f6a5a0f1d77")

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A message that somebody wishes to send to whoever waits for it at a desk. The same `id` is sent once."""

    id: UUID
    desk_id: int
    actor: Actor
    name: str
    key: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    time_to_live: timedelta = USUAL_LIFE

    @classmethod
    def thrown(cls, job: UUID, desk_id: int, thrown: Mapping[str, Any]) -> Sending:
        """Return the message that a process sent, from its row in the outbox, whose id is the message's too."""
        name, key, payload = thrown["name"], thrown.get("key"), thrown["payload"]
        return cls(id=job, desk_id=desk_id, actor=SYSTEM, name=name, key=key, payload=payload)


@dataclass(frozen=True)
class Sent:
    """What has become of a message so far: `state` is waiting, delivered, expired or refused (`error` says why).

    `repeated` is true where a message of this id had been sent before.
    """

    id: UUID
    state: str
    ticket_number: int | None
    expires_at: datetime | None
    error: str | None = None
    repeated: bool = False


def message_id(text: str) -> UUID:
    """Return the id of a message from what its sender calls it: a UUID as it is, any other text by a hash."""
    try:
        return UUID(text)
    except ValueError:
        return uuid5(_SENDERS, text)


def time_to_live(text: str | None) -> timedelta:
    """Return a time to live from ISO 8601 days and time; None is the usual one. Raises InvalidInput."""
    if text is None:
        return USUAL_LIFE
    found = read_duration(text.strip())
    if isinstance(found, DaysTimeDuration):
        return found.timedelta
    sentence = f"Expected days and time such as PT1H, but got {text!r}."
    raise InvalidInput("Expected a time to live, but this is none.", {"time_to_live": sentence})


class Messages:
    """Sends and delivers the messages of one timeline; `handle` is the engine's door."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        worlds: Worlds,
        handle: Callable[[Command], object],
        timeline: Timeline = "live",
    ) -> None:
        self._store = store
        self._clock = clock
        self._worlds = worlds
        self._handle = handle
        self._timeline: Timeline = timeline

    def send(self, sending: Sending) -> Sent:
        """Keep a message, and deliver it at once if somebody waits for it or a process begins with it.

        Raises InvalidInput for what can't be sent or can't open its ticket, Conflict for other words under an id
        that was used.
        """
        payload = _judged(sending)
        now = self._clock.now()
        delivery = _delivery(sending.id)
        message = NewMessage(
            desk_id=sending.desk_id,
            id=sending.id,
            name=sending.name,
            key=sending.key,
            payload=payload,
            actor=sending.actor,
            timeline=self._timeline,
            sent_at=now,
            expires_at=now + sending.time_to_live,
            delivery=delivery,
        )
        if not self._store.messages.add(message):
            return self._sent_before(message)
        self.deliver(sending.desk_id, sending.id)
        row = self._store.messages.get(sending.desk_id, sending.id)
        assert row is not None
        return _sent(row)

    def deliver(self, desk_id: int, message_id: UUID) -> None:
        """Look for a message's catcher and let it be taken; one that doesn't wait any more is left alone."""
        row = self._store.messages.get(desk_id, message_id)
        tried: tuple[UUID | None, CasepathError] | None = None
        while row is not None and row.state == "waiting":
            catcher = self._store.messages.catcher(row)
            if (
                tried and tried[0] == catcher
            ):  # nothing has moved, so that is no matter of having been overtaken
                return self._give_up_for_now(row, tried[1])
            try:
                return self._begin_or_rest(row) if catcher is None else self._take(row, catcher)
            except CasepathError as error:
                tried = catcher, error
            row = self._store.messages.get(desk_id, message_id)

    def deliver_waiting(self, desk_id: int) -> bool:
        """Deliver every message of a desk that somebody waits for by now; return whether that changed anything."""
        found = self._store.messages.meetings(desk_id, self._timeline)
        for id in found:
            self.deliver(desk_id, id)
        return bool(found) and found != self._store.messages.meetings(desk_id, self._timeline)

    def _take(self, row: MessageRow, catcher: UUID) -> None:
        if self._is_over(row):
            return
        self._handle(
            CorrelateMessage(
                id=_delivery(row.id),
                desk_id=row.desk_id,
                actor=row.actor,
                subscription_id=catcher,
                message_id=row.id,
                name=row.name,
                payload=row.payload,
            )
        )

    def _begin_or_rest(self, row: MessageRow) -> None:
        """Open a ticket where a process begins with the message (of several the first by key), else let it wait.

        Raises AlreadyBegun where one runs that was opened under the message's key.
        """
        processes = self._worlds.begun_by(row.desk_id, "message", row.name)
        if not processes:
            if not self._is_over(row):
                self._store.messages.rest(row)
            return
        try:
            self._handle(
                opening(
                    "message",
                    row.name,
                    row.payload,
                    id=_delivery(row.id),
                    desk_id=row.desk_id,
                    actor=row.actor,
                    process=processes[0],
                    message_id=row.id,
                    start_key=row.key,
                )
            )
        except InvalidInput as error:  # no later try would make it better
            self._store.messages.refuse(row, _whole(error), self._clock.now())

    def _give_up_for_now(self, row: MessageRow, error: CasepathError) -> None:
        """One whose ticket runs already waits until that catches it, as any message does; others are tried again."""
        if isinstance(error, AlreadyBegun):
            if not self._is_over(row):
                self._store.messages.rest(row)
        else:
            self._later(row, error)

    def _is_over(self, row: MessageRow) -> bool:
        now = self._clock.now()
        if row.expires_at > now:
            return False
        self._store.messages.expire_one(row, now)
        return True

    def _later(self, row: MessageRow, error: CasepathError) -> None:
        log.warning("Message %s could not be delivered and is tried again: %s", row.id, error)
        self._store.messages.try_later(row, str(error), pause(row.attempts + 1))

    def _sent_before(self, message: NewMessage) -> Sent:
        row = self._store.messages.get(message.desk_id, message.id)
        if row is None:  # delivered, and tidied away since
            ticket = self._store.messages.delivered_to(message.desk_id, message.delivery)
            return Sent(message.id, "delivered", ticket, None, repeated=True)
        if (row.name, row.key, row.payload) != (message.name, message.key, message.payload):
            raise Conflict(
                f"Expected the same message under the same id, but '{row.name}' was sent with other words by it."
            )
        return _sent(row, repeated=True)


def _judged(sending: Sending) -> dict[str, Any]:
    if not timedelta(0) <= sending.time_to_live <= LONGEST_LIFE:
        found = "less than none" if sending.time_to_live < timedelta(0) else "more"
        sentence = f"Expected 0 to {LONGEST_LIFE.days} days, but it is {found}."
        raise InvalidInput(
            "Expected a time to live that can be kept, but this can't.", {"time_to_live": sentence}
        )
    return judged(sending.payload, name=sending.name, key=sending.key)


def _delivery(message: UUID) -> UUID:
    """The id of the one command that delivers a message, whoever takes it."""
    return derived_id(message, "deliver")


def _sent(row: MessageRow, *, repeated: bool = False) -> Sent:
    if row.state == "refused":
        raise InvalidInput(row.error or "Expected a message that can be taken, but it was refused.")
    return Sent(row.id, row.state, row.ticket_number, row.expires_at, row.error, repeated)


def _whole(error: InvalidInput) -> str:
    return " ".join([str(error), *(f"{name}: {sentence}" for name, sentence in error.fields.items())])
