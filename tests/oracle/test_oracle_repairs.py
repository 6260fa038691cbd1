"""The oracle's failures, and what helps: retry, skip and move, computed by hand."""

from __future__ import annotations

from .expressions import Const, Equals, Name, OddAt
from .model import End, Exclusive, Start, SubProcess, UserTask
from .playing import begin, complete, failures, guarded, line, tasks, told, variables, waiting
from .sketch import model
from .triggers import Condition, Message


def test_what_fails_stays_with_nothing_half_done_while_others_go_on():
    host = UserTask("host", inputs=(("x", Const(5)),), outputs=(("y", Name("x")), ("z", OddAt("n", 1))))
    instance = begin(model(p=guarded(Message("stop"), True, host)), n=1)
    complete(instance, "host", x=7)
    assert failures(instance) == [("host", "finish")] and variables(instance) == {"n": 1}
    assert waiting(instance) == ["bound"]
    instance.retry(instance.failures()[0], {"n": 2})
    assert instance.ended and variables(instance) == {"n": 2, "y": 7, "z": 2}


def test_a_retry_writes_what_the_element_sees_its_own_and_what_it_was_brought():
    host = UserTask(
        "host", inputs=(("own", Const(1)),), outputs=(("y", OddAt("own", 1)), ("z", OddAt("got", 1)))
    )
    instance = begin(model(p=guarded(Message("stop"), True, host)))
    complete(instance, "host", got=1)
    instance.retry(instance.failures()[0], {"own": 2})
    assert failures(instance) == [("host", "finish")]
    instance.retry(instance.failures()[0], {"got": 3})
    assert variables(instance) == {"y": 2, "z": 3}


def test_what_fails_to_enter_has_no_waits_and_enters_again_on_retry():
    host = UserTask("host", inputs=(("x", OddAt("n", 1)),))
    instance = begin(model(p=guarded(Message("stop"), True, host)), n=1)
    assert failures(instance) == [("host", "enter")] and waiting(instance) == []
    instance.retry(instance.failures()[0], {"n": 2})
    assert tasks(instance) == ["host"] and waiting(instance) == ["bound"]
    assert told(instance, "entered").count(("entered", "host")) == 2


def test_a_skipped_task_is_left_without_results():
    task = UserTask("a", outputs=(("y", Const(1)),))
    instance = begin(model(p=line(Start("s"), task, UserTask("b"), End("e"))))
    instance.skip(instance.open_tasks()[0])
    assert tasks(instance) == ["b"] and variables(instance) == {}


def test_a_moved_token_is_cancelled_here_and_enters_there():
    sketch = line(Start("s"), UserTask("a"), Exclusive("x"), UserTask("b"), End("e"))
    instance = begin(model(p=sketch))
    instance.move(instance.open_tasks()[0], "b")
    assert tasks(instance) == ["b"]
    assert told(instance, "cancelled", "moved") == [("cancelled", "a"), ("moved", "a")]


def test_what_a_retry_writes_may_end_the_scope_before_anything_is_tried():
    host = UserTask("host", inputs=(("x", OddAt("n", 1)),))
    inner = SubProcess("sub", body=line(Start("s1"), host, End("e1")).body())
    instance = begin(model(p=guarded(Condition(Equals("n", 2)), True, inner)), n=1)
    instance.trail = []
    instance.retry(instance.failures()[0], {"n": 2})
    assert tasks(instance) == ["beyond"]
    assert told(instance, "entered", "cancelled")[:2] == [("cancelled", "host"), ("cancelled", "sub")]


def test_a_retry_of_leaving_writes_where_the_flows_see_it():
    sketch = line(Start("s"), UserTask("a", inputs=(("x", Const(5)),)))
    sketch.chain("a", UserTask("b"), End("e"), when=Equals("x", 1))
    instance = begin(model(p=sketch), x=0)
    complete(instance, "a")
    instance.retry(instance.failures()[0], {"x": 1})
    assert tasks(instance) == ["b"] and variables(instance) == {"x": 1}
