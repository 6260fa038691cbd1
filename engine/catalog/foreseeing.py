"""When a timer of a pack would fire, shown by occasions: now, and just before nobody is there.

Most mistakes in a timer don't show on a Monday morning. So it is tried at the moment of asking, on the next Friday
evening, and on the evening before the next holiday on which a calendar would else have been open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendars import WorkingCalendar, instant, zone_named
from engine.catalog.pack import PackSource
from engine.feel import Surroundings
from engine.spiff import Unforeseen, foresee

__all__ = ["Foreseen", "Occasion", "Unforeseen", "foreseen", "occasions"]

_EVENING = time(19, 30)
_FRIDAY = 4
_DAYS_AHEAD = 400


@dataclass(frozen=True)
class Occasion:
    """A moment (UTC) at which a timer might be armed: `now`, `friday`, or `holiday` with the name of that."""

    kind: str
    moment: datetime
    holiday: str = ""


@dataclass(frozen=True)
class Foreseen:
    """When (UTC) a timer would fire that is armed on an occasion: once, or the first rounds of a cycle."""

    occasion: Occasion
    fires: tuple[datetime, ...]


def foreseen(pack: PackSource, kind: str, text: str, now: datetime) -> list[Foreseen]:
    """Return when a timer would fire, by occasions; evenings are those of the pack's zone. Raises Unforeseen."""
    settings, zone = {name: it.value for name, it in pack.settings.items()}, zone_named(pack.time_zone)
    return [
        Foreseen(it, foresee(kind, text, it.moment, Surroundings(it.moment, pack.calendars, settings, zone)))
        for it in occasions(pack, now)
    ]


def occasions(pack: PackSource, now: datetime) -> Iterator[Occasion]:
    """Yield the moments to try a timer at; a holiday only where a calendar of the pack has one within 400 days."""
    zone = zone_named(pack.time_zone)
    today = now.astimezone(zone).date()
    evenings = (today + timedelta(number) for number in range(_DAYS_AHEAD))
    coming = [
        (day, moment) for day in evenings if (moment := instant(datetime.combine(day, _EVENING), zone)) > now
    ]
    yield Occasion("now", now)
    yield next(Occasion("friday", moment) for day, moment in coming if day.weekday() == _FRIDAY)
    for day, moment in coming:
        if holiday := _holiday(pack, day + timedelta(1)):
            yield Occasion("holiday", moment, holiday)
            return


def _holiday(pack: PackSource, day: date) -> str | None:
    names = (_closed_for(calendar, day) for calendar in pack.calendars.values())
    return next((name for name in names if name), None)


def _closed_for(calendar: WorkingCalendar, day: date) -> str | None:
    it = calendar.on(day)
    return it.reason if calendar.weekly[day.weekday()] and not it.windows else None
