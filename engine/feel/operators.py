"""Arithmetic and comparison of values (DMN 1.5, tables 42 to 54).

Each operator looks its operands' types up in a table; what no table knows yields null with a warning.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.evaluation import Run, Site
from engine.feel.fardates import FarDate
from engine.feel.kinds import (
    DaysTimeDuration,
    FeelTime,
    Function,
    Range,
    YearsMonthsDuration,
    instant,
    moment_microseconds,
    type_of,
)
from engine.feel.numbers import DECIMAL128, DIGITS, NumberError, canonical
from engine.feel.types import midnight

DAY_MICROSECONDS = 86_400_000_000
_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def equal(left: Any, right: Any, run: Run) -> bool | None:
    """Return whether two values are equal; null where they are of kinds that can't be."""
    if left is None or right is None:
        return left is right
    run.spend()
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(equal(a, b, run) is True for a, b in pairs)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k], run) is True for k in left)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(left, right, run)
    if isinstance(left, Function) and isinstance(right, Function):
        return left is right
    left, right = _same_kind(left, right)
    if type_of(left) != type_of(right):
        return None
    if isinstance(left, datetime | FeelTime) and not isinstance(right, FarDate):
        return _zoned(left) == _zoned(right) and _whole_second(left) == _whole_second(right)
    return bool(left == right)


def _whole_second(value: datetime | FeelTime) -> Any:
    """What makes moments equal: their components, among which FEEL has whole seconds only."""
    return _comparable(
        replace(value, microsecond=0) if isinstance(value, FeelTime) else value.replace(microsecond=0)
    )


def _equal_ranges(left: Range, right: Range, run: Run) -> bool:
    same_sides = (left.low_included, left.high_included) == (right.low_included, right.high_included)
    ends = equal(left.low, right.low, run) is True and equal(left.high, right.high, run) is True
    return same_sides and left.operator == right.operator and ends


def _same_kind(left: Any, right: Any) -> tuple[Any, Any]:
    """A date meets a date and time as its midnight in UTC, a list of one meets an item as its item."""
    if isinstance(left, list) and len(left) == 1:
        left = left[0]
    if isinstance(right, list) and len(right) == 1:
        right = right[0]
    return as_moments(left, right)


