"""How a target is counted: the four measures that a promise may be made in.

A measure tells how much of an interval counts (`consumed`) and when an amount is used up (`due`). What counts does
not depend on where an interval began, so a clock may be cut into intervals anywhere and their sum stays exact. The
one thing that does depend on it is asked for on its own: `begins`, the moment from which a clock counts that starts
or goes on at some moment. Only business days put it off, to the next opening.

    begin = measure.begins(started)
    due = measure.due(begin, target - consumed_so_far)
    consumed_so_far += measure.consumed(begin, paused)      # nothing where the pause came before the beginning
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.calendars.working import WorkingCalendar
from engine.calendars.zones import in_utc

KINDS = ("elapsed", "working", "business_days", "rolled_forward")
_NOTHING = timedelta(0)


class Measure(Protocol):
    """Moments go in with any zone and come out in UTC; all amounts are exact to the microsecond."""

    @property
    def kind(self) -> str:
        """Its name in a pack."""

    def begins(self, start: datetime) -> datetime:
        """Return the moment from which a clock counts that starts, or goes on after a pause, at `start`."""

    def consumed(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of [start, end) counts; nothing where the end comes first. Adjacent intervals add up."""

    def due(self, start: datetime, left: timedelta) -> datetime:
        """Return the earliest moment that may be promised: `left` is consumed then. Raises ValueError below 0."""


@dataclass(frozen=True)
class Elapsed:
    """Real time, around the clock."""

    calendar: WorkingCalendar
    kind: str = "elapsed"

    def begins(self, start: datetime) -> datetime:
        return in_utc(start)

    def consumed(self, start: datetime, end: datetime) -> timedelta:
        return max(_NOTHING, in_utc(end) - in_utc(start))

    def due(self, start: datetime, left: timedelta) -> datetime:
        _refuse_negative(left)
        return in_utc(start) + left


@dataclass(frozen=True)
class RolledForward(Elapsed):
    """Real time; but what would be due while closed is due at the next opening, so then more has passed."""

    kind: str = "rolled_forward"

    def due(self, start: datetime, left: timedelta) -> datetime:
        return self.calendar.next_opening(super().due(start, left))


@dataclass(frozen=True)
class Working:
    """Real time while the calendar is open."""

    calendar: WorkingCalendar
    kind: str = "working"

    def begins(self, start: datetime) -> datetime:
        return in_utc(start)

    def consumed(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.between(start, end) if in_utc(start) < in_utc(end) else _NOTHING

    def due(self, start: datetime, left: timedelta) -> datetime:
        return self.calendar.add(start, left)


@dataclass(frozen=True)
class BusinessDays:
    """Wall time of working days, 24 hours to the day: n days later is the same time of day."""

    calendar: WorkingCalendar
    kind: str = "business_days"

    def begins(self, start: datetime) -> datetime:
        return self.calendar.next_opening(start)

    def consumed(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.days_between(start, end) if in_utc(start) < in_utc(end) else _NOTHING

    def due(self, start: datetime, left: timedelta) -> datetime:
        return self.calendar.add_days(start, left)


_MEASURES: Mapping[str, Callable[[WorkingCalendar], Measure]] = {
    "elapsed": Elapsed,
    "working": Working,
    "business_days": BusinessDays,
    "rolled_forward": RolledForward,
}


def measure(kind: str, calendar: WorkingCalendar) -> Measure:
    """Return the measure of one of KINDS on a calendar."""
    return _MEASURES[kind](calendar)


def _refuse_negative(amount: timedelta) -> None:
    if amount < _NOTHING:
        raise ValueError(f"Expected no less than no time, but found {amount}.")
