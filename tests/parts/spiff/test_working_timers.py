"""Timers, conditions and decisions that ask working calendars: those of the pack whose diagram asks."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.calendars import read_calendars
from engine.catalog.places import Places
from engine.feel import Surroundings
from engine.spiff import Program

from .drawing import boundary, draw, extension, node, timer
from .playing import NOON, Play, linked
from .refusing import findings

IN_FOUR_HOURS = '=working time after("office", now(), duration("PT4H"))'


def calendars(hours: str) -> Any:
    text = f'[office]\nzone = "Europe/Rome"\nmon_fri = ["{hours}"]\n'
    return read_calendars(tomllib.loads(text), Places(text))[0]


OFFICE = calendars("09:00-15:00")  # noon UTC is 13:00 in Rome, and a Monday


def play(*sources: bytes, library: Any = None, **variables: Any) -> Play:
    program = linked(*sources)
    return Play(program, "p", None, False, lambda *_: None, variables, calendars=OFFICE, library=library)


def waiting(text: str, kind: str = "date") -> bytes:
    return draw(f"start s; user a; {boundary('late', 'a', timer(kind, text))}; end e; end n", "s>a>e late>n")


def test_a_timer_is_due_after_four_working_hours() -> None:
    due = play(waiting(IN_FOUR_HOURS)).wait("late").due
    assert due == datetime(2026, 11, 24, 10, tzinfo=UTC)  # two hours on Monday, two from nine on Tuesday
    assert due.tzinfo is UTC


def test_it_fires_then_and_not_before() -> None:
    ticket = play(waiting(IN_FOUR_HOURS))
    ticket.fire("late")
    assert ticket.now == NOON + timedelta(hours=22)
    assert ticket.run.ended == "completed"


def test_a_duration_may_be_what_lies_between_by_a_calendar() -> None:
    text = '=working time between("office", now(), now() + duration("P1D"))'
    assert play(waiting(text, "duration")).wait("late").due == NOON + timedelta(hours=6)


NEVER = '=if last then "never" else now() + duration("PT4H")'


def test_a_timer_beside_a_task_that_is_never_due_is_not_armed() -> None:
    ticket = play(waiting(NEVER), last=True)
    assert ticket.waiting == ["a"]
    assert play(waiting(NEVER), last=False).wait("late").due == NOON + timedelta(hours=4)


def test_a_token_does_not_wait_in_a_timer_that_is_never_due() -> None:
    catch = node("catch", "t", timer("date", NEVER))
    ticket = play(draw(f"start s; {catch}; end e", "s>t>e"), last=True)
    assert "a moment with its zone" in ticket.failures["t"]


def test_a_condition_asks_whether_somebody_is_there() -> None:
    source = draw("start s; xor x; user day; user night; end e; end n",
                  's>x x>day[=is open("office", now())] x>night* day>e night>n')  # fmt: skip
    assert play(source).waiting == ["day"]


def test_a_calendar_that_is_not_there_stops_the_ticket_with_a_sentence() -> None:
    ticket = play(waiting('=working time after(which, now(), duration("PT4H"))'), which="offce")
    assert ticket.failures == {
        "a": "At 'late': Expected timer '=working time after(which, now(), duration(\"PT4H\"))' to give a"
        " moment with its zone such as 2026-12-04T19:30:00Z or 2026-12-04T19:30:00-05:00, but it gives null"
        ' (Expected one of the calendars office but found "offce" (line 1, column 2)).'
    }


class Elsewhere:
    """Another pack, whose office has other hours."""

    def __init__(self, source: bytes) -> None:
        self._program = linked(source)

    def find(self, process: str, tag: str | None) -> str:
        return "other"

    def program(self, reference: str) -> Program:
        return self._program

    def decide(self, reference: str, decision: str, variables: Any, now: datetime) -> Any:
        raise AssertionError("nobody asks a decision")

    def surroundings(self, reference: str, now: datetime) -> Surroundings:
        assert reference == "other"
        return Surroundings(now, calendars("09:00-13:30"))


def test_a_called_process_of_another_pack_asks_the_calendars_of_its_own() -> None:
    inner = draw(
        f"start s; user a; {boundary('late', 'a', timer('date', IN_FOUR_HOURS))}; end e; end n",
        "s>a>e late>n",
        key="inner",
    )
    called = extension('<zeebe:calledElement processId="inner" bindingType="latest" />')
    outer = draw(f"start s; {node('call', 'c', called)}; end e", "s>c>e")
    ticket = play(outer, library=Elsewhere(inner))
    assert ticket.wait("late").due == datetime(2026, 11, 24, 11, 30, tzinfo=UTC)  # half an hour on Monday


@pytest.mark.parametrize("text", [IN_FOUR_HOURS, '=next opening("any", now())'])
def test_a_timer_by_calendar_is_no_finding_of_the_diagram_alone(text: str) -> None:
    assert findings(waiting(text)) == []


def test_a_timer_that_no_calendar_could_answer_is_found() -> None:
    (found,) = findings(waiting('=working days after("office", now(), -1)'))
    assert "Expected a whole number of days, 0 or more, but found -1" in found.remedy
