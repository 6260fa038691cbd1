"""Why a goal is due when it is: the record of any life leads to the clock's own due moment and sum."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.goals import Explanation, Goal, Interval, Meter, Standing, Target, explain, nearest
from engine.goals.telling import amount, facts, hours, reason

from .desk import MONDAY, OFFICE, Desk, calendar, elapsed, goal, moment, working

SNAPSHOT = uuid4()
TERMS = ("target", "counted", "calendar", "version", "source", "rule")
TARGETS = [
    None,
    elapsed(30),
    working(12),
    working(3),
    Target(timedelta(days=2), "business_days", "office"),
    Target(timedelta(hours=20), "rolled_forward", "office"),
]
RESOLUTION = goal(pauses_in=frozenset({"wait_customer"}))
ESCALATION = goal("reply", restarts=True, runs_in=frozenset({"escalated"}))
UPDATE = goal("reply", restarts=True, pauses_in=frozenset({"wait_customer"}))


class RecordedDesk(Desk):
    """A desk whose clock is written down as the tables have it."""

    def __init__(self, promise: Goal, target: Target | None) -> None:
        super().__init__(promise, target)
        self.rows: list[dict[str, Any]] = []
        self.standing: dict[str, Any] = {}

    def _done(self, at: float | datetime, act: Any) -> RecordedDesk:
        told = len(self.changes)
        super()._done(at, act)
        for change in self.changes[told:]:
            self._record(change.kind, dict(change.facts), moment(at))
        return self

    def _record(self, kind: str, told: dict[str, Any], now: datetime) -> None:
        dates = {"due_at": told["due"], "warn_at": told["warn"], "breached_at": told["breached"]}
        self.standing |= dates
        if kind in ("warned", "breached"):
            return
        if self.rows and self.rows[-1]["until"] is None:
            self.rows[-1] |= {"until": now, "used": told["used"]}
        self.standing |= {
            "status": told["status"],
            "round": told["round"],
            "used": told["used"],
            "since": now,
        }
        if kind in ("started", "retargeted"):
            self.standing |= {
                name: told.get(name, "" if name not in ("target", "counted") else None) for name in TERMS
            }
        if told["status"] in ("running", "paused"):
            terms = {name: self.standing[name] for name in (*TERMS, "status", "round", "since")}
            self.rows.append({**terms, "reason": told["by"], "until": None})

    def explained(self, at: float | datetime) -> Explanation:
        clock = {"goal": self.promise.key}
        standing = Standing(id=self.clock.id, ticket_number=1, snapshot_id=SNAPSHOT, **clock, **self.standing)
        rows = [Interval(clock_id=self.clock.id, **clock, **row) for row in self.rows]
        by_state = bool(self.promise.runs_in)
        told = (Meter(self.calendars), moment(at), "Resolution", "sla")
        return explain(standing, rows, *told, begins_by_state=by_state)


def recorded(promise: Goal, target: Target | None) -> RecordedDesk:
    desk = RecordedDesk(promise, target)
    desk.opens()
    return desk


STEPS = st.lists(
    st.tuples(
        st.integers(0, 40 * 3600 * 10**6) | st.integers(0, 20).map(lambda it: it * 3600 * 10**6),
        st.sampled_from(
            ["wait_customer", "in_progress", "escalated", "resolved", "reply", *range(len(TARGETS))]
        ),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([RESOLUTION, UPDATE, ESCALATION]), st.sampled_from(TARGETS), STEPS, st.integers(0, 10**12)
)
def test_whatever_happened_the_record_leads_to_the_due_moment_and_to_the_sum(
    promise: Goal, target: Target | None, steps: list[tuple[int, Any]], later: int
) -> None:
    desk, at = recorded(promise, target), MONDAY
    for passed, what in steps:
        at += timedelta(microseconds=passed)
        desk.looks(at - timedelta(microseconds=1))
        if what == "reply":
            desk.occurs(at, "reply")
        elif isinstance(what, str):
            desk.enters(at, what)
        else:
            desk.changes_its_mind(at, TARGETS[what])
    now, clock = at + timedelta(microseconds=later), desk.clock
    told, then = desk.explained(now), desk.explained(clock.since)
    assert facts(told, now)["status"] == told.status
    assert not any(line.recorded for it in told.rounds for line in it.lines)
    if clock.target is None:
        return
    sums = [line.sum for line in then.present.lines]
    assert (sums[-1] if sums else timedelta()) == Meter(desk.calendars).used(clock.target, clock.spent)
    if clock.status == "running":
        assert told.present.due == clock.due
        rolled = clock.target.counted == "rolled_forward"
        if clock.due and not clock.breached and now <= clock.due and not rolled:
            used = told.present.lines[-1].sum or timedelta()
            assert told.reading.left == max(clock.target.amount - used, timedelta())


def test_intervals_without_length_are_left_out() -> None:
    desk = recorded(RESOLUTION, None)
    desk.changes_its_mind(0, elapsed(4)).enters(1, "wait_customer").enters(1, "in_progress")
    (told,) = desk.explained(2).rounds
    assert [(line.status, line.reason) for line in told.lines] == [
        ("running", "variable priority"),
        ("running", "state in_progress"),
    ]


def test_what_an_older_calendar_counted_is_told_as_recorded() -> None:
    desk = recorded(RESOLUTION, working(16))
    desk.changes_its_hours(24, calendar({**OFFICE, "mon_fri": ["09:00-13:00"]}))
    told = desk.explained(26)
    assert [(line.used, line.sum, line.recorded) for line in told.present.lines] == [
        (timedelta(hours=8), timedelta(hours=8), True),
        (timedelta(hours=2), timedelta(hours=10), False),
    ]
    assert told.present.due == desk.clock.due


def test_a_goal_that_nobody_has_looked_at_since_it_was_due_is_breached_all_the_same() -> None:
    desk = recorded(RESOLUTION, elapsed(4))
    assert desk.explained(4).status == "running"
    told = desk.explained(6)
    assert (told.status, told.reading.late, told.present.late) == (
        "breached",
        timedelta(hours=2),
        timedelta(hours=2),
    )


def test_a_pause_after_the_due_moment_is_not_late() -> None:
    desk = recorded(RESOLUTION, elapsed(4))
    desk.looks(5).enters(6, "wait_customer")
    assert desk.explained(50).present.late == desk.explained(50).reading.late == timedelta(hours=2)
    desk.enters(60, "in_progress")
    assert desk.explained(61).present.late == desk.explained(61).reading.late == timedelta(hours=3)


def test_what_stands_still_and_never_ran_is_not_shown_as_the_next_deadline() -> None:
    def standing(status: str, used: str | None, due: datetime | None = None) -> Standing:
        terms = {
            "target": "PT4H",
            "counted": "elapsed",
            "round": 1,
            "status": status,
            "used": used,
            "since": moment(0),
        }
        return Standing(goal="g", id=SNAPSHOT, ticket_number=1, snapshot_id=SNAPSHOT, due_at=due, **terms)

    meter = Meter({})
    assert nearest([standing("paused", "PT0S")], meter, moment(1)) is None
    waiting = standing("paused", "PT1H")
    assert nearest([standing("paused", "PT0S"), waiting], meter, moment(1)) == waiting
    running = standing("running", "PT0S", moment(4))
    assert nearest([waiting, running], meter, moment(1)) == running


def test_a_promise_that_waits_for_its_state_never_ran_and_then_shows_what_was_kept() -> None:
    desk = recorded(ESCALATION, elapsed(1))
    assert desk.explained(3).never_ran
    desk.enters(4, "escalated")
    assert not desk.explained(4).never_ran
    assert desk.explained(4).kept is None
    desk.occurs(4.5, "reply").enters(4.5, "in_progress")
    told = desk.explained(9)
    assert not told.never_ran
    assert told.kept is not None
    assert (told.kept.number, told.kept.status, told.kept.ended) == (1, "met", moment(4.5))
    paused = recorded(UPDATE, elapsed(1)).enters(0.5, "wait_customer")
    assert not paused.explained(3).never_ran
    assert paused.explained(3).kept is None


def test_only_working_time_has_a_next_change() -> None:
    assert recorded(RESOLUTION, working(12)).explained(1).next_change == moment(8)
    assert recorded(RESOLUTION, elapsed(12)).explained(1).next_change is None
    desk = recorded(RESOLUTION, working(12))
    desk.enters(1, "wait_customer")
    assert desk.explained(2).next_change is None


@pytest.mark.parametrize(
    ("length", "counted", "words"),
    [
        (timedelta(hours=36, minutes=5), "elapsed", "36 h 5 min"),
        (timedelta(days=1, hours=12), "business_days", "1 business day 12 h"),
        (timedelta(days=3), "business_days", "3 business days"),
        (timedelta(seconds=61, microseconds=500000), "working", "1 min 1.5 s"),
        (timedelta(microseconds=1), "elapsed", "0.000001 s"),
        (timedelta(), "working", "0 min"),
    ],
)
def test_lengths_are_told_exactly(length: timedelta, counted: str, words: str) -> None:
    assert amount(length, counted) == words


def test_a_week_is_told_with_equal_days_together() -> None:
    assert hours(calendar()) == "Mon to Fri 09:00 to 17:00"
    night = calendar({"zone": "UTC", "mon_fri": ["09:00-12:00", "13:00-17:00"], "wed": ["22:00-06:00"]})
    assert hours(night).startswith(
        "Mon to Tue 09:00 to 12:00 and 13:00 to 17:00, Wed 22:00 to 06:00, Thu to Fri"
    )
    assert hours(calendar({"zone": "UTC", "always": True})) == "around the clock"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("opened", "the ticket was opened"),
        ("state wait_customer", "state “Waiting”"),
        ("state on_hold", "state “on hold”"),
        ("variable category, priority", "category, priority changed"),
        ("mail t_solution", "the mail “Solved: …” was sent"),
        ("mail t_other", "the mail “t other” was sent"),
        ("element look", "the process came to “Look at it”"),
        ("deployment", "calendars or settings were changed"),
        ("something new", "something new"),
    ],
)
def test_reasons_are_told_in_the_packs_own_words(text: str, words: str) -> None:
    labels = {
        "state wait_customer": "Waiting",
        "mail t_solution": "Solved: …",
        "element look": "Look at it",
    }
    assert reason(text, labels) == words
