"""Inclusive gateways: every true way is taken, and only those that were taken are waited for."""

from __future__ import annotations

import pytest

from .drawing import draw, level, node, on_timer, sub
from .playing import begin

SPLIT = draw(
    "start s; or f; user a; user b; user c; or j; user after; end e",
    "s>f f>a [x > 1] f>b [x > 2] f>c * a>j b>j c>j j>after>e",
)


@pytest.mark.parametrize(("x", "open_"), [(1, ["c"]), (2, ["a"]), (3, ["a", "b"])])
def test_every_true_way_is_taken_else_the_default(x: int, open_: list[str]) -> None:
    assert begin(SPLIT, x=x).waiting == open_


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_the_join_waits_for_the_ways_that_were_taken_and_no_other(order: str) -> None:
    play = begin(SPLIT, x=3)
    play.complete(order[0])
    assert play.waiting == [order[1]]
    play.complete(order[1])
    assert play.waiting == ["after"]
    play.complete("after")
    assert play.run.ended == "completed"
    assert play.path().count("j") == 1


def test_a_single_way_passes_the_join_at_once() -> None:
    play = begin(SPLIT, x=1)
    play.complete("c")
    assert play.waiting == ["after"]


def test_a_condition_that_is_no_answer_takes_no_way_at_all() -> None:
    play = begin(SPLIT, x="much")
    assert play.waiting == ["f"]
    assert "to give true or false, but it gives null" in play.failures["f"]
    play.retry("f", x=2)
    assert play.waiting == ["a"]


def test_ways_are_taken_in_document_order_whatever_is_true() -> None:
    source = draw("start s; or f; user a; user b; or j; end e", "s>f f>b [true] f>a [true] b>j a>j j>e")
    play = begin(source)
    assert play.waiting == ["b", "a"]


@pytest.mark.parametrize("rounds", [1, 5])
def test_a_split_and_its_join_may_stand_in_a_loop(rounds: int) -> None:
    source = draw(
        "start s; xor m; or f; user a; user b; or j; xor more; end e",
        "s>m m>f f>a [true] f>b [both] a>j b>j j>more more>m [again] more>e *",
    )
    play = begin(source, both=True, again=True)
    for _ in range(rounds):
        play.complete("b", both=False)
        play.complete("a")
        assert play.waiting == ["a"]
        play.complete("a", both=True)
    play.complete("a")
    play.complete("b", again=False)
    assert play.run.ended == "completed"


def test_a_token_that_can_only_come_through_the_join_itself_is_not_waited_for() -> None:
    """13.4.3: of paths that lead to the join, those through the join itself don't count."""
    source = draw(
        "start s; xor m; and f; user a; user b; or j; user again; xor x; end e",
        "s>m m>f f>a f>b a>j b>j j>again>x x>m [more] x>e *",
    )
    play = begin(source, more=False)
    play.complete("a")
    assert play.waiting == ["b"]
    play.complete("b")
    assert play.waiting == ["again"]


def test_two_joins_that_wait_for_each_other_show_as_stuck() -> None:
    """By the letter each token can still reach the other join's empty way; nothing moves, and it is said."""
    source = draw(
        "start s; and f; user a; user b; or j; or k; user c; user d; xor x; xor y; end e; end n",
        "s>f f>a>j f>b>k j>c>x x>k [left] x>e * k>d>y y>j [right] y>n *",
    )
    play = begin(source, left=False, right=False)
    play.complete("a")
    assert play.run.stuck == ()
    play.complete("b")
    assert (play.run.ended, play.waiting, play.run.stuck) == (None, [], ("j", "k"))
    play.move_parked("j", "c")
    play.complete("c")
    assert play.waiting == ["d"]


def test_a_token_behind_which_a_filled_way_lies_too_is_not_waited_for() -> None:
    """The letter of 13.4.3: what could reach a way that is filled already needs not be waited for."""
    source = draw(
        "start s; and f; user a; user b; xor x; xor m; or j; user after; end e",
        "s>f f>a>m f>b>x x>m [again] x>j * m>j j>after>e",
    )
    play = begin(source, again=False)
    play.complete("a")
    assert play.waiting == ["b", "after"]


def test_a_token_at_an_activity_may_still_come_by_its_boundary_event() -> None:
    late = on_timer("late", "b", "PT1H")
    source = draw(
        f"start s; and f; user a; user b; {late}; or j; user after; end e; end n",
        "s>f f>a>j f>b>n late>j j>after>e",
    )
    play = begin(source)
    play.complete("a")
    assert play.waiting == ["b", "late"]
    play.fire("late")
    assert play.waiting == ["after"]


def test_the_join_lets_go_when_what_it_waited_for_went_elsewhere() -> None:
    source = draw(
        "start s; and f; user a; user b; xor x; or j; user after; end e; end n",
        "s>f f>a>j f>b>x x>j [come] x>n * j>after>e",
    )
    play = begin(source, come=False)
    play.complete("a")
    assert play.waiting == ["b"]
    play.complete("b")
    assert play.waiting == ["after"]


def test_what_runs_inside_a_sub_process_counts_as_a_token_at_it() -> None:
    inner = sub("sp", "start si; user a; user b; end ei", "si>a>b>ei", prefix="g")
    source = draw(
        f"start s; or f; {inner}; user c; or j; user after; end e",
        "s>f f>sp [true] f>c [true] sp>j c>j j>after>e",
    )
    play = begin(source)
    play.complete("c")
    play.complete("a")
    assert play.waiting == ["b"]
    play.complete("b")
    assert play.waiting == ["after"]


def test_a_join_in_a_sub_process_does_not_look_outside() -> None:
    inside = level(
        "start si; or f; user a; user b; or j; user after; end ei",
        "si>f f>a [true] f>b [x] a>j b>j j>after>ei",
        prefix="g",
    )
    source = draw(
        f"start s; and o; {node('sub', 'sp', inside)}; user out; and i; end e",
        "s>o o>sp>i o>out>i i>e",
    )
    play = begin(source, x=False)
    play.complete("a")
    assert play.waiting == ["after", "out"]


def test_a_join_waits_for_a_token_that_needs_help() -> None:
    source = draw(
        "start s; and f; user a; user b; xor x; or j; user after; end e",
        "s>f f>a>j f>b>x x>j [sure] x>e * j>after>e",
    )
    play = begin(source, sure=None)
    play.complete("b")
    play.complete("a")
    assert play.waiting == ["x"]
    play.retry("x", sure=True)
    assert play.waiting == ["after"]


def test_of_tokens_that_come_twice_over_one_way_one_is_taken_at_a_time() -> None:
    source = draw(
        "start s; and f; user a; user b; user c; xor m; or j; user after; end e",
        "s>f f>a>m f>b>m m>j f>c>j j>after>e",
    )
    play = begin(source)
    play.complete("a")
    play.complete("b")
    play.complete("c")
    assert play.waiting == ["after", "after"]
    assert play.path().count("j") == 2


def test_a_join_is_judged_when_nothing_moves_any_more() -> None:
    """The slower way has three gateways to pass in the same step; the join must not go on before it came."""
    source = draw(
        "start s; and f; xor x; xor y; xor z; or j; user after; end e", "s>f f>j f>x x>y y>z z>j j>after>e"
    )
    assert begin(source).waiting == ["after"]
