"""Counting time in every way that a pack knows: all its calendars, and around the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from engine.calendars import ALWAYS, Measure, WorkingCalendar, measure
from engine.goals.clock import MICROSECOND, GoalClock
from engine.goals.target import Counted, Target

_ELAPSED = "elapsed"
_BY_CALENDAR: tuple[Counted, ...] = ("working", "business_days")


class Meter:
    """The calendars of a pack in their versions of now, and how time is counted by them."""

    def __init__(self, calendars: Mapping[str, WorkingCalendar]) -> None:
        self.calendars = calendars

    @cached_property
    def _measures(self) -> Mapping[str, Measure]:
        """Every way of counting by its name in the sums of a clock; what never closes may do so one day."""
        named: dict[str, Measure] = {_ELAPSED: measure(_ELAPSED, ALWAYS)}
        for id, calendar in self.calendars.items():
            named.update({f"{way} {id}": measure(way, calendar) for way in _BY_CALENDAR})
        return named

    def calendar(self, id: str) -> WorkingCalendar:
        """Return a calendar; the one around the clock where none is named, or where it is no longer there."""
        return self.calendars.get(id, ALWAYS) if id else ALWAYS

    def version(self, target: Target | None) -> str:
        """Return the version of the calendar by which a target counts."""
        return self.calendar(target.calendar).version if target and target.calendar else ""

    def spent(self, clock: GoalClock, until: datetime) -> dict[str, int]:
        """Return what a running clock uses in its present interval, in microseconds by each way of counting."""
        return {
            name: way.consumed(_from(way, clock), until) // MICROSECOND
            for name, way in self._measures.items()
        }

    def used(self, target: Target, spent: Mapping[str, int]) -> timedelta:
        """Return what sums mean for a target; a calendar that is younger than the sums has seen nothing of them."""
        return spent.get(self._name(target), 0) * MICROSECOND

    def due(self, clock: GoalClock, target: Target, amount: timedelta) -> datetime:
        """Return when a running clock has used an amount of its target; at once where it has."""
        way = measure(target.counted, self.calendar(target.calendar))
        return way.due(_from(way, clock), max(amount - self.used(target, clock.spent), timedelta()))

    def _name(self, target: Target) -> str:
        """What is rolled forward counts like real time, and so does whatever names no calendar."""
        if not target.calendar or target.counted not in _BY_CALENDAR:
            return _ELAPSED
        return f"{target.counted} {target.calendar}"


def _from(way: Measure, clock: GoalClock) -> datetime:
    """From when the present interval counts: a way of counting may put off a beginning, but not what only goes on."""
    return max(way.begins(clock.began), clock.since)
