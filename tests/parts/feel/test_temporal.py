"""Dates, times, durations and zones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.feel import FeelSyntaxError, Surroundings, compile_expression, parse_duration
from engine.feel.values import DaysTimeDuration, FeelTime, UnkeepableValue, YearsMonthsDuration, to_json

from .asking import NOW, feel


def test_literals_name_python_values() -> None:
    assert feel('@"2026-05-04"') == date(2026, 5, 4)
    assert feel('@"2026-05-04T10:30:00Z"') == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    rome = feel('@"2026-05-04T10:30:00@Europe/Rome"')
    assert (rome.tzinfo, rome.hour) == (ZoneInfo("Europe/Rome"), 10)
    assert feel('@"10:30:00"') == FeelTime(10, 30, 0)
    assert feel('@"PT36H"') == DaysTimeDuration(36 * 3600 * 1_000_000)
    assert feel('@"P1Y2M"') == YearsMonthsDuration(14)


@pytest.mark.parametrize("text", [
    '@"2026-01-31" + @"P1M" = @"2026-02-28"', '@"2024-02-29" + @"P1Y" = @"2025-02-28"',
    '@"2026-05-04" - @"2026-05-01" = @"P3D"', '@"2026-05-04" + @"PT36H" = @"2026-05-05"',
    '@"2026-05-04T23:00:00" + @"PT2H" = @"2026-05-05T01:00:00"', '@"23:00:00" + @"PT2H" = @"01:00:00"',
    '@"10:00:00" - @"08:30:00" = @"PT1H30M"', '@"P1D" * 2 = @"P2D"', '@"P1D" / @"PT6H" = 4', '@"P1Y" / 2 = @"P6M"',
    '-@"P1D" = @"-P1D"', '@"P1D" = @"PT24H"', '@"P1Y" = @"P12M"', '@"P1D" < @"PT25H"',
    '@"2026-05-04T12:00:00+02:00" = @"2026-05-04T10:00:00Z"',
    '@"2026-05-04T12:00:00@Europe/Rome" = @"2026-05-04T10:00:00Z"',
    '@"2026-05-04" < @"2026-05-04T00:00:01Z"', '@"10:00:00+02:00" = @"08:00:00Z"',
    'years and months duration(@"2025-12-31", @"2026-03-01") = @"P2M"',
    'years and months duration(@"2026-03-01", @"2025-12-31") = @"-P2M"',
    '@"2026-05-04".weekday = 1 and @"2026-05-04".month = 5 and @"2026-05-04".year = 2026',
    '@"2026-05-04T10:30:15+02:00".time offset = @"PT2H" and @"10:30:15".second = 15',
    '@"2026-05-04T10:30:15@Europe/Rome".timezone = "Europe/Rome"',
    '@"P1DT2H3M4S".hours = 2 and @"P1DT2H3M4S".days = 1 and @"-P1Y2M".months = -2',
    'date and time(@"2026-05-04", @"10:30:00") = @"2026-05-04T10:30:00"', 'date(2026, 5, 4) = @"2026-05-04"',
    'time(10, 30, 0, @"PT2H") = @"10:30:00+02:00"', 'time(@"2026-05-04T10:30:00Z") = @"10:30:00Z"',
    'date and time(2026, 5, 4, 10, 30, 0) = @"2026-05-04T10:30:00"',
    'day of year(@"2026-02-01") = 32', 'day of week(@"2026-05-04") = "Monday"', 'week of year(@"2026-01-01") = 1',
    'month of year(@"2026-05-04") = "May"', 'last day of month(@"2024-02-01") = @"2024-02-29"',
])  # fmt: skip
def test_calendar_arithmetic_holds(text: str) -> None:
    assert feel(text) is True


def test_elapsed_time_counts_real_hours_across_a_change_of_the_clocks() -> None:
    before = '@"2026-03-29T01:30:00@Europe/Rome"'
    assert feel(f'string({before} + @"PT1H")') == "2026-03-29T03:30:00@Europe/Rome"
    assert feel(f'@"2026-03-29T03:30:00@Europe/Rome" - {before}') == feel('@"PT1H"')


def test_a_month_keeps_the_time_on_the_wall() -> None:
    assert feel('string(@"2026-03-01T09:00:00@Europe/Rome" + @"P1M")') == "2026-04-01T09:00:00@Europe/Rome"


def test_moments_with_and_without_a_zone_are_not_compared() -> None:
    assert feel('@"2026-05-04T10:00:00" < @"2026-05-04T10:00:00Z"') is None


def test_now_and_today_are_the_moment_handed_in() -> None:
    assert feel("now()") == NOW
    assert feel("today()") == NOW.date()


def test_today_is_the_day_of_the_desk() -> None:
    late = datetime(2026, 12, 5, 4, tzinfo=UTC)
    new_york = Surroundings(late, zone=ZoneInfo("America/New_York"))
    assert compile_expression("today()").evaluate({}, new_york) == date(2026, 12, 4)
    assert compile_expression("today()").evaluate({}, Surroundings(late)) == date(2026, 12, 5)


@pytest.mark.parametrize(("text", "printed"), [
    ("P1DT2H", "P1DT2H"), ("PT36H", "P1DT12H"), ("-PT0.5S", "-PT0.5S"), ("PT0S", "PT0S"), ("P14M", "P1Y2M"),
    ("P0M", "P0M"), ("P1Y", "P1Y"), ("PT90M", "PT1H30M"),
])  # fmt: skip
def test_a_duration_is_read_and_printed(text: str, printed: str) -> None:
    assert str(parse_duration(text)) == printed


@pytest.mark.parametrize(
    "text", ["P1M1M", "PT", "P", "P1DT", "1D", "P1Y1D", "P1W", "PT1M1H", "P-1D", "", "p1d"]
)
def test_what_is_no_duration_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="Expected a duration of years and months"):
        parse_duration(text)


FAR = '@"99999-12-31"'


@pytest.mark.parametrize("text", [
    f'string({FAR}) = "99999-12-31"', f"{FAR}.year = 99999 and {FAR}.weekday = 5", f'{FAR} > @"2026-05-04"',
    f"{FAR} instance of date", 'string(date("-0044-03-15")) = "-0044-03-15"', f"{FAR} = {FAR}",
    '@"99999-01-01T00:00:00+01:00" < @"99999-01-01T00:00:00Z"', f'{FAR} in [@"2026-05-04"..{FAR}]',
    'string(@"-0044-03-15T12:00:00Z") = "-0044-03-15T12:00:00Z"',
])  # fmt: skip
def test_years_beyond_the_calendar_can_be_written_and_compared(text: str) -> None:
    assert feel(text) is True


@pytest.mark.parametrize("text", [
    f'{FAR} + @"P1D"', f"{FAR} - {FAR}", f"day of week({FAR})", f'date and time({FAR}, @"10:00:00")', f"-{FAR}",
    f'for d in @"2026-05-04"..{FAR} return d', f'{FAR} < @"99999-12-31T00:00:00"', "date(99999, 2, 29)",
    'date("01234-01-01")', "date(2026, 13, 1)", "date(2026, 0, 1)",
])  # fmt: skip
def test_nothing_is_computed_with_them(text: str) -> None:
    assert feel(text) is None


def test_no_variable_keeps_them() -> None:
    with pytest.raises(UnkeepableValue, match="beyond the years 1 to 9999"):
        to_json(feel(FAR))
