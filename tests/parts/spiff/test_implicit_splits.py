"""Several flows out of one activity: those without a condition always, the others when theirs is true."""

from __future__ import annotations

import pytest

from .drawing import boundary, declared, draw, extension, level, node, on, process, script
from .playing import begin


def test_flows_without_a_condition_are_all_taken_in_document_order() -> None:
    """The library refuses them, and ignores a condition on one."""
    source = draw("start s; user w; user a; user b; user c; end e", "s>w w>b>e w>a>e w>c>e")
    play = begin(source)
    play.complete("w")
    assert play.waiting == ["b", "a", "c"]


SPLIT = draw(
    "start s; user w; user a; user b; user c; user d; end e",
    "s>w w>a [x > 1] w>b [x > 2] w>c w>d * a>e b>e c>e d>e",
)


@pytest.mark.parametrize(("x", "open_"), [(3, ["a", "b", "c"]), (2, ["a", "c"]), (0, ["c", "d"])])
def test_the_default_is_taken_where_no_condition_is_true(x: int, open_: list[str]) -> None:
    play = begin(SPLIT)
    play.complete("w", x=x)
    assert play.waiting == open_


def test_what_the_activity_itself_wrote_is_asked() -> None:
    source = draw(
        f"start s; {script('t', '={x: n * 2}')}; user a; user b; end e", "s>t t>a [x > 3] t>b * a>e b>e"
    )
    assert begin(source, n=2).waiting == ["a"]
    assert begin(source, n=1).waiting == ["b"]


def test_a_condition_that_is_no_answer_keeps_the_token_with_its_results_written() -> None:
    play = begin(SPLIT)
    play.complete("w", x="many")
    assert play.waiting == ["w"]
    assert "condition 'x > 1' to give true or false" in play.failures["w"]
    assert play.variables == {"x": "many"}
    play.retry("w", x=2)
    assert play.waiting == ["a", "c"]
    assert play.path("left").count("w") == 1


@pytest.mark.parametrize("kind", ["sub", "call"])
def test_sub_processes_and_called_processes_split_too(kind: str) -> None:
    inside = level("start si; user in; end ei", "si>in>ei", prefix="g")
    call = extension('<zeebe:calledElement processId="inner" />')
    activity = node(kind, "w", inside if kind == "sub" else call)
    beside = [] if kind == "sub" else [process("inner", inside)]
    source = draw(f"start s; {activity}; user a; user b; end e", "s>w w>a [x] w>b [true] a>e b>e", *beside)
    play = begin(source, x=False)
    play.complete("in", x=True)
    assert play.waiting == ["a", "b"]


def test_events_and_joins_split_without_conditions() -> None:
    caught = boundary("b", "w", on("signal", "sig"))
    source = draw(
        f"start s; user w; {caught}; user x; user y; user z; and j; end e",
        "s>w w>e b>x b>y s>z x>j y>j z>j j>e",
        declared("signal", "sig"),
    )
    play = begin(source)
    assert sorted(play.waiting) == ["b", "w", "z"]
    play.broadcast("sig")
    for task in "zyx":
        play.complete(task)
    assert play.run.ended == "completed"
