"""Event-based gateways: several events are waited for, the first that comes decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.spiff import ConditionWait, MessageWait, RunRefused, SignalWait, TimerWait

from .drawing import declared, draw, extension, mapping, message, node, on, timer
from .playing import NOON, begin

MAPPED = extension(mapping(outputs={"answer": "=text"}))
RACE = draw(
    "start s; race g; end e; "
    + "; ".join(
        (
            node("catch", "soon", timer("duration", "PT1H")),
            node("catch", "later", timer("duration", "PT5H")),
            node("catch", "mail", MAPPED + on("message", "m")),
            node("catch", "alarm", on("signal", "sig")),
            node("catch", "full", on("conditional", "count > 2")),
            node("receive", "call", messageRef="n"),
        )
    )
    + "; user a; user b; user c; user d; user h; user k",
    "s>g g>soon>a>e g>later>b>e g>mail>c>e g>alarm>d>e g>full>h>e g>call>k>e",
    message("m", "mail", "=ticket"),
    message("n", "call"),
    declared("signal", "sig", "alarm"),
)


def test_all_events_wait_at_once_each_with_its_own_moment() -> None:
    """The library keeps one value for all timers of a gateway, so that the longer one goes off first."""
    play = begin(RACE, count=0, ticket="T-1")
    assert play.waiting == ["soon", "later", "mail", "alarm", "full", "call"]
    kinds = [TimerWait, TimerWait, MessageWait, SignalWait, ConditionWait, MessageWait]
    assert [type(wait) for wait in play.waits] == kinds
    assert play.wait("soon").due == NOON + timedelta(hours=1)
    assert play.wait("later").due == NOON + timedelta(hours=5)
    assert (play.wait("mail").name, play.wait("mail").key) == ("mail", "T-1")


@pytest.mark.parametrize(("event", "task"), [("soon", "a"), ("later", "b")])
def test_the_timer_that_fires_takes_its_own_way_and_ends_the_others(event: str, task: str) -> None:
    play = begin(RACE, count=0, ticket="T-1")
    play.fire(event)
    assert play.waiting == [task]
    play.complete(task)
    assert play.run.ended == "completed"


@pytest.mark.parametrize(("event", "task"), [("mail", "c"), ("alarm", "d"), ("call", "k")])
def test_a_message_a_signal_or_a_receive_task_wins(event: str, task: str) -> None:
    play = begin(RACE, count=0, ticket="T-1")
    play.deliver(event, text="hello")
    assert play.waiting == [task]
    assert play.variables["answer" if event == "mail" else "text"] == "hello"
    assert ("text" in play.variables) == (event != "mail")


def test_a_signal_from_outside_wins() -> None:
    play = begin(RACE, count=0, ticket="T-1")
    assert play.broadcast("alarm") == 1
    assert play.waiting == ["d"]


def test_a_condition_that_is_true_already_wins_at_once() -> None:
    assert begin(RACE, count=3, ticket="T-1").waiting == ["h"]


def test_a_condition_that_becomes_true_elsewhere_wins() -> None:
    source = draw(
        "start s; and f; user work; race g; end e; user a; user b; "
        + node("catch", "full", on("conditional", "count > 2"))
        + node("catch", "late", timer("duration", "PT1H")),
        "s>f f>work>e f>g g>full>a>e g>late>b>e",
    )
    play = begin(source, count=0)
    play.complete("work", count=5)
    assert play.waiting == ["a"]


def test_the_first_true_condition_in_document_order_wins() -> None:
    source = draw(
        "start s; race g; end e; user a; user b; "
        + node("catch", "x", on("conditional", "true"))
        + node("catch", "y", on("conditional", "true")),
        "s>g g>y>b>e g>x>a>e",
    )
    assert begin(source).waiting == ["b"]


def test_the_trail_tells_the_gateway_the_way_and_the_event() -> None:
    play = begin(RACE, count=0, ticket="T-1")
    play.happenings.clear()
    play.deliver("mail", text="hello")
    told = [(it.kind, it.element) for it in play.happenings]
    ended = [it for it in told if it[0] in ("timer_cancelled", "message_ended", "signal_ended")]
    assert sorted(ended) == sorted(
        [("timer_cancelled", "soon"), ("timer_cancelled", "later"), ("message_ended", "mail"),
         ("signal_ended", "alarm"), ("message_ended", "call")]
    )  # fmt: skip
    assert [it for it in told if it not in ended] == [
        ("left", "g"), ("taken", "f8"), ("entered", "mail"), ("variables_written", "mail"), ("left", "mail"),
        ("taken", "f9"), ("entered", "c"), ("task_opened", "c"),
    ]  # fmt: skip


def test_an_event_that_can_not_be_waited_for_leaves_nothing_waited_for() -> None:
    play = begin(RACE, count=0, ticket=None)
    assert play.waiting == ["g"]
    assert "message key '=ticket'" in play.failures["g"]
    assert play.path("timer_armed", "message_awaited", "signal_awaited") == []
    play.retry("g", ticket="T-1")
    assert play.waiting == ["soon", "later", "mail", "alarm", "full", "call"]


def test_a_race_is_moved_not_skipped() -> None:
    play = begin(RACE, count=0, ticket="T-1")
    with pytest.raises(RunRefused, match="several ways lead on; move it"):
        play.skip("soon")
    play = begin(RACE, count=0, ticket="T-1")
    play.move("soon", "k")
    assert play.waiting == ["k"]


def test_races_in_a_loop_begin_anew_each_time() -> None:
    source = draw(
        "start s; xor m; race g; xor again; end e; "
        + node("catch", "late", timer("duration", "PT1H"))
        + node("catch", "mail", on("message", "msg")),
        "s>m m>g g>mail>again g>late>again again>m [more] again>e *",
        message("msg"),
    )
    play = begin(source, more=True)
    seen = set()
    for number in range(4):
        seen.add(play.wait("late").id)
        if number % 2:
            play.deliver("mail", number=number)
        else:
            play.fire("late")
    assert len(seen) == 4
    play.deliver("mail", more=False)
    assert (play.run.ended, play.variables["number"]) == ("completed", 3)
