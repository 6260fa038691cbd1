"""When a timer is due: ISO 8601 texts and FEEL values, months by the calendar, cycles on their grid.

A month is a month of the calendar in UTC (31 January + P1M is the last of February), a day is 24 hours; time of
working calendars comes from FEEL. A cycle's rounds lie at anchor + n × interval, whenever it really fires: the
rounds that were missed collapse into the one that is late, and count as fired.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.feel.temporal import parse_date_time, read_duration
from engine.feel.values import DaysTimeDuration, YearsMonthsDuration
from engine.spiff.waits import Cycle

Duration = DaysTimeDuration | YearsMonthsDuration

_ISO = {
    "date": re.compile(r"\d{4}-\d"),
    "duration": re.compile(r"[+-]?P(\d|T|$)"),
    "cycle": re.compile(r"R\d*/"),
}
_CYCLE = re.compile(r"R(\d{0,9})/(?:([^/]+)/)?([^/]+)")
_EXPECTED = {
    "date": "a moment with its zone such as 2026-12-04T19:30:00Z or 2026-12-04T19:30:00-05:00",
    "duration": "a duration such as PT4H, P2D or P1M",
    "cycle": "a repetition such as R3/PT1H, R/P1D or R2/2026-12-04T19:30:00Z/PT1H",
}


class NotATimer(ValueError):
    """A text or value from which no due moment follows; its text completes "Expected …"."""


def is_literal(text: str) -> bool:
    """Say whether a timer's text is ISO 8601 rather than FEEL: by how it begins, so that a slip is found."""
    return any(pattern.match(text) for pattern in _ISO.values())


def schedule(kind: str, value: Any, now: datetime) -> tuple[datetime, Cycle | None]:
    """Return the due moment (UTC) of a timer armed `now`, and its cycle where `kind` is `cycle`.

    `value` is ISO 8601 text or a FEEL value. Raises NotATimer. What lies in the past is due at once.
    """
    try:
        if kind == "date":
            return _moment(value), None
        if kind == "duration":
            return max(now, add(now, _duration(value))), None
        return _first_round(value, now)
    except OverflowError:
        raise NotATimer(f"a moment before the year 10000, but found {value}") from None


def next_round(cycle: Cycle, now: datetime) -> tuple[datetime, Cycle] | None:
    """Return the first round after the one that fired, and after `now`; None where the rounds are over."""
    interval = _duration(cycle.interval)
    number = max(cycle.number + 1, _rounds_until(cycle.anchor, interval, now) + 1)
    if cycle.last is not None and number > cycle.last:
        return None
    try:
        return add(cycle.anchor, interval, number), replace(cycle, number=number)
    except OverflowError:  # beyond the year 9999
        return None


def add(moment: datetime, duration: Duration, times: int = 1) -> datetime:
    """Return the moment (UTC) so many durations later; the day is clamped to its month."""
    if isinstance(duration, DaysTimeDuration):
        return moment + DaysTimeDuration(duration.microseconds * times).timedelta
    years, month = divmod(moment.month - 1 + duration.months * times, 12)
    year = moment.year + years
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _moment(value: Any) -> datetime:
    moment = parse_date_time(value.strip()) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise _unexpected("date", value)
    return moment.astimezone(UTC)


def _duration(value: Any) -> Duration:
    duration = read_duration(value.strip().removeprefix("+")) if isinstance(value, str) else value
    if not isinstance(duration, DaysTimeDuration | YearsMonthsDuration):
        raise _unexpected("duration", value)
    return duration


def _first_round(value: Any, now: datetime) -> tuple[datetime, Cycle]:
    match = _CYCLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise _unexpected("cycle", value)
    interval = _duration(match[3])
    if add(now, interval) <= now:
        raise NotATimer(f"a repetition that moves forward, but found {value}")
    last = int(match[1]) if match[1] else None
    if last == 0:
        raise NotATimer(f"a repetition of at least one round, but found {value}")
    if match[2] is None:
        return add(now, interval), Cycle(now, str(interval), 1, last)
    # With a beginning the first round lies on it: R3/begin/PT1H is begin, +1 h, +2 h.
    begin = _moment(match[2])
    return begin, Cycle(begin, str(interval), 0, None if last is None else last - 1)


def _rounds_until(anchor: datetime, interval: Duration, now: datetime) -> int:
    """Return the number of the last round at or before `now`."""
    if isinstance(interval, DaysTimeDuration):
        return (now - anchor) // interval.timedelta
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    number = months // interval.months
    return number if add(anchor, interval, number) <= now else number - 1


def _unexpected(kind: str, value: Any) -> NotATimer:
    shown = "null" if value is None else value
    return NotATimer(f"{_EXPECTED[kind]}, but found {shown}")
