"""The oracle's compensation and repetition, computed by hand."""

from __future__ import annotations

import pytest

from .expressions import Below, Const, Equals, Name, Plus
from .model import (
    Boundary,
    Call,
    End,
    EventSub,
    Many,
    Node,
    Rounds,
    Script,
    Start,
    SubProcess,
    Throw,
    Transaction,
    Undo,
    UserTask,
)
from .playing import begin, complete, deliver, failures, guarded, line, task, tasks, told, variables, waiting
from .sketch import Sketch, model
from .triggers import Cancel, Compensate, Error, Message


def undoable(sketch: Sketch, host: str, handler: Node | None = None) -> Sketch:
    """Put a handler beside an activity."""
    handler = handler or UserTask(f"undo_{host}", handler=True)
    sketch.add(Undo(f"of_{host}", host=host, handler=handler.id))
    sketch.add(handler)
    return sketch


def regretted(*nodes: Node, throws: Compensate | None = None) -> Sketch:
    """A chain whose end undoes what it did."""
    return line(Start("s"), *nodes, Throw("undo", throws=throws or Compensate()), UserTask("after"), End("e"))


# --- compensation --------------------------------------------------------------------------------------------


def test_handlers_run_one_by_one_in_reverse_order_and_the_throw_waits_for_them():
    sketch = undoable(undoable(regretted(UserTask("a"), UserTask("b")), "a"), "b")
    instance = begin(model(p=sketch))
    complete(instance, "a", "b")
    assert tasks(instance) == ["undo_b"]
    complete(instance, "undo_b")
    assert tasks(instance) == ["undo_a"]
    complete(instance, "undo_a")
    assert tasks(instance) == ["after"]
    assert told(instance, "compensating") == [("compensating", "b"), ("compensating", "a")]


def test_only_the_named_activity_is_undone_and_each_once():
    sketch = regretted(UserTask("a"), UserTask("b"), throws=Compensate("a"))
    sketch = undoable(undoable(sketch, "a"), "b")
    sketch.replace(End("e", throws=Compensate()))
    instance = begin(model(p=sketch))
    complete(instance, "a", "b")
    complete(instance, "undo_a")
    complete(instance, "after")
    assert tasks(instance) == ["undo_b"]
    complete(instance, "undo_b")
    assert instance.ended == "completed"


def test_a_handler_sees_what_was_remembered_first_and_writes_to_what_is_there_now():
    handler = UserTask("undo_a", handler=True, inputs=(("was", Name("x")),))
    sketch = undoable(
        regretted(UserTask("a"), Script("later", writes=(("x", Const(9)), ("y", Const(8))))), "a", handler
    )
    instance = begin(model(p=sketch), x=1)
    complete(instance, "a", x=2)
    assert task(instance, "undo_a").frame.visible() == {"x": 2, "y": 8, "was": 2}
    complete(instance, "undo_a", x=7)
    assert variables(instance) == {"x": 7, "y": 8}


def test_a_finished_sub_process_is_undone_inside_in_a_scope_made_again():
    inner = undoable(line(Start("s1"), UserTask("a"), UserTask("b"), End("e1")), "a")
    undoable(inner, "b")
    sub = SubProcess("sub", inputs=(("own", Const(1)),), body=inner.body())
    instance = begin(model(p=regretted(sub)), x=1)
    complete(instance, "a", own=2)
    complete(instance, "b")
    undo = task(instance, "undo_b")
    assert undo.frame.visible() == {"x": 1, "own": 2} and undo.place.path == ("sub",)
    complete(instance, "undo_b", own=5, x=3)
    complete(instance, "undo_a")
    assert tasks(instance) == ["after"] and variables(instance) == {"x": 3}


def test_a_called_process_is_undone_inside_with_its_own_variables():
    called = undoable(line(Start("s1"), UserTask("a"), End("e1")), "a")
    call = Call("c", process="q", all_out=False)
    instance = begin(model(p=regretted(call), q=called), x=1)
    complete(instance, "a", x=2)
    assert task(instance, "undo_a").frame.visible() == {"x": 2}
    assert task(instance, "undo_a").place.path == ("c",)
    complete(instance, "undo_a", x=3)
    assert tasks(instance) == ["after"] and variables(instance) == {"x": 1}


