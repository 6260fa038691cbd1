"""Reading dates, times and durations from text (ISO 8601, with `@Zone/Name` as DMN 1.5 adds)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.errors import FeelSyntaxError
from engine.feel.fardates import FarDate, far_date
from engine.feel.kinds import MICROSECONDS, DaysTimeDuration, FeelTime, YearsMonthsDuration

Duration = DaysTimeDuration | YearsMonthsDuration

_DATE = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+/-]{1,64})?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-)?P(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{0,18}))?S)?)?", re.ASCII
)
_MAX_OFFSET = timedelta(hours=18)


def read_date(text: str) -> date | FarDate | None:
    """Return the date that `YYYY-MM-DD` names, in any year of at most nine digits, or None."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1].lstrip("-")) > 4 and match[1].lstrip("-").startswith("0")):
        return None
    if not 1 <= int(match[1]) <= 9999:
        return far_date(int(match[1]), int(match[2]), int(match[3]))
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """Return the date that `YYYY-MM-DD` names, or None where it names none in the years 1 to 9999."""
    day = read_date(text)
    return None if isinstance(day, FarDate) else day


def parse_time(text: str) -> FeelTime | None:
    """Return the time that `hh:mm:ss[.f][zone]` names, or None; digits past the microsecond are dropped."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    zone = parse_zone(match[5] or "")
    if hour > 23 or minute > 59 or second > 59 or (match[5] and zone is None):
        return None
    return FeelTime(hour, minute, second, int((match[4] or "")[:6].ljust(6, "0")), zone)


def parse_date_time(text: str) -> datetime | None:
    """Return the moment that `<date>T<time>` names, or midnight of a bare date, or None; years 1 to 9999."""
    moment = read_date_time(text)
    return None if isinstance(moment, FarDate) else moment


def read_date_time(text: str) -> datetime | FarDate | None:
    """As `parse_date_time`, in any year of at most nine digits."""
    day_text, separator, time_text = text.partition("T")
    day = read_date(day_text)
    clock = parse_time(time_text) if separator else FeelTime(0, 0, 0)
    if day is None or clock is None:
        return None
    if isinstance(day, FarDate):
        return replace(day, clock=clock)
    return datetime.combine(day, clock.clock_time, clock.zone)


def parse_zone(text: str) -> tzinfo | None:
    """Return the zone of `Z`, `+hh:mm[:ss]` or `@Area/City`, or None for nothing and for the unknown."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, seconds = ([*map(int, text[1:].split(":")), 0])[:3]
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59 or offset > _MAX_OFFSET:
        return None
    return fixed_zone(-offset if text[0] == "-" else offset)


def fixed_zone(offset: timedelta) -> tzinfo:
    """Return the zone of a fixed offset; no offset is UTC."""
    return timezone(offset) if offset else UTC


def _named_zone(name: str) -> tzinfo | None:
    if name in ("Z", "UTC"):
        return UTC if name == "Z" else ZoneInfo("UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_duration(text: str) -> Duration | None:
    """Return the duration that an ISO 8601 text names, or None."""
    return _read_years_months(text) or _read_days_time(text)


def parse_duration(text: str) -> Duration:
    """Return the duration that an ISO 8601 text names; raises FeelSyntaxError where it names none.

    Weeks are not part of FEEL's durations, and months never stand beside days: their length would be unknown.
    """
    duration = read_duration(text.strip())
    if duration is None:
        hint = "years and months (P1Y2M) or days and time (P1DT2H30M)"
        raise FeelSyntaxError(f"Expected a duration of {hint} but found {text.strip()!r}")
    return duration


def _read_years_months(text: str) -> YearsMonthsDuration | None:
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    months = int(match[2] or 0) * 12 + int(match[3] or 0)
    return YearsMonthsDuration(-months if match[1] else months)


def _read_days_time(text: str) -> DaysTimeDuration | None:
    match = _DAYS_TIME.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4, 5))
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    micro = whole * MICROSECONDS + int((match[6] or "")[:6].ljust(6, "0"))
    return DaysTimeDuration(-micro if match[1] else micro)


def parse_temporal(text: str) -> date | datetime | FarDate | FeelTime | Duration | None:
    """Return what an `@"…"` literal names: a date, a date and time, a time or a duration; else None."""
    return (
        read_date(text)
        or (read_date_time(text) if "T" in text and not text.lstrip("-").startswith("P") else None)
        or parse_time(text)
        or read_duration(text)
    )
