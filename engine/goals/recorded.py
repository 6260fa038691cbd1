"""What the tables keep of a ticket's goals: how each clock stands, and every interval in which it ran or stood still.

Terms stand there as texts: targets and sums in ISO 8601, the way of counting, the calendar with its version, and who
said so. A `Standing` alone is enough to say how much is left now; the intervals say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from engine.calendars import Measure, measure
from engine.feel.temporal import parse_duration
from engine.feel.values import DaysTimeDuration
from engine.goals.meter import Meter
from engine.goals.target import Counted, Target

_NOTHING = timedelta()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The terms of a row; `used` is the sum by them."""

    goal: str
    round: int
    status: str
    since: datetime
    target: str | None = None
    counted: str | None = None
    calendar: str = ""
    version: str = ""
    source: str = ""
    rule: str = ""
    used: str | None = None

    @property
    def terms(self) -> Target | None:
        """The target, None where there was none."""
        if self.target is None:
            return None
        counted = cast(Counted, self.counted or "elapsed")
        return Target(length(self.target), counted, self.calendar, self.source, self.rule)

    @property
    def sum(self) -> timedelta | None:
        """What had been used, None where there was no target to use."""
        return None if self.used is None else length(self.used)


@dataclass(frozen=True, kw_only=True)
class Interval(Recorded):
    """A stretch in which a clock ran, or stood still, by one set of terms; `until` is None for the present one.

    `used` is the sum at its end: where the next one has other terms, by those.
    """

    clock_id: UUID
    reason: str
    until: datetime | None


@dataclass(frozen=True)
class Reading:
    """What a clock shows at a moment: how much is left, or how much it is late, as its target is counted."""

    left: timedelta | None = None
    late: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Standing(Recorded):
    """How the clock of a goal stands; `since` is when its present interval began."""

    id: UUID
    ticket_number: int
    snapshot_id: UUID
    terms_id: UUID | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be met, in time or late."""
        return self.status in ("running", "paused")

    def missed(self, now: datetime) -> datetime | None:
        """Return the due moment that has passed unmet; also where nobody has noticed it yet."""
        unnoticed = self.due_at if self.status == "running" and self.due_at and self.due_at < now else None
        return self.breached_at or unnoticed

    def read(self, meter: Meter, now: datetime) -> Reading:
        """Return what an open clock shows; nothing for one that is over, or has no target."""
        target = self.terms
        if target is None or not self.is_open:
            return Reading()
        way, missed = way_of(target, meter), self.missed(now)
        if missed is not None:
            return Reading(late=self._late(target, way, missed, now))
        left = max(target.amount - (self.sum or _NOTHING), _NOTHING)
        if self.status == "running" and self.due_at is not None:
            until_due = way.consumed(now, self.due_at)
            # Business days may begin to count later than now, and what is rolled forward has more than its amount.
            left = until_due if target.counted == "rolled_forward" else min(left, until_due)
        return Reading(left=left)

    def _late(self, target: Target, way: Measure, missed: datetime, now: datetime) -> timedelta:
        """Pauses after the due moment don't count: until the present interval the sum says it."""
        if self.status == "running" and self.since <= missed:
            return way.consumed(missed, now)
        before = max((self.sum or _NOTHING) - target.amount, _NOTHING)
        return before + (way.consumed(self.since, now) if self.status == "running" else _NOTHING)


def way_of(target: Target, meter: Meter) -> Measure:
    """Return how a target is counted, by the calendars of now."""
    return measure(target.counted, meter.calendar(target.calendar))


def nearest(standings: Iterable[Standing], meter: Meter, now: datetime) -> Standing | None:
    """Return the open goal that is due first; where all stand still, the one with the least left.

    A clock that stands still and never ran is nobody's matter yet.
    """
    dated, paused = [], []
    for it in standings:
        due = it.breached_at or it.due_at
        left = it.read(meter, now).left
        if it.is_open and due is not None:
            dated.append((due, it.goal, it))
        elif left is not None and it.sum:
            paused.append((left, it.goal, it))
    if dated:
        return min(dated)[2]
    return min(paused)[2] if paused else None


def length(text: str) -> timedelta:
    """Return a duration of days, hours and less that an ISO 8601 text names."""
    duration = parse_duration(text)
    assert isinstance(duration, DaysTimeDuration)  # targets have no months
    return duration.timedelta
