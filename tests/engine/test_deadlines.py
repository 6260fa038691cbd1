"""`casepath ticket deadlines` says why: from its lines alone one comes to the due moment again.

What is printed is read here with nothing but the eye's means, and counted with `engine.calendars`: neither the pack
nor the database is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.calendars import ALWAYS, Measure, WorkingCalendar, measure, read_calendars
from engine.cli.__main__ import main
from engine.goals.recorded import length
from engine.settings import Settings
from tests.engine.promised import Promised
from tests.office import Office

MOMENT = r"\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:\d\d)"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# --- reading what is printed --------------------------------------------------------------------------------


@dataclass
class Row:
    """One interval as it is printed."""

    since: datetime
    until: datetime | None
    clock: str
    used: timedelta | None
    sum: timedelta | None
    why: str

    @property
    def counts_from(self) -> datetime:
        found = re.search(f"counts from {MOMENT}", self.why)
        return datetime.fromisoformat(found[1]) if found else self.since


@dataclass
class Printed:
    """One goal as it is printed; `rounds` has the heads of several, and their rows."""

    head: str
    terms: dict[str, str] = field(default_factory=dict)
    special: list[str] = field(default_factory=list)
    rounds: list[tuple[str, list[Row]]] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return self.rounds[-1][1]

    def due(self, head: str = "") -> datetime | None:
        found = re.search(f"due {MOMENT}", head or self.head)
        return datetime.fromisoformat(found[1]) if found else None

    @property
    def promise(self) -> str:
        counted = self.terms["counted"].partition(":")[0]
        calendar = re.search(r"\((\w+), version", self.terms.get("calendar", ""))
        named = f", calendar {calendar[1]}" if calendar else ""
        return f"{self.terms['target'].partition(',')[0]}, {counted}{named}"

    def measure(self, promise: str) -> Measure:
        calendar = self._calendar() if ", calendar " in promise else ALWAYS
        return measure(promise.split(", ")[1].replace(" ", "_"), calendar)

    def _calendar(self) -> WorkingCalendar:
        zone = self.terms["calendar"].partition(" (")[0].rpartition(", ")[2]
        facts: dict[str, Any] = {"zone": zone, "dates": {}}
        for part in self.terms["hours"].split(", "):
            first, last, windows = re.fullmatch(r"(\w{3})(?: to (\w{3}))? (\d.*)", part).groups()  # type: ignore[union-attr]
            for day in DAYS[DAYS.index(first.lower()) : DAYS.index((last or first).lower()) + 1]:
                facts[day] = [it.replace(" to ", "-") for it in windows.split(" and ")]
        for day, what in (it.split(" ", 1) for it in self.special):
            hours, _, reason = what.removesuffix(")").partition(" (")
            opens = [it.replace(" to ", "-") for it in hours.removeprefix("open ").split(" and ")]
            facts["dates"][day] = (
                {"closed": reason} if hours == "closed" else {"open": opens, "reason": reason}
            )
        found, wrong = read_calendars({"read": facts}, Anywhere())
        assert not wrong, wrong
        return found["read"]


class Anywhere:
    def line(self, *path: str) -> int | None:
        return None


def spoken(text: str) -> timedelta | None:
    """Return the length that words such as "1 business day 2 h 5 min" tell."""
    units = {"business": "days", "h": "hours", "min": "minutes", "s": "seconds"}
    found = re.findall(r"([\d.]+) (business|h|min|s)\b", text)
    return timedelta(**{units[unit]: float(number) for number, unit in found}) if found else None


def read(text: str) -> dict[str, Printed]:
    """Return each goal that is printed, by its title."""
    goals: dict[str, Printed] = {}
    for block in text.strip().split("\n\n")[1:]:
        head, *lines = block.splitlines()
        title, _, rest = head.partition(": ")
        goal = goals[title] = Printed(rest)
        for line in lines:
            _read_line(goal, line.strip())
    return goals


def _read_line(goal: Printed, line: str) -> None:
    if line.startswith("round "):
        goal.rounds.append((line, []))
    elif line.startswith("from "):
        if not goal.rounds or goal.rounds[-1][1]:
            goal.rounds.append(("", []))
    elif re.match(MOMENT, line):
        since, until, clock, used, sum, why = re.split(r"  +", line)
        end = None if until == "now" else datetime.fromisoformat(until[4:])
        goal.rounds[-1][1].append(
            Row(datetime.fromisoformat(since[4:]), end, clock, spoken(used), spoken(sum), why)
        )
    else:
        name, text = re.split(r"  +", line, maxsplit=1)
        goal.special.append(text) if name == "special day" else goal.terms.update({name: text})


def computed(goal: Printed, rows: list[Row], promise: str = "") -> datetime | None:
    """Return the due moment that the rows lead to: sums before, then what is left of the target.

    `promise` says by which terms, where not by those that hold.
    """
    by, used, due = promise or goal.promise, timedelta(), None
    target, way = spoken(by.partition(",")[0]), goal.measure(by)
    assert target is not None
    for row in (it for it in rows if it.clock == "running"):
        then = re.search("target then: ([^;]+)", row.why)
        if by == (then[1] if then else goal.promise):
            due = way.due(row.counts_from, max(target - used, timedelta()))
            if row.until is None or due <= row.until:
                return due
        if row.until is not None:
            spent = way.consumed(row.counts_from, row.until)
            used += spent
            assert promise or (row.used, row.sum) == (spent, used)
    return due


# --- the lives of tickets -----------------------------------------------------------------------------------


def on(text: str) -> datetime:
    """A moment of March 2026 in Berlin: "04 15:00"; the clocks go forward on the 29th."""
    return datetime.fromisoformat(f"2026-03-{text}{'' if text.count(':') > 1 else ':00'}+01:00")


@pytest.fixture
def ticket(office: Office) -> Promised:
    return Promised(office.casepath)


@pytest.fixture
def printed(
    ticket: Promised, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What the command prints at a moment."""
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    def ask(moment: datetime, *flags: str) -> str:
        ticket.at(moment)
        assert main(["ticket", "deadlines", str(ticket.number), "--desk", "promises", *flags]) == 0
        return capsys.readouterr().out

    return ask


