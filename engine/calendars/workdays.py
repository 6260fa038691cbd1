"""Wall time of working days: each counts 24 hours from midnight to midnight, every other day counts nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from engine.calendars.openings import MOST_YEARS, NeverOpens

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


class WorkingDays:
    """Counts and finds working days on wall time, which has no zone here."""

    def __init__(self, is_working_day: Callable[[date], bool]) -> None:
        self._is_working_day = is_working_day
        self._of = lru_cache(maxsize=64)(self._year)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much wall time of working days lies in [start, end)."""
        if end.year - start.year > MOST_YEARS:
            raise OverflowError(f"Expected at most {MOST_YEARS} years from {start.isoformat()}.")
        whole = sum(len(self._of(year)) for year in range(start.year, end.year)) * _DAY
        return whole + self._until(end) - self._until(start)

    def later(self, day: date, number: int) -> date:
        """Return the day so many working days later; 0 is the day itself."""
        if not number:
            return day
        after = self._after(day)
        for _ in range(number - 1):
            next(after)
        return next(after)

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest wall time after start until which so much has passed; the amount is above 0."""
        midnight = datetime.combine(start.date(), time())
        left = amount + self._until(start) - self._until(midnight)
        if left <= _DAY and self._is_working_day(start.date()):
            return midnight + left
        if self._is_working_day(start.date()):
            left -= _DAY
        whole, rest = divmod(left, _DAY)
        number = whole + 1 if rest else whole  # a whole day ends with its own midnight
        return datetime.combine(self.later(start.date(), number), time()) + (rest or _DAY)

    def _until(self, local: datetime) -> timedelta:
        days = self._of(local.year)
        before = bisect_left(days, local.date())
        midnight = datetime.combine(local.date(), time())
        today = local - midnight if before < len(days) and days[before] == local.date() else _NOTHING
        return before * _DAY + today

    def _after(self, day: date) -> Iterator[date]:
        for year in range(day.year, min(day.year + MOST_YEARS, 9999)):
            yield from (it for it in self._of(year) if it > day)
            if year >= day.year + 30 and not self._of(year):
                raise NeverOpens(datetime.combine(day, time()))
        raise OverflowError(f"Expected at most {MOST_YEARS} years from {day.isoformat()}.")

    def _year(self, year: int) -> tuple[date, ...]:
        first = date(year, 1, 1)
        days = (first + number * _DAY for number in range(366))
        return tuple(day for day in days if day.year == year and self._is_working_day(day))
