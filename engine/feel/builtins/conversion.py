"""Between texts and numbers, dates, times and durations."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.fardates import FarDate
from engine.feel.kinds import DaysTimeDuration, FeelTime, YearsMonthsDuration
from engine.feel.numbers import is_whole, read_number
from engine.feel.printing import print_value

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@builtin("string(from: Any)")
def string(run: Run, value: Any) -> str | None:
    """The text of a value; null stays null."""
    return None if value is None else run.text(print_value(value, run))


@builtin("number(from: string, grouping separator?: string or null, decimal separator?: string or null)")
def number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Any:
    """The number that a text spells; what groups its digits is taken out, the decimal separator read as a point."""
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (grouping and grouping == point)
    ):
        return run.warn("Expected grouping ' ', ',' or '.' and another decimal separator but found others")
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    value = read_number(text) if _NUMBER.fullmatch(text) else None
    return run.warn(f"Expected a number but found {text!r}") if value is None else value


@builtin("date(from: string)")
def date_from_text(run: Run, text: str) -> Any:
    """The date that `YYYY-MM-DD` names."""
    return temporal.read_date(text) or run.warn(f"Expected a date such as 2026-01-31 but found {text!r}")


@builtin("date(from: date and time)")
def date_from_moment(run: Run, moment: datetime) -> date:
    """The date of a date and time."""
    return moment.date()


@builtin("date(from: date)")
def date_from_date(run: Run, day: date) -> date:
    """The same date."""
    return day


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Any:
    """The date of these parts."""
    if not all(is_whole(part) and abs(part) < 10**9 for part in (year, month, day)) or min(month, day) < 1:
        return run.warn("Expected year, month and day of a date but there is none of these")
    sign = "-" if year < 0 else ""
    named = temporal.read_date(f"{sign}{abs(int(year)):04d}-{int(month):02d}-{int(day):02d}")
    return named or run.warn("Expected year, month and day of a date but there is none of these")


@builtin("date and time(from: string)")
def moment_from_text(run: Run, text: str) -> Any:
    """The date and time that `YYYY-MM-DDThh:mm:ss[zone]` names; a bare date is its midnight."""
    return temporal.read_date_time(text) or run.warn(
        f"Expected a date and time such as 2026-01-31T12:00:00 but found {text!r}"
    )


@builtin("date and time(from: date and time)")
def moment_from_moment(run: Run, moment: datetime) -> datetime:
    """The same date and time; a date becomes its midnight in UTC."""
    return moment


@builtin("date and time(date: date, time: time)")
def moment_of(run: Run, day: date, clock: FeelTime) -> datetime:
    """A date with a time of day, in the zone of the time."""
    return datetime.combine(day, clock.clock_time, clock.zone)


@builtin("date and time(date: date and time, time: time)")
def moment_with_time(run: Run, moment: datetime, clock: FeelTime) -> datetime:
    """The day of a date and time with another time of day."""
    return datetime.combine(moment.date(), clock.clock_time, clock.zone)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset?: days and time duration or null)"
)
def moment_from_parts(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTimeDuration | None = None,
) -> Any:
    """The date and time of these parts."""
    on, at = date_from_parts(run, year, month, day), time_from_parts(run, hour, minute, second, offset)
    if on is None or at is None:
        return None
    return replace(on, clock=at) if isinstance(on, FarDate) else moment_of(run, on, at)


@builtin("time(from: string)")
def time_from_text(run: Run, text: str) -> Any:
    """The time that `hh:mm:ss[zone]` names; a leading T is allowed."""
    return temporal.parse_time(text.removeprefix("T")) or run.warn(
        f"Expected a time such as 12:00:00 but found {text!r}"
    )


@builtin("time(from: time)")
def time_from_time(run: Run, clock: FeelTime) -> FeelTime:
    """The same time."""
    return clock


@builtin("time(from: date and time)")
def time_from_moment(run: Run, moment: datetime) -> FeelTime:
    """The time of day of a date and time, in its zone; a date has midnight in UTC."""
    return FeelTime(moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo)


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration or null)")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> Any:
    """The time of these parts; the second may have a fraction."""
    fits = is_whole(hour) and is_whole(minute) and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60
    zone_fits = offset is None or abs(offset.microseconds) <= 18 * 3_600_000_000
    if not fits or not zone_fits:
        return run.warn("Expected hour, minute, second and offset of a time but there is none of these")
    whole = int(second)
    zone = None if offset is None else temporal.fixed_zone(timedelta(microseconds=offset.microseconds))
    return FeelTime(int(hour), int(minute), whole, int((second - whole) * 1_000_000), zone)


@builtin("duration(from: string)")
def duration(run: Run, text: str) -> Any:
    """The duration that `P1Y2M` or `P1DT2H3M4S` names."""
    return temporal.read_duration(text) or run.warn(
        f"Expected a duration such as P1DT2H or P1Y but found {text!r}"
    )


@builtin("duration(from: days and time duration)", "duration(from: years and months duration)")
def duration_itself(run: Run, span: Any) -> Any:
    """The same duration."""
    return span


@builtin("years and months duration(from: date and time, to: date and time)")
def years_and_months(run: Run, start: datetime, end: datetime) -> YearsMonthsDuration:
    """The whole months between two dates."""
    forward = (start.date(), start.time()) <= (end.date(), end.time())
    early, late = (start, end) if forward else (end, start)
    months = (late.year - early.year) * 12 + late.month - early.month
    if (late.day, late.time()) < (early.day, early.time()):
        months -= 1
    return YearsMonthsDuration(months if forward else -months)
