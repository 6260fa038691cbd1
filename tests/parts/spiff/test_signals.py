"""Signals: thrown once, they reach everybody who waits for them at that moment, and nobody later."""

from __future__ import annotations

import pytest

from engine.errors import NotFound

from .drawing import (
    boundary,
    declared,
    draw,
    event_sub,
    extension,
    level,
    mapping,
    node,
    on,
    process,
    start,
    sub,
)
from .playing import begin

DOWN = declared("signal", "sig", "line down")


def throw(id: str = "t", kind: str = "throw", inputs: dict[str, str] | None = None) -> str:
    return node(kind, id, (extension(mapping(inputs)) if inputs else "") + on("signal", "sig"))


def catch(id: str, outputs: dict[str, str] | None = None) -> str:
    return node("catch", id, (extension(mapping(outputs=outputs)) if outputs else "") + on("signal", "sig"))


def test_a_signal_reaches_all_who_wait_with_what_it_carries() -> None:
    source = draw(
        f"start s; and f; {catch('a')}; {catch('b', {'told': '=where'})}; user c; and j; end e",
        "s>f f>a>j f>b>j f>c>j j>e",
        DOWN,
    )
    play = begin(source)
    assert play.broadcast("line down", where="east") == 2
    assert play.waiting == ["c"]
    assert play.variables == {"where": "east", "told": "east"}
    assert play.path("signal_received") == ["a", "b"]
    assert play.what("signal_received")[0]["name"] == "line down"


def test_a_signal_nobody_waits_for_changes_nothing() -> None:
    play = begin(draw("start s; user a; end e", "s>a>e"), x=1)
    before = play.run.dump()
    assert play.broadcast("line down", where="east") == 0
    assert play.run.dump() == before


def test_a_signal_of_another_name_is_not_heard() -> None:
    play = begin(draw(f"start s; {catch('a')}; end e", "s>a>e", DOWN))
    assert play.broadcast("line up") == 0
    assert play.waiting == ["a"]


def test_a_signal_can_be_delivered_to_one_catcher() -> None:
    source = draw(f"start s; and f; {catch('a')}; {catch('b')}; and j; end e", "s>f f>a>j f>b>j j>e", DOWN)
    play = begin(source)
    ended = play.wait("b").id
    play.deliver("b", n=1)
    assert play.waiting == ["a"]
    with pytest.raises(NotFound):
        play.run.deliver(ended, {})


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_a_thrown_signal_is_heard_in_the_same_instance_and_told_outside(kind: str) -> None:
    """The library ignores a signal end event without a word."""
    tail = "x>t>e" if kind == "throw" else "x>t"
    source = draw(
        f"start s; and f; {catch('a')}; user after; user x; {throw('t', kind, {'where': '=place'})}; end e",
        f"s>f f>a>after>e f>{tail}",
        DOWN,
    )
    play = begin(source, place="west")
    play.complete("x")
    assert play.waiting == ["after"]
    assert play.variables["where"] == "west"
    thrown = next(it for it in play.happenings if it.kind == "signal_thrown")
    assert (thrown.element, thrown.data["name"]) == ("t", "line down")
    assert dict(thrown.values) == {"payload": {"where": "west"}}


def test_who_begins_to_wait_later_does_not_hear_it() -> None:
    source = draw(f"start s; {throw()}; {catch('a')}; end e", "s>t>a>e", DOWN)
    assert begin(source).waiting == ["a"]


def test_a_signal_on_the_boundary_interrupts_or_not() -> None:
    source = draw(
        f"start s; user w; {boundary('cut', 'w', on('signal', 'sig'))}; user x;"
        f" {boundary('beside', 'w', on('signal', 'other'), interrupting=False)}; user y; end e",
        "s>w>e cut>x>e beside>y>e",
        DOWN,
        declared("signal", "other"),
    )
    play = begin(source)
    for _ in range(3):
        assert play.broadcast("other") == 1
    assert play.waiting == ["w", "cut", "beside", "y", "y", "y"]
    assert play.broadcast("line down") == 1
    assert play.waiting == ["y", "y", "y", "x"]
    assert play.broadcast("other") == 0


def test_one_signal_may_interrupt_somebody_else_who_waited_for_it() -> None:
    inside = sub("sp", f"start si; {catch('a')}; user b; end ei", "si>a>b>ei", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('cut', 'sp', on('signal', 'sig'))}; user x; end e",
        "s>sp>e cut>x>e",
        DOWN,
    )
    play = begin(source)
    assert play.broadcast("line down") == 1
    assert play.waiting == ["x"]
    assert "b" not in play.path()


def test_a_signal_that_interrupts_its_own_thrower_ends_it() -> None:
    inside = sub("sp", f"start si; {throw()}; user b; end ei", "si>t>b>ei", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('cut', 'sp', on('signal', 'sig'))}; user x; end e",
        "s>sp>e cut>x>e",
        DOWN,
    )
    play = begin(source)
    assert play.waiting == ["x"]
    assert "b" not in play.path()
    assert play.path("left") == ["s", "si", "t", "cut"]  # it has thrown, and then went no further


def test_a_signal_reaches_into_called_processes_and_out_of_them() -> None:
    call = node("call", "c", extension('<zeebe:calledElement processId="inner" />'))
    inner = process(
        "inner", level(f"start si; {catch('deep')}; {throw()}; end ei", "si>deep>t>ei", prefix="h")
    )
    source = draw(f"start s; and f; {call}; {catch('a')}; and j; end e", "s>f f>c>j f>a>j j>e", DOWN, inner)
    play = begin(source)
    assert play.waiting == ["deep", "a"]
    assert play.broadcast("line down") == 2
    assert play.run.ended == "completed"


def test_a_signal_starts_an_event_sub_process_as_often_as_it_comes() -> None:
    es = event_sub(
        "es", start("si", on("signal", "sig"), interrupting=False) + "; user n; end ei", "si>n>ei", prefix="g"
    )
    play = begin(draw(f"start s; user w; {es}; end e", "s>w>e", DOWN))
    for number in range(3):
        assert play.broadcast("line down", number=number) == 1
    assert play.waiting.count("n") == 3
    assert play.variables["number"] == 2


def test_a_process_begins_at_the_start_event_of_its_signal() -> None:
    by = node("start", "by", on("signal", "sig"))
    source = draw(f"start s; {by}; user a; user b; end e", "s>a>e by>b>e", DOWN)
    assert begin(source).waiting == ["a"]
    assert begin(source, signal="line down", where="east").waiting == ["b"]


def test_the_outermost_hears_it_first() -> None:
    inside = sub("sp", f"start si; {catch('deep')}; end ei", "si>deep>ei", prefix="g")
    source = draw(
        f"start s; and f; {inside}; {boundary('b', 'sp', on('signal', 'sig'), interrupting=False)}; {catch('a')};"
        " and j; end e; end n",
        "s>f f>sp>j f>a>j j>e b>n",
        DOWN,
    )
    play = begin(source)
    assert play.broadcast("line down") == 3
    assert play.path("signal_received") == ["b", "deep", "a"]
