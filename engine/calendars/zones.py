"""Zones of the IANA database, and the hours that their changes of clocks leave out or show twice.

Wall time is what a clock in the zone shows; it is kept without a zone. Where the clocks go forward some wall times
are missing, where they go back some are shown twice. One rule for each, the one of RFC 5545 and `java.time`:
a missing time lies as long after the change as it would have lain (02:30 is 03:30 of the new time), of two equal
ones the earlier counts.

`zoneinfo` does not tell when a zone changes, so `stretches` finds it out: offsets a day apart that differ have a
change between them. No zone has ever changed twice within a day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from engine.errors import CasepathError

FIRST_YEAR, LAST_YEAR = 2, 9998  # a day of any zone fits around them
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_OF_THE_MACHINE = ("localtime", "posixrules")


class UnknownZone(CasepathError):
    """A name that the IANA database doesn't have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Expected a time zone of the IANA database, but “{name}” is none.")


@dataclass(frozen=True)
class Stretch:
    """A time without a change of clocks: [begin, end) in UTC, and how far wall time is ahead of it."""

    begin: datetime
    end: datetime
    offset: timedelta

    def wall(self, moment: datetime) -> datetime:
        """Return what the clock shows at a moment of this stretch, or would show."""
        return moment.replace(tzinfo=None) + self.offset


def zone_named(name: str) -> ZoneInfo:
    """Return the zone, such as Europe/Rome. Raises UnknownZone, also for the zone that this machine stands in."""
    if name in _OF_THE_MACHINE:
        raise UnknownZone(name)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise UnknownZone(name) from None


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC. Raises ValueError where it has no zone."""
    if moment.tzinfo is None:
        raise ValueError(f"Expected a moment with its zone, but {moment.isoformat()} has none.")
    return moment.astimezone(UTC)


def wall(moment: datetime, zone: tzinfo) -> datetime:
    """Return what a clock in the zone shows at a moment, as a datetime without a zone."""
    return in_utc(moment).astimezone(zone).replace(tzinfo=None, fold=0)


def instant(local: datetime, zone: tzinfo) -> datetime:
    """Return the moment (UTC) at which a clock in the zone shows a wall time; see the head for both changes."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def reached(local: datetime, zone: tzinfo) -> datetime:
    """Return the first moment (UTC) by which a clock in the zone has shown all wall times before that one.

    That is a change of clocks where the clock jumps over the time, or is put back just when it comes to it.
    """
    moment = instant(local, zone)
    change = stretch_at(moment, zone).begin
    return change if furthest(change, zone) >= local else moment


def furthest(moment: datetime, zone: tzinfo) -> datetime:
    """Return the latest wall time that a clock in the zone has shown until a moment: a clock that never goes back."""
    now = stretch_at(moment, zone)
    before = stretch_at(now.begin - _SECOND, zone)
    return max(now.wall(in_utc(moment)), before.wall(now.begin))


def stretch_at(moment: datetime, zone: tzinfo) -> Stretch:
    """Return the stretch of a moment; it ends at the latest with the year before or after it."""
    moment = in_utc(moment)
    around = [it for year in (moment.year - 1, moment.year) for it in stretches(zone, year)]
    place = bisect_right(around, moment, key=lambda it: it.begin) - 1
    while place > 0 and around[place - 1].offset == around[place].offset:
        place -= 1  # a year's end is no change
    return Stretch(around[place].begin, around[place].end, around[place].offset)


@lru_cache(maxsize=1024)
def stretches(zone: tzinfo, year: int) -> tuple[Stretch, ...]:
    """Return the stretches that make up a year of UTC, in order. Raises OverflowError outside of years 2 to 9998."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OverflowError(f"Expected a year from {FIRST_YEAR} to {LAST_YEAR}, but found {year}.")
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    edges = [begin, *_changes(zone, begin, end), end]
    return tuple(Stretch(one, other, _offset(zone, one)) for one, other in pairwise(edges))


def _changes(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield each moment within (begin, end) from which the offset is another one."""
    day = begin
    while day < end:
        if _offset(zone, day) != _offset(zone, day + _DAY):
            change = _change(zone, day, day + _DAY)
            if change < end:
                yield change
        day += _DAY


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Halve until a second is left: rules and offsets are whole seconds."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # an aware moment has one
    return offset
