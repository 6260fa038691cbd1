"""Tickets that are alike: what a process may ask about the rest of its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.store.repository import Repository

_NAMED = 10
# A replay's tickets lie beside the live ones, and neither counts for the other.
_SIMILAR = """
SELECT count(*) AS count, (array_agg(t.number ORDER BY t.resolved_at DESC, t.number DESC))[1:%(named)s] AS found
FROM ticket t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.desk_id = %(desk)s AND t.category = %(category)s AND i.timeline = %(timeline)s
    AND t.resolved_at > %(after)s AND t.resolved_at <= %(until)s
"""


@dataclass(frozen=True)
class Similar:
    """How many tickets are alike, and the numbers of the newest of them."""

    count: int
    found: Any

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the ten that were resolved last, the newest first."""
        return tuple(self.found or ())


class Similars(Repository):
    """Questions about tickets that are alike."""

    def similar(
        self, desk_id: int, category: str, *, after: datetime, until: datetime, timeline: str
    ) -> Similar:
        """Return the tickets of a category that were resolved after one moment and until another, and stayed so."""
        asked = {"desk": desk_id, "category": category, "after": after, "until": until}
        found = self._one(Similar, _SIMILAR, {**asked, "timeline": timeline, "named": _NAMED})
        assert found is not None
        return found
