"""The properties of temporal values and ranges: `.year`, `.time offset`, `.start` … (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.kinds import DaysTimeDuration, YearsMonthsDuration, type_of

Reader = Callable[[Any], Any]


def property_reader(value: Any, name: str) -> Reader | None:
    """Return what reads the property from a value of this type, or None where the type has no such property."""
    return _PROPERTIES.get(type_of(value), {}).get(name)


def _number(attribute: str) -> Reader:
    return lambda value: Decimal(getattr(value, attribute))


def _offset(offset: timedelta | None) -> DaysTimeDuration | None:
    return None if offset is None else DaysTimeDuration.of(offset)


def _zone(zone: tzinfo | None) -> str | None:
    return zone.key if isinstance(zone, ZoneInfo) else None


def _weekday(value: date) -> Decimal:
    return Decimal(value.isoweekday())


def _span(divisor: int, modulus: int | None) -> Reader:
    def read(value: DaysTimeDuration) -> Decimal:
        whole = abs(value.microseconds) // divisor
        whole = whole if modulus is None else whole % modulus
        return Decimal(-whole if value.microseconds < 0 and whole else whole)

    return read


def _span_seconds(value: DaysTimeDuration) -> Decimal:
    micro = abs(value.microseconds) % 60_000_000
    return Decimal(-micro if value.microseconds < 0 and micro else micro) / 1_000_000


def _months(years: bool) -> Reader:
    def read(value: YearsMonthsDuration) -> Decimal:
        part = abs(value.months) // 12 if years else abs(value.months) % 12
        return Decimal(-part if value.months < 0 and part else part)

    return read


_DATE: dict[str, Reader] = {
    "year": _number("year"),
    "month": _number("month"),
    "day": _number("day"),
    "weekday": _weekday,
}
_CLOCK: dict[str, Reader] = {
    "hour": _number("hour"),
    "minute": _number("minute"),
    "second": _number("second"),
}
_PROPERTIES: dict[str, dict[str, Reader]] = {
    "date": _DATE,
    "time": {
        **_CLOCK,
        "time offset": lambda value: _offset(value.offset),
        "timezone": lambda value: _zone(value.zone),
    },
    "date and time": {
        **_DATE,
        **_CLOCK,
        "time offset": lambda value: _offset(value.utcoffset()),
        "timezone": lambda value: _zone(value.tzinfo),
    },
    "days and time duration": {
        "days": _span(86_400_000_000, None),
        "hours": _span(3_600_000_000, 24),
        "minutes": _span(60_000_000, 60),
        "seconds": _span_seconds,
    },
    "years and months duration": {"years": _months(True), "months": _months(False)},
    "range": {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}
