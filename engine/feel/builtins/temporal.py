"""The calendar, and the moment of the evaluation."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run


@builtin("now()")
def now(run: Run) -> Any:
    """The moment of the evaluation, in UTC; null where none was handed in."""
    if run.surroundings.now is None:
        return run.warn("Expected a moment for now() but none was handed in")
    return run.surroundings.now.astimezone(UTC)


@builtin("today()")
def today(run: Run) -> Any:
    """The date of the evaluation in the zone of the desk, else in UTC; null where none was handed in."""
    moment = now(run)
    return None if moment is None else moment.astimezone(run.surroundings.zone).date()


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


@builtin("day of year(date: date)", "day of year(date: date and time)")
def day_of_year(run: Run, value: date) -> Decimal:
    """The number of the day in its year, from 1."""
    return Decimal(value.timetuple().tm_yday)


@builtin("day of week(date: date)", "day of week(date: date and time)")
def day_of_week(run: Run, value: date) -> str:
    """The day's English name."""
    return calendar.day_name[_day(value).weekday()]


@builtin("month of year(date: date)", "month of year(date: date and time)")
def month_of_year(run: Run, value: date) -> str:
    """The month's English name."""
    return calendar.month_name[value.month]


@builtin("week of year(date: date)", "week of year(date: date and time)")
def week_of_year(run: Run, value: date) -> Decimal:
    """The number of the week by ISO 8601."""
    return Decimal(value.isocalendar().week)


@builtin("last day of month(date: date)", "last day of month(date: date and time)")
def last_day_of_month(run: Run, value: date) -> date:
    """The last date of the month (as in Camunda's FEEL)."""
    day = _day(value)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
