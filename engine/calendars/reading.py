"""Reading `calendars.toml`: each table is a working calendar, each slip a finding with its line and remedy.

A calendar with a slip is left out, so that nobody counts by half of one. An unknown key is a slip too, because a
typing error looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Any, Protocol

from engine.calendars.days import DAY_NAMES, WHOLE_DAY, Day, Window
from engine.calendars.overlaps import Overlap, overlap_of_days, overlap_of_week
from engine.calendars.publicdays import PublicHolidays, UnknownHolidays
from engine.calendars.working import Week, WorkingCalendar
from engine.calendars.zones import UnknownZone, zone_named

_ID = re.compile(r"[a-z][a-z0-9_]*")
_TIMES = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EACH_YEAR = re.compile(r"\d\d-\d\d", re.ASCII)
_LEAP_YEAR = 2024
# The days of each key, the most special key first: it wins.
_DAYS: dict[str, range] = {
    **{name[:3].lower(): range(number, number + 1) for number, name in enumerate(DAY_NAMES)},
    "sat_sun": range(5, 7),
    "mon_fri": range(5),
    "mon_sat": range(6),
    "mon_sun": range(7),
}
_KEYS = ("title", "zone", *_DAYS, "holidays", "dates", "always")
_OF_HOLIDAYS = ("country", "subdivision", "categories")
_OF_DATES = ("open", "closed", "reason")


class Places(Protocol):
    """Where the keys of a TOML file stand."""

    def line(self, *path: str) -> int | None:
        """Return the line of a key, or of the nearest thing around it."""


@dataclass(frozen=True)
class CalendarFinding:
    """One thing that is wrong with a calendar: the rule it breaks, what was expected, how to mend it, and where."""

    rule: str
    message: str
    remedy: str
    line: int | None


def read_calendars(
    raw: Mapping[str, Any], places: Places, zone: str = "UTC"
) -> tuple[dict[str, WorkingCalendar], list[CalendarFinding]]:
    """Return the calendars of a file by their ids, and what is wrong with the rest.

    `raw` is the file as `tomllib` reads it; `zone` counts where a calendar names none. Never raises on bad values.
    """
    calendars: dict[str, WorkingCalendar] = {}
    findings: list[CalendarFinding] = []
    for id, table in raw.items():
        reader = _Reader(id, table, places, zone)
        calendar = reader.calendar()
        findings += reader.findings
        if calendar is not None and not reader.findings:
            calendars[id] = calendar
    return calendars, findings


class _Reader:
    """Reads one calendar."""

    def __init__(self, id: str, table: Any, places: Places, zone: str) -> None:
        self._id = id
        self._table = table if isinstance(table, Mapping) else {}
        self._is_table = isinstance(table, Mapping)
        self._places = places
        self._zone = zone
        self.findings: list[CalendarFinding] = []

    def calendar(self) -> WorkingCalendar | None:
        """Return the calendar; it counts only where no finding was made."""
        if not self._is_table or not _ID.fullmatch(self._id):
            message = f"Expected a calendar's table with an id of small letters, but found “{self._id}”."
            self._wrong("type", message, "Write [support] and its keys below.")
            return None
        self._refuse_unknown(self._table, _KEYS)
        title = self._text("title") or self._id
        zone = self._read_zone()
        if self._table.get("always", False) is not False:
            return self._around_the_clock(title, zone)
        calendar = WorkingCalendar(
            self._id, title, zone, self._week(), *self._own_dates(), holidays=self._holidays()
        )
        self._judge(calendar)
        return calendar

    def _around_the_clock(self, title: str, zone: tzinfo) -> WorkingCalendar:
        others = [key for key in self._table if key not in ("title", "zone", "always")]
        if self._table["always"] is not True or others:
            message = f"Expected always = true and no hours beside it, but “{self._id}” has more."
            self._wrong("hours", message, "Remove always, or everything else but title and zone.", "always")
        return WorkingCalendar(self._id, title, zone, ((WHOLE_DAY,),) * 7)

    def _text(self, key: str) -> str | None:
        value = self._table.get(key)
        if value is None or isinstance(value, str):
            return value
        self._wrong("type", f"Expected a text, but {key} is {value!r}.", f'Write {key} = "…".', key)
        return None

    def _read_zone(self) -> tzinfo:
        try:
            return zone_named(self._text("zone") or self._zone)
        except UnknownZone as error:
            self._wrong("time-zone", str(error), 'Write one such as "Europe/Rome" or "UTC".', "zone")
            return UTC

    def _week(self) -> Week:
        week: list[tuple[Window, ...]] = [()] * 7
        for key in reversed(_DAYS):
            if key in self._table:
                windows = self._windows(self._table[key], key)
                for number in _DAYS[key]:
                    week[number] = windows
        return tuple(week)

    def _windows(self, value: Any, *path: str) -> tuple[Window, ...]:
        if not isinstance(value, list):
            message = f"Expected a list of hours, but {path[-1]} is {value!r}."
            self._wrong("hours", message, f'Write {path[-1]} = ["08:00-12:00", "13:00-17:00"].', *path)
            return ()
        read = (self._window(item, *path) for item in value)
        return tuple(sorted(it for it in read if it is not None))

    def _window(self, text: Any, *path: str) -> Window | None:
        match = _TIMES.fullmatch(text) if isinstance(text, str) else None
        hours, minutes, end_hours, end_minutes = map(int, match.groups()) if match else (99,) * 4
        start, end = hours * 60 + minutes, end_hours * 60 + end_minutes
        if hours > 23 or end > 24 * 60:
            message = f"Expected hours such as 08:00-20:00, but found {text!r}."
            self._wrong("hours", message, "Write times from 00:00 to 24:00 with two digits each.", *path)
            return None
        if start == end:
            message = f"Expected a time in which it is open, but {text} is none."
            self._wrong("hours", message, "Write 00:00-24:00 for a whole day, or remove it.", *path)
            return None
        return Window(start, end if end > start else end + 24 * 60)

    def _holidays(self) -> tuple[PublicHolidays, ...]:
        given = self._table.get("holidays", [])
        read = (self._public(item) for item in (given if isinstance(given, list) else [given]))
        return tuple(it for it in read if it is not None)

    def _public(self, item: Any) -> PublicHolidays | None:
        facts = {"country": item} if isinstance(item, str) else item
        if not isinstance(facts, Mapping) or not _are_holidays(facts):
            message = f"Expected a country, or one with subdivision and categories, but found {item!r}."
            remedy = 'Write holidays = { country = "US", subdivision = "NY", categories = ["public"] }.'
            self._wrong("holidays", message, remedy, "holidays")
            return None
        self._refuse_unknown(facts, _OF_HOLIDAYS, "holidays")
        categories = tuple(facts.get("categories", ("public",)))
        try:
            return PublicHolidays(facts["country"], facts.get("subdivision"), categories)
        except UnknownHolidays as error:
            remedy = f"Write one of {', '.join(error.known) or 'none: remove it'}."
            self._wrong("holidays", str(error), remedy, "holidays")
            return None

    def _own_dates(self) -> tuple[dict[date, Day], dict[tuple[int, int], Day]]:
        dates: dict[date, Day] = {}
        yearly: dict[tuple[int, int], Day] = {}
        table = self._table.get("dates", {})
        if not isinstance(table, Mapping):
            self._wrong(
                "type", f"Expected a table, but dates is {table!r}.", f"Write [{self._id}.dates].", "dates"
            )
            return dates, yearly
        for key, value in table.items():
            day = self._date(key)
            special = self._own_day(key, value)
            if day is not None and special is not None:
                if _EACH_YEAR.fullmatch(key):
                    yearly[day.month, day.day] = special
                else:
                    dates[day] = special
        return dates, yearly

    def _date(self, key: str) -> date | None:
        full = f"{_LEAP_YEAR}-{key}" if _EACH_YEAR.fullmatch(key) else key
        day = _real_date(full) if _DATE.fullmatch(full) else None
        if day is None:
            message = f"Expected a date, or month and day for every year, but “{key}” is neither."
            self._wrong("dates", message, 'Write "2026-12-24" or "12-24".', "dates", key)
        return day

    def _own_day(self, key: str, value: Any) -> Day | None:
        path = ("dates", key)
        remedy = '{ open = ["08:00-12:00"], reason = "…" } or { closed = "…" }'
        if not isinstance(value, Mapping) or ("open" in value) == ("closed" in value):
            message = f"Expected hours or the reason why it is closed, but “{key}” has {value!r}."
            self._wrong("dates", message, f"Write {remedy}.", *path)
            return None
        self._refuse_unknown(value, _OF_DATES, *path)
        reason = value.get("closed", value.get("reason", ""))
        if not isinstance(reason, str) or ("closed" in value and not reason.strip()):
            message = f"Expected a reason, but “{key}” has {reason!r}."
            self._wrong("dates", message, f"Write {remedy}.", *path)
            return None
        if "closed" in value:
            return Day((), reason)
        windows = self._windows(value["open"], *path, "open")
        if not windows:
            message = f"Expected hours on “{key}”, but there are none."
            self._wrong("dates", message, f"Write {remedy}.", *path)
        return Day(windows, reason)

    def _judge(self, calendar: WorkingCalendar) -> None:
        """Look at what single keys can't show: that it opens at all, and that no two windows overlap."""
        if self.findings:
            return
        openings = [*calendar.weekly, *(day.windows for day in calendar.yearly.values())]
        if not any(openings):
            message = (
                f"Expected a calendar that opens, but “{calendar.title}” never does in an ordinary year."
            )
            self._wrong("never-opens", message, 'Write mon_fri = ["08:00-18:00"], or always = true.')
            return
        overlap = overlap_of_week(calendar.weekly)
        if overlap is not None:
            self._overlap(overlap, DAY_NAMES[overlap.day.weekday()], _key_of(self._table, overlap.day))
        for key in self._table.get("dates", {}):
            if (overlap := overlap_of_days(calendar, key)) is not None:
                self._overlap(overlap, overlap.day.isoformat(), "dates", key)

    def _overlap(self, overlap: Overlap, day: str, *path: str) -> None:
        message = (
            f"Expected windows that don't overlap, but on {day} {overlap.first} and {overlap.second} do."
        )
        self._wrong("overlap", message, "Join the two, or end one earlier.", *path)

    def _refuse_unknown(self, found: Mapping[str, Any], known: tuple[str, ...], *path: str) -> None:
        for key in found:
            if key not in known:
                message = f"Expected one of {', '.join(known)}, but found “{key}”."
                self._wrong("unknown-key", message, "Correct or remove the key.", *path, key)

    def _wrong(self, rule: str, message: str, remedy: str, *path: str) -> None:
        line = self._places.line(self._id, *path)
        self.findings.append(CalendarFinding(rule, message, remedy, line))


def _real_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # such as 30 February
        return None


def _are_holidays(facts: Mapping[str, Any]) -> bool:
    categories = facts.get("categories", ["public"])
    listed = isinstance(categories, list) and all(isinstance(it, str) for it in categories) and categories
    return (
        isinstance(facts.get("country"), str)
        and isinstance(facts.get("subdivision", ""), str)
        and bool(listed)
    )


def _key_of(table: Mapping[str, Any], day: date) -> str:
    """Return the key that gives a day of the week its windows."""
    return next(key for key, days in _DAYS.items() if key in table and day.weekday() in days)
