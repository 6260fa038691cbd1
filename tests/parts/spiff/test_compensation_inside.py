"""Compensation of what was done inside: finished sub-processes, called processes, and each of many instances."""

from __future__ import annotations

from .drawing import (
    boundary,
    draw,
    each,
    event_sub,
    extension,
    level,
    mapping,
    message,
    node,
    on,
    process,
    start,
    sub,
)
from .playing import begin
from .undoing import doing, done, undo

CALL = extension('<zeebe:calledElement processId="inner" />')


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


def test_what_was_not_there_when_the_inner_work_was_done_is_seen_as_it_is_now() -> None:
    inside = sub("sp", f"start si; {doing('a')}; user b; end ei", "si>a>b>ei", prefix="g")
    play = begin(draw(f"start s; {inside}; user w; {undo()}; end e", "s>sp>w>undo>e"))
    play.complete("a")
    play.complete("b", x=1)
    play.complete("w", x=3)
    assert play.run.variables(play.wait("a_back").id) == {"x": 3}


def test_a_finished_called_process_is_compensated_from_within() -> None:
    inner = process("inner", level(INSIDE, "si>a>b>ei", prefix="g"))
    play = begin(
        draw(f"start s; {node('call', 'c', CALL)}; {undo()}; user z; end e", "s>c>undo>z>e", inner), x=0
    )
    done(play, "a", "b")
    assert play.wait("b_back").scope == ("c",)
    opened = play.what("task_opened")[-1]
    assert (opened["process"], opened["scope"]) == ("inner", ["c"])
    play.complete("b_back", lost=True)
    play.complete("a_back")
    assert play.waiting == ["z"]
    assert "lost" not in play.variables  # what was opened again is dropped with what it wrote


def test_what_was_opened_again_was_not_entered_again_and_is_not_cancelled() -> None:
    inside = sub("sp", INSIDE, "si>a>b>ei", prefix="g")
    outer = sub("out", f"start so; {inside}; {undo()}; end eo", "so>sp>undo>eo", prefix="h")
    cut = boundary("cut", "out", on("message", "stop"))
    play = begin(draw(f"start s; {outer}; {cut}; user z; end e", "s>out>e cut>z>e", message("stop")))
    done(play, "a", "b")
    play.deliver("cut")
    told = [it.element for it in play.happenings if it.kind == "cancelled"]
    assert sorted(told) == ["b_back", "out", "undo"]


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


def test_the_handler_of_a_sub_process_sees_what_that_was_given_as_it_was_left() -> None:
    inside = extension(mapping({"room": "=1"})) + level("start si; user a; end ei", "si>a>ei", prefix="g")
    nodes = f"start s; {doing('sp', kind='sub', inside=inside)}; {undo()}; end e"
    play = begin(draw(nodes, "s>sp>undo>e"), room=0)
    play.complete("a", room=2)
    assert play.run.variables(play.wait("sp_back").id) == {"room": 2}


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


def test_an_event_sub_process_compensates_its_own_work_and_that_around_it_in_one_reverse_order() -> None:
    begun = start("si", on("message", "msg"), interrupting=False)
    box = event_sub("es", f"{begun}; {doing('c')}; user n; {undo()}; end ei", "si>c>n>undo>ei", prefix="g")
    source = draw(
        f"start s; {doing('a')}; {doing('b')}; user w; end e; {box}",
        "s>a>b>w>e",
        '<message id="msg" name="m" />',
    )
    play = begin(source)
    play.complete("a")
    play.deliver("si")
    done(play, "c", "b", "n")
    for handler in ("b_back", "c_back", "a_back"):
        assert handler in play.waiting
        play.complete(handler)
    assert play.waiting == ["si", "w"]


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
