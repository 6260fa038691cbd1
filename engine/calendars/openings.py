"""When a calendar is open, as stretches of UTC: one year at a time, kept, searched by halving.

A year of a calendar with five windows a day is some thousand stretches and takes a few milliseconds to make; each
question after that is a search in them. Sums run along, so that a duration of months costs no more than one of
minutes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate

from engine.calendars.days import Day, Span, merged
from engine.calendars.zones import FIRST_YEAR, LAST_YEAR, stretches
from engine.errors import CasepathError

MOST_YEARS = 400
_YEARS_WITHOUT = 30  # a 29 February comes at least every 8 years
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


class NeverOpens(CasepathError):
    """A calendar in which no opening follows."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(f"Expected a calendar that opens after {moment.isoformat()}, but it never does.")


def open_within(on: Callable[[date], Day], zone: tzinfo, year: int) -> tuple[Span, ...]:
    """Return the spans of a year of UTC in which a calendar is open, in order and apart."""
    first = date(year, 1, 1) - 3 * _DAY  # a window of the day before, and zones far from UTC
    days = (first + number * _DAY for number in range(372))
    local = merged(window.on(day) for day in days for window in on(day).windows)
    spans: list[Span] = []
    for stretch in stretches(zone, year):
        begin, end = stretch.wall(stretch.begin), stretch.wall(stretch.end)
        start = bisect_right(local, begin, key=lambda it: it[1])
        stop = bisect_left(local, end, key=lambda it: it[0])
        for opens, closes in local[start:stop]:
            spans.append(
                (
                    (max(opens, begin) - stretch.offset).replace(tzinfo=UTC),
                    (min(closes, end) - stretch.offset).replace(tzinfo=UTC),
                )
            )
    return tuple(merged(spans))


@dataclass(frozen=True)
class _Year:
    """The stretches of one year, and how much of it has been open at the end of each."""

    opens: Sequence[datetime]
    closes: Sequence[datetime]
    sums: Sequence[timedelta]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> _Year:
        lengths = (end - start for start, end in spans)
        return cls([it[0] for it in spans], [it[1] for it in spans], list(accumulate(lengths)))

    @property
    def total(self) -> timedelta:
        return self.sums[-1] if self.sums else _NOTHING

    def until(self, moment: datetime) -> timedelta:
        """Return how much of the year until a moment has been open."""
        begun = bisect_right(self.opens, moment)
        if not begun:
            return _NOTHING
        still_to_come = max(_NOTHING, self.closes[begun - 1] - moment)
        return self.sums[begun - 1] - still_to_come

    def reaching(self, amount: timedelta) -> datetime:
        """Return the earliest moment until which so much has been open: above 0, at most the total."""
        place = bisect_left(self.sums, amount)
        return self.closes[place] - (self.sums[place] - amount)


class Openings:
    """Answers questions about moments of UTC from the spans of each year."""

    def __init__(self, spans: Callable[[int], tuple[Span, ...]]) -> None:
        self._year = lru_cache(maxsize=64)(lambda year: _Year.of(spans(year)))

    def is_open(self, moment: datetime) -> bool:
        """Whether a span holds the moment: its beginning does, its end doesn't."""
        it = self._year(moment.year)
        begun = bisect_right(it.opens, moment)
        return begun > 0 and moment < it.closes[begun - 1]

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself while open, else the next opening. Raises NeverOpens."""
        for year in _years_from(moment, _YEARS_WITHOUT):
            it = self._year(year)
            place = bisect_right(it.closes, moment)
            if place < len(it.opens):
                return max(moment, it.opens[place])
        raise NeverOpens(moment)

    def next_change(self, moment: datetime) -> datetime | None:
        """Return the next moment after this one at which it opens or closes; None within 30 years is none."""
        edges: list[datetime] = []
        for year in _years_from(moment, _YEARS_WITHOUT):
            it = self._year(year)
            for opens, closes in zip(it.opens, it.closes, strict=True):
                if edges and edges[-1] == opens:
                    edges[-1] = closes  # open over the end of a year
                else:
                    edges += [opens, closes]
            later = [edge for edge in edges if edge > moment]
            if len(later) > 1:
                return later[0]
            edges = edges[-2:]
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how long it is open in [start, end)."""
        whole = range(start.year, end.year)
        if len(whole) > MOST_YEARS:
            raise _too_far(start)
        sums = (self._year(year).total for year in whole)
        return sum(sums, self._year(end.year).until(end) - self._year(start.year).until(start))

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """Return the earliest moment after this one until which it has been open so long; the amount is above 0."""
        left = amount + self._year(moment.year).until(moment)
        empty = 0
        for year in _years_from(moment, MOST_YEARS):
            it = self._year(year)
            if left <= it.total:
                return it.reaching(left)
            left -= it.total
            empty = 0 if it.total else empty + 1
            if empty == _YEARS_WITHOUT:
                raise NeverOpens(moment)
        raise _too_far(moment)


def _years_from(moment: datetime, number: int) -> range:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OverflowError(f"Expected a year from {FIRST_YEAR} to {LAST_YEAR}, but found {moment.year}.")
    return range(moment.year, min(moment.year + number, LAST_YEAR + 1))


def _too_far(moment: datetime) -> OverflowError:
    return OverflowError(f"Expected at most {MOST_YEARS} years from {moment.isoformat()}.")
