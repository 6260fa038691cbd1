"""Links between tickets, from both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.store.repository import Repository


@dataclass(frozen=True)
class TicketLink:
    """What a ticket is to another one (`outward`), or that one to it; number and the rest are the other's."""

    kind: str
    outward: bool
    number: int
    subject: str
    status: str
    label: str
    requester_id: UUID | None
    linked_at: datetime


_LINKS = """
SELECT l.kind, l.outward, k.number, k.subject, k.status, k.label, k.requester_id, l.linked_at
FROM (
    SELECT kind, true AS outward, other_number AS number, linked_at FROM ticket_link
    WHERE desk_id = %(desk)s AND ticket_number = %(number)s
    UNION ALL SELECT kind, false, ticket_number, linked_at FROM ticket_link
    WHERE desk_id = %(desk)s AND other_number = %(number)s
) l JOIN ticket k ON k.desk_id = %(desk)s AND k.number = l.number
ORDER BY l.outward DESC, l.linked_at, k.number
"""


class Links(Repository):
    """Questions about what tickets are to each other."""

    def links(self, desk_id: int, number: int) -> list[TicketLink]:
        """Return the links of a ticket: its own first, then those of others to it, the oldest first."""
        return self._all(TicketLink, _LINKS, {"desk": desk_id, "number": number})
