"""Standard loops: rounds one after another, as long as the condition holds and the maximum allows."""

from __future__ import annotations

import pytest

from .drawing import boundary, draw, extension, level, loop, mapping, node, on, on_timer, script
from .playing import begin


def looping(says: str, kind: str = "user") -> bytes:
    return draw(f"start s; {node(kind, 'a', says)}; user after; end e", "s>a>after>e")


def test_it_is_done_once_at_least_and_then_as_long_as_its_condition_holds() -> None:
    play = begin(looping(loop("not(solved)")), solved=True)
    assert play.wait("a").variables == {"loopCounter": 1}
    play.complete("a", solved=False)
    assert play.wait("a").variables == {"loopCounter": 2}
    play.complete("a", solved=True)
    assert play.waiting == ["after"]
    assert play.variables == {"solved": True}


def test_tested_before_it_may_not_be_done_at_all() -> None:
    play = begin(looping(loop("not(solved)", test_before=True)), solved=True)
    assert play.waiting == ["after"]
    assert play.path() == ["s", "a", "after"]
    play = begin(looping(loop("not(solved)", test_before=True)), solved=False)
    play.complete("a")
    play.complete("a", solved=True)
    assert play.waiting == ["after"]


@pytest.mark.parametrize(("test_before", "rounds"), [(True, 1), (False, 3)])
def test_only_a_condition_that_is_asked_after_a_round_sees_what_that_was_given(
    test_before: bool, rounds: int
) -> None:
    says = extension(mapping({"n": "=0"}, {"n": "=1"})) + loop("n = 0", "3", test_before=test_before)
    play = begin(looping(says), n=0)
    for _ in range(rounds):
        play.complete("a")
    assert play.waiting == ["after"]


@pytest.mark.parametrize("condition", ["", "true"])
def test_the_maximum_ends_it(condition: str) -> None:
    """A maximum alone is enough."""
    play = begin(looping(loop(condition, "3")))
    for number in (1, 2, 3):
        assert play.wait("a").variables == {"loopCounter": number}
        play.complete("a")
    assert play.waiting == ["after"]


def test_a_condition_that_is_no_answer_waits_for_help() -> None:
    play = begin(looping(loop("again")))
    play.complete("a", again="yes")
    assert "loop condition 'again' to give true or false, but it gives 'yes'" in play.failures["a"]
    play.retry("a", again=True)
    assert play.waiting == ["a"]
    assert play.wait("a").variables == {"loopCounter": 2}


def test_tested_before_a_condition_that_is_no_answer_waits_for_help() -> None:
    play = begin(looping(loop("again", test_before=True)), again=1)
    assert "loop condition 'again'" in play.failures["a"]
    play.retry("a", again=False)
    assert play.waiting == ["after"]


def test_boundary_events_stay_over_all_rounds() -> None:
    late = on_timer("late", "a", "PT1H")
    source = draw(f"start s; {node('user', 'a', loop('true', '9'))}; {late}; user x; end e", "s>a>e late>x>e")
    play = begin(source)
    armed = play.wait("late").id
    play.complete("a")
    play.complete("a")
    assert play.wait("late").id == armed
    play.fire("late")
    assert play.waiting == ["x"]


def test_inputs_are_evaluated_for_each_round() -> None:
    play = begin(looping(extension(mapping({"try": "=n + loopCounter"})) + loop("n < 30", "5")), n=10)
    assert play.wait("a").variables["try"] == 11
    play.complete("a", n=20)
    assert play.wait("a").variables["try"] == 22
    play.complete("a", n=30)
    assert play.waiting == ["after"]


def test_a_sub_process_is_opened_anew_each_round() -> None:
    inside = level("start si; user t; end ei", "si>t>ei", prefix="g")
    play = begin(looping(loop("again", "9") + inside, "sub"))
    for number in (1, 2):
        assert play.wait("t").scope == (f"a#{number}",)
        assert play.run.variables(play.wait("t").id)["loopCounter"] == number
        play.complete("t", again=number < 2)
    assert play.waiting == ["after"]


def test_a_condition_sees_what_a_sub_process_made_of_its_inputs() -> None:
    inside = level("start si; user t; end ei", "si>t>ei", prefix="g")
    says = extension(mapping({"again": "=true"})) + loop("again", "3") + inside
    play = begin(looping(says, "sub"), again=True)
    play.complete("t", again=False)
    assert play.waiting == ["after"]
    assert play.variables == {"again": True}


def test_automatic_rounds_need_no_stack() -> None:
    add = script("a", "={n: n + loopCounter}").replace("</extensionElements>", "</extensionElements>"
                                                       + loop("n < 1000000", "5000"))  # fmt: skip
    play = begin(draw(f"start s; {add}; end e", "s>a>e"), n=0)
    assert play.run.ended == "completed"
    assert play.variables == {"n": 1000405}


def test_what_its_last_round_writes_no_longer_triggers_its_own_boundary() -> None:
    cut = boundary("cut", "a", on("conditional", "=b"))
    source = draw(f"start s; {node('user', 'a', loop(maximum='1'))}; {cut}; end e", "s>a>e cut>e")
    play = begin(source)
    play.complete("a", b=True)
    assert "cut" not in play.path()
    assert play.run.ended == "completed"
