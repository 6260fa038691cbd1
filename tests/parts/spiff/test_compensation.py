"""Compensation: what was done is taken back, the last first, with the variables of its time."""

from __future__ import annotations

import pytest

from .drawing import (
    boundary,
    compensated_by,
    draw,
    each,
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
from .playing import Play, begin

CALL = extension('<zeebe:calledElement processId="inner" />')


def doing(task: str, *, kind: str = "user", inside: str = "") -> str:
    """An activity and its handler, `<task>_back`; put it into the nodes of a level."""
    back = node("user", f"{task}_back", isForCompensation="true")
    return f"{node(kind, task, inside)}; {compensated_by(task, f'{task}_back')}; {back}"


def undo(id: str = "undo", kind: str = "throw", what: str = "") -> str:
    return node(kind, id, on("compensate", what))


def done(play: Play, *tasks: str, **writes: object) -> None:
    for task in tasks:
        play.complete(task, **writes)


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


INSIDE = f"start si; {doing('a')}; {doing('b')}; end ei"


def test_a_finished_sub_process_is_compensated_from_within_with_its_own_variables() -> None:
    inside = level(INSIDE, "si>a>b>ei", prefix="g")
    box = node("sub", "sp", extension(mapping({"own": "=1"})) + inside)
    play = begin(draw(f"start s; {box}; {undo()}; user z; end e", "s>sp>undo>z>e"), x=0)
    play.complete("a", own=2)
    play.complete("b", own=3)
    assert play.waiting == ["b_back"]
    assert play.wait("b_back").scope == ("sp",)
    assert play.run.variables(play.wait("b_back").id)["own"] == 3
    play.complete("b_back", own=4, x=5)
    assert play.run.variables(play.wait("a_back").id)["own"] == 2
    play.complete("a_back")
    assert play.waiting == ["z"]
    assert play.variables == {"x": 5}


def test_a_finished_called_process_is_compensated_from_within() -> None:
    inner = process("inner", level(INSIDE, "si>a>b>ei", prefix="g"))
    play = begin(
        draw(f"start s; {node('call', 'c', CALL)}; {undo()}; user z; end e", "s>c>undo>z>e", inner), x=0
    )
    done(play, "a", "b")
    assert play.wait("b_back").scope == ("c",)
    opened = play.what("task_opened")[-1]
    assert (opened["process"], opened["scope"]) == ("inner", ["c"])
    done(play, "b_back", "a_back")
    assert play.waiting == ["z"]


def test_deep_and_flat_are_compensated_in_one_reverse_order() -> None:
    inside = sub("sp", INSIDE, "si>a>b>ei", prefix="g")
    play = begin(draw(f"start s; {doing('c')}; {inside}; {doing('d')}; {undo()}; end e", "s>c>sp>d>undo>e"))
    done(play, "c", "a", "b", "d")
    done(play, "d_back", "b_back", "a_back", "c_back")
    assert play.run.ended == "completed"


def test_a_sub_process_with_its_own_handler_is_compensated_by_that_only() -> None:
    inside = level(INSIDE, "si>a>b>ei", prefix="g")
    play = begin(draw(f"start s; {doing('sp', kind='sub', inside=inside)}; {undo()}; end e", "s>sp>undo>e"))
    done(play, "a", "b")
    assert play.waiting == ["sp_back"]
    play.complete("sp_back")
    assert play.run.ended == "completed"


COMPENSATES = f"{start('sc', on('compensate'))}; user n; {undo('within')}; end ee"
BOX = event_sub("es", COMPENSATES, "sc>n>within>ee", prefix="k")


def test_a_compensation_event_sub_process_does_it_its_own_way() -> None:
    inside = sub("sp", f"{INSIDE}; {BOX}", "si>a>b>ei", prefix="g")
    play = begin(draw(f"start s; {inside}; {undo()}; user z; end e", "s>sp>undo>z>e"))
    done(play, "a", "b")
    assert play.waiting == ["n"]
    assert play.wait("n").scope == ("sp", "es")
    done(play, "n", "b_back", "a_back")
    assert play.waiting == ["z"]


def test_an_event_sub_process_compensates_what_the_scope_around_it_did() -> None:
    box = event_sub(
        "es", f"{start('si', on('message', 'msg'))}; {undo()}; user n; end ei", "si>undo>n>ei", prefix="g"
    )
    source = draw(
        f"start s; {doing('a')}; {doing('b')}; user w; end e; {box}",
        "s>a>b>w>e",
        '<message id="msg" name="m" />',
    )
    play = begin(source)
    done(play, "a", "b")
    play.deliver("si")
    done(play, "b_back", "a_back")
    assert play.waiting == ["n"]
    play.complete("n")
    assert play.run.ended == "completed"


def test_a_throw_in_a_sub_process_compensates_only_that() -> None:
    inside = sub("sp", f"start si; {doing('a')}; {undo()}; end ei", "si>a>undo>ei", prefix="g")
    play = begin(draw(f"start s; {doing('c')}; {inside}; user z; end e", "s>c>sp>z>e"))
    done(play, "c", "a", "a_back")
    assert play.waiting == ["z"]


def test_each_instance_of_a_multi_instance_activity_is_compensated_by_itself() -> None:
    many = doing("a", inside=each("=[1, 2, 3]", "item", sequential=True))
    play = begin(draw(f"start s; {many}; {undo()}; end e", "s>a>undo>e"))
    done(play, "a", "a", "a")
    for item in (3, 2, 1):
        assert play.run.variables(play.wait("a_back").id)["item"] == item
        play.complete("a_back")
    assert play.run.ended == "completed"


def test_each_instance_of_a_multi_instance_sub_process_is_compensated_from_within() -> None:
    inside = each("=[1, 2]", "item") + level(f"start si; {doing('a')}; end ei", "si>a>ei", prefix="g")
    play = begin(draw(f"start s; {node('sub', 'sp', inside)}; {undo()}; end e", "s>sp>undo>e"))
    play.complete_at(1)
    play.complete_at(0)
    for item in (1, 2):
        assert play.wait("a_back").scope == (f"sp#{item}",)
        assert play.run.variables(play.wait("a_back").id)["item"] == item
        play.complete("a_back")
    assert play.run.ended == "completed"


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
