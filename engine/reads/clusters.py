"""Tickets that come in together: whether several customers of one area tell of the same within minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.store.repository import Repository

# What somebody said when the ticket was opened goes before what the account says. A customer with accounts in several
# areas has none; accounts are found as `account.find` finds them, each way by its index, as an OR lets it.
_AREA = """
SELECT COALESCE(NULLIF(btrim(t.fields ->> 'area'), ''), (
    SELECT CASE WHEN count(DISTINCT lower(btrim(a.area))) = 1 THEN min(btrim(a.area)) END
    FROM customer c JOIN account a ON a.desk_id = c.desk_id AND a.status <> 'closed' AND btrim(a.area) <> '' AND (
        a.number = t.fields ->> 'account'
        OR t.fields ->> 'account' IS NULL AND lower(a.email) = lower(c.email)
        OR t.fields ->> 'account' IS NULL AND c.email IS NULL
            AND regexp_replace(a.phone, '[^0-9]', '', 'g') = c.phone_digits)
    WHERE c.desk_id = t.desk_id AND c.id = t.requester_id)) AS area
"""
_AREA_OF = f"""
SELECT here.area FROM ticket t CROSS JOIN LATERAL ({_AREA}) here WHERE t.desk_id = %s AND t.number = %s
"""
# Of all spans of the given length in which the ticket was opened: the one in which most customers opened one. Each
# such span may be thought to end when one of the tickets was opened, this one or a later one.
_FULLEST = f"""
WITH own AS (SELECT opened_at FROM ticket WHERE desk_id = %(desk)s AND number = %(number)s),
near AS (
    SELECT t.number, t.requester_id, t.opened_at
    FROM own CROSS JOIN ticket t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
        CROSS JOIN LATERAL ({_AREA}) here
    WHERE t.desk_id = %(desk)s AND t.category = %(category)s AND i.timeline = %(timeline)s
        AND t.closed_at IS NULL AND t.resolved_at IS NULL AND t.opened_at <= %(until)s
        AND t.opened_at BETWEEN own.opened_at - %(span)s AND own.opened_at + %(span)s
        AND (%(area)s::text IS NULL OR lower(here.area) = lower(btrim(%(area)s::text)))
),
ends AS (SELECT opened_at FROM own UNION SELECT n.opened_at FROM near n, own WHERE n.opened_at > own.opened_at)
SELECT count(n.number) AS count, count(DISTINCT n.requester_id) AS clients,
    COALESCE(array_agg(n.number ORDER BY n.number) FILTER (WHERE n.number IS NOT NULL), '{{}}') AS found
FROM ends e LEFT JOIN near n ON n.opened_at BETWEEN e.opened_at - %(span)s AND e.opened_at
GROUP BY e.opened_at ORDER BY clients DESC, count DESC, e.opened_at LIMIT 1
"""
_RUNNING = """
SELECT i.ticket_number FROM instance i JOIN ticket t ON t.desk_id = i.desk_id AND t.number = i.ticket_number
WHERE i.desk_id = %(desk)s AND i.timeline = %(timeline)s AND i.process = %(process)s AND i.ended_at IS NULL
    AND t.resolved_at IS NULL AND (i.start_key = %(key)s::text OR i.ticket_number = %(number)s::bigint)
LIMIT 1
"""


@dataclass(frozen=True)
class Cluster:
    """Open tickets that came in together: how many, of how many customers, and their numbers."""

    count: int
    clients: int
    found: Any

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the tickets, in order."""
        return tuple(self.found or ())


class Clusters(Repository):
    """Questions about what comes in together."""

    def area_of(self, desk_id: int, number: int) -> str | None:
        """Return the area of a ticket: as it was said when it was opened, else that of its customer's account."""
        area: str | None = self._value(_AREA_OF, desk_id, number)
        return area

    def cluster(
        self,
        desk_id: int,
        number: int,
        *,
        category: str,
        area: str | None,
        span: timedelta,
        until: datetime,
        timeline: str,
    ) -> Cluster:
        """Return the open tickets of a category, and area if one is named, that came in together with a ticket.

        Of all spans of a length that hold its opening, the one with most customers counts; both its ends belong to
        it. What was opened after `until`, or is resolved or closed, doesn't count.
        """
        asked = {"desk": desk_id, "number": number, "category": category, "area": area, "span": span}
        found = self._one(Cluster, _FULLEST, {**asked, "until": until, "timeline": timeline})
        return found or Cluster(0, 0, ())

    def running(
        self, desk_id: int, process: str, *, key: str | None, number: int | None, timeline: str
    ) -> int | None:
        """Return the ticket that a process was begun for by a message of this key, or the ticket of this number.

        Only if that process is still under way and the ticket is not resolved; else None.
        """
        asked = {"desk": desk_id, "process": process, "key": key, "number": number, "timeline": timeline}
        found: int | None = self._value(_RUNNING, asked)
        return found
