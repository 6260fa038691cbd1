"""A working calendar: when people are there, and the arithmetic of the time while they are.

A calendar is open at a moment when the wall clock of its zone then shows a time within a window. So an hour that is
shown twice counts twice, and one that is left out counts nothing: working time is always real time, exact to the
microsecond. What stands for one date goes before what stands for every year, that before public holidays, and these
before the week.

Business days are another measure: a working day counts as 24 hours of wall time, whatever its windows are, so that
n days later means the same time of day. `days_between` and `add_days` count so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property

from engine.calendars.days import DAY_NAMES, WHOLE_DAY, Day, Window
from engine.calendars.openings import NeverOpens, Openings, open_within
from engine.calendars.publicdays import PublicHolidays
from engine.calendars.workdays import WorkingDays
from engine.calendars.zones import furthest, in_utc, instant, reached, wall

__all__ = ["ALWAYS", "Day", "NeverOpens", "Window", "WorkingCalendar"]

Week = tuple[tuple[Window, ...], ...]
_HASHED_YEARS = range(2020, 2041)


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """The hours of one desk, tier or person; moments go in with any zone and come out in UTC.

    `weekly` are the windows of Monday to Sunday. `dates` and `yearly` (month, day) are own days: open at other
    hours, or closed, with a reason. A calendar without end works in the years 2 to 9998.
    """

    id: str
    title: str
    zone: tzinfo
    weekly: Week
    dates: Mapping[date, Day] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], Day] = field(default_factory=dict)
    holidays: tuple[PublicHolidays, ...] = ()

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"Expected the windows of 7 days, but found {len(self.weekly)}.")

    @cached_property
    def always(self) -> bool:
        """Whether it never closes."""
        whole = all(windows == (WHOLE_DAY,) for windows in self.weekly)
        return whole and not (self.dates or self.yearly or self.holidays)

    @cached_property
    def version(self) -> str:
        """12 hex digits of SHA-256 over what the calendar means: equal for calendars that are open alike.

        Titles and reasons are left out, the dates that public holidays have from 2020 to 2040 are in.
        """
        meaning = {
            "zone": str(self.zone),
            "weekly": [[(it.start, it.end) for it in windows] for windows in self.weekly],
            "dates": sorted((str(day), _plain(it)) for day, it in self.dates.items()),
            "yearly": sorted((day, _plain(it)) for day, it in self.yearly.items()),
            "holidays": sorted(
                {str(day) for it in self.holidays for y in _HASHED_YEARS for day in it.dates(y)}
            ),
        }
        return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:12]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkingCalendar):
            return NotImplemented
        return (self.id, self.title, self.version) == (other.id, other.title, other.version)

    def __hash__(self) -> int:
        return hash(self.id)

    def on(self, day: date) -> Day:
        """Return what holds on a day: its windows, and the reason where it is a special one."""
        special = self.dates.get(day) or self.yearly.get((day.month, day.day))
        if special is not None:
            return special
        for holidays in self.holidays:
            if name := holidays.on(day):
                return Day((), name)
        return Day(self.weekly[day.weekday()])

    def is_working_day(self, day: date) -> bool:
        """Whether a window begins on that day."""
        return bool(self.on(day).windows)

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open: from the moment of opening until just before the moment of closing."""
        return self.always or self._openings.is_open(in_utc(moment))

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself while open, else the next opening. Raises NeverOpens."""
        return in_utc(moment) if self.always else self._openings.next_opening(in_utc(moment))

    def next_change(self, moment: datetime) -> datetime | None:
        """Return the next moment after this one at which it opens or closes; None where there is none."""
        return None if self.always else self._openings.next_change(in_utc(moment))

    def add(self, moment: datetime, worked: timedelta) -> datetime:
        """Return the earliest moment at which so much working time has passed; no time is the moment itself.

        So an hour from an hour before closing is the closing, not the next opening. Raises ValueError for less than
        no time, NeverOpens, and OverflowError beyond 400 years.
        """
        _refuse_negative(worked)
        start = in_utc(moment)
        return start + worked if self.always or not worked else self._openings.add(start, worked)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time in [start, end). Raises ValueError where the end comes first."""
        start, end = _ordered(start, end)
        return end - start if self.always else self._openings.between(start, end)

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """Return the same local time of day so many working days later; a start while closed first moves on to
        the next opening. The target may be closed at that time of day. Raises ValueError for less than no days.
        """
        _refuse_negative(timedelta(days))
        opening = self.next_opening(moment)
        if not days:
            return opening
        start = wall(opening, self.zone)
        return instant(datetime.combine(self._days.later(start.date(), days), start.time()), self.zone)

    def days_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the wall time of working days in [start, end), 24 hours to the day.

        An hour that is shown twice counts once (while it is shown first), one that is left out counts at the change.
        """
        start, end = _ordered(start, end)
        return self._days.between(furthest(start, self.zone), furthest(end, self.zone))

    def add_days(self, moment: datetime, amount: timedelta) -> datetime:
        """Return the earliest moment at which so much wall time of working days has passed.

        `days_between` leads back to the amount, but for a time of day that a change of clocks leaves out: then the
        change is the moment.
        """
        _refuse_negative(amount)
        if not amount:
            return in_utc(moment)
        return reached(self._days.advance(furthest(moment, self.zone), amount), self.zone)

    def why(self, moment: datetime) -> str:
        """Say for a person why it is open or closed: "open 08:00 to 20:00", "closed: Christmas Day"."""
        if self.always:
            return "open around the clock"
        local = wall(moment, self.zone)
        for day in (local.date(), local.date() - timedelta(days=1)):
            for start, end, window in ((*it.on(day), it) for it in self.on(day).windows):
                if start <= local < end:
                    reason = self.on(day).reason
                    return f"open {window} ({reason})" if reason else f"open {window}"
        today = self.on(local.date())
        name = today.reason or DAY_NAMES[local.weekday()]
        hours = " and ".join(map(str, today.windows))
        return f"closed: {name} is open {hours}" if hours else f"closed: {name}"

    @cached_property
    def _openings(self) -> Openings:
        return Openings(lambda year: open_within(self.on, self.zone, year))

    @cached_property
    def _days(self) -> WorkingDays:
        return WorkingDays(self.is_working_day)


def _plain(day: Day) -> list[tuple[int, int]]:
    return [(it.start, it.end) for it in day.windows]


def _refuse_negative(amount: timedelta) -> None:
    if amount < timedelta(0):
        raise ValueError(f"Expected no less than no time, but found {amount}.")


def _ordered(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    start, end = in_utc(start), in_utc(end)
    if end < start:
        raise ValueError(f"Expected an end after {start.isoformat()}, but found {end.isoformat()}.")
    return start, end


ALWAYS = WorkingCalendar("always", "Around the clock", UTC, ((WHOLE_DAY,),) * 7)
