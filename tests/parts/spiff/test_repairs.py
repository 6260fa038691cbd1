"""Repairs: what waits is skipped, or its token is moved to another place of its level."""

from __future__ import annotations

import pytest

from engine.spiff import RunRefused

from .drawing import (
    boundary,
    compensated_by,
    draw,
    extension,
    node,
    on,
    on_timer,
    sub,
)
from .playing import begin


def test_skipping_leaves_an_element_without_results() -> None:
    service = node("service", "sv", extension('<zeebe:taskDefinition type="t" />'))
    source = draw(f"start s; user a; {service}; {on_timer('late', 'a', 'PT1H')}; end e", "s>a>sv>e late>e")
    play = begin(source)
    play.skip("a")
    assert play.path("task_cancelled", "timer_cancelled") == ["a", "late"]
    play.skip("sv")
    assert play.path("service_cancelled") == ["sv"]
    assert (play.run.ended, play.variables) == ("completed", {})


def test_skipping_a_sub_process_ends_what_is_in_it() -> None:
    inside = sub("sp", "start si; user a; end ei", "si>a>ei", prefix="g")
    source = draw(f"start s; {inside}; {on_timer('late', 'sp', 'PT1H')}; user z; end e", "s>sp>z>e late>e")
    play = begin(source)
    play.skip("late")
    assert play.waiting == ["z"]
    assert play.path("task_cancelled", "timer_cancelled", "left")[-3:] == ["late", "a", "sp"]


def test_a_gateway_that_can_not_choose_is_moved_not_skipped() -> None:
    play = begin(draw("start s; xor x; user y; user z; end e", "s>x x>y [go] x>z * y>e z>e"), go=1)
    with pytest.raises(RunRefused, match="condition 'go' to give true or false"):
        play.skip("x")
    play = begin(draw("start s; xor x; user y; user z; end e", "s>x x>y [go] x>z * y>e z>e"), go=1)
    play.move("x", "y")
    assert play.waiting == ["y"]
    (moved,) = (it for it in play.happenings if it.kind == "moved")
    assert (moved.element, moved.data["to"]) == ("x", "y")


def test_a_token_can_be_moved_within_its_level_only() -> None:
    inside = sub(
        "sp", f"start si; user a; user b; end ei; {on_timer('t', 'a', 'PT1H')}", "si>a>b>ei t>b", prefix="g"
    )
    source = draw(f"start s; {inside}; user z; end e", "s>sp>z>e")
    for target, said in (
        ("z", "no 'z' in it"),
        ("si", "'si' is none"),
        ("t", "'t' is none"),
        ("gone", "no 'gone'"),
    ):
        play = begin(source)
        with pytest.raises(RunRefused, match=said):
            play.move("a", target)
    play = begin(source)
    play.move("a", "b")
    assert play.wait("b").scope == ("sp",)
    assert play.path("task_cancelled", "cancelled") == ["a", "a"]
    play.complete("b")
    assert play.waiting == ["z"]


def test_a_token_that_is_stuck_at_a_join_can_be_moved_on() -> None:
    play = begin(draw("start s; xor g; and join; user z; end e", "s>g g>join [true] g>join * join>z>e"))
    assert play.run.stuck == ("join",)
    play.move_parked("join", "z")
    assert (play.waiting, play.run.stuck) == (["z"], ())
    with pytest.raises(RunRefused, match="a token to wait at 'join', but none does"):
        play.move_parked("join", "z")


def test_children_and_handlers_at_work_are_not_moved() -> None:
    back = node("script", "a_back", extension('<zeebe:script expression="1" />'), isForCompensation="true")
    nodes = f"user a; {compensated_by('a', 'a_back')}; {back}; {node('throw', 'undo', on('compensate'))}"
    play = begin(draw(f"start s; {nodes}; user z; end e", "s>a>undo>z>e"))
    play.complete("a")
    assert list(play.failures) == ["a_back"]
    with pytest.raises(RunRefused, match="a token of its own"):
        play.move("a_back", "z")
    play.skip("a_back")
    assert play.waiting == ["z"]


def test_a_retry_whose_variables_end_the_scope_tries_nothing_and_tells_the_end() -> None:
    task = node("user", "a", extension('<zeebe:assignmentDefinition assignee="=who" />'))
    inside = sub("sp", f"start si; {task}; end ei", "si>a>ei", prefix="g")
    cut = boundary("cut", "sp", on("conditional", "=over"))
    play = begin(draw(f"start s; {inside}; {cut}; end e; end n", "s>sp>e cut>n"), who=7)
    play.retry("a", over=True)
    assert play.run.ended == "completed"
    assert play.path().count("a") == 1
    assert play.path("cancelled") == ["a", "sp"]
