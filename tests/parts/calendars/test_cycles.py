"""Repetitions keep their grid, cron keeps the wall clock, on the nights of both changes too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars import Cycle, Duration, InvalidCycle, read_cycle

ROME, LORD_HOWE = ZoneInfo("Europe/Rome"), ZoneInfo("Australia/Lord_Howe")
ARMED = datetime(2026, 1, 31, 12, tzinfo=UTC)
FORMS = ["R/{interval}", "R/{anchor}/{interval}", "R9/{interval}/{anchor}"]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def rounds(cycle: Cycle, armed: datetime, most: int) -> list[datetime]:
    found = []
    at = cycle.first(armed)
    while at is not None and len(found) < most:
        found.append(at)
        at = cycle.after(at, armed)
    return found


def written(text: str, zone: ZoneInfo, armed: datetime, most: int = 5) -> list[str]:
    return [f"{it.astimezone(zone):%m-%d %H:%M%z}" for it in rounds(read_cycle(text, zone), armed, most)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R3/PT1H", ["01-31 14:00+0100", "01-31 15:00+0100", "01-31 16:00+0100"]),
        ("R/P1M", ["02-28 13:00+0100", "03-31 13:00+0200", "04-30 13:00+0200"]),
        ("R2/2026-03-28T11:00:00Z/P1D", ["03-28 12:00+0100", "03-29 12:00+0200"]),
        ("R/2020-03-28T11:00:00Z/P1D", ["03-28 12:00+0100", "03-29 12:00+0200", "03-30 12:00+0200"]),
        ("R2/P7D/2026-02-28T12:00:00Z", ["02-21 13:00+0100", "02-28 13:00+0100"]),
        ("R/P14D/2026-02-28T12:00:00Z", ["02-14 13:00+0100", "02-28 13:00+0100"]),
        ("R1/P7D/2026-01-01T12:00:00Z", []),
        ("R9/P8000Y", []),
        ("0 0 9 ? * MON", ["02-02 09:00+0100", "02-09 09:00+0100", "02-16 09:00+0100"]),
        ("0 9 L * *", ["02-28 09:00+0100", "03-31 09:00+0200", "04-30 09:00+0200"]),
        ("@daily", ["02-01 00:00+0100", "02-02 00:00+0100", "02-03 00:00+0100"]),
    ],
)
def test_a_cycle_has_these_rounds(text: str, expected: list[str]) -> None:
    assert written(text, ROME, ARMED, 3) == expected


@pytest.mark.parametrize(
    ("text", "zone", "armed", "expected"),
    [
        ("30 2 * * *", ROME, "2026-03-29T00:00Z", ["03-29 03:00+0200", "03-30 02:30+0200"]),
        ("30 2 * * *", ROME, "2026-10-24T22:00Z", ["10-25 02:30+0200", "10-26 02:30+0100"]),
        ("30 2 * * *", ROME, "2026-10-25T01:10Z", ["10-26 02:30+0100", "10-27 02:30+0100"]),
        ("0 * * * *", ROME, "2026-03-29T00:00Z", ["03-29 03:00+0200", "03-29 04:00+0200"]),
        ("30 * * * *", ROME, "2026-10-25T00:00Z", ["10-25 02:30+0200", "10-25 02:30+0100"]),
        ("15 2 * * *", LORD_HOWE, "2026-10-03T15:00Z", ["10-04 02:30+1100", "10-05 02:15+1100"]),
        ("45 1 * * *", LORD_HOWE, "2026-04-04T14:00Z", ["04-05 01:45+1100", "04-06 01:45+1030"]),
    ],
)
def test_cron_leaves_no_day_out_and_does_none_twice(
    text: str, zone: ZoneInfo, armed: str, expected: list[str]
) -> None:
    assert written(text, zone, datetime.fromisoformat(armed), 2) == expected


@settings(deadline=None)
@given(moments, st.integers(0, 23), st.integers(0, 59), st.sampled_from([ROME, LORD_HOWE]))
def test_a_daily_round_comes_once_a_day_and_always_later(
    armed: datetime, hour: int, minute: int, zone: ZoneInfo
) -> None:
    found = rounds(read_cycle(f"{minute} {hour} * * *", zone), armed, 40)
    assert found[0] > armed
    days = [it.astimezone(zone).date() for it in found]
    assert days == [days[0] + timedelta(days=more) for more in range(40)]


@settings(deadline=None)
@given(
    moments, moments, st.integers(0, 15), st.integers(1, 40), st.integers(0, 10**10), st.sampled_from(FORMS)
)
def test_the_round_after_a_moment_is_the_first_on_the_grid(
    armed: datetime, moment: datetime, months: int, days: int, microseconds: int, form: str
) -> None:
    interval = Duration(months, days, microseconds)
    anchor = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    cycle = read_cycle(form.format(anchor=anchor.isoformat(), interval=interval), ROME)
    numbers = {"R/{i": range(1, 800), "R/{a": range(800), "R9/{": range(-8, 1)}[form[:4]]
    grid = (interval.added_to(armed if form[:4] == "R/{i" else anchor, ROME, number) for number in numbers)
    assert cycle.after(moment, armed) == next((it for it in grid if it > moment), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("R0/PT1H", "at least one round"),
        ("R/PT0S", "leads forward"),
        ("R/-PT1H", "leads forward"),
        ("R/P0.5M", "whole months"),
        ("R/2026-12-04T09:00:00/P1D", "a moment with its zone"),
        ("R1/P1D/P1D", "a moment with its zone"),
        ("R/P1D/2026-01-01T00:00:00Z/P1D", "a repetition such as"),
        ("R", "5 fields of cron"),
        ("", "5 fields of cron"),
        ("* * * * * * *", "5 fields of cron"),
        ("99 * * * *", "Bad minute"),
        ("0 9 30 2 *", "Bad day-of-month"),
        ("0 9 13 * FRI", "names both"),
        ("0 0 9 13 * FRI", "names both"),
    ],
)
def test_what_is_no_cycle_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidCycle, match=message):
        read_cycle(text)
