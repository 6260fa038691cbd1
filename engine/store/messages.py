"""Messages that were sent by name: each waits for its one catcher until its time to live is over.

Nobody may be missed: a message can be stored while a step that begins to wait for it is not committed yet, and
neither transaction sees the other's row. So both say that they are new. A message has `next_at`, when to look for its
catcher; a subscription is `fresh` until the messages that lie waiting were told to look again. Each is looked at only
after its own commit, and whichever is looked at later sees the other.

Times to look again are the database's own; when a message was sent and expires is told in the time of the instances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.runtime.commands import Actor
from engine.runtime.instance import Timeline
from engine.store.carried import Carried, as_stored
from engine.store.repository import Repository

# A message that was delivered and tidied away is still known by its delivery, which is a kept command.
_ADD = """
INSERT INTO message (desk_id, id, name, key, payload, actor, timeline, state, sent_at, expires_at, next_at)
SELECT %(desk_id)s, %(id)s, %(name)s, %(key)s, %(payload)s, %(actor)s, %(timeline)s, 'waiting', %(sent_at)s,
    %(expires_at)s, now()
WHERE NOT EXISTS (SELECT FROM command WHERE desk_id = %(desk_id)s AND id = %(delivery)s)
ON CONFLICT DO NOTHING
"""
_GET = """
SELECT desk_id, id, name, key, payload AS stored, actor AS stored_actor, timeline, state, sent_at, expires_at,
    ended_at, ticket_number, error, attempts, next_at
