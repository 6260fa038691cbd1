"""What the day of a calendar is: windows on the wall clock, or a reason why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES = 24 * 60

Span = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Window:
    """Open from `start` until just before `end`, in minutes of wall time from the midnight that begins its day.

    An end beyond 1440 lies on the next day: the window belongs to the day on which it begins.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES or not self.start < self.end <= self.start + MINUTES:
            raise ValueError(f"Expected a window of at most a day, but found {self.start} to {self.end}.")

    def on(self, day: date) -> Span:
        """Return its beginning and end in wall time, for the day to which it belongs."""
        midnight = datetime.combine(day, time())
        return midnight + timedelta(minutes=self.start), midnight + timedelta(minutes=self.end)

    def __str__(self) -> str:
        return f"{_clock(self.start)} to {_clock(self.end)}"


WHOLE_DAY = Window(0, MINUTES)


@dataclass(frozen=True)
class Day:
    """The windows of one day, and what makes it special where it is."""

    windows: tuple[Window, ...] = ()
    reason: str = ""


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _clock(minutes: int) -> str:
    hours, minute = divmod(minutes, 60)
    return f"{hours if hours <= 24 else hours - 24:02}:{minute:02}"
