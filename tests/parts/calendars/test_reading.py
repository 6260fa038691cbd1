"""What a calendars.toml says, and what is found in a bad one: line and remedy."""

from __future__ import annotations

import tomllib
from datetime import date, datetime

import pytest

from engine.calendars import CalendarFinding, WorkingCalendar, read_calendars
from engine.catalog.check import check_pack
from engine.catalog.pack import PackSource
from engine.catalog.places import Places

SUPPORT = """\
[support]
title = "Support hours"
zone = "America/New_York"
mon_fri = ["08:00-20:00"]
fri = ["08:00-12:00", "13:00-17:00"]
sat = ["09:00-17:00"]
holidays = { country = "US", subdivision = "NY", categories = ["public"] }

[support.dates]
"2026-12-24" = { open = ["08:00-12:00"], reason = "Christmas Eve" }
"2026-12-28" = { closed = "Stocktaking" }
"12-31" = { closed = "Year's end" }

[emergency]
title = "Around the clock"
always = true
"""


def read(text: str) -> tuple[dict[str, WorkingCalendar], list[CalendarFinding]]:
    return read_calendars(tomllib.loads(text), Places(text), "Europe/Rome")


def local(calendar: WorkingCalendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-12-03T08:00", "open 08:00 to 20:00"),
        ("2026-12-04T12:30", "closed: Friday is open 08:00 to 12:00 and 13:00 to 17:00"),
        ("2026-12-04T20:00", "closed: Friday is open 08:00 to 12:00 and 13:00 to 17:00"),
        ("2026-12-06T10:00", "closed: Sunday"),
        ("2026-11-26T10:00", "closed: Thanksgiving Day"),
        ("2026-12-24T09:00", "open 08:00 to 12:00 (Christmas Eve)"),
        ("2026-12-24T13:00", "closed: Christmas Eve is open 08:00 to 12:00"),
        ("2026-12-25T10:00", "closed: Christmas Day"),
        ("2026-12-28T10:00", "closed: Stocktaking"),
        ("2031-12-31T10:00", "closed: Year's end"),
    ],
)
def test_a_calendar_says_why_it_is_open_or_closed(moment: str, why: str) -> None:
    calendars, findings = read(SUPPORT)
    support = calendars["support"]
    assert findings == []
    assert support.why(local(support, moment)) == why
    assert support.is_open(local(support, moment)) == why.startswith("open")


def test_a_pack_offers_its_calendars() -> None:
    pack = PackSource.from_files({"pack.toml": b'id = "p"', "calendars.toml": SUPPORT.encode()})
    assert list(pack.calendars) == ["support", "emergency"]
    assert pack.calendars["emergency"].always and not pack.calendars["support"].always
    assert pack.calendars["support"].title == "Support hours"


def test_a_calendar_without_a_zone_has_the_one_of_the_pack() -> None:
    calendars, _ = read('[one]\nmon_sun = ["00:00-24:00"]')
    assert (str(calendars["one"].zone), calendars["one"].title) == ("Europe/Rome", "one")
    assert calendars["one"].always


def test_an_own_date_goes_before_a_holiday_and_one_year_before_every_year() -> None:
    more = '"12-25" = { open = ["10:00-11:00"] }\n"2027-12-31" = { open = ["09:00-10:00"] }\n"12-31" ='
    calendars, _ = read(SUPPORT.replace('"12-31" =', more))
    support = calendars["support"]
    assert support.why(local(support, "2026-12-25T10:30")) == "open 10:00 to 11:00"
    assert support.why(local(support, "2027-12-31T09:30")) == "open 09:00 to 10:00"
    assert not support.is_working_day(date(2026, 12, 31))


def test_holidays_may_come_from_several_countries() -> None:
    calendars, findings = read(
        '[one]\nmon_fri = ["08:00-18:00"]\nholidays = ["IT", { country = "DE", subdivision = "BY" }]'
    )
    one = calendars["one"]
    assert findings == []
    assert one.why(local(one, "2026-06-02T10:00")) == "closed: Republic Day"
    assert one.why(local(one, "2026-10-01T10:00")) == "open 08:00 to 18:00"
    assert not one.is_working_day(date(2027, 11, 1))


def test_the_version_follows_the_hours_and_not_the_titles() -> None:
    def version(text: str) -> str:
        return read(text)[0]["support"].version

    assert version(SUPPORT) == version(
        SUPPORT.replace("Support hours", "Desk").replace("Stocktaking", "Stock")
    )
    changes = [
        ('"NY"', '"CA"'),
        ("20:00", "20:01"),
        ("New_York", "Chicago"),
        ("12-28", "12-29"),
        ("12-31", "12-30"),
    ]
    assert len({version(SUPPORT), *(version(SUPPORT.replace(*it)) for it in changes)}) == 6
    assert len(version(SUPPORT)) == 12


WEEK = '[one]\nzone = "UTC"\nmon_fri = ["08:00-18:00"]\n'


