"""Windows of which two are open at once: within a day, or one over midnight and one of the next day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from engine.calendars.days import Day, Window
from engine.calendars.working import Week, WorkingCalendar

_DAY = timedelta(days=1)
_A_MONDAY = date(2024, 1, 1)
# A date falls on each day of the week within so many years, a 29 February too.
_YEARS = range(2024, 2024 + 28)


@dataclass(frozen=True)
class Overlap:
    """Two windows, and the day on which the second begins."""

    day: date
    first: Window
    second: Window


def overlap_of_week(weekly: Week) -> Overlap | None:
    """Return the first overlap of an ordinary week; Sunday's windows may reach into Monday."""
    days = (_A_MONDAY + number * _DAY for number in range(8))
    return _first(days, lambda day: Day(weekly[day.weekday()]))


def overlap_of_days(calendar: WorkingCalendar, key: str) -> Overlap | None:
    """Return the first overlap that a date, written 2026-12-24 or 12-24, makes with itself or its neighbours."""
    full = [key] if len(key) > 5 else [f"{year}-{key}" for year in _YEARS if key != "02-29" or year % 4 == 0]
    for day in map(date.fromisoformat, full):
        if overlap := _first((day - _DAY, day, day + _DAY), calendar.on):
            return overlap
    return None


def _first(days: Iterable[date], on: Callable[[date], Day]) -> Overlap | None:
    placed = sorted((*window.on(day), day, window) for day in days for window in on(day).windows)
    for one, other in pairwise(placed):
        if other[0] < one[1]:
            return Overlap(other[2], one[3], other[3])
    return None
