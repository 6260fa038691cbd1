"""The Python types of FEEL values (DMN 1.5, table 40).

null is `None`, a number a `Decimal`, a string a `str`, a boolean a `bool`, a list a `list`, a context a `dict`,
a date a `date`, a date and time a `datetime` (aware, or local when it names no zone). What Python lacks stands
here: a time of day that may name a zone, the two kinds of durations, ranges and functions. All are immutable,
and temporal values are exact to the microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

MICROSECONDS = 1_000_000
_MAX_MICROSECONDS = 10**25
_MAX_MONTHS = 10**15
_REFERENCE_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day; `zone` is None (local), a fixed offset or a named zone."""

    hour: int
    minute: int
    second: int
    microsecond: int = 0
    zone: tzinfo | None = None

    @property
    def clock_time(self) -> time:
        """Return the time of day without its zone."""
        return time(self.hour, self.minute, self.second, self.microsecond)

    @property
    def offset(self) -> timedelta | None:
        """Return the offset from UTC; a named zone answers with its offset on 1970-01-01, having no day."""
        if self.zone is None:
            return None
        return self.zone.utcoffset(datetime.combine(_REFERENCE_DAY, self.clock_time))

    @property
    def microseconds(self) -> int:
        """Return the microseconds since midnight, in UTC where the time has a zone."""
        seconds = self.hour * 3600 + self.minute * 60 + self.second
        local = seconds * MICROSECONDS + self.microsecond
        return local - (self.offset or timedelta()) // timedelta(microseconds=1)

    def __str__(self) -> str:
        return clock_text(self.clock_time) + zone_suffix(self.zone, self.offset)


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """A duration of days, hours, minutes and seconds, kept as microseconds; OverflowError beyond 10^25 of them."""

    microseconds: int

    def __post_init__(self) -> None:
        if abs(self.microseconds) > _MAX_MICROSECONDS:
            raise OverflowError(self.microseconds)

    @classmethod
    def of(cls, span: timedelta) -> DaysTimeDuration:
        """Return the duration as long as a timedelta."""
        return cls(span // timedelta(microseconds=1))

    @property
    def timedelta(self) -> timedelta:
        """Return it as a timedelta; raises OverflowError beyond a billion days."""
        return timedelta(microseconds=self.microseconds)

    def __str__(self) -> str:
        seconds, micro = divmod(abs(self.microseconds), MICROSECONDS)
        days, seconds = divmod(seconds, 86400)
        hours, seconds = divmod(seconds, 3600)
        minutes, seconds = divmod(seconds, 60)
        fraction = f".{micro:06d}".rstrip("0") if micro else ""
        clock = _parts((hours, "H"), (minutes, "M")) + (f"{seconds}{fraction}S" if seconds or micro else "")
        text = _parts((days, "D")) + (f"T{clock}" if clock else "")
        return f"{'-' if self.microseconds < 0 else ''}P{text or 'T0S'}"


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A duration of years and months, kept as months; OverflowError beyond 10^15 of them."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > _MAX_MONTHS:
            raise OverflowError(self.months)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = _parts((years, "Y"), (months, "M")) or "0M"
        return f"{'-' if self.months < 0 else ''}P{text}"


def _parts(*parts: tuple[int, str]) -> str:
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount)


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end of None is open to infinity.

    `operator` is set where the range was written as a comparison, as in `(< 10)`; `(!= 10)` is the one range
    that its ends can't describe.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    operator: str = ""

    @classmethod
    def of_operator(cls, operator: str, end: Any) -> Range:
        """Return the range that a unary comparison stands for."""
        if operator in ("<", "<="):
            return cls(None, end, False, operator == "<=", operator)
        if operator in (">", ">="):
            return cls(end, None, operator == ">=", False, operator)
        return cls(end, end, operator == "=", operator == "=", operator)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; `type` is a FeelType or None, which takes anything."""

    name: str
    type: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: built in, written in FEEL, or a business knowledge model.

    `call(run, arguments)` receives positional arguments, or a dict of named ones.
    """

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[[Any, Sequence[Any] | dict[str, Any]], Any] = field(repr=False)
    result: Any = None


def type_of(value: Any) -> str:
    """Return the FEEL name of the value's type."""
    if isinstance(value, datetime):  # before date: every datetime is one for Python
        return "date and time"
    if (name := _TYPE_NAMES.get(type(value))) is not None:
        return name
    inherited = (name for kind, name in _TYPE_NAMES.items() if isinstance(value, kind))
    return next(inherited, getattr(value, "feel_type", "unknown"))


_TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    date: "date",
    FeelTime: "time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}


def zone_suffix(zone: tzinfo | None, offset: timedelta | None) -> str:
    """Return how a zone is written behind a time: `@Europe/Rome`, `Z`, `+02:00` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key:
        return f"@{zone.key}"
    seconds = int((offset or timedelta()).total_seconds())
    if seconds == 0:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02d}:{rest // 60:02d}"
    return f"{text}:{rest % 60:02d}" if rest % 60 else text


def clock_text(clock: time) -> str:
    """Return a time of day as `hh:mm:ss[.f]`, with no more digits of the fraction than it has."""
    text = clock.isoformat()
    return text.rstrip("0") if clock.microsecond else text


def date_time_text(moment: datetime) -> str:
    """Return a date and time as FEEL writes it, with offset or named zone."""
    suffix = zone_suffix(moment.tzinfo, moment.utcoffset())
    return f"{moment.date().isoformat()}T{clock_text(moment.time())}{suffix}"


def instant(moment: datetime) -> datetime:
    """Return an aware moment in UTC and a local one unchanged.

    Raises OverflowError where that leaves the years 1 to 9999.
    """
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def moment_microseconds(moment: datetime) -> int:
    """Return the microseconds since the beginning of year 1, in UTC where the moment has a zone.

    Python compares and subtracts two moments of one named zone by the wall clock, which is an hour wrong across
    a change of the clocks, and refuses moments whose UTC lies outside its calendar; so everything that compares
    goes through here.
    """
    seconds = (moment.toordinal() * 24 + moment.hour) * 3600 + moment.minute * 60 + moment.second
    local = seconds * MICROSECONDS + moment.microsecond
    return local - (moment.utcoffset() or timedelta()) // timedelta(microseconds=1)
