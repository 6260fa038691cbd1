"""Time is an argument: the only reader of the wall clock.

Everything else receives a moment (`datetime` with zone UTC). Scenarios, rehearsals and replays hand in a
`VirtualClock`; production a `WallClock`. Under `--test-clock` running processes read a shared row of the
database instead, see `engine.store`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever can say which moment it is, in UTC."""

    def now(self) -> datetime:
        """Return the present moment, with zone UTC."""
        ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's moment in UTC, to the microsecond."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward by a duration and return the new moment."""
        return self.advance_to(self._now + by)

    def advance_to(self, moment: datetime) -> datetime:
        """Move to a moment; a moment already past leaves the clock where it is."""
        self._now = max(self._now, moment.astimezone(UTC))
        return self._now
