"""ISO 8601 durations, kept exactly.

A month has no fixed length and a day of a zone need not have 24 hours, so a duration keeps three numbers that are
never turned into one another: months, days and microseconds. Whatever can't be kept exactly is refused instead of
rounded: half a month, a tenth of a microsecond.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from engine.calendars.zones import in_utc, instant, wall
from engine.errors import CasepathError

_NUMBER = r"(\d{1,15}(?:[.,]\d{1,15})?)"
_TEXT = re.compile(
    r"([+-]?)P"
    rf"(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
_MICROSECONDS = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000}
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_A_DAY = 24 * _MICROSECONDS["hour"]


class InvalidDuration(CasepathError):
    """A text that is no ISO 8601 duration, or one that can't be kept exactly."""


@dataclass(frozen=True)
class Duration:
    """Months, calendar days and microseconds; all of one sign. Equal means equal in all three."""

    months: int = 0
    days: int = 0
    microseconds: int = 0

    def __post_init__(self) -> None:
        if min(self._parts) < 0 < max(self._parts):
            raise ValueError(f"Expected numbers of one sign, but found {self._parts}.")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read P1Y2M3W4DT5H6M7.5S, P1W, PT1,5H, P0.5D, -PT30M; the last unit may have a fraction.

        A fraction of a day or week goes on in hours of 24 to the day. Raises InvalidDuration.
        """
        match = _TEXT.fullmatch(text.strip())
        sign, *numbers = match.groups() if match else ("",)
        given = {unit: number for unit, number in zip(_UNITS, numbers, strict=False) if number}
        if not given:
            raise InvalidDuration(
                f"Expected a duration such as PT4H, P2DT12H or P1M, but found “{_short(text)}”."
            )
        for unit in list(given)[:-1]:
            if not given[unit].isdigit():
                message = (
                    f"Expected a fraction of the last unit only, but “{_short(text)}” has one of the {unit}s."
                )
                raise InvalidDuration(message)
        amounts = {unit: Fraction(number.replace(",", ".")) for unit, number in given.items()}
        duration = cls._of(amounts, text)
        return -duration if sign == "-" else duration

    @classmethod
    def _of(cls, amounts: dict[str, Fraction], text: str) -> Duration:
        def amount(unit: str) -> Fraction:
            return amounts.get(unit, Fraction(0))

        months = amount("year") * 12 + amount("month")
        days = amount("week") * 7 + amount("day")
        whole = days.numerator // days.denominator
        time = sum((amount(unit) * length for unit, length in _MICROSECONDS.items()), (days - whole) * _A_DAY)
        if months.denominator != 1 or time.denominator != 1:
            smallest = "month" if months.denominator != 1 else "microsecond"
            message = f"Expected a duration of whole {smallest}s, but “{_short(text)}” has a part of one."
            raise InvalidDuration(message)
        return cls(months.numerator, whole, time.numerator)

    def added_to(self, moment: datetime, zone: tzinfo = UTC, times: int = 1) -> datetime:
        """Return the moment (UTC) so many durations later: months, then days, then time.

        Months and days are those of a calendar in `zone`: a day that the month lacks becomes its last, the local time
        of day stays; where the clocks change, the rules of zones.py hold. Time is real time. Raises OverflowError
        outside of the years 1 to 9999.
        """
        result = in_utc(moment)
        if self.months or self.days:
            local = _months_later(wall(result, zone), self.months * times)
            result = instant(local + timedelta(days=self.days * times), zone)
        return result + timedelta(microseconds=self.microseconds * times)

    @property
    def is_negative(self) -> bool:
        """Whether it leads into the past."""
        return min(self._parts) < 0

    @property
    def _parts(self) -> tuple[int, int, int]:
        return self.months, self.days, self.microseconds

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.days, -self.microseconds)

    def __bool__(self) -> bool:
        return any(self._parts)

    def __str__(self) -> str:
        """The canonical text: months below 12, weeks as days, hours as they are, no needless zero."""
        if not self:
            return "PT0S"
        years, months = divmod(abs(self.months), 12)
        seconds, microseconds = divmod(abs(self.microseconds), 1_000_000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        second = f"{seconds}.{microseconds:06}".rstrip("0") if microseconds else str(seconds)
        date = _written((years, "Y"), (months, "M"), (abs(self.days), "D"))
        time = _written((hours, "H"), (minutes, "M"), (second, "S"))
        return f"{'-' if self.is_negative else ''}P{date}{'T' if time else ''}{time}"


def _written(*parts: tuple[int | str, str]) -> str:
    return "".join(f"{number}{unit}" for number, unit in parts if str(number) != "0")


def _months_later(local: datetime, months: int) -> datetime:
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    if not 1 <= year <= 9999:
        raise OverflowError(f"Expected a year from 1 to 9999, but found {year}.")
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
