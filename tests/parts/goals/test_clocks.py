"""The clock of a goal: runs, stands still, goes on, is met in time or late, and its sum is exact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.goals import Target

from .desk import OFFICE, Desk, calendar, elapsed, goal, hours, moment, working

ALWAYS = {"zone": "UTC", "always": True}
STATES = ["wait_customer", "in_progress", "other"]
PAUSED = goal(pauses_in=frozenset({"wait_customer"}))


def test_it_runs_from_the_opening_and_is_met() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens()
    assert desk.due == 4
    desk.enters(1.5, "resolved")
    assert desk.story == ["started", "met"]
    assert desk.told("met")[0]["used"] == "PT1H30M"
    assert desk.told("met")[0]["breached"] is None
    assert desk.due is None


def test_it_stands_still_while_the_customer_is_asked() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().enters(1, "wait_customer")
    assert desk.due is None
    assert desk.clock.next_moment is None
    desk.enters(49, "in_progress")
    assert desk.due == 52


def test_a_promise_that_begins_with_a_state_stands_still_until_then_and_afterwards() -> None:
    escalation = goal("element taken", restarts=True, runs_in=frozenset({"escalated"}))
    desk = Desk(escalation, elapsed(1)).opens().enters(5, "in_progress")
    assert (desk.due, desk.clock.status) == (None, "paused")
    desk.enters(8, "escalated")
    assert desk.due == 9
    desk.occurs(8.5, "element", "taken").enters(8.5, "in_progress")
    assert desk.due is None
    assert desk.told("met")[0]["used"] == "PT30M"
    assert desk.enters(20, "escalated").due == 21
    assert desk.looks(21).enters(22, "wait_customer").due == 21
    assert desk.story == ["started", "resumed", "met", "started", "paused", "resumed", "breached", "paused"]


def test_a_breach_lies_at_the_moment_that_was_missed_and_not_at_the_one_in_which_somebody_looked() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().looks(6)
    assert hours(desk.told("breached")[0]["breached"]) == 4
    assert hours(desk.told("breached")[0]["noticed"]) == 6
    desk.enters(7, "resolved")
    assert hours(desk.told("met")[0]["breached"]) == 4
    assert desk.told("met")[0]["used"] == "PT7H"


def test_met_at_the_due_moment_it_is_met_in_time() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().enters(4, "resolved").looks(4)
    assert desk.story == ["started", "met"]


def test_it_warns_once_before_it_is_breached() -> None:
    desk = Desk(PAUSED, elapsed(4), share=75).opens()
    assert hours(desk.clock.next_moment) == 3
    desk.looks(3)
    assert hours(desk.told("warned")[0]["warned"]) == 3
    assert hours(desk.clock.next_moment) == 4
    desk.looks(9)
    assert desk.story == ["started", "warned", "breached"]
    assert desk.clock.next_moment is None


def test_a_warning_moves_with_a_pause() -> None:
    desk = Desk(PAUSED, elapsed(4), share=75).opens().enters(1, "wait_customer").enters(11, "in_progress")
    assert (hours(desk.clock.warn), desk.due) == (13, 14)


def test_a_reopened_ticket_has_what_was_left() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().enters(3, "resolved").enters(30, "in_progress")
    assert desk.due == 31
    assert desk.story == ["started", "met", "resumed"]


def test_what_was_late_stays_late_when_it_is_reopened_and_is_not_breached_twice() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().looks(5).enters(6, "resolved").enters(7, "in_progress").looks(99)
    assert desk.story == ["started", "breached", "met", "resumed"]
    assert desk.due == 4


def test_a_first_response_once_given_is_given_for_good() -> None:
    desk = (
        Desk(goal("reply"), elapsed(1))
        .opens()
        .occurs(0.5, "reply")
        .enters(2, "in_progress")
        .occurs(3, "reply")
    )
    assert desk.story == ["started", "met"]


def test_an_occasion_counts_only_where_its_setting_says_so() -> None:
    desk = Desk(goal("reply, mail t_ack if ack_counts"), elapsed(1)).opens().occurs(0, "mail", "t_ack")
    assert desk.story == ["started"]
    desk.settings.add("ack_counts")
    assert desk.occurs(0, "mail", "t_ack").story == ["started", "met"]


def test_the_clock_of_updates_begins_anew_with_each_update() -> None:
    update = goal("reply", restarts=True, pauses_in=frozenset({"wait_customer"}))
    desk = Desk(update, elapsed(4)).opens().occurs(3, "reply")
    assert (desk.due, desk.clock.round) == (7, 2)
    desk.looks(8).occurs(9, "reply")
    assert (desk.due, desk.clock.round, desk.clock.breached) == (13, 3, None)
    assert desk.story == ["started", "met", "started", "breached", "met", "started"]
    desk.enters(10, "wait_customer").occurs(11, "reply")
    assert (desk.due, desk.clock.status, desk.clock.round) == (None, "paused", 4)


def test_who_was_warned_is_not_warned_again_by_new_hours_or_less_time() -> None:
    desk = Desk(PAUSED, working(8), share=50).opens().looks(5)
    desk.changes_its_hours(5, calendar({**OFFICE, "mon_fri": ["09:00-16:00"]})).looks(5)
    desk.changes_its_mind(6, working(7)).looks(6)
    assert desk.story.count("warned") == 1
    desk.changes_its_mind(6, working(16)).looks(6)
    assert (
        hours(desk.clock.next_moment) == 24 + 1
    )  # 8 of 16 hours: there is time again, so there is a warning again


def test_a_solved_ticket_that_goes_back_to_the_customer_is_no_longer_met() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().enters(3, "resolved").enters(5, "wait_customer")
    assert (desk.clock.status, desk.due) == ("paused", None)
    assert desk.enters(20, "in_progress").due == 21


def test_time_counts_while_nobody_knows_the_target_yet() -> None:
    desk = Desk(PAUSED, None).opens()
    assert desk.due is None
    desk.changes_its_mind(2, elapsed(4))
    assert desk.due == 4
    assert desk.told("retargeted")[0]["used"] == "PT2H"


def test_a_new_target_counts_what_is_used_already() -> None:
    desk = Desk(PAUSED, elapsed(12)).opens().enters(1, "wait_customer").enters(5, "in_progress")
    desk.changes_its_mind(6, elapsed(4))
    assert desk.due == 8


def test_a_target_that_is_used_up_already_is_due_at_once_and_not_in_the_past() -> None:
    desk = Desk(PAUSED, elapsed(12)).opens().changes_its_mind(6, elapsed(4)).looks(6)
    assert hours(desk.told("breached")[0]["breached"]) == 6


def test_more_time_lifts_a_breach_and_less_does_not_breach_twice() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().looks(5).changes_its_mind(5, elapsed(12))
    assert desk.due == 12
    assert desk.clock.breached is None
    desk.changes_its_mind(6, elapsed(4)).looks(6).changes_its_mind(7, elapsed(2)).looks(8)
    assert desk.story.count("breached") == 2


def test_by_another_way_of_counting_it_knows_what_was_used_by_that() -> None:
    """12 hours by the clock on the wall from Monday 9:00 are 8 in the office."""
    desk = Desk(PAUSED, elapsed(40)).opens().changes_its_mind(12, working(12))
    assert desk.due == 24 + 4
    desk.changes_its_mind(25, elapsed(40))
    assert desk.due == 40


def test_a_new_version_of_its_calendar_holds_from_now_on() -> None:
    desk = Desk(PAUSED, working(16)).opens()
    assert desk.due == 24 + 8
    shorter = calendar({**OFFICE, "mon_fri": ["09:00-13:00"]})
    desk.changes_its_hours(24, shorter)  # Monday was a day of 8 hours, and stays one
    assert desk.due == 2 * 24 + 4
    assert desk.told("retargeted")[0]["used"] == "PT8H"
    assert desk.told("retargeted")[0]["version"] == shorter.version


def test_it_knows_by_the_old_calendar_what_was_used_by_a_calendar_that_it_did_not_count_by() -> None:
    desk = Desk(PAUSED, elapsed(100)).opens()
    desk.changes_its_hours(24, calendar({**OFFICE, "mon_fri": ["09:00-13:00"]}))
    assert desk.story == ["started"]
    assert desk.changes_its_mind(24, working(12)).due == 24 + 4


@pytest.mark.parametrize(("first", "then", "used"), [(ALWAYS, OFFICE, "PT4H"), (OFFICE, ALWAYS, "PT4H")])
def test_a_calendar_that_begins_or_ceases_to_close_keeps_what_was_used(
    first: dict[str, Any], then: dict[str, Any], used: str
) -> None:
    desk = Desk(PAUSED, working(16))
    desk.calendars = {"office": calendar(first)}
    desk.opens().changes_its_hours(4, calendar(then))
    assert desk.told("retargeted")[0]["used"] == used


def test_the_same_terms_asked_again_change_nothing() -> None:
    desk = Desk(PAUSED, working(16)).opens().changes_its_mind(3, working(16))
    assert desk.story == ["started"]


def test_business_days_go_on_over_a_weekend_in_which_only_the_terms_changed() -> None:
    friday = moment(4 * 24 + 1)
    days = Target(timedelta(days=1), "business_days", "office")
    desk = Desk(PAUSED, None).opens(friday).changes_its_mind(friday + timedelta(days=1), days)
    assert desk.clock.due == friday + timedelta(days=3)


def test_it_is_over_with_its_ticket() -> None:
    desk = Desk(PAUSED, elapsed(4)).opens().ends(2).looks(9)
    assert desk.story == ["started", "ended"]
    assert desk.clock.status == "ended"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**10), st.sampled_from(["wait_customer", "in_progress", "other"])),
        max_size=12,
    )
)
def test_however_it_is_cut_the_running_intervals_are_the_sum(visits: list[tuple[int, str]]) -> None:
    """Microseconds that pass before each change of state; the clock runs in all but one of them."""
    desk = Desk(PAUSED, elapsed(10**6)).opens()
    at, running, ran = moment(0), True, timedelta()
    for microseconds, state in visits:
        passed = timedelta(microseconds=microseconds)
        at, ran = at + passed, ran + (passed if running else timedelta())
        desk.enters(at, state)
        running = state != "wait_customer"
    desk.enters(at, "resolved")
    assert desk.clock.spent["elapsed"] == ran // timedelta(microseconds=1)


@pytest.mark.parametrize(
    "target", [elapsed(4), working(4), Target(timedelta(days=2), "business_days", "office")]
)
def test_a_cut_at_which_nothing_changes_moves_no_deadline(target: Target) -> None:
    for cut in (0.5, 3, 8, 9, 20):
        desk = Desk(PAUSED, target).opens()
        due = desk.clock.due
        desk.changes_its_mind(cut, elapsed(10**4)).changes_its_mind(cut, target)
        if due and due > moment(cut):
            assert desk.clock.due == due
