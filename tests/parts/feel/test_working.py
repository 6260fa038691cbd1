"""Working calendars in FEEL: the examples of the reference, what goes wrong, and what they may cost."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars import read_calendars
from engine.catalog.places import Places
from engine.feel import Evaluation, FeelLimitError, Surroundings, compile_expression
from engine.feel.values import DaysTimeDuration, from_json, to_json

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "feel.md"
TEXT = """
[office]
zone = "Europe/Rome"
mon_fri = ["08:00-20:00"]
holidays = { country = "IT" }
[night]
zone = "America/New_York"
mon_sun = ["22:00-06:00"]
[emergency]
always = true
"""
CALENDARS = read_calendars(tomllib.loads(TEXT), Places(TEXT))[0]
NOW = datetime(2026, 4, 30, 17, 30, tzinfo=UTC)  # a Thursday, 19:30 in Rome; Friday is a holiday
AROUND = Surroundings(NOW, CALENDARS)


def ask(text: str, **context: Any) -> Evaluation:
    """Return what an expression gives, with warnings."""
    return compile_expression(text).evaluate_checked(context, AROUND)


def examples() -> list[tuple[str, str]]:
    """The rows of the reference's table."""
    part = REFERENCE.read_text("utf-8").partition("### Working calendars")[2].partition("\n### ")[0]
    return re.findall(r"^\| `(.+)` \| `(.+)` \|$", part, re.MULTILINE)


@pytest.mark.parametrize(("expression", "shown"), examples())
def test_the_examples_of_the_reference_are_true(expression: str, shown: str) -> None:
    assert ask(f"string({expression})") == Evaluation(shown, ())


def test_every_function_of_ours_has_an_example_in_the_reference() -> None:
    shown = " ".join(expression for expression, _ in examples())
    names = ("working time after", "working time between", "working days after", "next opening", "is open")
    assert [name for name in (*names, "is working day") if f"{name}(" not in shown] == []


def test_four_hours_from_half_past_seven_are_over_on_monday_before_noon() -> None:
    assert ask('working time after("office", now(), duration("PT4H"))').value == datetime(
        2026, 5, 4, 9, 30, tzinfo=UTC
    )


def test_moments_come_back_in_the_zone_of_the_calendar() -> None:
    assert ask('next opening("office", now() + duration("PT1H")).hour').value == 8
    assert ask('next opening("office", now() + duration("PT1H")).timezone').value == "Europe/Rome"


def test_a_moment_is_on_the_day_that_the_desk_has() -> None:
    assert ask('is working day("office", @"2026-04-30T21:59:00Z")').value is True
    assert ask('is working day("office", @"2026-04-30T22:00:00Z")').value is False  # 1 May in Rome


def test_parameters_have_names() -> None:
    assert ask('is working day(date: @"2026-05-01", calendar: "office")').value is False
    assert ask('is open(moment: now(), calendar: "office")').value is True


def test_around_the_clock_working_time_is_real_time() -> None:
    assert ask('working time between("emergency", now(), now() + duration("P3D")) = duration("P3D")').value


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (
            'is open("offce", now())',
            'Expected one of the calendars emergency, night, office but found "offce"',
        ),
        (
            'is open("office", @"2026-05-04T10:00:00")',
            "Expected a moment with its zone but 2026-05-04T10:00:00 has none",
        ),
        (
            'working time after("office", now(), duration("-PT4H"))',
            "Expected a duration of 0 or more but found -PT4H",
        ),
        (
            'working days after("office", now(), -1)',
            "Expected a whole number of days, 0 or more, but found -1",
        ),
        (
            'working days after("office", now(), 1.5)',
            "Expected a whole number of days, 0 or more, but found 1.5",
        ),
        (
            'working time between("office", now(), now() - duration("PT1S"))',
            "Expected an end at or after 2026-04-30T17:30:00Z but found 2026-04-30T17:29:59Z",
        ),
        (
            'working days after("office", @"9998-12-31T12:00:00Z", 400)',
            'Expected "office" to find an answer in the years 2 to 9998, 400 of them at most, but there is none',
        ),
        (
            'working time after("office", now(), duration("P1M"))',
            "Expected working time after(calendar: string, moment: date and time, duration: days and time duration)"
            " but found working time after(string, date and time, years and months duration)",
        ),
    ],
)
def test_a_mistake_is_null_and_says_why(expression: str, sentence: str) -> None:
    assert ask(expression) == Evaluation(None, (f"{sentence} (line 1, column 1)",))


def test_without_calendars_none_is_known() -> None:
    found = compile_expression('is open("office", now())').evaluate_checked({}, Surroundings(NOW))
    assert found.warnings == (
        'Expected a calendar called "office" but none were handed in (line 1, column 1)',
    )


def test_a_variable_called_working_time_is_compared_as_the_standard_has_it() -> None:
    text = 'working time between duration("PT1H") and duration("PT3H")'
    assert ask(text, **{"working time": timedelta(hours=2)}).value is True


def test_what_asks_for_too_many_years_is_stopped() -> None:
    years = 'for y in 1001..9000 return next opening("office", date and time(string(y) + "-01-01T00:00:00Z"))'
    span = 'working time between("office", @"2400-01-01T00:00:00Z", @"2700-01-01T00:00:00Z")'
    for text in (years, span, 'working time after("office", now(), duration("P99999D"))'):
        with pytest.raises(FeelLimitError, match="200,000 steps"):
            ask(text)


def test_a_year_is_counted_once_however_often_it_is_asked_for() -> None:
    text = 'count(for n in 1..2000 return next opening("office", now() + duration("PT1H") * n))'
    assert ask(text).value == 2000


MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))
SPANS = st.one_of(st.integers(0, 10**15), st.integers(0, 10**25)).map(DaysTimeDuration)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(CALENDARS)), MOMENTS, SPANS, st.integers(0, 10**5))
def test_whatever_is_asked_is_answered_or_refused_in_words(
    calendar: str, moment: datetime, span: DaysTimeDuration, days: int
) -> None:
    context = {"calendar": calendar, "moment": moment, "span": span, "days": days}
    asked = (
        "working time after(calendar, moment, span)",
        "working days after(calendar, moment, days)",
        "next opening(calendar, moment)",
        "is open(calendar, moment)",
        "is working day(calendar, moment)",
        "working time between(calendar, moment, now())",
    )
    for expression in asked:
        try:
            found = ask(expression, **context)
        except FeelLimitError:
            continue
        assert (found.value is None) == bool(found.warnings)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(CALENDARS)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
)
def test_what_comes_after_is_what_lies_between_also_once_it_was_kept(
    calendar: str, moment: datetime, span: timedelta
) -> None:
    context = {"calendar": calendar, "moment": moment, "span": span}
    due = ask("working time after(calendar, moment, span)", **context).value
    kept = from_json(to_json(due))
    assert kept.astimezone(UTC) == due.astimezone(UTC)
    assert ask("working time between(calendar, moment, due) = span", **context, due=kept).value is True
