"""Moments and durations in the words that agents read."""

from datetime import UTC, datetime, timedelta

import pytest

from webui.times import deadline, exact, length, short, span, zone

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(minutes=25, seconds=59), "25 min"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
        (timedelta(days=3, minutes=5), "3 d"),
        (timedelta(seconds=59), ""),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(left: timedelta, words: str) -> None:
    assert span(left) == words
    assert span(-left) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("P14D", "14 days"), ("PT48H", "48 hours"), ("P1DT0.5S", "1 day 0.5 seconds"), ("P10M", "10 months")],
)
def test_a_duration_of_the_settings_is_told_as_it_was_written(text: str, words: str) -> None:
    assert length(text) == words


def test_a_deadline_ahead_says_how_long_is_left_and_how_much_is_used() -> None:
    shown = deadline(NOW + timedelta(hours=3), NOW, zone("Europe/Berlin"), NOW - timedelta(hours=1))
    assert (shown.state, shown.text, shown.used) == ("running", "in 3 h", 25)
    assert shown.exact == "Mon 23 Nov 2026, 12:00 CET"


def test_a_deadline_within_the_hour_is_soon() -> None:
    assert deadline(NOW + timedelta(minutes=59), NOW, zone("UTC")).state == "soon"


def test_a_passed_deadline_says_how_late_it_is() -> None:
    shown = deadline(NOW - timedelta(minutes=25), NOW, zone("UTC"))
    assert (shown.state, shown.text) == ("late", "25 min late")


def test_a_deadline_of_this_minute_is_due_now_before_and_after() -> None:
    assert deadline(NOW + timedelta(seconds=30), NOW, zone("UTC")).text == "due now"
    assert deadline(NOW - timedelta(seconds=30), NOW, zone("UTC")).text == "due now"


def test_a_moment_of_today_is_told_by_its_hour_and_an_older_one_by_its_day() -> None:
    berlin = zone("Europe/Berlin")
    assert short(NOW, NOW, berlin) == "09:00"
    assert short(NOW - timedelta(days=2), NOW, berlin) == "21 Nov 09:00"
    assert short(NOW.replace(year=2025), NOW, berlin) == "23 Nov 2025, 09:00"


def test_an_unknown_zone_is_read_as_utc_rather_than_failing_a_page() -> None:
    assert exact(NOW, zone("Nowhere/Atall")) == "Mon 23 Nov 2026, 08:00 UTC"
