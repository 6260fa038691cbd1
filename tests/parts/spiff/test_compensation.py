"""Compensation: what was done is taken back, the last first, with the variables of its time."""

from __future__ import annotations

import pytest

from .drawing import (
    boundary,
    compensated_by,
    draw,
    extension,
    node,
    on,
    sub,
)
from .playing import begin
from .undoing import doing, done, undo

THREE = f"{doing('a')}; {doing('b')}; {doing('c')}"


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_handlers_run_one_after_the_other_in_reverse_order_of_completion(kind: str) -> None:
    """The library passes a compensation event as if it were not there."""
    nodes = f"start s; {THREE}; and f; and j; {undo(kind=kind)}" + ("; end e" if kind == "throw" else "")
    tail = "j>undo>e" if kind == "throw" else "j>undo"
    play = begin(draw(nodes, f"s>f f>a>j f>b>j f>c>j {tail}"))
    done(play, "b", "c", "a")
    for handler in ("a_back", "c_back", "b_back"):
        assert play.waiting == [handler]
        play.complete(handler)
    assert play.run.ended == "completed"
    assert [(it["activity"], it["handler"]) for it in play.what("compensating")] == [
        ("a", "a_back"), ("c", "c_back"), ("b", "b_back"),
    ]  # fmt: skip


def test_a_handler_never_runs_by_itself() -> None:
    play = begin(draw(f"start s; {doing('a')}; end e", "s>a>e"))
    play.complete("a")
    assert play.run.ended == "completed"
    assert play.path() == ["s", "a", "e"]


def test_nothing_done_nothing_compensated() -> None:
    source = draw(f"start s; xor x; {doing('a')}; {undo()}; end e", "s>x x>a [yes] a>undo x>undo * undo>e")
    assert begin(source, yes=False).run.ended == "completed"


def test_only_the_named_activity_is_compensated() -> None:
    nodes = f"start s; {doing('a')}; {doing('b')}; {undo(what='a')}; {undo('rest')}; end e"
    play = begin(draw(nodes, "s>a>b>undo>rest>e"))
    done(play, "a", "b")
    assert play.waiting == ["a_back"]
    play.complete("a_back")
    assert play.waiting == ["b_back"]
    play.complete("b_back")
    assert play.run.ended == "completed"


def test_each_is_compensated_once() -> None:
    play = begin(
        draw(f"start s; {doing('a')}; {undo()}; {undo('again')}; user z; end e", "s>a>undo>again>z>e")
    )
    done(play, "a", "a_back")
    assert play.waiting == ["z"]


def test_each_round_of_a_loop_is_compensated_by_itself() -> None:
    source = draw(
        f"start s; xor m; {doing('a')}; xor x; {undo()}; end e", "s>m m>a>x x>m [again] x>undo * undo>e"
    )
    play = begin(source, again=True)
    done(play, "a", n=1)
    done(play, "a", n=2)
    done(play, "a", n=3, again=False)
    for n in (3, 2, 1):
        assert play.run.variables(play.wait("a_back").id)["n"] == n
        play.complete("a_back")
    assert play.run.ended == "completed"


def test_a_handler_sees_the_variables_of_its_time_and_writes_today() -> None:
    back = node("script", "a_back", extension('<zeebe:script expression="={log: append(log, n), n: n}" />'),
                isForCompensation="true")  # fmt: skip
    nodes = f"user a; {compensated_by('a', 'a_back')}; {back}; user b"
    play = begin(draw(f"start s; {nodes}; {undo()}; user z; end e", "s>a>b>undo>z>e"), log=["first"])
    play.complete("a", n=1)
    play.complete("b", n=2, later=True, log=["second"])
    assert play.waiting == ["z"]
    assert play.variables == {"n": 1, "later": True, "log": ["first", 1]}


def test_what_was_not_there_at_its_time_is_seen_as_it_is_now() -> None:
    back = node("script", "a_back", extension('<zeebe:script expression="later" resultVariable="seen" />'),
                isForCompensation="true")  # fmt: skip
    nodes = f"user a; {compensated_by('a', 'a_back')}; {back}; user b"
    play = begin(draw(f"start s; {nodes}; {undo()}; user z; end e", "s>a>b>undo>z>e"))
    play.complete("a")
    play.complete("b", later=7)
    assert play.variables["seen"] == 7


def test_what_was_interrupted_is_not_compensated() -> None:
    cut = boundary("cut", "a", on("signal", "sig"))
    source = draw(f"start s; {doing('a')}; {cut}; {undo()}; user z; end e", "s>a>undo cut>undo undo>z>e",
                  '<signal id="sig" name="sig" />')  # fmt: skip
    play = begin(source)
    play.broadcast("sig")
    assert play.waiting == ["z"]


def test_the_throw_waits_and_other_tokens_go_on() -> None:
    play = begin(
        draw(f"start s; and f; {doing('a')}; {undo()}; user b; user z; end e", "s>f f>a>undo>z>e f>b>e")
    )
    play.complete("a")
    assert play.waiting == ["b", "a_back"]
    play.complete("b")
    assert play.waiting == ["a_back"]
    play.complete("a_back")
    assert play.waiting == ["z"]


def test_interrupting_the_scope_ends_a_running_compensation() -> None:
    cut = boundary("cut", "sp", on("signal", "sig"))
    inside = sub("sp", f"start si; {doing('a')}; {undo()}; end ei", "si>a>undo>ei", prefix="g")
    source = draw(
        f"start s; {inside}; {cut}; user z; end e", "s>sp>e cut>z>e", '<signal id="sig" name="sig" />'
    )
    play = begin(source)
    play.complete("a")
    assert play.waiting == ["cut", "a_back"]
    play.broadcast("sig")
    assert play.waiting == ["z"]


def test_a_handler_that_fails_waits_for_help_and_then_the_rest_is_compensated() -> None:
    back = node(
        "script",
        "b_back",
        extension('<zeebe:script expression="if ok then {} else 1" />'),
        isForCompensation="true",
    )
    nodes = f"{doing('a')}; user b; {compensated_by('b', 'b_back')}; {back}"
    play = begin(draw(f"start s; {nodes}; {undo()}; end e", "s>a>b>undo>e"), ok=False)
    done(play, "a", "b")
    assert list(play.failures) == ["b_back"]
    play.skip("b_back")
    assert play.waiting == ["a_back"]
    play.complete("a_back")
    assert play.run.ended == "completed"


def test_a_result_that_stays_inside_is_remembered_as_it_was_left() -> None:
    given = extension('<zeebe:ioMapping><zeebe:input source="=1" target="t" /></zeebe:ioMapping>')
    play = begin(draw(f"start s; {doing('a', inside=given)}; {undo()}; end e", "s>a>undo>e"))
    play.complete("a", t=2)
    assert play.run.variables(play.wait("a_back").id) == {"t": 2}