def judged(text: str) -> dict[str, Printed]:
    """Read what is printed, and come to each due moment again."""
    goals = read(text)
    for goal in goals.values():
        if "target" not in goal.terms:
            continue
        if goal.due():
            assert computed(goal, goal.rows, goal.terms.get("missed by", "")) == goal.due()
        for head, rows in goal.rounds[:-1]:
            assert computed(goal, rows) == goal.due(head)
    return goals


def test_a_deadline_on_a_working_calendar_goes_round_nights_and_weekends(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("05 17:00"))
    resolution = judged(printed(on("05 17:30")))["Resolution"]
    # An hour on Thursday, three on Friday (an outing), four on Saturday; Monday is closed, so eight on Tuesday.
    assert resolution.due() == on("10 18:00")
    assert resolution.terms["target"] == "16 h, text S3-13"
    assert resolution.terms["rule"] == "promise (resolution_normal of decision promise)"
    assert resolution.special == [
        "2026-03-06 open 09:00 to 12:00 (Spring outing)",
        "2026-03-09 closed (Founders' day)",
    ]
    assert resolution.terms["next change"] == "closes Thu 2026-03-05 18:00+01:00"
    assert resolution.head.endswith("15 h 30 min of working time left")


def test_a_pause_is_told_with_its_reason_and_moves_the_deadline(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("02 09:30"))
    ticket.does(on("02 11:00"), "ask")
    waiting = judged(printed(on("03 10:00")))["Resolution"]
    assert waiting.head == "paused, state “Waiting for the customer”, 14 h 30 min of working time left"
    assert "next change" not in waiting.terms
    ticket.does(on("04 15:00"))
    again = judged(printed(on("04 16:00")))["Resolution"]
    assert [(it.clock, it.why) for it in again.rows] == [
        ("running", "the ticket was opened"),
        ("paused", "state “Waiting for the customer”"),
        ("running", "state “At work”"),
    ]
    assert again.due() == on("07 09:30")


def test_a_change_of_priority_counts_what_is_used_by_the_new_terms(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("02 09:30"), "low")
    ticket.does(on("02 17:00"), priority="high")
    resolution = judged(printed(on("02 17:30")))["Resolution"]
    assert resolution.due() == on("02 17:00")  # six and a half hours were used: at once, but not before
    assert [it.why for it in resolution.rows] == [
        "the ticket was opened; target then: 3 business days, business days, calendar support",
        "priority changed",
    ]
    ticket.does(on("02 18:00"), priority="normal")
    resolution = judged(printed(on("02 18:00")))["Resolution"]
    assert (resolution.due(), resolution.rows[-1].sum) == (on("04 09:30"), timedelta(hours=7, minutes=30))


