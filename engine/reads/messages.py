"""Sent messages as an operator reads them: what waits, what nobody took, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.feel.codec import from_json
from engine.reads.page import Page, after, cut
from engine.store.repository import Repository


@dataclass(frozen=True)
class SentMessage:
    """A message; `state` is waiting, delivered, expired or refused, `ended_at` when it stopped waiting."""

    id: UUID
    place: int
    name: str
    key: str | None
    stored: Any
    state: str
    sent_by: str
    sent_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ticket_number: int | None
    error: str | None

    @property
    def payload(self) -> dict[str, Any]:
        """What it carries, as FEEL values."""
        values: dict[str, Any] = from_json(self.stored)
        return values


_MESSAGES = """
SELECT id, place, name, key, payload AS stored, state, actor ->> 'name' AS sent_by, sent_at, expires_at, ended_at,
    ticket_number, error
FROM message
WHERE desk_id = %(desk)s AND timeline = 'live' AND state = COALESCE(%(state)s, state)
    AND (%(before)s::bigint IS NULL OR place < %(before)s)
ORDER BY place DESC LIMIT %(limit)s
"""


class Messages(Repository):
    """Questions about sent messages."""

    def messages(
        self, desk_id: int, *, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[SentMessage]:
        """Return the messages of a desk, the newest first; those that were done with long ago are forgotten."""
        seen = after(cursor, _place)
        asked = {"desk": desk_id, "state": state, "before": seen[0] if seen else None, "limit": limit + 1}
        return cut(self._all(SentMessage, _MESSAGES, asked), limit, "place")


def _place(text: str) -> int:
    place = int(text)
    if abs(place) >= 2**63:
        raise ValueError(text)
    return place
