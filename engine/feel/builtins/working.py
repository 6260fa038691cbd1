"""Working calendars: Casepath's own functions, beside those of the standard.

A calendar goes by its id, a text; which there are is handed in, as the moment of `now()` is. Moments come back in the
calendar's zone, so that their `hour` and their text are those of the desk's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.calendars.openings import MOST_YEARS, NeverOpens
from engine.calendars.working import WorkingCalendar
from engine.calendars.zones import FIRST_YEAR, LAST_YEAR, in_utc, wall
from engine.feel.builtins.registry import SIGNATURES, builtin
from engine.feel.evaluation import Run
from engine.feel.kinds import MICROSECONDS, DaysTimeDuration, date_time_text
from engine.feel.numbers import is_whole, number_text

_DAYS = 366
_A_YEAR = _DAYS * 24 * 3600 * MICROSECONDS
_LONGEST = 60
_STEPS_OF_A_SEARCH = 50_000  # one that was in vain has looked at up to MOST_YEARS


@builtin("is open(calendar: string, moment: date and time)")
def is_open(run: Run, calendar: str, moment: datetime) -> Any:
    """Whether a calendar is open at a moment: from the moment of opening until just before that of closing (ours)."""
    return _answer(run, calendar, lambda it, at: it.is_open(at), moment)


@builtin(
    "is working day(calendar: string, date: date)", "is working day(calendar: string, moment: date and time)"
)
def is_working_day(run: Run, calendar: str, day: date) -> Any:
    """Whether a calendar opens on a day; on that of a moment in the calendar's zone (ours)."""
    if isinstance(day, datetime):
        return _answer(run, calendar, lambda it, at: it.is_working_day(wall(at, it.zone).date()), day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return _answer(run, calendar, lambda it, _: it.is_working_day(day), noon)


@builtin("next opening(calendar: string, moment: date and time)")
def next_opening(run: Run, calendar: str, moment: datetime) -> Any:
    """The moment itself while a calendar is open, else the moment at which it opens next (ours)."""
    return _answer(run, calendar, lambda it, at: it.next_opening(at), moment)


@builtin("working time after(calendar: string, moment: date and time, duration: days and time duration)")
def working_time_after(run: Run, calendar: str, moment: datetime, duration: DaysTimeDuration) -> Any:
    """The earliest moment by which a calendar has been open for so long (ours)."""
    if duration.microseconds < 0:
        return run.warn(f"Expected a duration of 0 or more but found {duration}")
    years = duration.microseconds // _A_YEAR
    return _answer(run, calendar, lambda it, at: it.add(at, duration.timedelta), moment, years=years)


@builtin("working time between(calendar: string, start: date and time, end: date and time)")
def working_time_between(run: Run, calendar: str, start: datetime, end: datetime) -> Any:
    """How long a calendar is open from a moment until another (ours)."""

    def question(it: WorkingCalendar, begin: datetime, until: datetime) -> Any:
        if until < begin:
            return run.warn(
                f"Expected an end at or after {date_time_text(start)} but found {date_time_text(end)}"
            )
        return it.between(begin, until)

    return _answer(run, calendar, question, start, end)


@builtin("working days after(calendar: string, moment: date and time, days: number)")
def working_days_after(run: Run, calendar: str, moment: datetime, days: Decimal) -> Any:
    """The same time of day so many working days later, counted from the next opening while closed (ours)."""
    if not is_whole(days) or days < 0:
        return run.warn(f"Expected a whole number of days, 0 or more, but found {number_text(days)}")
    years = int(days) // _DAYS
    return _answer(run, calendar, lambda it, at: it.add_working_days(at, int(days)), moment, years=years)


ASKING = frozenset(
    name for name, forms in SIGNATURES.items() if any(form.body.__module__ == __name__ for form in forms)
)
"""The functions that take a calendar first."""


def _answer(run: Run, name: str, question: Callable[..., Any], *moments: datetime, years: int = 0) -> Any:
    """Ask a calendar about moments, which it gets in UTC; null with a warning where it can't say.

    `years` are those after the moments that it has to look at in any case.
    """
    calendar = run.surroundings.calendars.get(name)
    if calendar is None:
        return run.warn(_unknown(run, name))
    for moment in moments:
        if moment.tzinfo is None:
            return run.warn(f"Expected a moment with its zone but {date_time_text(moment)} has none")
    try:
        given = [in_utc(moment) for moment in moments]
        run.spend_years(name, _years(given, years))
        return _as_feel(run, calendar, given, question(calendar, *given))
    except (NeverOpens, OverflowError):
        run.spend(_STEPS_OF_A_SEARCH)
        within = f"{FIRST_YEAR} to {LAST_YEAR}, {MOST_YEARS} of them at most,"
        return run.warn(f'Expected "{name}" to find an answer in the years {within} but there is none')


def _as_feel(run: Run, calendar: WorkingCalendar, given: list[datetime], answer: Any) -> Any:
    if isinstance(answer, datetime):
        run.spend_years(calendar.id, _years([*given, answer]))
        return answer.astimezone(calendar.zone)
    return DaysTimeDuration.of(answer) if isinstance(answer, timedelta) else answer


def _years(moments: list[datetime], more: int = 0) -> range:
    years = [moment.year for moment in moments]
    return range(min(years), max(years) + min(more, MOST_YEARS) + 1)


def _unknown(run: Run, name: str) -> str:
    shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    known = ", ".join(sorted(run.surroundings.calendars))
    if not known:
        return f'Expected a calendar called "{shown}" but none were handed in'
    return f'Expected one of the calendars {known} but found "{shown}"'
