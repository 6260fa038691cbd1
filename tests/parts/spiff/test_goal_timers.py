"""Timers that hang on a goal: armed, suspended and dated again with the goal's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from .drawing import boundary, draw, event_sub, node, start, timer
from .playing import NOON, Play, begin
from .refusing import findings


def guarded(text: str = "=goal.due", *, interrupting: bool = True) -> bytes:
    definition = timer("date", text)
    late = boundary("late", "a", definition, interrupting=interrupting).replace(
        "<boundaryEvent ", '<boundaryEvent casepath:goal="resolution" '
    )
    return draw(f"start s; user a; {late}; user lead; end e", "s>a>e late>lead>e")


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def due(play: Play, element: str = "late") -> datetime | None:
    moment: datetime | None = play.wait(element).due
    return moment


def test_without_a_due_moment_it_is_suspended_and_then_armed_under_its_id() -> None:
    play = begin(guarded())
    armed = play.wait("late").id
    assert due(play) is None
    play.promise("resolution", due=after(4))
    assert (play.wait("late").id, due(play)) == (armed, after(4))
    play.promise("resolution", due=None)
    assert due(play) is None
    assert [it.kind for it in play.happenings if it.kind.startswith("timer")] == [
        "timer_suspended",
        "timer_armed",
        "timer_suspended",
    ]


def test_it_fires_at_the_moment_of_its_goal() -> None:
    play = begin(guarded())
    play.promise("resolution", due=after(4))
    play.fire("late")
    assert play.waiting == ["lead"]


def test_it_may_lie_before_or_after_its_goal() -> None:
    play = begin(guarded('=goal.due - duration("PT30M")'))
    play.promise("resolution", due=after(4))
    assert due(play) == after(3.5)


def test_what_was_over_when_it_was_armed_does_not_fire_it() -> None:
    """Or a loop behind a breach would be escalated again at once in each round."""
    play = begin(guarded())
    play.promise("resolution", due=after(-1))
    assert due(play) is None
    play.promise("resolution", due=after(0))
    assert due(play) == after(0)


def test_beside_its_activity_it_fires_at_each_further_moment_of_its_goal() -> None:
    play = begin(guarded(interrupting=False))
    play.promise("resolution", due=after(4))
    play.fire("late")
    assert sorted(play.waiting) == ["a", "late", "lead"]
    assert due(play) is None
    play.promise("resolution", due=after(8))
    play.fire("late")
    assert sorted(play.waiting) == ["a", "late", "lead", "lead"]


def test_it_starts_an_event_sub_process_that_hangs_on_a_goal() -> None:
    begins = start("si", timer("date", "=goal.warning"), interrupting=False).replace(
        "<startEvent ", '<startEvent casepath:goal="resolution" '
    )
    warned = event_sub("es", f"{begins}; user tell; end ei", "si>tell>ei", prefix="g")
    play = begin(draw(f"start s; user a; end e; {warned}", "s>a>e"))
    play.promise("resolution", due=after(4), warning=after(3))
    play.fire("si")
    assert sorted(play.waiting) == ["a", "si", "tell"]


def test_a_moment_that_is_none_suspends_it_and_tells_somebody() -> None:
    play = begin(guarded("=if goal.due = null then null else text"), text="soon")
    play.promise("resolution", due=after(4))
    told = [it for it in play.happenings if it.kind == "timer_unclear"]
    assert "Expected" in told[0].values["message"]
    assert due(play) is None


def test_a_race_may_wait_for_a_goal() -> None:
    catch = node("catch", "late", timer("date", "=goal.due"), casepath_goal="resolution")
    other = node("catch", "later", timer("duration", "PT9H"))
    play = begin(
        draw(f"start s; race r; {catch}; {other}; user x; user y; end e", "s>r>late>x>e r>later>y>e")
    )
    play.promise("resolution", due=after(1))
    play.fire("late")
    assert play.waiting == ["x"]


@pytest.mark.parametrize(
    ("kind", "text"), [("duration", "PT4H"), ("date", "2026-12-04T19:30:00Z"), ("cycle", "R/PT1H")]
)
def test_a_goal_timer_that_names_no_moment_of_its_goal_is_refused(kind: str, text: str) -> None:
    source = guarded().replace(timer("date", "=goal.due").encode(), timer(kind, text).encode())
    assert "goal-timer" in {finding.rule for finding in findings(source)}
