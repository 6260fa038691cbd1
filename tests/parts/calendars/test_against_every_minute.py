"""The arithmetic of calendars agrees with a walk over every minute of two years, changes of clocks included."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.calendars import KINDS, Measure, WorkingCalendar, measure
from tests.parts.calendars.drawing import amounts, definitions, moments
from tests.parts.calendars.oracle import END, Definition, Minutes

TICK = timedelta(microseconds=1)
NOTHING = timedelta(0)
a_calendar = given(definitions(), st.data())
# Making an example smaller takes minutes, and its calendar says little more than the first one.
often = settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def drawn_moments(data: st.DataObject, definition: Definition, number: int) -> list[datetime]:
    return data.draw(st.lists(moments(definition.zone), min_size=number, max_size=number))


@often
@a_calendar
def test_it_is_open_when_the_clock_on_the_wall_shows_a_time_within_a_window(
    definition: Definition, data: st.DataObject
) -> None:
    calendar, minutes = definition.calendar(), Minutes(definition)
    for moment in drawn_moments(data, definition, 12):
        is_open = minutes.is_open(moment)
        assert calendar.is_open(moment) == is_open
        assert calendar.why(moment).startswith("open" if is_open else "closed")
        opening = minutes.next_with(True, moment)
        assert opening is None or calendar.next_opening(moment) == opening
        change = minutes.next_with(not is_open, moment)
        assert change is None or calendar.next_change(moment) == change


@often
@a_calendar
def test_working_time_is_the_sum_of_the_minutes_and_adding_it_finds_the_earliest_moment(
    definition: Definition, data: st.DataObject
) -> None:
    calendar, minutes = definition.calendar(), Minutes(definition)
    for start, end in zip(*[iter(drawn_moments(data, definition, 16))] * 2, strict=True):
        start, end = sorted((start, end))
        worked = minutes.worked_until(end) - minutes.worked_until(start)
        assert calendar.between(start, end) == worked
        due = calendar.add(start, worked)
        assert start <= due <= end
        assert minutes.worked_until(due) - minutes.worked_until(start) == worked
        assert due == start or minutes.worked_until(due - TICK) < minutes.worked_until(due)


@often
@a_calendar
def test_business_days_count_the_wall_time_of_working_days(
    definition: Definition, data: st.DataObject
) -> None:
    calendar, minutes = definition.calendar(), Minutes(definition)
    for start, end in zip(*[iter(drawn_moments(data, definition, 12))] * 2, strict=True):
        start, end = sorted((start, end))
        counted = minutes.days_until(end) - minutes.days_until(start)
        assert calendar.days_between(start, end) == counted
        due = calendar.add_days(start, counted)
        assert start <= due <= end
        assert minutes.days_until(due) == minutes.days_until(end)
        assert due == start or minutes.days_until(due - TICK) < minutes.days_until(due)
        _check_working_days(calendar, minutes, start, data.draw(st.integers(0, 20)))


def _check_working_days(calendar: WorkingCalendar, minutes: Minutes, start: datetime, number: int) -> None:
    """So many working days later the clock shows the time of day of the opening again."""
    opening = minutes.next_with(True, start)
    if opening is None or opening > END - timedelta(days=400):
        return
    later = calendar.add_working_days(start, number)
    local, target = (it.astimezone(calendar.zone) for it in (opening, later))
    days = (local.date() + timedelta(days=more) for more in range(1, 400))
    working = [local.date(), *(day for day in days if minutes.definition.windows(day))]
    if number < len(working):
        assert target.date() == working[number]
        same = target.time() == local.time()
        assert same or minutes.jumps_over(local.time(), target)


@often
@a_calendar
def test_every_measure_adds_up_and_is_due_at_the_earliest_moment(
    definition: Definition, data: st.DataObject
) -> None:
    calendar, minutes = definition.calendar(), Minutes(definition)
    for kind in KINDS:
        way = measure(kind, calendar)
        one, two, three = sorted(drawn_moments(data, definition, 3))
        assert way.consumed(one, two) + way.consumed(two, three) == way.consumed(one, three)
        assert way.consumed(two, one) == NOTHING
        left = min(data.draw(amounts), way.consumed(one, END - timedelta(days=8)))
        if kind == "rolled_forward":
            opening = minutes.next_with(True, one + left)
            assert opening is None or way.due(one, left) == opening
        else:
            _check_due(way, minutes, one, left)


def _check_due(way: Measure, minutes: Minutes, start: datetime, left: timedelta) -> None:
    due = way.due(start, left)
    consumed = way.consumed(start, due)
    over_the_gap = way.kind == "business_days" and minutes.jumps_at(due)
    assert consumed == left or (consumed > left and over_the_gap)
    assert due == start or way.consumed(start, due - TICK) < left
    assert way.begins(start) == (
        minutes.next_with(True, start) or way.begins(start) if way.kind == "business_days" else start
    )
