"""A calendar minute by minute: slow, without arithmetic on zones, made only to be compared with.

For every minute of UTC in two years (and some days around them) zoneinfo says what the clock on the wall shows, and
the definition says whether that is open. Everything else is adding up minutes.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise, repeat
from zoneinfo import ZoneInfo

from engine.calendars import Day, Window, WorkingCalendar

BEGIN, END = datetime(2025, 12, 20, tzinfo=UTC), datetime(2028, 1, 12, tzinfo=UTC)
FIRST_DAY = BEGIN.date() - timedelta(days=3)
MINUTES = (END - BEGIN) // timedelta(minutes=1)
LOCAL_DAYS = MINUTES // 1440 + 6
MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Rome", "America/New_York", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Definition:
    """What a calendar says, in plain words: minutes of the day from and until, where until may pass midnight."""

    zone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    dates: dict[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    yearly: dict[tuple[int, int], tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def windows(self, day: date) -> tuple[tuple[int, int], ...]:
        if day in self.dates:
            return self.dates[day]
        return self.yearly.get((day.month, day.day), self.weekly[day.weekday()])

    def calendar(self) -> WorkingCalendar:
        """The same as the product's calendar."""

        def made(windows: tuple[tuple[int, int], ...]) -> tuple[Window, ...]:
            return tuple(Window(*it) for it in windows)

        return WorkingCalendar(
            "id",
            "Title",
            ZoneInfo(self.zone),
            tuple(map(made, self.weekly)),
            {day: Day(made(it), "own") for day, it in self.dates.items()},
            {day: Day(made(it), "own") for day, it in self.yearly.items()},
        )


@lru_cache(maxsize=8)
def wall_minutes(zone: str) -> array[int]:
    """For each minute of UTC: which minute a clock in the zone shows, counted from the first local day."""
    show, begin, first = datetime.fromtimestamp, int(BEGIN.timestamp()), FIRST_DAY.toordinal()
    shown = map(show, range(begin, begin + MINUTES * 60, 60), repeat(ZoneInfo(zone)))
    return array("i", ((it.toordinal() - first) * 1440 + it.hour * 60 + it.minute for it in shown))


@lru_cache(maxsize=8)
def furthest_minutes(zone: str) -> array[int]:
    """For each minute of UTC: the furthest that the clock has got until it begins, however it was put back."""
    shown = wall_minutes(zone)
    ends = accumulate((it + 1 for it in shown), max)
    return array("i", map(max, shown, [0, *ends]))


@lru_cache(maxsize=8)
def jumps(zone: str) -> list[int]:
    """The minutes of UTC at which a clock in the zone does not show the next minute."""
    shown = wall_minutes(zone)
    return [place for place in range(1, MINUTES) if shown[place] != shown[place - 1] + 1]


def changes(zone: str) -> list[datetime]:
    """The moments at which the clocks of a zone change."""
    return [BEGIN + place * MINUTE for place in jumps(zone)]


def runs(zone: str) -> list[tuple[int, int]]:
    """The minutes that a clock in the zone shows one after another, as [first, end) of each run."""
    shown = wall_minutes(zone)
    edges = [0, *jumps(zone), MINUTES]
    return [(shown[start], shown[end - 1] + 1) for start, end in pairwise(edges)]


class Minutes:
    """One definition, spread out."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        local = bytearray(LOCAL_DAYS * 1440)
        for number in range(-1, LOCAL_DAYS):
            for start, end in definition.windows(FIRST_DAY + timedelta(days=number)):
                span = range(len(local))[max(0, number * 1440 + start) : max(0, number * 1440 + end)]
                local[span.start : span.stop] = b"\1" * len(span)
        # Where the clock runs on, so does the definition; one slice is a thousand times faster than its minutes.
        self.open = b"".join(bytes(local[start:end]) for start, end in runs(definition.zone))
        self.days = [definition.windows(FIRST_DAY + timedelta(days=number)) for number in range(LOCAL_DAYS)]

    @cached_property
    def days_before(self) -> list[int]:
        """How many working days come before each day."""
        return list(accumulate(map(bool, self.days), initial=0))

    def is_open(self, moment: datetime) -> bool:
        return bool(self.open[_place(moment)[0]])

    def worked_until(self, moment: datetime) -> timedelta:
        """Working time from the beginning of all until a moment."""
        minute, rest = _place(moment)
        return self.open.count(1, 0, minute) * MINUTE + (rest if self.open[minute] else timedelta())

    def next_with(self, state: bool, moment: datetime) -> datetime | None:
        """The first moment from this one on that is open, or closed."""
        minute, _ = _place(moment)
        if bool(self.open[minute]) == state:
            return moment
        found = self.open.find(state, minute)
        return None if found < 0 else BEGIN + found * MINUTE

    def days_until(self, moment: datetime) -> timedelta:
        """Wall time of working days from the beginning of all until a moment."""
        minute, rest = _place(moment)
        furthest = furthest_minutes(self.definition.zone)[minute] * MINUTE
        reached = max(furthest, wall_minutes(self.definition.zone)[minute] * MINUTE + rest)
        day, over = divmod(reached, timedelta(days=1))
        return self.days_before[day] * timedelta(days=1) + (over if self.days[day] else timedelta())

    def jumps_at(self, moment: datetime) -> bool:
        """Whether a clock in the zone leaves out some time at that moment."""
        minute, rest = _place(moment)
        shown = wall_minutes(self.definition.zone)
        return not rest and shown[minute] > shown[minute - 1] + 1

    def jumps_over(self, local: time, target: datetime) -> bool:
        """Whether a clock in the zone never shows a time of day on the day of a moment, which came as long after."""
        shown = (target.date() - FIRST_DAY).days * 1440 + local.hour * 60 + local.minute
        return shown not in wall_minutes(self.definition.zone) and target.time() > local


def _place(moment: datetime) -> tuple[int, timedelta]:
    return divmod(moment - BEGIN, MINUTE)


__all__ = ["BEGIN", "END", "MINUTE", "ZONES", "Definition", "Minutes", "changes"]
