"""Gateways: one way, or all ways; order is the document's, and nothing is guessed."""

from __future__ import annotations

import pytest

from engine.spiff import Program, read_deployed

from .drawing import draw, script
from .playing import Play, begin

CHOICE = draw(
    "start s; xor g; user a; user b; user c; end e", "s>g g>c * g>a [x > 1] g>b [x > 0] a>e b>e c>e"
)


@pytest.mark.parametrize(("x", "task"), [(2, "a"), (1, "b"), (0, "c")])
def test_the_first_true_condition_in_document_order_wins_else_the_default(x: int, task: str) -> None:
    assert begin(CHOICE, x=x).waiting == [task]


@pytest.mark.parametrize(
    ("x", "given"), [(None, "null"), ("yes", "null")], ids=["null is no answer", "a text is no answer"]
)
def test_a_condition_that_is_neither_true_nor_false_chooses_no_way(x: object, given: str) -> None:
    play = begin(CHOICE, x=x)
    assert play.waiting == ["g"]
    assert f"condition 'x > 1' to give true or false, but it gives {given}" in play.failures["g"]


def test_a_text_is_not_true() -> None:
    source = draw("start s; xor g; end e; end n", "s>g g>e [answer] g>n *")
    assert "to give true or false, but it gives 'no'" in begin(source, answer="no").failures["g"]


def test_what_fails_says_why_the_value_is_null() -> None:
    assert "(" in begin(CHOICE, x="yes").failures["g"]


def test_where_no_condition_is_true_and_there_is_no_default_the_token_stays() -> None:
    """No such diagram is deployed today; one that was deployed before goes on running."""
    source = draw("start s; xor g; end e", "s>g g>e [x]")
    play = Play(Program.link([read_deployed(source, "p")]), "p", None, False, lambda *_: None, {"x": False})
    assert play.failures["g"].startswith("At 'g': Expected a condition to be true")


def test_moving_a_shape_changes_nothing() -> None:
    """The library sorts a gateway's ways by their height on the canvas."""
    pictures = []
    for a, b in ((100, 300), (300, 100)):
        bounds = "".join(
            f'<bpmndi:BPMNShape id="s_{id}" bpmnElement="{id}"><dc:Bounds x="1" y="{y}" width="9" height="9" />'
            "</bpmndi:BPMNShape>"
            for id, y in (("a", a), ("b", b))
        )
        pictures.append(
            '<bpmndi:BPMNDiagram id="di" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
            ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
            f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{bounds}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        )
    paths = [
        begin(CHOICE.replace(b"</definitions>", f"{it}</definitions>".encode()), x=2).path()
        for it in pictures
    ]
    assert paths[0] == paths[1] == ["s", "g", "a"]


def test_tokens_that_come_too_often_over_one_flow_wait_for_their_partners() -> None:
    source = draw(
        "start s; and fork; user a; user b; xor m; user slow; and join; user after; end e",
        "s>fork fork>a>m fork>b>m m>join fork>slow>join join>after>e",
    )
    play = begin(source)
    play.complete("a")
    play.complete("b")
    play.complete("slow")
    assert play.waiting == ["after"]
    play.complete("after")
    assert play.run.ended is None
    assert play.run.stuck == ("join",)


def test_a_join_that_can_never_fire_shows_as_stuck() -> None:
    source = draw("start s; xor g; and join; end e", "s>g g>join [true] g>join * join>e")
    play = begin(source)
    assert (play.run.ended, play.waiting, play.run.stuck) == (None, [], ("join",))


def test_branches_share_one_scope_and_lose_nothing() -> None:
    """The library copies data per branch, so that the slower branch overwrites the quicker one's work."""
    add = [script(f"s{i}", f"={{log: append(log, {i}), n: n + 1}}") for i in (1, 2, 3)]
    source = draw(
        f"start s; and fork; {'; '.join(add)}; and join; end e",
        "s>fork fork>s1>join fork>s2>join fork>s3>join join>e",
    )
    play = begin(source, log=[], n=0)
    assert play.variables == {"log": [1, 2, 3], "n": 3}


def test_a_loop_that_never_waits_is_stopped() -> None:
    source = draw("start s; xor m; xor g; end e", "s>m>g g>m [true] g>e *")
    play = begin(source)
    assert play.run.ended is None
    (said,) = play.failures.values()
    assert "to come to rest, but it passed 50,000 elements" in said


def test_a_task_reached_twice_at_once_is_open_twice() -> None:
    source = draw("start s; and fork; xor m; user work; end e", "s>fork fork>m fork>m m>work>e")
    assert begin(source).waiting == ["work", "work"]