def test_a_sub_process_with_a_handler_of_its_own_is_undone_by_that_alone():
    inner = undoable(line(Start("s1"), UserTask("a"), End("e1")), "a")
    instance = begin(model(p=undoable(regretted(SubProcess("sub", body=inner.body())), "sub")))
    complete(instance, "a")
    assert tasks(instance) == ["undo_sub"]


def test_an_event_sub_process_undoes_its_scope_and_may_undo_what_is_inside():
    inner = undoable(line(Start("s1"), UserTask("a"), End("e1")), "a")
    start = Start("undoing", trigger=Compensate())
    inside = line(start, UserTask("mend"), End("rest", throws=Compensate()))
    inner.add(EventSub("es", body=inside.body()))
    instance = begin(model(p=regretted(SubProcess("sub", body=inner.body()))))
    complete(instance, "a")
    assert tasks(instance) == ["mend"] and task(instance, "mend").place.path == ("sub", "es")
    complete(instance, "mend")
    assert tasks(instance) == ["undo_a"] and task(instance, "undo_a").place.path == ("sub",)
    complete(instance, "undo_a")
    assert tasks(instance) == ["after"]


def test_what_was_interrupted_is_not_undone():
    sketch = guarded(Message("stop"))
    sketch.replace(End("e1", throws=Compensate()))
    instance = begin(model(p=undoable(sketch, "host")))
    deliver(instance, "bound")
    complete(instance, "beyond")
    assert instance.ended == "completed"


def test_a_cancelled_transaction_undoes_what_was_done_in_it():
    inner = undoable(line(Start("s1"), UserTask("a"), UserTask("b"), End("stop", throws=Cancel())), "a")
    sketch = line(Start("s"), Transaction("deal", body=inner.body()), End("e"))
    sketch.chain(Boundary("bound", host="deal", trigger=Cancel()), UserTask("beyond"), End("e2"))
    instance = begin(model(p=sketch))
    complete(instance, "a", "b")
    assert tasks(instance) == ["undo_a"]
    complete(instance, "undo_a")
    assert tasks(instance) == ["beyond"]


def test_nothing_to_undo_is_no_obstacle():
    assert tasks(begin(model(p=regretted()))) == ["after"]


def test_each_child_of_a_repeated_activity_is_undone_with_its_own_item():
    many = Many(collection=Const((3, 4)), item="it")
    instance = begin(model(p=undoable(regretted(UserTask("a", repeated=many)), "a")))
    complete(instance, "a", "a")
    assert task(instance, "undo_a").frame.visible() == {"it": 4, "loopCounter": 2}
    complete(instance, "undo_a")
    assert task(instance, "undo_a").frame.visible() == {"it": 3, "loopCounter": 1}


# --- multi-instance ------------------------------------------------------------------------------------------


def repeated(rule: Many | Rounds, **facts: object) -> Sketch:
    return line(Start("s"), UserTask("a", repeated=rule, **facts), UserTask("after"), End("e"))


def items(instance) -> list[object]:
    return [stay.frame.visible().get("it") for stay in instance.open_tasks()]


def test_children_run_side_by_side_each_with_its_item_and_results_keep_their_order():
    rule = Many(collection=Name("l"), item="it", results="rs", result=Name("r"))
    instance = begin(model(p=repeated(rule)), l=[3, None, 5])
    assert items(instance) == [3, None, 5]
    for number in (2, 0, 0):
        child = instance.open_tasks()[number]
        instance.complete(child, {"r": child.around.names["loopCounter"]})
    assert variables(instance) == {"l": [3, None, 5], "rs": [1, 2, 3]} and tasks(instance) == ["after"]
    assert told(instance, "entered", "left") == [
        ("entered", "s"),
        ("left", "s"),
        ("entered", "a"),
        ("left", "a"),
        ("entered", "after"),
    ]


