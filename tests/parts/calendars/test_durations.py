"""ISO 8601 durations are complete and exact; what can't be kept exactly is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import Duration, InvalidDuration

ROME = ZoneInfo("Europe/Rome")
HOUR = 3_600_000_000
numbers = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**15))
durations = st.builds(
    lambda parts, sign: Duration(*(sign * it for it in parts)), numbers, st.sampled_from([1, -1])
)


@given(durations)
def test_a_duration_reads_back_what_it_writes(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration
    assert str(-duration).removeprefix("-") == str(duration).removeprefix("-")
    assert duration.is_negative == str(duration).startswith("-")
    assert bool(duration) == (str(duration) != "PT0S")


@pytest.mark.parametrize(
    ("text", "months", "days", "microseconds", "canonical"),
    [
        ("P1Y2M3W4DT5H6M7.5S", 14, 25, 5 * HOUR + 6 * HOUR // 60 + 7_500_000, "P1Y2M25DT5H6M7.5S"),
        ("P1W", 0, 7, 0, "P7D"),
        ("PT1,5H", 0, 0, HOUR * 3 // 2, "PT1H30M"),
        ("P0.5D", 0, 0, 12 * HOUR, "PT12H"),
        ("P1.5W", 0, 10, 12 * HOUR, "P10DT12H"),
        ("P0.5Y", 6, 0, 0, "P6M"),
        ("P1.25Y", 15, 0, 0, "P1Y3M"),
        ("PT0.1M", 0, 0, 6_000_000, "PT6S"),
        ("PT0.000001S", 0, 0, 1, "PT0.000001S"),
        ("PT36H", 0, 0, 36 * HOUR, "PT36H"),
        ("-PT30M", 0, 0, -HOUR // 2, "-PT30M"),
        ("+P1D", 0, 1, 0, "P1D"),
        (" P0D ", 0, 0, 0, "PT0S"),
    ],
)
def test_every_form_is_read(text: str, months: int, days: int, microseconds: int, canonical: str) -> None:
    assert Duration.parse(text) == Duration(months, days, microseconds)
    assert str(Duration.parse(text)) == canonical


NO_DURATIONS = (
    "P|PT|P1DT|-P|1D|PD|p1d|P-1D|P1S|PT1D|PT1H1D|P1D1W|P1M1Y|PT1S1H|P1H|P 1D|P1.D|P.5D|P1D ago|P1e3D"
)


@pytest.mark.parametrize(
    "text", ["", "P١D", "PT1234567890123456S", "P1DT1", "--P1D", *NO_DURATIONS.split("|")]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidDuration, match="Expected a duration such as PT4H"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("P0.5M", "whole months"),
        ("P0.1Y", "whole months"),
        ("PT0.0000001S", "whole microseconds"),
        ("PT0.00000000001H", "whole microseconds"),
        ("P1.5YT1H", "a fraction of the last unit only, but “P1.5YT1H” has one of the years"),
        ("PT1.5H30M", "one of the hours"),
    ],
)
def test_what_can_t_be_kept_exactly_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidDuration, match=message):
        Duration.parse(text)


def test_numbers_of_two_signs_are_no_duration() -> None:
    with pytest.raises(ValueError, match="of one sign"):
        Duration(months=1, days=-1)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2026-01-31T10:00", "P1M", "2026-02-28T10:00+01:00"),
        ("2024-02-29T10:00", "P1Y", "2025-02-28T10:00+01:00"),
        ("2026-03-31T10:00", "-P1M", "2026-02-28T10:00+01:00"),
        ("2026-03-28T12:00", "P1D", "2026-03-29T12:00+02:00"),  # 23 hours of real time
        ("2026-03-28T12:00", "PT24H", "2026-03-29T13:00+02:00"),
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30+02:00"),  # 02:30 is left out: as long after the change
        ("2026-10-24T02:30", "P1D", "2026-10-25T02:30+02:00"),  # 02:30 comes twice: the earlier
        ("2026-10-24T02:30", "P1DT1H", "2026-10-25T02:30+01:00"),  # and an hour on, the later
        ("2026-10-26T02:30", "-P1D", "2026-10-25T02:30+02:00"),
    ],
)
def test_days_and_months_keep_the_time_of_day_in_their_zone(start: str, text: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=ROME)
    assert Duration.parse(text).added_to(moment, ROME) == datetime.fromisoformat(end)


def test_without_days_the_second_of_two_equal_hours_stays_the_second() -> None:
    second = datetime(2026, 10, 25, 2, 30, tzinfo=ROME, fold=1)
    assert Duration.parse("PT0S").added_to(second, ROME) == second.astimezone(UTC)


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(-500, 500)
)
def test_so_many_times_is_counted_from_the_beginning(moment: datetime, times: int) -> None:
    assert Duration(days=1, microseconds=5).added_to(moment, times=times) == moment + times * timedelta(
        days=1, microseconds=5
    )
    later = Duration(months=1).added_to(moment, times=times)
    assert (later.year - moment.year) * 12 + later.month - moment.month == times
    assert later.day == moment.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize("text", ["P9000Y", "-P2026Y1M", "P999999999999D", "PT999999999999999H", "P3000000D"])
def test_beyond_the_years_of_the_calendar_there_is_no_moment(text: str) -> None:
    with pytest.raises(OverflowError):
        Duration.parse(text).added_to(datetime(2026, 1, 1, tzinfo=UTC))


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="a moment with its zone"):
        Duration(days=1).added_to(datetime(2026, 1, 1))
