"""Tickets: one whole, lists of them, their conversation and their deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import NotFound
from engine.feel.codec import from_json
from engine.reads import search
from engine.reads.page import Page, after, cut, whole
from engine.store.repository import Repository


@dataclass(frozen=True)
class Ticket:
    """A ticket with its customer and its instance."""

    desk_id: int
    number: int
    instance_id: UUID
    instance_status: str
    timeline: str
    process: str
    version: int
    snapshot_id: UUID
    status: str
    label: str
    queue: str | None
    category: str | None
    priority: str | None
    subject: str
    description: str
    channel: str
    requester_id: UUID | None
    requester_name: str | None
    requester_email: str | None
    requester_phone: str | None
    stored_fields: Any
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    external_ref: str | None

    @property
    def fields(self) -> dict[str, Any]:
        """The further fields with which it was opened, as FEEL values."""
        fields: dict[str, Any] = from_json(self.stored_fields)
        return fields


@dataclass(frozen=True)
class Entry:
    """One contribution to a ticket's conversation."""

    id: UUID
    at: datetime
    kind: str
    public: bool
    author_kind: str
    author_id: str
    author_name: str
    body: str


@dataclass(frozen=True)
class Deadline:
    """A due moment of a ticket: of an open task (`kind` task) or of an armed timer (`kind` timer)."""

    kind: str
    id: UUID
    element: str
    name: str | None
    since: datetime
    due_at: datetime
    cycle: str | None


@dataclass(frozen=True)
class Subscription:
    """A message that a ticket waits for."""

    id: UUID
    name: str
    key: str | None
    element: str


@dataclass(frozen=True)
class Mail:
    """A mail that the process asked for; `state` is pending, done, failed or cancelled."""

    id: UUID
    at: datetime
    state: str
    stored: Any
    last_error: str | None

    @property
    def entry(self) -> str | None:
        """The entry that left by it, where it is a person's reply."""
        entry = self.stored.get("entry")
        return None if entry is None else str(entry)

    @property
    def to(self) -> str:
        """The address it goes to."""
        return str(self.stored.get("to") or "")

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.stored.get("subject") or "")

    @property
    def body(self) -> str:
        """Its text, as Markdown."""
        return str(self.stored.get("body") or "")

    @property
    def template(self) -> str:
        """The name of the pack's template that it was made from."""
        return str(self.stored.get("template") or "")


_TICKET = """
SELECT k.desk_id, k.number, k.instance_id, i.status AS instance_status, i.timeline, i.process, i.version,
    i.snapshot_id, k.status, k.label, k.queue, k.category, k.priority, k.subject, k.description, k.channel,
    k.requester_id, c.name AS requester_name, c.email AS requester_email, c.phone AS requester_phone,
    k.fields AS stored_fields, k.opened_at, k.updated_at, k.closed_at, k.external_ref
FROM ticket k
JOIN instance i ON i.desk_id = k.desk_id AND i.id = k.instance_id
LEFT JOIN customer c ON c.desk_id = k.desk_id AND c.id = k.requester_id
WHERE k.desk_id = %(desk)s
"""
# By number, by the customer's own reference, by the beginnings of words of the subject, or by the customer.
_MATCHES = """ AND (k.number = %(number)s OR k.external_ref = %(text)s
    OR k.search @@ to_tsquery('simple', %(words)s) OR k.requester_id IN (
        SELECT id FROM customer WHERE desk_id = %(desk)s AND (search @@ lower(%(words)s)::tsquery
            OR reverse(phone_digits) LIKE %(phone)s)))"""