@pytest.mark.parametrize(
    ("text", "rule", "line", "message"),
    [
        (WEEK.replace("UTC", "Mars/Base"), "time-zone", 2, "“Mars/Base” is none"),
        (WEEK.replace("UTC", "localtime"), "time-zone", 2, "“localtime” is none"),
        (WEEK.replace("zone =", "zones ="), "unknown-key", 2, "found “zones”"),
        (WEEK.replace('"UTC"', "3"), "type", 2, "zone is 3"),
        (WEEK.replace("08:00-18:00", "8:00-18:00"), "hours", 3, "found '8:00-18:00'"),
        (WEEK.replace("08:00-18:00", "08:00-24:30"), "hours", 3, "found '08:00-24:30'"),
        (WEEK.replace("08:00-18:00", "24:00-08:00"), "hours", 3, "found '24:00-08:00'"),
        (WEEK.replace("08:00-18:00", "08:00-08:00"), "hours", 3, "08:00-08:00 is none"),
        (WEEK.replace('["08:00-18:00"]', '"08:00-18:00"'), "hours", 3, "a list of hours"),
        (WEEK.replace('["08:00-18:00"]', "[8]"), "hours", 3, "found 8"),
        (WEEK.replace('["08:00-18:00"]', "[]"), "never-opens", 1, "never does in an ordinary year"),
        ('[one]\ntitle = "x"', "never-opens", 1, "“x” never does"),
        (
            '[one]\nalways = false\n[one.dates]\n"2026-12-24" = { open = ["08:00-09:00"] }',
            "never-opens",
            1,
            "“one”",
        ),
        (
            WEEK.replace('18:00"', '18:00", "17:00-19:00"'),
            "overlap",
            3,
            "on Monday 08:00 to 18:00 and 17:00",
        ),
        (
            WEEK.replace("18:00", "08:30") + 'sun = ["20:00-09:00"]',
            "overlap",
            3,
            "on Monday 20:00 to 09:00 and",
        ),
        (WEEK + '[one.dates]\n"2026-12-24" = { open = ["20:00-09:00"] }', "overlap", 5, "on 2026-12-25"),
        (WEEK + '[one.dates]\n"02-28" = { open = ["20:00-09:00"] }', "overlap", 5, "08:00 to 18:00"),
        (WEEK + 'holidays = "XX"', "holidays", 4, "a country with known holidays, but “XX”"),
        (WEEK + 'holidays = { country = "US", subdivision = "XX" }', "holidays", 4, "a subdivision"),
        (WEEK + 'holidays = { country = "US", categories = ["none"] }', "holidays", 4, "a category"),
        (WEEK + 'holidays = { country = "US", categories = [] }', "holidays", 4, "a country, or one with"),
        (WEEK + 'holidays = { country = "US", state = "NY" }', "unknown-key", 4, "found “state”"),
        (WEEK + "holidays = [3]", "holidays", 4, "found 3"),
        (WEEK + "dates = 3", "type", 4, "dates is 3"),
        (WEEK + '[one.dates]\n"2026-02-29" = { closed = "x" }', "dates", 5, "“2026-02-29” is neither"),
        (WEEK + '[one.dates]\n"2026-W01" = { closed = "x" }', "dates", 5, "is neither"),
        (WEEK + '[one.dates]\n"02-30" = { closed = "x" }', "dates", 5, "is neither"),
        (
            WEEK + '[one.dates]\n"12-24" = { closed = "x", open = ["08:00-09:00"] }',
            "dates",
            5,
            "hours or the reason",
        ),
        (WEEK + '[one.dates]\n"12-24" = "closed"', "dates", 5, "hours or the reason"),
        (WEEK + '[one.dates]\n"12-24" = { closed = true }', "dates", 5, "a reason"),
        (WEEK + '[one.dates]\n"12-24" = { open = [] }', "dates", 5, "hours on “12-24”"),
        (WEEK + '[one.dates]\n"12-24" = { open = ["9-12"] }', "hours", 5, "found '9-12'"),
        (WEEK + '[one.dates]\n"12-24" = { closed = "x", why = "y" }', "unknown-key", 5, "found “why”"),
        (WEEK + "always = true", "hours", 4, "no hours beside it"),
        ('[one]\nalways = "yes"', "hours", 2, "always = true"),
        ("[One]\nalways = true", "type", 1, "“One”"),
        ("one = 3", "type", 1, "“one”"),
    ],
)
def test_a_bad_calendar_is_left_out_and_the_finding_says_where(
    text: str, rule: str, line: int, message: str
) -> None:
    calendars, findings = read(text)
    assert calendars == {}
    assert [(it.rule, it.line) for it in findings][:1] == [(rule, line)]
    assert message in findings[0].message and findings[0].message.startswith("Expected ")
    assert findings[0].remedy.endswith(".")


def test_windows_that_only_touch_are_no_overlap() -> None:
    calendars, findings = read('[one]\nmon_sun = ["22:00-06:00", "06:00-14:00", "14:00-22:00"]')
    assert findings == []
    assert calendars["one"].next_change(datetime.fromisoformat("2026-01-01T00:00Z")) is None


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [(b"[support", "toml", None), (b"\xff", "toml", None), (b'[one]\nmon = ["x"]', "hours", 2)],
)
def test_the_check_of_a_pack_shows_what_is_wrong_with_its_calendars(
    content: bytes, rule: str, line: int
) -> None:
    findings = check_pack(PackSource.from_files({"pack.toml": b'id = "p"', "calendars.toml": content}))
    found = [(it.rule, it.line) for it in findings if it.file == "calendars.toml"]
    assert found[:1] == [(rule, line)]
