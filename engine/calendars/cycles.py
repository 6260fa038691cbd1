"""What comes again and again: ISO 8601 repetitions and cron expressions, as rounds that can be asked for.

    R3/PT1H                         three rounds, the first an hour after arming
    R/2026-12-04T09:00:00Z/P1D      from that moment on, the first round on it
    R4/P7D/2026-12-31T12:00:00Z     the last of four rounds on that moment, the others before it
    0 9 * * MON-FRI                 cron: minute, hour, day of month, month, day of week
    0 0 9 ? * MON-FRI               the same with seconds first, as Spring and Camunda 8 write it

A cycle keeps nothing: the round after a moment follows from the text, the zone and the moment of arming alone.

Cron is the library cronsim's matter. Where the clocks go forward, a round of a skipped hour comes at once; where they
go back, a round at a fixed hour comes once, while one of every hour goes on in real time. (croniter, the better
known one, does a daily 02:30 twice on such a night.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from cronsim import CronSim, CronSimError

from engine.calendars.durations import Duration, InvalidDuration
from engine.calendars.zones import in_utc
from engine.errors import CasepathError

_REPETITION = re.compile(r"R(\d{0,9})/(.+)", re.ASCII)
_MONTH = timedelta(days=30, hours=10, minutes=30)  # 146097 days in 4800 months, nearly
_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


class InvalidCycle(CasepathError):
    """A text that is neither a repetition of ISO 8601 nor a cron expression."""


class Cycle(Protocol):
    """Rounds in time; moments go in with any zone and come out in UTC."""

    def first(self, armed: datetime) -> datetime | None:
        """Return the first round of a timer armed at a moment; None where there is none."""

    def after(self, moment: datetime, armed: datetime) -> datetime | None:
        """Return the first round after a moment; None where the rounds are over."""


@dataclass(frozen=True)
class Repetition:
    """Rounds at equal distances from an anchor: `start`, `end`, or the moment of arming where neither is given.

    Each round is counted from the anchor, so that 31 January, P1M goes on with 28 February and 31 March.
    """

    interval: Duration
    rounds: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: tzinfo = UTC

    def first(self, armed: datetime) -> datetime | None:
        """A round of the past is due at once, so `start` stays the first; before `end` only later ones are left."""
        return self.start or self.after(armed, armed)

    def after(self, moment: datetime, armed: datetime) -> datetime | None:
        lowest, highest = self.numbers
        found = round_after(self.interval, self.anchor(armed), moment, lowest, highest, self.zone)
        return None if found is None else found[1]

    def anchor(self, armed: datetime) -> datetime:
        """Return the moment (UTC) from which the rounds are counted."""
        return in_utc(self.start or self.end or armed)

    @property
    def numbers(self) -> tuple[int | None, int | None]:
        """The numbers of the first and the last round, None for no end; the anchor is number 0."""
        if self.end is not None:
            return (None if self.rounds is None else 1 - self.rounds), 0
        first = 0 if self.start is not None else 1
        return first, None if self.rounds is None else first + self.rounds - 1


@dataclass(frozen=True)
class Cron:
    """Rounds by the clock on the wall of a zone."""

    text: str
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        fields = self._fields
        if len(fields) not in (5, 6):
            raise InvalidCycle(
                f"Expected 5 fields of cron, or 6 with seconds first, but found “{self.text}”."
            )
        if not (fields[-3].startswith("*") or fields[-1].startswith("*")):
            # cron means "either", Spring means "both": whoever writes it should not have to guess.
            message = f"Expected a day of the month or a day of the week, but “{self.text}” names both."
            raise InvalidCycle(message)
        try:
            CronSim(" ".join(fields), datetime(2024, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            raise InvalidCycle(f"Expected a cron expression, but “{self.text}” is none: {error}.") from None

    def first(self, armed: datetime) -> datetime | None:
        return self.after(armed, armed)

    def after(self, moment: datetime, armed: datetime) -> datetime | None:
        moment = in_utc(moment)
        rounds = CronSim(" ".join(self._fields), moment.astimezone(self.zone))
        # Asked in the second of two equal hours, the library may begin with a round of the first.
        return next((found for found in map(in_utc, rounds) if found > moment), None)

    @property
    def _fields(self) -> list[str]:
        return ["*" if it == "?" else it for it in _MACROS.get(self.text.strip(), self.text).upper().split()]


def read_cycle(text: str, zone: tzinfo = UTC) -> Cycle:
    """Read a repetition or a cron expression; days, months and cron follow the clock of the zone.

    Raises InvalidCycle, also for a moment without a zone, an interval that doesn't lead forward, and no round at all.
    """
    match = _REPETITION.fullmatch(text.strip())
    if match is None:
        return Cron(text.strip(), zone)
    one, *more = match[2].split("/")
    if len(more) > 1:
        raise InvalidCycle(f"Expected a repetition such as R3/PT1H, but found “{text}”.")
    rounds = int(match[1]) if match[1] else None
    if rounds == 0:
        raise InvalidCycle(f"Expected a repetition of at least one round, but found “{text}”.")
    if not more:
        return Repetition(_interval(one, text), rounds, zone=zone)
    if one.startswith(("P", "+", "-")):
        return Repetition(_interval(one, text), rounds, end=_moment(more[0], text), zone=zone)
    return Repetition(_interval(more[0], text), rounds, start=_moment(one, text), zone=zone)


def _interval(text: str, whole: str) -> Duration:
    try:
        interval = Duration.parse(text)
    except InvalidDuration as error:
        raise InvalidCycle(f"{str(error)[:-1]} in “{whole}”.") from None
    if not interval or interval.is_negative:
        raise InvalidCycle(f"Expected a repetition that leads forward, but found “{whole}”.")
    return interval


def _moment(text: str, whole: str) -> datetime:
    try:
        return in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        message = (
            f"Expected a moment with its zone such as 2026-12-04T19:30:00Z, but found “{text}” in “{whole}”."
        )
        raise InvalidCycle(message) from None


def round_after(
    interval: Duration,
    anchor: datetime,
    moment: datetime,
    lowest: int | None = None,
    highest: int | None = None,
    zone: tzinfo = UTC,
) -> tuple[int, datetime] | None:
    """Return number and moment (UTC) of the first round after a moment, not below and not above these numbers."""
    moment = in_utc(moment)

    def due(number: int) -> datetime:
        return interval.added_to(anchor, zone, number)

    try:
        length = _MONTH * interval.months + timedelta(interval.days, microseconds=interval.microseconds)
        number = (moment - anchor) // length
        while due(number) > moment:
            number -= 1
        number = number if lowest is None else max(lowest, number)
        while due(number) <= moment:
            number += 1
        return (number, due(number)) if highest is None or number <= highest else None
    except OverflowError:  # beyond the year 9999
        return None
