"""Multi-instance activities: one child for each item, each with variables of its own, results in order."""

from __future__ import annotations

import pytest

from engine.spiff import FailureWait, TaskWait

from .drawing import (
    boundary,
    declared,
    draw,
    each,
    extension,
    level,
    mapping,
    node,
    on,
    on_timer,
    process,
    script,
)
from .playing import begin

CALL = extension('<zeebe:calledElement processId="inner" />')


def many(loop: str, *, kind: str = "user", says: str = "") -> bytes:
    return draw(f"start s; {node(kind, 'a', says + loop)}; user after; end e", "s>a>after>e")


COLLECT = {"collection": "=people", "item": "who", "results": "answers", "result": "=answer"}


def test_each_item_opens_its_own_task_at_once() -> None:
    play = begin(many(each(**COLLECT)), people=["ann", "bob", "cy"])
    assert play.waiting == ["a", "a", "a"]
    seen = [wait.variables for wait in play.waits if isinstance(wait, TaskWait)]
    assert [(it["who"], it["loopCounter"]) for it in seen] == [("ann", 1), ("bob", 2), ("cy", 3)]
    assert play.path("entered").count("a") == 1


@pytest.mark.parametrize("order", [(0, 0, 0), (2, 1, 0), (1, 1, 0)])
def test_results_come_in_the_order_of_the_items_whoever_is_first(order: tuple[int, ...]) -> None:
    play = begin(many(each(**COLLECT)), people=["ann", "bob", "cy"])
    for index in order:
        who = play.run.variables(play.waits[index].id)["who"]
        play.complete_at(index, answer=f"yes {who}")
    assert play.waiting == ["after"]
    assert play.variables["answers"] == ["yes ann", "yes bob", "yes cy"]
    assert not {"who", "answer", "loopCounter"} & set(play.variables)


def test_one_after_another_only_one_is_open() -> None:
    play = begin(many(each(**COLLECT, sequential=True)), people=["ann", "bob"])
    assert play.wait("a").variables["who"] == "ann"
    play.complete("a", answer=1, people=[])
    assert play.wait("a").variables["who"] == "bob"
    play.complete("a", answer=2)
    assert play.waiting == ["after"]
    assert play.variables == {"people": [], "answers": [1, 2]}


@pytest.mark.parametrize("sequential", [True, False])
def test_an_item_that_is_null_is_an_item(sequential: bool) -> None:
    """The library hangs at it when one comes after another."""
    play = begin(many(each(**COLLECT, sequential=sequential)), people=[None, "bob", None])
    for number in range(3):
        play.complete_at(0, answer=number)
    assert play.waiting == ["after"]
    assert play.variables["answers"] == [0, 1, 2]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_is_done_at_once_with_an_empty_result(sequential: bool) -> None:
    play = begin(many(each(**COLLECT, sequential=sequential)), people=[])
    assert play.waiting == ["after"]
    assert play.variables == {"people": [], "answers": []}
    assert play.path() == ["s", "a", "after"]