FROM message WHERE desk_id = %s AND id = %s
"""
_DELIVERED_TO = "SELECT (outcome ->> 'ticket')::int FROM command WHERE desk_id = %s AND id = %s"
_CATCHER = """
SELECT id FROM subscription
WHERE desk_id = %s AND name = %s AND key = %s AND kind = 'message' AND timeline = %s ORDER BY place LIMIT 1
"""
_CLAIM = """
WITH due AS (
    SELECT desk_id, id FROM message
    WHERE state = 'waiting' AND timeline = 'live' AND next_at <= now()
    ORDER BY next_at, place LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE message SET next_at = now() + %s FROM due WHERE message.desk_id = due.desk_id AND message.id = due.id
RETURNING message.desk_id, message.id
"""
_FRESH = """
SELECT desk_id, id, name, key FROM subscription
WHERE fresh AND kind = 'message' AND timeline = 'live' ORDER BY place LIMIT %s
"""
# Waking and forgetting are two transactions, each on one table: a delivery locks its message and then removes its
# subscription, and whoever held both in the other order would stop it. Locks are taken in order of ids.
_WAKE = """
WITH sleeping AS (
    SELECT m.desk_id, m.id FROM message m
    WHERE m.state = 'waiting' AND m.timeline = 'live'
        AND (m.desk_id, m.name, m.key) IN (SELECT * FROM unnest(%s::int[], %s::text[], %s::text[]))
    ORDER BY m.desk_id, m.id FOR UPDATE
)
UPDATE message SET next_at = now() FROM sleeping
WHERE message.desk_id = sleeping.desk_id AND message.id = sleeping.id
"""
_SEEN = """
WITH seen AS (
    SELECT desk_id, id FROM subscription
    WHERE (desk_id, id) IN (SELECT * FROM unnest(%s::int[], %s::uuid[])) FOR UPDATE SKIP LOCKED
)
UPDATE subscription SET fresh = false FROM seen
WHERE subscription.desk_id = seen.desk_id AND subscription.id = seen.id
"""
# Only as it was read: whoever woke the message meanwhile has a catcher for it.
_REST = """
UPDATE message SET next_at = NULL WHERE desk_id = %s AND id = %s AND state = 'waiting' AND next_at = %s
"""
_TRY_LATER = """
UPDATE message SET attempts = attempts + 1, error = %s, next_at = now() + %s
WHERE desk_id = %s AND id = %s AND state = 'waiting'
"""
_REFUSE = """
UPDATE message SET state = 'refused', error = %s, ended_at = %s, next_at = NULL
WHERE desk_id = %s AND id = %s AND state = 'waiting'
"""
_EXPIRE = """
WITH over AS (
    SELECT desk_id, id FROM message
    WHERE state = 'waiting' AND timeline = 'live' AND expires_at <= %(now)s
    ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE message SET state = 'expired', ended_at = %(now)s, next_at = NULL FROM over
WHERE message.desk_id = over.desk_id AND message.id = over.id
"""
_EXPIRE_ONE = """
UPDATE message SET state = 'expired', ended_at = %s, next_at = NULL
WHERE desk_id = %s AND id = %s AND state = 'waiting'
"""
_MEETINGS = """
SELECT m.id FROM message m
WHERE m.desk_id = %s AND m.timeline = %s AND m.state = 'waiting' AND EXISTS (
    SELECT FROM subscription s WHERE s.desk_id = m.desk_id AND s.name = m.name AND s.key = m.key
        AND s.kind = 'message' AND s.timeline = m.timeline)
ORDER BY m.place
"""


@dataclass(frozen=True)
class NewMessage:
    """A message as it is sent. `delivery` is the id of the command that will deliver it, once. Moments are UTC."""

    desk_id: int
    id: UUID
    name: str
    key: str | None
    payload: Mapping[str, Any]
    actor: Actor
    timeline: Timeline
    sent_at: datetime
    expires_at: datetime
    delivery: UUID


@dataclass(frozen=True)
class ClaimedMessage:
    """A message whose catcher is to be looked for."""

    desk_id: int
    id: UUID


@dataclass(frozen=True)
class FreshSubscription:
    """A place where somebody has begun to wait, and messages may lie waiting for it."""

    desk_id: int
    id: UUID
    name: str
    key: str | None


@dataclass(frozen=True)
class MessageRow(Carried):
    """A message and what became of it; `state` is waiting, delivered, expired or refused."""

    desk_id: int
    id: UUID
    name: str
    key: str | None
    stored: Any
    stored_actor: Any
    timeline: Timeline
    state: str
    sent_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ticket_number: int | None
    error: str | None
    attempts: int
    next_at: datetime | None


class Messages(Repository):
    """Sent messages, by desk."""

    def add(self, message: NewMessage) -> bool:
        """Keep a message; return False, and keep nothing, where its id is known already."""
        return bool(self._run(_ADD, as_stored(message)))

    def get(self, desk_id: int, message_id: UUID) -> MessageRow | None:
        """Return a message, or None."""
        return self._one(MessageRow, _GET, desk_id, message_id)

    def delivered_to(self, desk_id: int, delivery: UUID) -> int | None:
        """Return the ticket that a message was delivered to by this command, or None."""
        number: int | None = self._value(_DELIVERED_TO, desk_id, delivery)
        return number

    def catcher(self, message: MessageRow) -> UUID | None:
        """Return the subscription that has waited longest for a message, or None."""
        if message.key is None:  # then only a start event can take it
            return None
        found: UUID | None = self._value(
            _CATCHER, message.desk_id, message.name, message.key, message.timeline
        )
        return found

    def meetings(self, desk_id: int, timeline: Timeline) -> list[UUID]:
        """Return the waiting messages of a desk that somebody waits for, the oldest first."""
        with self._lend() as connection:
            return [id for (id,) in connection.execute(_MEETINGS, (desk_id, timeline)).fetchall()]

    def claim(self, *, limit: int, lease: timedelta) -> list[ClaimedMessage]:
        """Claim live messages whose catcher is to be looked for; nobody else gets them before the lease ends."""
        return self._all(ClaimedMessage, _CLAIM, limit, lease)

    def wake(self, *, limit: int) -> int:
        """Have messages look again for the subscriptions that are fresh; return how many of these there were."""
        fresh = self._all(FreshSubscription, _FRESH, limit)
        keyed = [it for it in fresh if it.key is not None]
        if keyed:
            self._run(
                _WAKE, [it.desk_id for it in keyed], [it.name for it in keyed], [it.key for it in keyed]
            )
        if fresh:
            self._run(_SEEN, [it.desk_id for it in fresh], [it.id for it in fresh])
        return len(fresh)

    def rest(self, message: MessageRow) -> None:
        """Let a message wait until somebody wakes it, unless that has happened since it was read."""
        self._run(_REST, message.desk_id, message.id, message.next_at)

    def try_later(self, message: MessageRow, error: str, pause: timedelta) -> None:
        """Note why a message could not be delivered, and when to try again."""
        self._run(_TRY_LATER, error, pause, message.desk_id, message.id)

    def refuse(self, message: MessageRow, error: str, now: datetime) -> None:
        """Give a message up: no later try would make it better."""
        self._run(_REFUSE, error, now, message.desk_id, message.id)

    def expire(self, now: datetime, *, limit: int) -> int:
        """Set live messages aside whose time to live is over; return how many."""
        return self._run(_EXPIRE, {"now": now, "limit": limit})

    def expire_one(self, message: MessageRow, now: datetime) -> None:
        """Set one message aside whose time to live is over."""
        self._run(_EXPIRE_ONE, now, message.desk_id, message.id)

    def tidy(self, before: datetime) -> int:
        """Forget messages that were done with before a moment; return how many."""
        return self._run("DELETE FROM message WHERE state <> 'waiting' AND ended_at < %s", before)
