"""When a timer is due: ISO 8601 texts, cron and FEEL values.

A month is a month of the calendar in UTC (31 January + P1M is the last of February), a day is 24 hours; time of
working calendars comes from FEEL, and cron follows the clock of the pack's zone. A cycle's rounds lie at anchor + n ×
interval, or where cron says, whenever it really fires: the rounds that were missed collapse into the one that is
late, and count as fired.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from engine.calendars import Duration, InvalidDuration
from engine.calendars.cycles import Cron, InvalidCycle, Repetition, read_cycle, round_after
from engine.feel.temporal import parse_date_time
from engine.feel.values import DaysTimeDuration, YearsMonthsDuration
from engine.spiff.waits import Cycle

_ISO = {
    "date": re.compile(r"\d{4}-\d"),
    "duration": re.compile(r"[+-]?P(\d|T|$)"),
    "cycle": re.compile(r"R\d*/"),
}
_CRON = re.compile(r"@[a-z]+|[\d*?]\S*(?:\s+[\d*?/,#A-Za-z-]*[\d*?A-Za-z][\d*?/,#A-Za-z-]*){4,5}")
NEVER = "never"
"""What a date says of a timer that is not to be armed at all, where something else goes on beside it."""

_EXPECTED = {
    "date": "a moment with its zone such as 2026-12-04T19:30:00Z or 2026-12-04T19:30:00-05:00",
    "duration": "a duration such as PT4H, P2D or P1M",
    "cycle": "a repetition such as R3/PT1H, R/P1D or R2/2026-12-04T19:30:00Z/PT1H, or cron such as 0 9 * * MON-FRI",
}


class NotATimer(ValueError):
    """A text or value from which no due moment follows; its text completes "Expected …"."""


def is_literal(text: str) -> bool:
    """Say whether a timer's text is ISO 8601 or cron rather than FEEL: by how it begins, so that a slip is found."""
    return any(pattern.match(text) for pattern in _ISO.values()) or is_cron(text)


def is_cron(text: str) -> bool:
    """Say whether a text has the fields of a cron expression, or is a word for one such as @daily."""
    return _CRON.fullmatch(text.strip()) is not None


def schedule(kind: str, value: Any, now: datetime, zone: tzinfo = UTC) -> tuple[datetime, Cycle | None]:
    """Return the due moment (UTC) of a timer armed `now`, and its cycle where `kind` is `cycle`.

    `value` is ISO 8601 or cron, or a FEEL value; cron follows the clock of the zone. Raises NotATimer. What lies in
    the past is due at once.
    """
    try:
        if kind == "date":
            return _moment(value), None
        if kind == "duration":
            return max(now, _duration(value).added_to(now)), None
        return _first_round(value, now, zone)
    except OverflowError:
        raise NotATimer(f"a moment before the year 10000, but found {value}") from None


def next_round(cycle: Cycle, now: datetime, zone: tzinfo = UTC) -> tuple[datetime, Cycle] | None:
    """Return the first round after the one that fired, and after `now`; None where the rounds are over."""
    if is_cron(cycle.interval):
        due = Cron(cycle.interval, zone).after(now, cycle.anchor)
        return None if due is None else (due, replace(cycle, number=cycle.number + 1))
    interval = Duration.parse(cycle.interval)
    found = round_after(interval, cycle.anchor, now, cycle.number + 1, cycle.last)
    return None if found is None else (found[1], replace(cycle, number=found[0]))


def _moment(value: Any) -> datetime:
    moment = parse_date_time(value.strip()) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise _unexpected("date", value)
    return moment.astimezone(UTC)


def _duration(value: Any) -> Duration:
    if isinstance(value, DaysTimeDuration):
        return Duration(microseconds=value.microseconds)
    if isinstance(value, YearsMonthsDuration):
        return Duration(months=value.months)
    if not isinstance(value, str):
        raise _unexpected("duration", value)
    try:
        return Duration.parse(value)
    except InvalidDuration:
        raise _unexpected("duration", value) from None


def _first_round(value: Any, now: datetime, zone: tzinfo) -> tuple[datetime, Cycle]:
    if not isinstance(value, str) or not (_ISO["cycle"].match(value.strip()) or is_cron(value)):
        raise _unexpected("cycle", value)
    try:
        found = read_cycle(value, zone)
    except InvalidCycle as error:
        raise NotATimer(str(error).removeprefix("Expected ").removesuffix(".")) from None
    if isinstance(found, Cron):
        return _first_of_cron(found, now)
    assert isinstance(found, Repetition)
    lowest, highest = found.numbers
    # With a beginning the first round lies on it, also in the past: R3/begin/PT1H is begin, +1 h, +2 h.
    anchor = found.anchor(now)
    first = (0, anchor) if found.start else round_after(found.interval, anchor, now, lowest, highest)
    if first is None:
        raise NotATimer(f"a repetition that isn't over yet, but found {value}")
    return first[1], Cycle(anchor, str(found.interval), first[0], highest)


def _first_of_cron(cron: Cron, now: datetime) -> tuple[datetime, Cycle]:
    due = cron.first(now)
    if due is None:
        raise NotATimer(f"a day that comes, but {cron.text} names none")
    return due, Cycle(now, cron.text, 1, None)


def _unexpected(kind: str, value: Any) -> NotATimer:
    shown = "null" if value is None else value
    return NotATimer(f"{_EXPECTED[kind]}, but found {shown}")