@pytest.mark.parametrize(
    ("people", "given"),
    [
        (None, "null"), ("ann", "'ann'"), (3, "3"), (True, "true"), ({"a b": 1.5}, '{"a b": 1.5}'),
        ("x" * 900, f"'{'x' * 200}…"),
    ],
    ids=["null", "text", "number", "boolean", "context", "long text"],
)  # fmt: skip
def test_a_collection_that_is_no_list_waits_for_help(people: object, given: str) -> None:
    play = begin(many(each(**COLLECT)), people=people)
    assert f"Expected collection '=people' to give a list, but it gives {given}" in play.failures["a"]
    play.retry("a", people=["ann"])
    assert play.waiting == ["a"]
    play.complete("a", answer=1)
    assert play.variables["answers"] == [1]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_task_that_is_opened_for_several_items_says_for_which(sequential: bool) -> None:
    """In a list of tasks they would all be called the same."""
    play = begin(many(each(cardinality="2", sequential=sequential)))
    play.complete_at(0)
    play.complete_at(0)
    names = [it["name"] for it in play.what("task_opened")]
    assert names == ["a, item 1 of 2", "a, item 2 of 2", "after"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_cardinality_says_how_often_and_may_collect_too(sequential: bool) -> None:
    """The library stumbles over a list of results together with a cardinality."""
    loop = each(cardinality="n", results="answers", result="=loopCounter * 10", sequential=sequential)
    play = begin(many(loop), n=3, answers=["old"])
    for _ in range(3):
        play.complete_at(0)
    assert play.waiting == ["after"]
    assert play.variables["answers"] == [10, 20, 30]


@pytest.mark.parametrize("n", [-1, 1.5, "three", None])
def test_a_cardinality_that_is_no_count_waits_for_help(n: object) -> None:
    play = begin(many(each(cardinality="n")), n=n)
    assert "cardinality 'n' to give a whole number from 0 to 10,000" in play.failures["a"]


@pytest.mark.parametrize("sequential", [True, False])
def test_more_children_than_anybody_means_wait_for_help_once_and_at_the_activity(sequential: bool) -> None:
    """Each of 100,000 tasks that a slip asks for would otherwise open, or be an incident of its own."""
    play = begin(many(each("=people", "who", sequential=sequential)), people=[1] * 10_001)
    assert play.failures == {
        "a": "At 'a': Expected collection '=people' to give a list of 10,000 items at most, but it gives 10001."
    }
    play = begin(many(each(cardinality="n", sequential=sequential)), n=10_001)
    assert list(play.failures) == ["a"]
    play.retry("a", n=2)
    assert "a" in play.waiting and not play.failures


def test_an_item_without_a_result_needs_no_list() -> None:
    """The library refuses the second item: its name exists already."""
    play = begin(many(each("=people", "who", sequential=True)), people=["ann", "bob"])
    play.complete("a", done=1)
    play.complete("a", done=2)
    assert play.waiting == ["after"]
    assert play.variables == {"people": ["ann", "bob"], "done": 2}


def test_a_variable_outside_keeps_its_value_where_a_child_has_one_of_the_same_name() -> None:
    play = begin(many(each(**COLLECT)), people=["ann"], who="me", answer="mine", loopCounter=7)
    play.complete("a", answer="yes", who="you")
    assert play.variables == {
        "people": ["ann"], "who": "me", "answer": "mine", "loopCounter": 7, "answers": ["yes"],
    }  # fmt: skip


def test_inputs_and_outputs_are_evaluated_for_each_child() -> None:
    says = extension(mapping({"greeting": '="Dear " + who'}, {"answer": "=said + loopCounter"}))
    play = begin(many(each(**COLLECT), says=says), people=["ann", "bob"])
    assert [it.variables["greeting"] for it in play.waits] == ["Dear ann", "Dear bob"]  # type: ignore[attr-defined]
    for said in (10, 20):
        play.complete_at(0, said=said)
    assert play.variables["answers"] == [11, 22]


@pytest.mark.parametrize("sequential", [True, False])
def test_it_is_enough_when_the_completion_condition_holds(sequential: bool) -> None:
    loop = each(**COLLECT, completion="numberOfCompletedInstances >= 2 and answer", sequential=sequential)
    play = begin(many(loop), people=["ann", "bob", "cy", "di"])
    play.complete_at(0, answer=True)
    assert "after" not in play.waiting
    play.complete_at(0, answer=True)
    assert play.waiting == ["after"]
    assert play.variables["answers"] == [True, True, None, None]
    assert len(play.what("task_cancelled")) == (0 if sequential else 2)


def test_the_completion_condition_knows_the_counts() -> None:
    loop = each(
        "=people", "who", "seen",
        "=who", completion='note = "now" and numberOfInstances = 3 and numberOfActiveInstances = 1'
        " and numberOfCompletedInstances = 2 and numberOfTerminatedInstances = 0",
    )  # fmt: skip
    play = begin(many(loop), people=["ann", "bob", "cy"], note="now")
    play.complete_at(0)
    play.complete_at(0)
    assert play.waiting == ["after"]


def test_a_completion_condition_that_is_no_answer_waits_for_help_at_that_child() -> None:
    play = begin(many(each(**COLLECT, completion="enough")), people=["ann", "bob"], enough=None)
    play.complete_at(0, answer=1)
    assert "completion condition 'enough' to give true or false" in play.failures["a"]
    assert [type(wait) for wait in play.waits] == [FailureWait, TaskWait]
    play.complete_at(1, answer=2, enough=False)
    play.retry("a")
    assert play.waiting == ["after"]
    assert play.variables["answers"] == [1, 2]


def test_boundary_events_stand_on_the_whole_activity() -> None:
    late, beside = on_timer("late", "a", "PT1H"), boundary("b", "a", on("signal", "sig"), interrupting=False)
    source = draw(
        f"start s; {node('user', 'a', each('=people', 'who'))}; {late}; {beside}; user x; user y; end e",
        "s>a>e late>x>e b>y>e",
        declared("signal", "sig"),
    )
    play = begin(source, people=["ann", "bob"])
    assert play.waiting == ["late", "b", "a", "a"]
    play.broadcast("sig")
    play.complete_at(2)
    play.fire("late")
    assert sorted(play.waiting) == ["x", "y"]
    assert play.path("task_cancelled") == ["a"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_sub_process_for_each_item_has_its_own_scope(sequential: bool) -> None:
    inside = level("start si; user t; end ei", "si>t>ei", prefix="g")
    play = begin(many(each(**COLLECT, sequential=sequential) + inside, kind="sub"), people=["ann", "bob"])
    seen = []
    for _ in range(2):
        wait = play.waits[0]
        who = play.run.variables(wait.id)["who"]
        seen.append((wait.scope, who))
        play.complete_at(0, answer=f"yes {who}")
    assert seen == [(("a#1",), "ann"), (("a#2",), "bob")]
    assert play.waiting == ["after"]
    assert play.variables == {"people": ["ann", "bob"], "answers": ["yes ann", "yes bob"]}


@pytest.mark.parametrize("sequential", [True, False])
def test_an_output_of_a_sub_process_is_its_result_whatever_was_written_inside(sequential: bool) -> None:
    inside = level("start si; user t; end ei", "si>t>ei", prefix="g")
    says = extension(mapping({}, {"answer": '=answer + "!"'})) + each(**COLLECT, sequential=sequential)
    play = begin(many(says + inside, kind="sub"), people=["ann", "bob"])
    for answer in ("one", "two"):
        play.complete_at(0, answer=answer)
    assert play.variables["answers"] == ["one!", "two!"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_called_process_for_each_item(sequential: bool) -> None:
    inner = process("inner", level("start si; user t; end ei", "si>t>ei", prefix="g"))
    call = node("call", "a", CALL + each(**COLLECT, sequential=sequential))
    play = begin(draw(f"start s; {call}; user after; end e", "s>a>after>e", inner), people=["ann", "bob"])
    for number in (1, 2):
        assert play.waits[0].scope == (f"a#{number}",)
        play.complete_at(0, answer=number)
    assert play.waiting == ["after"]
    assert play.variables["answers"] == [1, 2]


@pytest.mark.parametrize("sequential", [True, False])
def test_automatic_children_run_in_order(sequential: bool) -> None:
    add = script("a", "={log: append(log, who)}").replace("</extensionElements>", "</extensionElements>"
                 + each("=people", "who", sequential=sequential))  # fmt: skip
    play = begin(draw(f"start s; {add}; end e", "s>a>e"), people=["x", "y", "z"], log=[])
    assert play.variables["log"] == ["x", "y", "z"]
    assert play.run.ended == "completed"


def test_a_failing_child_leaves_the_others_alone() -> None:
    add = script("a", "if who = \"bob\" and not(ok) then 1 else {ok: ok}").replace(
        "</extensionElements>", "</extensionElements>" + each("=people", "who"))  # fmt: skip
    play = begin(draw(f"start s; {add}; end e", "s>a>e"), people=["ann", "bob", "cy"], ok=False)
    assert list(play.failures) == ["a"]
    assert len(play.waits) == 1
    play.retry("a", ok=True)
    assert play.run.ended == "completed"


def test_a_multi_instance_in_a_multi_instance() -> None:
    inner = node("user", "t", each("=who", "one", "ones", "=got"))
    inside = level(f"start si; {inner}; end ei", "si>t>ei", prefix="g")
    loop = each("=people", "who", "all", "=ones")
    play = begin(
        many(extension(mapping({"ones": "=null"})) + loop + inside, kind="sub"), people=[[1, 2], [3]]
    )
    assert [it.variables["one"] for it in play.waits] == [1, 2, 3]  # type: ignore[attr-defined]
    while play.waiting != ["after"]:
        play.complete_at(0, got=play.run.variables(play.waits[0].id)["one"] * 10)
    assert play.variables["all"] == [[10, 20], [30]]