def as_moments(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both values; a date beside a date and time becomes a moment."""
    kinds = type_of(left), type_of(right)
    if isinstance(left, FarDate) or isinstance(right, FarDate):
        return left, right
    if kinds == ("date", "date and time"):
        return midnight(left), right
    if kinds == ("date and time", "date"):
        return left, midnight(right)
    return left, right


def _zoned(value: datetime | FarDate | FeelTime) -> bool:
    return (value.zone if isinstance(value, FeelTime) else value.tzinfo) is not None


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_microseconds(value)
    if isinstance(value, date):
        return value.toordinal() * DAY_MICROSECONDS
    return value.microseconds if isinstance(value, FeelTime | FarDate) else value


def compare(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 for values of one ordered kind, else None."""
    left, right = as_moments(left, right)
    kind = type_of(left)
    if kind != type_of(right) or kind not in _ORDERED:
        return None
    if kind in ("date and time", "time") and _zoned(left) != _zoned(right):
        return None
    a, b = _comparable(left), _comparable(right)
    return int(a > b) - int(a < b)


_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def ordered(sign: str, left: Any, right: Any, run: Run, site: Site) -> bool | None:
    """Return whether `left sign right`, for one of < <= > >=."""
    order = compare(left, right)
    if order is None:
        site.warn(run, f"Expected values of one ordered kind around {sign} but found {_kinds(left, right)}")
        return None
    return _HOLDS[sign](order)


def in_range(value: Any, span: Range, run: Run) -> bool | None:
    """Return whether a value lies in a range; null where the two can't be compared."""
    if span.operator in ("=", "!="):
        same = equal(value, span.low, run)
        return None if same is None else same == (span.operator == "=")
    if value is None or (not span.operator and (span.low is None or span.high is None)):
        return None  # only a comparison has an open end; a null that was computed makes no range
    above = _beyond(compare(value, span.low), span.low_included) if span.low is not None else True
    below = _beyond(compare(span.high, value), span.high_included) if span.high is not None else True
    if above is None or below is None:
        return None
    return above and below


def _beyond(order: int | None, included: bool) -> bool | None:
    return None if order is None else order > 0 or (included and order == 0)


def _kinds(left: Any, right: Any) -> str:
    return f"{type_of(left)} and {type_of(right)}"


def arithmetic(sign: str, left: Any, right: Any, run: Run, site: Site) -> Any:
    """Return `left sign right` for one of + - * / **."""
    kinds = _GROUP.get(type_of(left), ""), _GROUP.get(type_of(right), "")
    compute = _ARITHMETIC.get((sign, *kinds))
    if isinstance(left, FarDate) or isinstance(right, FarDate):
        return site.warn(run, f"Expected dates in the years 1 to 9999 around {sign} but one lies beyond")
    if compute is None:
        return site.warn(run, f"Expected values that {sign} can join but found {_kinds(left, right)}")
    try:
        result = compute(left, right)
    except ZeroDivisionError:
        return site.warn(run, "Expected a divisor other than zero but found 0")
    except NumberError:
        return site.warn(run, f"Expected the result of {sign} to be a number of 34 digits but it is none")
    except (OverflowError, ValueError):
        return site.warn(run, f"Expected the result of {sign} to lie within the calendar but it lies beyond")
    if result is None:
        return site.warn(run, f"Expected both sides of {sign} to have a zone, or none, but only one has")
    return run.text(result) if isinstance(result, str) else result


_GROUP = {
    "number": "n",
    "string": "s",
    "date": "d",
    "date and time": "dt",
    "time": "t",
    "days and time duration": "dd",
    "years and months duration": "ym",
}


def add_months(day: date, months: int) -> date:
    """Return the date some months later, on the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days_time(moment: datetime, span: timedelta) -> datetime:
    """Return the moment some elapsed time later, in the zone of the first."""
    if moment.tzinfo is None:
        return moment + span
    return (instant(moment) + span).astimezone(moment.tzinfo)


def _date_plus_span(day: date, span: DaysTimeDuration) -> date:
    return (datetime(day.year, day.month, day.day) + span.timedelta).date()


def _time_plus(clock: FeelTime, span: DaysTimeDuration) -> FeelTime:
    since_midnight = clock.hour * 3600 + clock.minute * 60 + clock.second
    total = (since_midnight * 1_000_000 + clock.microsecond + span.microseconds) % DAY_MICROSECONDS
    seconds, micro = divmod(total, 1_000_000)
    return FeelTime(seconds // 3600, seconds // 60 % 60, seconds % 60, micro, clock.zone)


def _minus_moment(left: datetime, right: datetime) -> DaysTimeDuration | None:
    if _zoned(left) != _zoned(right):
        return None
    return DaysTimeDuration(moment_microseconds(left) - moment_microseconds(right))


def _minus_time(left: FeelTime, right: FeelTime) -> DaysTimeDuration | None:
    return DaysTimeDuration(left.microseconds - right.microseconds) if _zoned(left) == _zoned(right) else None


def _minus_dates(left: date, right: date) -> DaysTimeDuration | None:
    a, b = as_moments(left, right)
    if type_of(a) == "date":
        return DaysTimeDuration.of(a - b)
    return _minus_moment(a, b)


def _scaled(amount: int, factor: Decimal) -> int:
    return _whole(DECIMAL128.multiply(Decimal(amount), factor).to_integral_value())


def _divided(amount: int, divisor: Decimal) -> int:
    return _whole(DECIMAL128.divide(Decimal(amount), divisor))


def _whole(amount: Decimal) -> int:
    if amount.adjusted() > DIGITS:
        raise OverflowError(amount)
    return int(amount)


def _ratio(left: int, right: int) -> Decimal:
    return DECIMAL128.divide(Decimal(left), Decimal(right))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent <= 0:
        return Decimal(1) if not exponent else DECIMAL128.divide(Decimal(1), base)  # 0**0 is 1, 0**-1 is none
    return canonical(DECIMAL128.power(base, exponent))


_ARITHMETIC: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", "n", "n"): DECIMAL128.add,
    ("-", "n", "n"): DECIMAL128.subtract,
    ("*", "n", "n"): DECIMAL128.multiply,
    ("/", "n", "n"): DECIMAL128.divide,
    ("**", "n", "n"): _power,
    ("+", "s", "s"): operator.add,
    ("+", "ym", "ym"): lambda a, b: YearsMonthsDuration(a.months + b.months),
    ("-", "ym", "ym"): lambda a, b: YearsMonthsDuration(a.months - b.months),
    ("*", "ym", "n"): lambda a, b: YearsMonthsDuration(_scaled(a.months, b)),
    ("*", "n", "ym"): lambda a, b: YearsMonthsDuration(_scaled(b.months, a)),
    ("/", "ym", "n"): lambda a, b: YearsMonthsDuration(_divided(a.months, b)),
    ("/", "ym", "ym"): lambda a, b: _ratio(a.months, b.months),
    ("+", "dd", "dd"): lambda a, b: DaysTimeDuration(a.microseconds + b.microseconds),
    ("-", "dd", "dd"): lambda a, b: DaysTimeDuration(a.microseconds - b.microseconds),
    ("*", "dd", "n"): lambda a, b: DaysTimeDuration(_scaled(a.microseconds, b)),
    ("*", "n", "dd"): lambda a, b: DaysTimeDuration(_scaled(b.microseconds, a)),
    ("/", "dd", "n"): lambda a, b: DaysTimeDuration(_divided(a.microseconds, b)),
    ("/", "dd", "dd"): lambda a, b: _ratio(a.microseconds, b.microseconds),
    ("+", "d", "dd"): _date_plus_span,
    ("+", "dd", "d"): lambda a, b: _date_plus_span(b, a),
    ("-", "d", "dd"): lambda a, b: _date_plus_span(a, DaysTimeDuration(-b.microseconds)),
    ("+", "d", "ym"): lambda a, b: add_months(a, b.months),
    ("+", "ym", "d"): lambda a, b: add_months(b, a.months),
    ("-", "d", "ym"): lambda a, b: add_months(a, -b.months),
    ("+", "dt", "dd"): lambda a, b: add_days_time(a, b.timedelta),
    ("+", "dd", "dt"): lambda a, b: add_days_time(b, a.timedelta),
    ("-", "dt", "dd"): lambda a, b: add_days_time(a, -b.timedelta),
    ("+", "dt", "ym"): lambda a, b: add_months(a, b.months),
    ("+", "ym", "dt"): lambda a, b: add_months(b, a.months),
    ("-", "dt", "ym"): lambda a, b: add_months(a, -b.months),
    ("+", "t", "dd"): _time_plus,
    ("+", "dd", "t"): lambda a, b: _time_plus(b, a),
    ("-", "t", "dd"): lambda a, b: _time_plus(a, DaysTimeDuration(-b.microseconds)),
    ("-", "t", "t"): _minus_time,
    ("-", "dt", "dt"): _minus_moment,
    ("-", "d", "d"): _minus_dates,
    ("-", "dt", "d"): _minus_dates,
    ("-", "d", "dt"): _minus_dates,
}


def negate(value: Any, run: Run, site: Site) -> Any:
    """Return `-value` for a number or a duration."""
    if type_of(value) == "number":
        return canonical(-value)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(-value.microseconds)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    return site.warn(run, f"Expected a number or a duration behind - but found {type_of(value)}")
