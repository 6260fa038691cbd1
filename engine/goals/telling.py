"""Explanations in words and as facts: the same for the command line, the API and the ticket page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from engine.calendars import WorkingCalendar
from engine.feel.values import DaysTimeDuration
from engine.goals.clock import MICROSECOND
from engine.goals.explaining import Explanation, Line, Round
from engine.goals.target import COUNTED, Target

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_AROUND = "around the clock"
_WORDS = {
    "opened": "the ticket was opened",
    "reply": "a reply was sent",
    "retried": "a failed step was tried again",
    "deployment": "calendars or settings were changed",
}
_REASONS = {
    "state": "state “{}”",
    "mail": "the mail “{}” was sent",
    "element": "the process came to “{}”",
    "variable": "{} changed",
}


def amount(length: timedelta, counted: str = "elapsed") -> str:
    """Return an exact length: "36 h 5 min", or "1 business day 12 h" where days are what counts."""
    days = length // _DAY if counted == "business_days" else 0
    rest = length - days * _DAY
    seconds = f"{rest % _MINUTE / timedelta(seconds=1):f}".rstrip("0").rstrip(".")
    parts = [
        (days, "business day" if days == 1 else "business days"),
        (rest // _HOUR, "h"),
        (rest % _HOUR // _MINUTE, "min"),
    ]
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join([*told, f"{seconds} s"] if seconds != "0" else told) or "0 min"


def left(length: timedelta, target: Target | None) -> str:
    """Return how much is left: "3 h of working time left" where that is what counts."""
    counted = target.counted if target else "elapsed"
    of = " of working time" if counted == "working" else ""
    return f"{amount(length, counted)}{of} left"


def way(target: Target) -> str:
    """Return how a target is counted: "working: only hours in which the calendar is open count"."""
    return f"{target.counted.replace('_', ' ')}: {COUNTED[target.counted]}"


def promise(target: Target | None) -> str:
    """Return a target in one line: "8 h, working, calendar support"."""
    if target is None:
        return "no limit"
    calendar = f", calendar {target.calendar}" if target.calendar else ""
    return f"{amount(target.amount, target.counted)}, {target.counted.replace('_', ' ')}{calendar}"


def reason(text: str, labels: Mapping[str, str]) -> str:
    """Return why an interval began, as "state resolved"; `labels` say by such texts what their names are called."""
    kind, _, name = text.partition(" ")
    if kind in _REASONS and name:
        return _REASONS[kind].format(labels.get(text, name.replace("_", " ")))
    return _WORDS.get(text, text)


def moment(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment exactly, with its day and its distance to UTC: "Mon 2026-03-09 10:30+01:00"."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    exact = "microseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return f"{local:%a} {local.isoformat(sep=' ', timespec=exact)}"


def hours(calendar: WorkingCalendar) -> str:
    """Return the week of a calendar: "Mon to Fri 09:00 to 17:00, Sat 09:00 to 12:00"."""
    if calendar.always:
        return _AROUND
    told, day = [], 0
    for windows, days in groupby(calendar.weekly):
        last = day + len(list(days)) - 1
        if windows:
            name = _WEEK[day] if last == day else f"{_WEEK[day]} to {_WEEK[last]}"
            told.append(f"{name} {' and '.join(map(str, windows))}")
        day = last + 1
    return ", ".join(told) or "no hours of the week"


def special_days(calendar: WorkingCalendar, start: datetime, end: datetime) -> Iterator[tuple[date, str]]:
    """Yield the days around a time at which a calendar keeps other hours than its week has, with these."""
    day, last = (it.astimezone(calendar.zone).date() for it in (start - _DAY, end + _DAY))
    while day <= last:
        found = calendar.on(day)
        if found.windows != calendar.weekly[day.weekday()] or found.reason:
            windows = " and ".join(map(str, found.windows))
            held = f"open {windows}" if windows else "closed"
            yield day, f"{held} ({found.reason})" if found.reason else held
        day += _DAY


def special_days_of(told: Explanation, now: datetime) -> list[tuple[date, str]]:
    """Return the special days from a goal's beginning until it is due, or until now."""
    if told.calendar is None or told.calendar.always:
        return []
    due = told.present.due or now
    ends = [line.until or max(now, due) for it in told.rounds for line in it.lines]
    begin = min((line.since for it in told.rounds for line in it.lines), default=now)
    return list(special_days(told.calendar, begin, max([*ends, due])))


def facts(told: Explanation, now: datetime) -> dict[str, Any]:
    """Return an explanation for programs: moments, lengths as ISO 8601 texts, words beside them."""
    present, reading = told.present, told.reading
    return {
        "goal": told.goal,
        "title": told.title,
        "status": told.status,
        "paused": told.paused,
        "reason": reason(told.reason, told.labels),
        "due_at": present.due,
        "warn_at": told.warn,
        "left": _iso(reading.left),
        "late": _iso(present.late) if present.late else None,
        "target": _target(present.terms, told),
        "missed_by": promise(present.missed) if present.missed else None,
        "calendar": _calendar(told, now),
        "next_change": _next_change(told),
        "rounds": [_round(it, told.labels) for it in told.rounds],
    }


def _round(it: Round, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "round": it.number,
        "status": it.status,
        "due_at": it.due,
        "ended_at": it.ended,
        "lines": [_line(line, labels) for line in it.lines],
    }


def _line(line: Line, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "status": line.status,
        "since": line.since,
        "until": line.until,
        "counts_from": line.counts_from,
        "reason": reason(line.reason, labels),
        "terms": promise(line.terms),
        "version": line.version,
        "used": _iso(line.used),
        "sum": _iso(line.sum),
        "recorded": line.recorded,
    }


def _target(target: Target | None, told: Explanation) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "amount": _iso(target.amount),
        "counted": target.counted,
        "counted_so": COUNTED[target.counted],
        "source": target.source,
        "decision": told.decision,
        "rule": target.rule,
        "rule_note": told.rule_note,
    }


def _calendar(told: Explanation, now: datetime) -> dict[str, Any] | None:
    calendar = told.calendar
    if calendar is None:
        return None
    return {
        "id": calendar.id,
        "title": calendar.title,
        "zone": str(calendar.zone),
        "version": told.present.version,
        "latest_version": calendar.version,
        "hours": hours(calendar),
        "special_days": [{"day": str(day), "hours": text} for day, text in special_days_of(told, now)],
    }


def _next_change(told: Explanation) -> dict[str, Any] | None:
    if told.next_change is None or told.calendar is None:
        return None
    return {"at": told.next_change, "opens": told.calendar.is_open(told.next_change)}


def _iso(length: timedelta | None) -> str | None:
    return None if length is None else str(DaysTimeDuration(length // MICROSECOND))


def place(told: Explanation, desk: tzinfo = UTC) -> tzinfo:
    """Return the zone in which a goal's moments are read: its calendar's, else the desk's."""
    return told.calendar.zone if told.calendar else desk
