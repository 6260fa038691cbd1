"""The goals of tickets: how their clocks stand, and every interval of them."""

from __future__ import annotations

from collections.abc import Collection

from engine.goals import Interval, Standing
from engine.store.repository import Repository

# In the order in which a pack names its goals: all clocks of a ticket begin together, one after the other.
_STANDINGS = """
SELECT g.id, g.ticket_number, i.snapshot_id, i.terms_id, g.goal, g.round, g.status, g.target, g.counted,
    g.calendar, g.version, g.source, g.rule, g.used, g.since, g.due_at, g.warn_at, g.breached_at, g.met_at
FROM goal_clock g
JOIN instance i ON i.desk_id = g.desk_id AND i.id = g.instance_id
WHERE g.desk_id = %(desk)s AND g.ticket_number = ANY(%(tickets)s) ORDER BY g.ticket_number, g.id
"""
_OPEN_STANDINGS = _STANDINGS.replace(" ORDER BY", " AND g.status IN ('running', 'paused') ORDER BY")
_INTERVALS = """
SELECT clock_id, goal, round, status, reason, since, until, target, counted, calendar, version, source, rule, used
FROM goal_interval WHERE desk_id = %s AND ticket_number = %s ORDER BY place
"""


class Goals(Repository):
    """Questions about what is promised."""

    def standings(self, desk_id: int, number: int) -> list[Standing]:
        """Return how the clocks of a ticket stand, in the order in which they were started."""
        return self._all(Standing, _STANDINGS, {"desk": desk_id, "tickets": [number]})

    def open_standings(self, desk_id: int, numbers: Collection[int]) -> list[Standing]:
        """Return how the clocks of some tickets stand that have not come to their end."""
        if not numbers:
            return []
        return self._all(Standing, _OPEN_STANDINGS, {"desk": desk_id, "tickets": list(numbers)})

    def intervals(self, desk_id: int, number: int) -> list[Interval]:
        """Return every interval of a ticket's clocks, the oldest first."""
        return self._all(Interval, _INTERVALS, desk_id, number)
