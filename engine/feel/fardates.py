"""Dates beyond the years 1 to 9999, which the standard knows and Python does not.

They can be written, printed, compared and asked for their parts; nothing can be computed with them, and no variable
keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from engine.feel.kinds import MICROSECONDS, FeelTime

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date, or with a clock a date and time, in a year that Python's calendar lacks."""

    year: int
    month: int
    day: int
    clock: FeelTime | None = None

    @property
    def feel_type(self) -> str:
        """The name of its type, for `type_of`."""
        return "date and time" if self.clock else "date"

    @property
    def hour(self) -> int:
        """The hour of a date and time."""
        return self.clock.hour if self.clock else 0

    @property
    def minute(self) -> int:
        """The minute of a date and time."""
        return self.clock.minute if self.clock else 0

    @property
    def second(self) -> int:
        """The second of a date and time."""
        return self.clock.second if self.clock else 0

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone of a date and time."""
        return self.clock.zone if self.clock else None

    def utcoffset(self) -> timedelta | None:
        """Return the offset of a date and time; a named zone has the one of 1970."""
        return self.clock.offset if self.clock else None

    def toordinal(self) -> int:
        """Return the number of the day, counted as Python counts: 1 is the first day of year 1."""
        year = self.year - 1
        before = sum(_DAYS[: self.month]) + (self.month > 2 and _is_leap(self.year))
        return year * 365 + year // 4 - year // 100 + year // 400 + before + self.day

    def isoweekday(self) -> int:
        """Return the day of the week, 1 for Monday."""
        return (self.toordinal() - 1) % 7 + 1

    @property
    def microseconds(self) -> int:
        """The microseconds since the beginning of year 1, in UTC where there is a zone."""
        return self.toordinal() * 86_400 * MICROSECONDS + (self.clock.microseconds if self.clock else 0)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        text = f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"
        return f"{text}T{self.clock}" if self.clock else text


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def far_date(year: int, month: int, day: int) -> FarDate | None:
    """Return the date of these parts, or None where there is no such day; years of at most nine digits."""
    if not 1 <= month <= 12 or abs(year) > 999_999_999 or 1 <= year <= 9999:
        return None
    days = _DAYS[month] + (month == 2 and _is_leap(year))
    return FarDate(year, month, day) if 1 <= day <= days else None