def test_business_days_begin_at_the_next_opening_and_end_at_the_same_time_of_day(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("26 20:00"), "low")
    resolution = judged(printed(on("27 08:00")))["Resolution"]
    assert resolution.rows[0].counts_from == on("27 09:00")
    assert resolution.due() == datetime.fromisoformat(
        "2026-03-31T09:00:00+02:00"
    )  # Saturday, Monday, Tuesday
    assert resolution.head.endswith("3 business days left")
    ticket.does(on("28 12:00"), "ask")
    ticket.does(on("30 22:30"))
    again = judged(printed(on("30 23:00")))["Resolution"]
    assert again.rows[0].used == timedelta(days=1, hours=3)
    assert again.due() == datetime.fromisoformat("2026-04-02T06:00:00+02:00")


def test_a_reopened_ticket_has_what_was_left_and_the_time_in_between_does_not_count(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("02 09:30"))
    ticket.does(on("03 09:00"), "solve")
    assert judged(printed(on("03 10:00")))["Resolution"].head == (
        "met Tue 2026-03-03 09:00+01:00, was due Wed 2026-03-04 09:30+01:00"
    )
    ticket.does(on("05 12:30"), "reopen")
    resolution = judged(printed(on("05 14:00")))["Resolution"]
    assert [it.clock for it in resolution.rows] == ["running", "met", "running"]
    assert resolution.due() == on("07 09:30")


def test_the_rounds_of_a_clock_of_updates_are_told_apart(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("02 09:30"))
    ticket.replies(on("02 11:00"))
    ticket.does(on("02 12:00"), "ask")
    ticket.does(on("03 08:00"))
    ticket.replies(on("03 15:30:30"))
    update = judged(printed(on("03 16:00")))["Progress update"]
    assert [head for head, _ in update.rounds] == [
        "round 1: met Mon 2026-03-02 11:00+01:00, was due Mon 2026-03-02 17:30+01:00",
        "round 2: met late Tue 2026-03-03 15:30:30+01:00, was due Tue 2026-03-03 15:00+01:00, 30 min 30 s late",
        "round 3: running, due Tue 2026-03-03 23:30:30+01:00",
    ]


def test_a_first_response_that_waits_for_the_opening_is_rolled_forward(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("07 20:00"), "low")
    first = judged(printed(on("08 06:00")))["First response"]
    assert first.due() == on("10 09:00")  # Sunday 8:00, and Monday is closed
    assert first.head.endswith("51 h left")


def test_what_was_missed_by_other_terms_says_by_which(ticket: Promised, printed: Callable[..., str]) -> None:
    ticket.opens(on("02 09:30"), "high")
    ticket.does(on("02 18:00"), priority="normal")
    first = judged(printed(on("02 18:30")))["First response"]
    assert first.due() == on("02 10:30")  # more time would lift the breach, but that is used up, too
    assert (first.promise, first.terms["missed by"]) == ("4 h, working, calendar support", "1 h, elapsed")


def test_programs_read_the_same_with_exact_lengths(ticket: Promised, printed: Callable[..., str]) -> None:
    ticket.opens(on("02 09:30"))
    told = json.loads(printed(on("02 09:30:20"), "--json"))
    (resolution,) = (it for it in told["goals"] if it["goal"] == "resolution")
    assert resolution["target"]["amount"] == "PT16H"
    assert resolution["left"] == "PT15H59M40S"
    assert resolution["next_change"] == {"at": "2026-03-02T11:00:00+00:00", "opens": False}
    (line,) = resolution["rounds"][0]["lines"]
    assert (line["used"], line["sum"], line["recorded"]) == ("PT20S", "PT20S", False)


def test_no_goal_prints_no_limit_as_a_promise(ticket: Promised, printed: Callable[..., str]) -> None:
    ticket.opens(on("02 09:30"), None)
    assert read(printed(on("02 10:00")))["Resolution"].head == "running, no limit"


def test_every_sum_that_is_told_is_the_one_that_was_kept(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    ticket.opens(on("02 09:30:07"))
    ticket.does(on("02 11:00:11"), "ask")
    ticket.does(on("04 15:00:13"))
    ticket.does(on("05 12:30:17"), "solve")
    told = read(printed(on("05 13:00")))["Resolution"]
    kept = [
        it for it in ticket.casepath.reads.intervals(ticket.desk_id, ticket.number) if it.goal == "resolution"
    ]
    kept = [it for it in kept if it.since != it.until]
    assert [(it.since, it.until, it.sum) for it in told.rows] == [
        (it.since, it.until, length(it.used or "")) for it in kept
    ]


def test_the_example_of_the_documentation_is_what_is_printed(
    ticket: Promised, printed: Callable[..., str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "goals.md").read_text("utf-8")
    (example,) = re.findall("```\n(Resolution: .*?)```", page, re.DOTALL)
    ticket.opens(on("02 09:30"))
    ticket.does(on("02 11:00"), "ask")
    ticket.does(on("04 15:00"))
    assert example in printed(on("05 09:00"))
