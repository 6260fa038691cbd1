"""What the raw library gets wrong, and the fence must not: the five cases on which its design was chosen."""

from __future__ import annotations

from .drawing import draw, message, on_message, on_timer
from .playing import begin

TICKET_LOOP = draw(
    f"start s; user work; xor again; end e; {on_timer('late', 'work', 'PT4H', interrupting=False)}"
    f" {on_message('reply', 'work', 'm_reply', interrupting=False)}; end n",
    "s>work work>again again>work [rework] again>e * late>n reply>n",
    message("m_reply"),
)


def test_three_branches_join_once_whatever_the_order() -> None:
    source = draw(
        "start s; and fork; user a; user b; user c; and join; user after; end e",
        "s>fork fork>a>join fork>b>join fork>c>join join>after>e",
    )
    for order in ("abc", "bca", "cba", "bac"):
        play = begin(source)
        for task in order[:2]:
            play.complete(task)
            assert "after" not in play.waiting
        play.complete(order[2])
        assert play.waiting == ["after"]
        play.complete("after")
        assert play.run.ended == "completed"


def test_a_loop_may_lead_through_a_join_any_number_of_times() -> None:
    source = draw(
        "start s; xor m; and fork; user a; user b; and join; xor more; end e",
        "s>m m>fork fork>a>join fork>b>join join>more more>m [again] more>e *",
    )
    play = begin(source, again=True)
    for _ in range(20):
        play.complete("b")
        play.complete("a")
        assert play.waiting == ["a", "b"]
    play.complete("a")
    play.complete("b", again=False)
    assert play.run.ended == "completed"


def test_a_message_on_the_boundary_comes_five_times_beside_its_activity() -> None:
    source = draw(
        f"start s; user work; end e; user look; end n; {on_message('reply', 'work', 'm', interrupting=False)}",
        "s>work>e reply>look>n",
        message("m"),
    )
    play = begin(source)
    for number in range(1, 6):
        play.deliver("reply", answer=number)
        assert play.variables["answer"] == number
    assert play.waiting == ["work", "reply", "look", "look", "look", "look", "look"]
    play.complete("work")
    assert play.waiting == ["look"] * 5


def test_a_chain_of_a_thousand_nodes_parses_and_runs() -> None:
    names = [f"n{i}" for i in range(1000)]
    nodes = "; ".join(f"and {name}" for name in names)
    play = begin(draw(f"start s; {nodes}; end e", ">".join(["s", *names, "e"])))
    assert play.run.ended == "completed"
    assert play.path() == ["s", *names, "e"]


def test_two_thousand_rounds_leave_the_state_as_small_as_one() -> None:
    play = begin(TICKET_LOOP, rework=True, subject="Router dead since Monday")
    play.complete("work", rework=True)
    first = play.size
    for _ in range(2000):
        play.complete("work", rework=True)
    assert play.size == first < 1500
    play.complete("work", rework=False)
    assert play.run.ended == "completed"


def test_elements_may_be_called_as_the_library_calls_its_own() -> None:
    play = begin(draw("start Start; user Root; end End", "Start>Root>End", key="p"))
    play.complete("Root")
    assert play.path() == ["Start", "Root", "End"]