_ENTRIES = """
SELECT id, at, kind, public, author_kind, author_id, author_name, body FROM entry
WHERE desk_id = %s AND ticket_number = %s AND (public OR NOT %s) ORDER BY at, id
"""
_DEADLINES = """
SELECT 'task' AS kind, id, element, name, opened_at AS since, due_at, NULL AS cycle FROM task
WHERE desk_id = %(desk)s AND ticket_number = %(number)s AND state = 'open' AND due_at IS NOT NULL
UNION ALL
SELECT 'timer', id, element, NULL, armed_at, due_at, cycle FROM timer
WHERE desk_id = %(desk)s AND ticket_number = %(number)s AND state = 'armed' AND goal IS NULL
ORDER BY due_at, id
"""
_SUBSCRIPTIONS = """
SELECT id, name, key, element FROM subscription WHERE desk_id = %s AND ticket_number = %s ORDER BY name, id
"""
_MAILS = """
SELECT id, created_at AS at, state, payload AS stored, last_error FROM outbox
WHERE desk_id = %s AND ticket_number = %s AND kind = 'mail' ORDER BY created_at, id
"""


class Tickets(Repository):
    """Questions about tickets."""

    def ticket(self, desk_id: int, number: int) -> Ticket:
        """Return a ticket. Raises NotFound."""
        found = self._one(Ticket, _TICKET + "AND k.number = %(number)s", {"desk": desk_id, "number": number})
        if found is None:
            raise NotFound(f"Expected ticket {number} to exist at this desk, but there is none.")
        return found

    def tickets(
        self,
        desk_id: int,
        *,
        q: str | None = None,
        open: bool | None = None,
        status: str | None = None,
        queue: str | None = None,
        requester: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Ticket]:
        """Return tickets by these filters, the newest first. `q` is a number, words, a name or a phone number."""
        values: dict[str, Any] = {"desk": desk_id, "limit": limit + 1}
        sql = _TICKET
        for column, value in (("status", status), ("queue", queue), ("requester_id", requester)):
            if value is not None:
                sql += f" AND k.{column} = %({column})s"
                values[column] = value
        if open is not None:
            sql += f" AND k.closed_at IS {'' if open else 'NOT '}NULL"
        if q and q.strip():
            sql += _MATCHES
            values |= _searched(q.strip())
        if seen := after(cursor, whole):
            sql += " AND k.number < %(last)s::int"
            values["last"] = seen[0]
        sql += " ORDER BY k.number DESC LIMIT %(limit)s"
        return cut(self._all(Ticket, sql, values), limit, "number")

    def customer_tickets(self, desk_id: int, customer_id: UUID, *, limit: int = 20) -> list[Ticket]:
        """Return a customer's tickets, the newest first."""
        return self.tickets(desk_id, requester=customer_id, limit=limit).items

    def earlier_tickets(
        self, desk_id: int, number: int, requester_id: UUID | None, *, limit: int = 5
    ) -> list[Ticket]:
        """Return the other tickets of a ticket's customer, the newest first."""
        if requester_id is None:
            return []
        found = self.customer_tickets(desk_id, requester_id, limit=limit + 1)
        return [ticket for ticket in found if ticket.number != number][:limit]

    def entries(self, desk_id: int, number: int, *, public_only: bool = False) -> list[Entry]:
        """Return a ticket's conversation, the oldest entry first."""
        return self._all(Entry, _ENTRIES, desk_id, number, public_only)

    def deadlines(self, desk_id: int, number: int) -> list[Deadline]:
        """Return the due moments of a ticket's open tasks and armed timers, the nearest first."""
        return self._all(Deadline, _DEADLINES, {"desk": desk_id, "number": number})

    def subscriptions(self, desk_id: int, number: int) -> list[Subscription]:
        """Return the messages that a ticket waits for."""
        return self._all(Subscription, _SUBSCRIPTIONS, desk_id, number)

    def awaited_messages(self, desk_id: int, number: int) -> list[str]:
        """Return the names of the messages that a ticket waits for."""
        return [it.name for it in self.subscriptions(desk_id, number)]

    def mails(self, desk_id: int, number: int) -> list[Mail]:
        """Return the mails that a ticket's process asked for, the oldest first."""
        return self._all(Mail, _MAILS, desk_id, number)


def _searched(text: str) -> dict[str, Any]:
    bare = text.removeprefix("#")
    return {
        "number": int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else None,
        "text": text.replace("\0", ""),
        "words": search.words(text),
        "phone": search.phone_pattern(text),
    }
