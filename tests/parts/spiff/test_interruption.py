"""Interruption is immediate: in the very step nothing automatic runs any more, and all that was open is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import NotFound

from .drawing import (
    boundary,
    declared,
    draw,
    each,
    event_sub,
    extension,
    level,
    message,
    node,
    on,
    on_timer,
    process,
    script,
    start,
    timer,
)
from .playing import Play, begin

CALL = extension('<zeebe:calledElement processId="inner" />')
OPEN = "; ".join((
    "start si; and f; user u; race g; user stop",
    node("receive", "r", messageRef="msg"),
    node("catch", "t", timer("duration", "PT1H")),
    node("catch", "sig", on("signal", "s2")),
    node("catch", "cond", on("conditional", "never = 1")),
    node("catch", "soon", timer("duration", "PT2H")),
    node("catch", "mail", on("message", "msg")),
    node("service", "sv", extension('<zeebe:taskDefinition type="x" />')),
    script("bad", "=1"),
    node("call", "c", CALL),
    node("user", "many", each("=[1, 2]", "item")),
    node("sub", "deep", level("start sd; user d; end ed", "sd>d>ed", prefix="deep_")),
    on_timer("late", "u", "PT3H"),
    script("after", "={ran: true}"),
    event_sub("es", f"{start('se', on('message', 'msg'), interrupting=False)}; end ee", "se>ee", prefix="es_"),
    "end ei",
))  # fmt: skip
FLOWS = """si>f f>u>after f>r>after f>t>after f>sig>after f>cond>after f>g g>soon>after g>mail>after f>sv>after
f>bad>after f>c>after f>many>after f>deep>after f>stop late>after after>ei"""
BESIDE = (
    message("msg"),
    declared("signal", "s2"),
    declared("signal", "s3"),
    declared("error", "err", code="E1"),
    process("inner", level("start s3_; user w; end e3", "s3_>w>e3", prefix="inner_")),
)
ENDED = {
    "u": "task_cancelled", "r": "message_ended", "t": "timer_cancelled", "sig": "signal_ended",
    "soon": "timer_cancelled", "mail": "message_ended", "sv": "service_cancelled", "bad": "failure_ended",
    "many": "task_cancelled", "d": "task_cancelled", "w": "task_cancelled", "late": "timer_cancelled",
    "se": "message_ended",
}  # fmt: skip


def busy(inside: str = "", flows: str = "", border: str = "", behind: str = "") -> Play:
    """A sub-process in which everything waits that can; it can be ended in all the ways there are."""
    box = node("sub", "sp", level(f"{OPEN}; {inside}", f"{FLOWS} {flows}", prefix="sp_"))
    source = draw(
        f"start s; and o; {box}; {border}; user x; user b; end e", f"s>o o>sp>e o>b>e x>e {behind}", *BESIDE
    )
    play = begin(source, never=0)
    assert len([it for it in play.waits if it.element in {*ENDED, "cond", "stop"}]) == 16
    play.happenings.clear()
    return play


def interrupted(definition: str) -> Play:
    return busy("end es2", "stop>es2", boundary("cut", "sp", definition), "cut>x")


def by_timer() -> Play:
    play = interrupted(timer("duration", "PT4H"))
    play.fire("cut")
    return play


def by_message() -> Play:
    play = interrupted(on("message", "msg"))
    play.deliver("cut")
    return play


def by_signal() -> Play:
    play = interrupted(on("signal", "s3"))
    play.broadcast("s3")
    return play


def by_condition() -> Play:
    play = interrupted(on("conditional", "gone"))
    play.complete("stop", gone=True)
    return play


def by_error() -> Play:
    bad = node("end", "err_end", on("error", "err"))
    play = busy(bad, "stop>err_end", boundary("cut", "sp", on("error")), "cut>x")
    play.complete("stop")
    return play


def by_terminate() -> Play:
    play = busy(node("end", "term", on("terminate")), "stop>term", "", "sp>x")
    play.complete("stop")
    return play


def by_its_event_sub_process() -> Play:
    cut = event_sub("es3", f"{start('sc', on('message', 'msg'))}; end ec", "sc>ec", prefix="es3_")
    play = busy(f"{cut}; end es2", "stop>es2", "", "sp>x")
    play.deliver("sc")
    return play


@pytest.mark.parametrize(
    "interrupt",
    [by_timer, by_message, by_signal, by_condition, by_error, by_terminate, by_its_event_sub_process],
)
def test_all_that_is_open_is_gone_in_the_same_step_and_nothing_runs_after_it(
    interrupt: Callable[[], Play],
) -> None:
    play = interrupt()
    assert sorted(play.waiting) == ["b", "x"]
    told = {
        (it.element, it.kind) for it in play.happenings if it.element in ENDED and it.kind in ENDED.values()
    }
    assert told == set(ENDED.items())
    assert "ran" not in play.variables
    assert "after" not in play.path()


def test_what_is_gone_can_not_be_answered_any_more() -> None:
    play = interrupted(on("signal", "s3"))
    before = [it.id for it in play.waits if it.element not in ("b", "cut")]
    play.broadcast("s3")
    state = play.run.dump()
    for wait in before:
        for step in (
            play.run.fire,
            play.run.skip,
            lambda it: play.run.complete(it, {}),
            lambda it: play.run.deliver(it, {}),
        ):
            with pytest.raises(NotFound):
                step(wait)  # type: ignore[operator]
    assert play.run.dump() == state


def test_a_token_that_is_ready_to_run_is_gone_too() -> None:
    """The fork sends the error's way first; the ways after it are never entered."""
    bad = node("end", "bad", on("error", "err"))
    inside = level(f"start si; and f; {bad}; {script('late', '={ran: true}')}; user u; end ei",
                   "si>f f>bad f>late>u>ei", prefix="g")  # fmt: skip
    source = draw(
        f"start s; {node('sub', 'sp', inside)}; {boundary('cut', 'sp', on('error'))}; user x; end e",
        "s>sp>e cut>x>e",
        *BESIDE,
    )
    play = begin(source)
    assert play.waiting == ["x"]
    assert play.variables == {}
    assert "late" not in play.path()


def test_cancelling_a_run_ends_all_that_is_open_in_it() -> None:
    play = busy("end es2", "stop>es2", "", "sp>x")
    play.cancel()
    assert (play.run.ended, play.waiting) == ("cancelled", [])
    assert {it.element for it in play.happenings if it.kind in ENDED.values()} == {*ENDED, "b", "stop"}
    assert play.variables == {"never": 0}