def test_children_run_one_after_the_other_over_the_list_of_the_beginning():
    rule = Many(sequential=True, collection=Name("l"), item="it")
    instance = begin(model(p=repeated(rule)), l=[1, 2])
    complete(instance, "a", l=[])
    assert items(instance) == [2]
    complete(instance, "a")
    assert tasks(instance) == ["after"]


def test_an_empty_list_is_done_at_once():
    rule = Many(collection=Const(()), results="rs", result=Const(1))
    instance = begin(model(p=repeated(rule)))
    assert tasks(instance) == ["after"] and variables(instance) == {"rs": []}


@pytest.mark.parametrize("rule", [Many(collection=Name("l")), Many(cardinality=Name("l"))])
def test_what_is_no_list_and_no_number_fails(rule: Many):
    assert failures(begin(model(p=repeated(rule)))) == [("a", "enter")]


def test_a_completion_condition_ends_the_others_whose_results_are_null():
    rule = Many(
        cardinality=Const(3),
        results="rs",
        result=Const(1),
        completion=Equals("numberOfCompletedInstances", 2),
    )
    instance = begin(model(p=repeated(rule)))
    complete(instance, "a", "a")
    assert tasks(instance) == ["after"] and variables(instance) == {"rs": [1, 1, None]}


@pytest.mark.parametrize(("sequential", "done"), [(True, 1), (False, 2)])
def test_a_completion_condition_sees_how_many_are_active(sequential: bool, done: int):
    rule = Many(sequential, cardinality=Const(3), completion=Below("numberOfActiveInstances", 2))
    instance = begin(model(p=repeated(rule)))
    complete(instance, *["a"] * done)
    assert tasks(instance) == ["after"]


def test_a_boundary_event_ends_all_children():
    sketch = guarded(Message("stop"), True, UserTask("host", repeated=Many(cardinality=Const(3))))
    instance = begin(model(p=sketch))
    assert tasks(instance) == ["host"] * 3 and waiting(instance) == ["bound"]
    deliver(instance, "bound")
    assert tasks(instance) == ["beyond"]
    assert told(instance, "cancelled") == [("cancelled", "host")]


def test_children_with_an_inside_have_places_of_their_own():
    inner = line(Start("s1"), UserTask("b"), End("e1"))
    sub = SubProcess("sub", repeated=Many(cardinality=Const(2)), body=inner.body())
    instance = begin(model(p=line(Start("s"), sub, End("e"))))
    assert [stay.place.path for stay in instance.open_tasks()] == [("sub#1",), ("sub#2",)]


def test_an_error_in_one_child_ends_them_all():
    inner = line(Start("s1"), UserTask("b"), End("boom", throws=Error("E1")))
    sub = SubProcess("sub", repeated=Many(cardinality=Const(2)), body=inner.body())
    instance = begin(model(p=guarded(Error("E1"), True, sub)))
    complete(instance, "b")
    assert tasks(instance) == ["beyond"]


# --- standard loops ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "rounds"),
    [
        (Rounds(when=Below("x", 3)), 3),
        (Rounds(when=Below("x", 0)), 1),
        (Rounds(when=Below("x", 0), before=True), 0),
        (Rounds(when=Below("x", 3), before=True), 3),
        (Rounds(when=Below("x", 9), most=2), 2),
        (Rounds(most=4), 4),
        (Rounds(when=Below("loopCounter", 3)), 3),
        (Rounds(when=Below("loopCounter", 3), before=True), 2),
    ],
)
def test_a_loop_goes_on_as_long_as_its_condition_holds(rule: Rounds, rounds: int):
    body = line(Start("s"), Script("a", writes=(("x", Plus("x", 1)),), repeated=rule), End("e"))
    assert variables(begin(model(p=body), x=0)) == {"x": rounds}


def test_the_rounds_of_a_loop_are_counted_and_its_boundary_stays():
    sketch = guarded(Message("stop"), True, UserTask("host", repeated=Rounds(most=3)))
    instance = begin(model(p=sketch))
    first = waiting(instance)
    complete(instance, "host")
    assert task(instance, "host").frame.visible() == {"loopCounter": 2} and waiting(instance) == first
    deliver(instance, "bound")
    assert tasks(instance) == ["beyond"]
