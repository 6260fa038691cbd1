"""The promises of a real desk: hours from Monday to Saturday, holidays, nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import ALWAYS, Day, NeverOpens, Window, WorkingCalendar, measure
from engine.calendars.publicdays import PublicHolidays

NEW_YORK, ROME = ZoneInfo("America/New_York"), ZoneInfo("Europe/Rome")
WEEKDAY, SATURDAY = (Window(8 * 60, 20 * 60),), (Window(9 * 60, 17 * 60),)
US = (PublicHolidays("US", "NY"),)
SUPPORT = WorkingCalendar("s", "Support", NEW_YORK, (*(WEEKDAY,) * 5, SATURDAY, ()), holidays=US)
OFFICE = WorkingCalendar("o", "Office", NEW_YORK, (*(WEEKDAY,) * 5, (), ()), holidays=US)
NIGHTS = WorkingCalendar("n", "Nights", ROME, ((Window(22 * 60, 30 * 60),),) * 7)
ROUND_WEEK = WorkingCalendar("r", "Weekdays", UTC, (*((Window(0, 24 * 60),),) * 5, (), ()))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    # In UTC, because Python finds no two times of different zones equal that a change of clocks repeats.
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def shown(moment: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    return f"{moment.astimezone(zone):%a %m-%d %H:%M}"


@pytest.mark.parametrize(
    ("kind", "calendar", "start", "left", "due"),
    [
        ("elapsed", SUPPORT, "2026-12-04T19:30", HOUR, "Fri 12-04 20:30"),
        ("working", SUPPORT, "2026-12-04T19:30", HOUR, "Sat 12-05 09:30"),
        (
            "working",
            SUPPORT,
            "2026-12-04T19:00",
            HOUR,
            "Fri 12-04 20:00",
        ),  # at closing, not at the next opening
        ("working", SUPPORT, "2026-12-24T19:30", HOUR, "Sat 12-26 09:30"),  # Christmas Day is closed
        ("working", SUPPORT, "2026-12-04T08:00", 12 * HOUR, "Fri 12-04 20:00"),
        ("working", SUPPORT, "2026-12-06T03:00", timedelta(), "Sun 12-06 03:00"),
        ("rolled_forward", SUPPORT, "2026-12-04T12:00", 24 * HOUR, "Sat 12-05 12:00"),
        ("rolled_forward", SUPPORT, "2026-12-04T18:00", 24 * HOUR, "Mon 12-07 08:00"),
        ("rolled_forward", SUPPORT, "2026-12-03T20:00", 24 * HOUR, "Sat 12-05 09:00"),  # closed from 20:00 on
        ("business_days", OFFICE, "2026-12-04T19:30", 3 * DAY, "Wed 12-09 19:30"),
        ("business_days", OFFICE, "2026-12-04T20:00", 3 * DAY, "Thu 12-10 08:00"),  # from Monday's opening
        ("business_days", OFFICE, "2026-12-23T10:00", 2 * DAY, "Mon 12-28 10:00"),
        ("business_days", OFFICE, "2026-12-04T19:30", 2.25 * DAY, "Wed 12-09 01:30"),
        ("business_days", OFFICE, "2026-10-30T10:00", 1 * DAY, "Mon 11-02 10:00"),  # 73 hours of real time
        (
            "business_days",
            SUPPORT,
            "2026-12-04T18:30",
            1 * DAY,
            "Sat 12-05 18:30",
        ),  # closed then: the promise stays
    ],
)
def test_a_promise_is_due_at(
    kind: str, calendar: WorkingCalendar, start: str, left: timedelta, due: str
) -> None:
    way = measure(kind, calendar)
    begin = way.begins(at(start))
    assert shown(way.due(begin, left)) == due
    if kind != "rolled_forward":
        assert way.consumed(begin, way.due(begin, left)) == left


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-12-04T19:30", 0, "Fri 12-04 19:30"),
        ("2026-12-04T20:00", 0, "Mon 12-07 08:00"),
        ("2026-12-04T19:30", 3, "Wed 12-09 19:30"),
        ("2026-12-24T21:00", 1, "Tue 12-29 08:00"),
        ("2027-03-12T08:00", 1, "Mon 03-15 08:00"),
    ],
)
def test_working_days_later_it_is_the_same_time_of_day(start: str, days: int, due: str) -> None:
    assert shown(OFFICE.add_working_days(at(start), days)) == due


@pytest.mark.parametrize(
    ("start", "hours"), [("2026-03-28T22:00", 7), ("2026-10-24T22:00", 9), ("2026-06-01T22:00", 8)]
)
def test_a_night_shift_lasts_as_long_as_its_night(start: str, hours: int) -> None:
    opening = at(start, ROME)
    closing = NIGHTS.next_change(opening)
    assert closing is not None and shown(closing, ROME).endswith("06:00")
    assert NIGHTS.between(opening, closing) == hours * HOUR
    assert NIGHTS.add(opening, hours * HOUR) == closing


def test_an_hour_that_is_left_out_is_never_open_and_one_shown_twice_opens_twice() -> None:
    half_past = WorkingCalendar("h", "Half past two", ROME, ((Window(150, 180),),) * 7)
    spring, autumn = at("2026-03-29T00:00", ROME), at("2026-10-25T00:00", ROME)
    assert half_past.between(spring, spring + DAY) == 0 * HOUR
    assert half_past.between(autumn, autumn + DAY) == HOUR
    assert half_past.next_opening(at("2026-10-25T02:10", ROME, fold=1)) == at(
        "2026-10-25T02:30", ROME, fold=1
    )


def test_business_days_from_the_second_of_two_equal_hours_count_from_its_end() -> None:
    second, first = at("2026-10-25T02:30", ROME, fold=1), at("2026-10-25T02:30", ROME)
    assert NIGHTS.days_between(first, second) == HOUR / 2
    assert NIGHTS.days_between(second, at("2026-10-25T03:00", ROME)) == 0 * HOUR
    assert shown(NIGHTS.add_days(second, DAY), ROME) == "Mon 10-26 03:00"


def test_business_days_that_end_in_an_hour_that_is_left_out_end_at_the_change() -> None:
    start = at("2026-03-28T02:30", ROME)
    assert NIGHTS.add_days(start, DAY) == at("2026-03-29T03:00", ROME)
    assert NIGHTS.add_working_days(start, 1) == at("2026-03-29T03:30", ROME)


def test_business_days_from_a_midnight_end_with_the_day_and_the_date_moves_on() -> None:
    saturday = datetime(2026, 12, 5, 11, tzinfo=UTC)
    way = measure("business_days", ROUND_WEEK)
    assert way.begins(saturday) == datetime(2026, 12, 7, tzinfo=UTC)
    assert way.due(way.begins(saturday), 5 * DAY) == datetime(2026, 12, 12, tzinfo=UTC)  # the end of Friday
    assert ROUND_WEEK.add_working_days(saturday, 5) == datetime(
        2026, 12, 14, tzinfo=UTC
    )  # Monday, same time of day


def test_cut_anywhere_a_clock_sums_up_the_same() -> None:
    night = at("2026-12-07T23:00")
    start, end = at("2026-12-07T19:00"), at("2026-12-09T09:00")
    for kind in ("elapsed", "working", "business_days", "rolled_forward"):
        way = measure(kind, OFFICE)
        assert way.consumed(start, night) + way.consumed(night, end) == way.consumed(start, end)


@pytest.mark.parametrize("kind", ["elapsed", "working", "business_days", "rolled_forward"])
def test_moments_may_come_in_the_zone_itself_though_its_clock_goes_back(kind: str) -> None:
    first, second = (at("2026-10-25T02:50", ROME), at("2026-10-25T02:10", ROME, fold=1))
    way = measure(kind, NIGHTS)
    counted = way.consumed(first, second)
    assert way.consumed(first.astimezone(ROME), second.astimezone(ROME)) == counted
    assert counted == (10 if kind == "business_days" else 20) * HOUR / 60


def test_nothing_is_consumed_before_a_clock_begins_to_count() -> None:
    way = measure("business_days", OFFICE)
    begin = way.begins(at("2026-12-05T10:00"))
    assert way.consumed(begin, at("2026-12-06T10:00")) == timedelta()


def test_around_the_clock_every_day_counts() -> None:
    start = datetime(2026, 12, 24, 3, tzinfo=UTC)
    for kind in ("elapsed", "working", "business_days", "rolled_forward"):
        assert measure(kind, ALWAYS).due(start, 3 * DAY + HOUR) == start + 3 * DAY + HOUR
    assert ALWAYS.next_change(start) is None
    assert ALWAYS.why(start) == "open around the clock"


def test_a_shift_over_midnight_ends_though_the_next_day_is_closed_and_does_not_begin_on_one() -> None:
    closed = {date(2026, 12, 25): Day((), "Christmas Day")}
    nights = WorkingCalendar("n", "Nights", ROME, NIGHTS.weekly, closed)
    assert nights.why(at("2026-12-25T05:59", ROME)) == "open 22:00 to 06:00"
    assert nights.why(at("2026-12-25T23:00", ROME)) == "closed: Christmas Day"
    assert not nights.is_open(at("2026-12-26T05:00", ROME))


@pytest.mark.parametrize("ask", ["next_opening", "add", "add_days", "add_working_days"])
def test_a_calendar_that_never_opens_says_so(ask: str) -> None:
    never = WorkingCalendar("n", "Never", UTC, ((),) * 7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    more = {"next_opening": (), "add": (HOUR,), "add_days": (HOUR,), "add_working_days": (1,)}[ask]
    with pytest.raises(NeverOpens, match="it never does"):
        getattr(never, ask)(start, *more)
    assert never.next_change(start) is None
    assert never.between(start, start + DAY) == timedelta()


def test_less_than_no_time_and_an_end_before_the_start_are_refused() -> None:
    start = at("2026-12-04T12:00")
    for kind in ("elapsed", "working", "business_days", "rolled_forward"):
        with pytest.raises(ValueError, match="no less than no time"):
            measure(kind, SUPPORT).due(start, -HOUR)
    for ask in (SUPPORT.between, SUPPORT.days_between):
        with pytest.raises(ValueError, match="an end after"):
            ask(start, start - HOUR)
    with pytest.raises(ValueError, match="no less than no time"):
        SUPPORT.add_working_days(start, -1)


def test_centuries_are_too_far() -> None:
    start = at("2026-12-04T12:00")
    for kind in ("working", "business_days"):
        with pytest.raises(OverflowError, match="400 years"):
            measure(kind, SUPPORT).due(start, timedelta(days=400_000))
        with pytest.raises(OverflowError):
            measure(kind, SUPPORT).consumed(start, datetime(9999, 1, 1, tzinfo=UTC))
