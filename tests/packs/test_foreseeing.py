"""When a timer would fire: for a ticket now, on Friday evening and before a holiday, as it really would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.catalog.foreseeing import Unforeseen, foreseen, occasions
from engine.catalog.pack import PackSource, read_pack
from tests.packs.conftest import DESK
from tests.parts.spiff.drawing import boundary, draw, timer
from tests.parts.spiff.playing import NOON, Play, linked

CALENDARS = b"""
[office]
mon_fri = ["09:00-17:00"]
holidays = { country = "US" }
[emergency]
always = true
"""


def pack(calendars: bytes = CALENDARS, zone: str = "America/New_York") -> PackSource:
    files = dict(read_pack(DESK).files)
    manifest = files["pack.toml"].replace(b'time_zone = "UTC"', f'time_zone = "{zone}"'.encode())
    return PackSource.from_files({**files, "pack.toml": manifest, "calendars.toml": calendars})


def told(kind: str, text: str, now: datetime = NOON, of: PackSource | None = None) -> dict[str, list[str]]:
    return {
        it.occasion.kind: [f"{moment:%a %d %b %H:%M}" for moment in it.fires]
        for it in foreseen(of or pack(), kind, text, now)
    }


def test_four_working_hours_end_before_and_after_the_week_end_and_the_holiday() -> None:
    assert told("date", '=working time after("office", now(), duration("PT4H"))') == {
        "now": ["Mon 23 Nov 18:00"],  # noon UTC is 07:00 in New York
        "friday": ["Mon 30 Nov 18:00"],
        "holiday": ["Fri 27 Nov 18:00"],  # Thanksgiving is on Thursday
    }


def test_occasions_are_told_in_the_zone_of_the_pack_with_the_name_of_the_holiday() -> None:
    now, friday, holiday = occasions(pack(), NOON)
    assert now.moment == NOON
    assert friday.moment == datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
    assert (holiday.moment, holiday.holiday) == (
        datetime(2026, 11, 26, 0, 30, tzinfo=UTC),
        "Thanksgiving Day",
    )


@pytest.mark.parametrize(
    ("now", "friday"),
    [
        (datetime(2026, 11, 28, 0, 29, tzinfo=UTC), 28),
        (datetime(2026, 11, 28, 0, 30, tzinfo=UTC), 5),
    ],
)
def test_on_friday_evening_the_next_one_is_meant(now: datetime, friday: int) -> None:
    assert list(occasions(pack(), now))[1].moment.day == friday


def test_a_holiday_on_a_day_that_is_closed_anyhow_is_no_occasion() -> None:
    closed = (
        b'[office]\nmon_fri = ["09:00-17:00"]\n[office.dates]\n"2026-11-28" = { closed = "Stocktaking" }\n'
    )
    assert [it.kind for it in occasions(pack(closed), NOON)] == ["now", "friday"]


def test_a_cycle_is_told_by_three_rounds_or_by_those_that_it_has() -> None:
    assert told("cycle", "R/PT8H")["now"] == ["Mon 23 Nov 20:00", "Tue 24 Nov 04:00", "Tue 24 Nov 12:00"]
    assert told("cycle", "R2/P1D")["friday"] == ["Sun 29 Nov 00:30", "Mon 30 Nov 00:30"]


def test_what_is_over_fires_at_once_and_the_rounds_that_were_missed_with_it() -> None:
    assert told("date", "2026-01-01T00:00:00Z")["now"] == ["Mon 23 Nov 12:00"]
    assert told("cycle", "R/2026-11-23T01:00:00Z/PT4H")["now"] == [
        "Mon 23 Nov 12:00", "Mon 23 Nov 13:00", "Mon 23 Nov 17:00",
    ]  # fmt: skip


def test_a_date_that_says_never_has_no_moment() -> None:
    assert {it.fires for it in foreseen(pack(), "date", '="never"', NOON)} == {()}


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("date", "=due + wait", "It depends on what the ticket holds by then: due, wait."),
        ("date", "=goal.due", "It follows the clock of a goal, which each ticket has its own of."),
        ("duration", "PT", "Expected a duration such as PT4H, P2D or P1M, but found PT."),
        (
            "date",
            '=next opening("ofice", now())',
            "Expected a moment with its zone such as 2026-12-04T19:30:00Z or 2026-12-04T19:30:00-05:00, but found"
            ' null. Expected one of the calendars emergency, office but found "ofice" (line 1, column 2)',
        ),
        ("duration", "=1 +", "Expected an expression but the text ends (line 1, column 5)"),
    ],
)
def test_where_nothing_can_be_told_a_sentence_says_why(kind: str, text: str, sentence: str) -> None:
    with pytest.raises(Unforeseen) as refused:
        foreseen(pack(), kind, text, NOON)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", "P1M"),
        ("date", '=working days after("office", now(), 3)'),
        ("cycle", "R3/PT90M"),
        ("duration", '=working time between("office", now(), now() + duration("P2D"))'),
    ],
)
def test_a_ticket_fires_when_it_was_foretold(kind: str, text: str) -> None:
    definition = timer(kind, text)
    source = draw(
        f"start s; user a; {boundary('late', 'a', definition, interrupting=False)}; end e; end n",
        "s>a>e late>n",
    )
    ticket = Play(linked(source), "p", None, False, lambda *_: None, {}, calendars=pack().calendars)
    fired: list[Any] = []
    while "late" in ticket.waiting:
        ticket.fire("late")
        fired.append(ticket.now)
    assert tuple(fired) == foreseen(pack(), kind, text, NOON)[0].fires
