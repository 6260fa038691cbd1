"""Moments and durations in words, as an agent reads them.

Pages say "in 2 h 10 min" and carry the exact moment with its zone for hover and screen readers. The words are the
same as those that `assets/js/lib/due.js` goes on with, so nothing jumps when the script takes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.calendars import Duration, InvalidDuration

DeadlineState = Literal["running", "soon", "late", "paused", "met", "none"]

SOON = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Shown:
    """A deadline as the component `deadline` takes it; `exact` names the zone, `due` is ISO 8601.

    One that `ticks` goes on in the browser; what counts only hours of work doesn't.
    """

    state: DeadlineState
    text: str
    exact: str = ""
    due: str = ""
    used: int | None = None
    why: str | None = None
    ticks: bool = True


def zone(name: str | None) -> tzinfo:
    """Return a time zone by its IANA name; an unknown or absent one is UTC."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def span(left: timedelta) -> str:
    """Return a duration's two largest units in whole minutes: "2 h 10 min", "3 d 4 h"; empty under a minute."""
    minutes = abs(left) // _MINUTE
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes % 60, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def exact(moment: datetime | None, place: tzinfo) -> str:
    """Return a moment in a zone, in full: "Mon 23 Nov 2026, 09:30 CET"."""
    if moment is None:
        return ""
    local = moment.astimezone(place)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def short(moment: datetime | None, now: datetime, place: tzinfo) -> str:
    """Return a moment as short as it stays clear: "09:30" today, "21 Nov 09:30" this year."""
    if moment is None:
        return ""
    local, today = moment.astimezone(place), now.astimezone(place)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return f"{local.day} {local.strftime('%b %H:%M' if local.year == today.year else '%b %Y, %H:%M')}"


def deadline(
    due: datetime | None,
    now: datetime,
    place: tzinfo,
    since: datetime | None = None,
    used: int | None = None,
) -> Shown:
    """Return a due moment as words, with how much of the way to it is `used`, or was since a moment."""
    if due is None:
        return Shown("none", "no deadline")
    left, used = due - now, _used(since, due, now) if used is None else used
    words = span(left)
    if left < timedelta(0):
        text = f"{words} late" if words else "due now"
        return Shown("late", text, exact(due, place), due.isoformat(), used)
    state: DeadlineState = "soon" if left <= SOON else "running"
    return Shown(state, f"in {words}" if words else "due now", exact(due, place), due.isoformat(), used)


def _used(since: datetime | None, due: datetime, now: datetime) -> int | None:
    if since is None or due <= since:
        return None
    return max(0, min(100, round(100 * (now - since) / (due - since))))


def precise(moment: datetime, place: tzinfo) -> str:
    """Return a moment to the second, for a trail: "23 Nov 2026 09:30:05"."""
    local = moment.astimezone(place)
    return f"{local.day} {local.strftime('%b %Y %H:%M:%S')}"


def length(text: str) -> str:
    """Return an ISO 8601 duration in words, as it was written: PT48H is 48 hours, not 2 days."""
    try:
        read = Duration.parse(text)
    except InvalidDuration:
        return text
    minutes, seconds = divmod(Decimal(read.microseconds) / 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = (
        (read.months, "month"),
        (read.days, "day"),
        (hours, "hour"),
        (minutes, "minute"),
        (seconds, "second"),
    )
    said = [
        f"{Decimal(count).normalize():f} {word}{'' if count == 1 else 's'}" for count, word in parts if count
    ]
    return " ".join(said) or "no time"
