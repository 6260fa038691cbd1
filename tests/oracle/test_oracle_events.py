"""The oracle's signals, errors, escalations, conditions, ends and event sub-processes, computed by hand."""

from __future__ import annotations

from .expressions import Const, Equals, OddAt
from .model import (
    Boundary,
    Call,
    Catch,
    End,
    EventSub,
    Node,
    Script,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
    Transaction,
    UserTask,
)
from .playing import (
    HOUR,
    NOON,
    answer,
    begin,
    complete,
    deliver,
    failures,
    fire,
    forked,
    guarded,
    line,
    tasks,
    told,
    variables,
    waiting,
)
from .sketch import Sketch, model
from .triggers import (
    After,
    Cancel,
    Condition,
    Error,
    Escalation,
    Every,
    Message,
    Signal,
    Terminate,
    Trigger,
)


def sub(*nodes: Node, id: str = "sub") -> SubProcess:
    return SubProcess(id, body=line(Start(f"s_{id}"), *nodes).body())


def with_event_sub(sketch: Sketch, start: Start, *nodes: Node) -> Sketch:
    sketch.add(EventSub(f"of_{start.id}", body=line(start, *nodes).body()))
    return sketch


def beside_event_sub(trigger: Trigger, interrupting: bool, *nodes: Node) -> Sketch:
    """A task, and an event sub-process around another."""
    start = Start("begins", trigger=trigger, interrupting=interrupting)
    return with_event_sub(
        line(Start("s"), *(nodes or [UserTask("a")]), End("e")), start, UserTask("b"), End("f")
    )


# --- signals and messages ----------------------------------------------------------------------------------


def test_a_signal_reaches_everybody_who_waits_for_it_and_nobody_later():
    sketch = forked(UserTask("a"), Catch("one", trigger=Signal("sun")), Catch("two", trigger=Signal("rain")))
    sketch.chain(
        "a",
        Throw("shine", throws=Signal("sun"), inputs=(("x", Const(1)),)),
        Catch("late", trigger=Signal("sun")),
    )
    sketch.chain("late", End("e1"))
    sketch.chain("one", UserTask("b"), End("e2"))
    sketch.chain("two", End("e3"))
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert tasks(instance) == ["b"] and waiting(instance) == ["late", "two"]
    assert variables(instance) == {"x": 1}
    instance.broadcast("sun", {"x": 2})
    assert waiting(instance) == ["two"] and variables(instance) == {"x": 2}


def test_a_signal_end_that_interrupts_its_own_scope_ends_there():
    instance = begin(
        model(p=guarded(Signal("sun"), True, sub(UserTask("a"), End("shine", throws=Signal("sun")))))
    )
    complete(instance, "a")
    assert tasks(instance) == ["beyond"]
    assert ("left", "shine") in told(instance, "left", "cancelled")
    assert ("cancelled", "sub") in told(instance, "left", "cancelled")


def test_a_thrown_message_goes_out_and_nobody_inside_hears_it():
    sketch = forked(Throw("tell", throws=Message("news")), Catch("c", trigger=Message("news")))
    sketch.chain("tell", End("e1", throws=Message("news")))
    sketch.chain("c", End("e2"))
    instance = begin(model(p=sketch))
    assert waiting(instance) == ["c"]
    assert told(instance, "message_thrown") == [("message_thrown", "tell"), ("message_thrown", "e1")]


# --- errors and escalations --------------------------------------------------------------------------------


def caught(sketch: Sketch, host: str, trigger: Trigger, task: str, interrupting: bool = True) -> Sketch:
    event = Boundary(f"on_{task}", host=host, trigger=trigger, interrupting=interrupting)
    sketch.chain(event, UserTask(task), End(f"end_{task}"))
    return sketch


def test_an_error_goes_to_the_innermost_scope_that_catches_it_and_never_to_a_sibling():
    inner = caught(
        line(Start("s1"), sub(UserTask("a"), End("boom", throws=Error("E1")), id="deep"), End("e1")),
        "deep",
        Error("E2"),
        "other_code",
    )
    sketch = forked(SubProcess("sub", body=inner.body()), sub(UserTask("b"), End("e2"), id="sibling"))
    sketch.chain("sub", End("e3"))
    sketch.chain("sibling", End("e4"))
    caught(sketch, "sub", Error("E1"), "mended")
    caught(sketch, "sibling", Error("E1"), "wrong")
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert tasks(instance) == ["b", "mended"]


def test_a_catcher_of_the_code_comes_before_one_of_all_codes():
    sketch = line(Start("s"), sub(End("boom", throws=Error("E1"))), End("e"))
    caught(caught(sketch, "sub", Error(None), "any"), "sub", Error("E1"), "one")
    assert tasks(begin(model(p=sketch))) == ["one"]


def test_an_error_that_nobody_catches_stays_where_it_was_thrown():
    sketch = forked(sub(End("boom", throws=Error("E1"))), UserTask("beside"))
    sketch.chain("sub", End("e"))
    sketch.chain("beside", End("e2"))
    instance = begin(model(p=sketch))
    assert failures(instance) == [("boom", "enter")] and tasks(instance) == ["beside"]
    instance.skip(instance.failures()[0])
    complete(instance, "beside")
    assert instance.ended == "completed"


def test_an_error_is_caught_around_a_call():
    called = line(Start("s2"), UserTask("a"), End("boom", throws=Error("E1")))
    sketch = caught(line(Start("s"), Call("c", process="q"), End("e")), "c", Error("E1"), "mended")
    instance = begin(model(p=sketch, q=called))
    complete(instance, "a", x=1)
    assert tasks(instance) == ["mended"] and variables(instance) == {}


def test_the_error_of_a_service_is_asked_of_its_own_boundary_first_and_brings_variables():
    work = line(Start("s1"), ServiceTask("work"), End("e1"))
    caught(work, "work", Error("E1"), "near")
    sketch = caught(
        line(Start("s"), SubProcess("sub", body=work.body()), End("e")), "sub", Error(None), "far"
    )
    instance = begin(model(p=sketch))
    answer(instance, "work", "E1", x=1)
    assert tasks(instance) == ["near"] and variables(instance) == {"x": 1}
    instance = begin(model(p=sketch))
    answer(instance, "work", "E2")
    assert tasks(instance) == ["far"]


def test_a_service_whose_error_nobody_catches_is_asked_again_on_retry():
    instance = begin(model(p=guarded(Message("stop"), True, ServiceTask("host"))))
    answer(instance, "host", "E1")
    assert failures(instance) == [("host", "enter")] and waiting(instance) == []
    instance.retry(instance.failures()[0], {})
    assert tasks(instance) == ["host"] and waiting(instance) == ["bound"]


def test_an_escalation_lets_its_thrower_go_on_beside_a_catcher_that_does_not_interrupt():
    inner = sub(Throw("call", throws=Escalation("E1")), UserTask("a"), End("e1"))
    instance = begin(model(p=guarded(Escalation("E1"), False, inner)))
    assert tasks(instance) == ["a", "beyond"]


def test_an_interrupting_catcher_of_an_escalation_ends_its_thrower():
    inner = sub(Throw("call", throws=Escalation("E1")), UserTask("a"), End("e1"))
    instance = begin(model(p=guarded(Escalation(None), True, inner)))
    assert tasks(instance) == ["beyond"]


def test_an_escalation_that_nobody_catches_is_let_go():
    inner = sub(End("call", throws=Escalation("E1")))
    instance = begin(model(p=guarded(Escalation("E2"), True, inner)))
    assert instance.ended == "completed"


# --- conditions ----------------------------------------------------------------------------------------------


def test_a_condition_triggers_each_time_it_becomes_true_and_not_while_it_stays_so():
    sketch = guarded(Condition(Equals("x", 1)), False)
    instance = begin(model(p=sketch), x=1)
    assert tasks(instance) == ["beyond", "host"]
    complete(instance, "beyond", y=1)
    assert tasks(instance) == ["host"]
    instance.root.frame.assign("x", 2)
    instance.settle()
    instance.root.frame.assign("x", 1)
    instance.settle()
    assert tasks(instance) == ["beyond", "host"]


def test_a_condition_on_a_boundary_sees_what_is_outside_its_activity():
    host = UserTask("host", inputs=(("x", Const(1)),))
    assert tasks(begin(model(p=guarded(Condition(Equals("x", 1)), True, host)), x=0)) == ["host"]


def test_a_condition_is_asked_after_every_element_that_wrote():
    inner = sub(
        Script("up", writes=(("x", Const(1)),)),
        Script("down", writes=(("x", Const(0)),)),
        UserTask("a"),
        End("e1"),
    )
    instance = begin(model(p=guarded(Condition(Equals("x", 1)), True, inner)), x=0)
    assert tasks(instance) == ["beyond"] and variables(instance) == {"x": 1}


def test_what_is_neither_true_nor_false_is_not_true():
    instance = begin(model(p=line(Start("s"), Catch("c", trigger=Condition(OddAt("x", 0))), End("e"))), x=0)
    assert waiting(instance) == ["c"] and failures(instance) == []


# --- ends ----------------------------------------------------------------------------------------------------


def test_a_cancelled_transaction_ends_undoes_and_goes_over_its_cancel_boundary():
    inner = forked(UserTask("a"), UserTask("b"))
    inner.chain("a", End("stop", throws=Cancel()))
    inner.chain("b", End("eb"))
    transaction = Transaction("deal", body=inner.body())
    sketch = caught(line(Start("s0"), transaction, UserTask("after"), End("e")), "deal", Cancel(), "beyond")
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert tasks(instance) == ["beyond"]


# --- event sub-processes -------------------------------------------------------------------------------------


def test_an_event_sub_process_is_never_started_by_chance_and_ends_with_its_scope():
    instance = begin(model(p=beside_event_sub(Message("stop"), True)))
    assert tasks(instance) == ["a"] and waiting(instance) == ["begins"]
    complete(instance, "a")
    assert instance.ended == "completed" and waiting(instance) == []


def test_an_interrupting_event_sub_process_is_all_that_goes_on():
    sketch = beside_event_sub(Message("stop"), True)
    with_event_sub(sketch, Start("also", trigger=After(HOUR)), UserTask("c"), End("g"))
    instance = begin(model(p=sketch))
    deliver(instance, "begins", x=1)
    assert tasks(instance) == ["b"] and waiting(instance) == [] and variables(instance) == {"x": 1}
    complete(instance, "b")
    assert instance.ended == "completed"


def test_a_non_interrupting_one_runs_as_often_as_it_is_triggered_and_keeps_its_scope_open():
    instance = begin(model(p=beside_event_sub(Message("more"), False)))
    deliver(instance, "begins")
    deliver(instance, "begins")
    assert tasks(instance) == ["a", "b", "b"]
    complete(instance, "a", "b")
    assert tasks(instance) == ["b"] and not instance.ended and waiting(instance) == ["begins"]
    complete(instance, "b")
    assert instance.ended


def test_a_cycle_starts_an_event_sub_process_again_and_again():
    instance = begin(model(p=beside_event_sub(Every(HOUR, 2), False)))
    fire(instance, "begins", NOON + HOUR)
    fire(instance, "begins", NOON + 2 * HOUR)
    assert tasks(instance) == ["a", "b", "b"] and waiting(instance) == []


def test_an_error_is_caught_by_an_event_sub_process_of_its_scope_before_the_boundary():
    inner = beside_event_sub(Error(None), True, UserTask("a"), End("boom", throws=Error("E1")))
    inner.flows = [flow for flow in inner.flows if flow.source != "boom"]
    inner.nodes = [node for node in inner.nodes if node.id != "e"]
    instance = begin(model(p=guarded(Error("E1"), True, SubProcess("sub", body=inner.body()))))
    complete(instance, "a")
    assert tasks(instance) == ["b"]


def test_an_event_sub_process_does_not_catch_what_it_throws_itself():
    start = Start("begins", trigger=Escalation(None), interrupting=False)
    body = line(Start("s1"), Throw("first", throws=Escalation("E1")), End("e1"))
    with_event_sub(body, start, UserTask("b"), End("again", throws=Escalation("E2")))
    instance = begin(model(p=guarded(Escalation("E2"), True, SubProcess("sub", body=body.body()))))
    assert tasks(instance) == ["b"]
    complete(instance, "b")
    assert tasks(instance) == ["beyond"]


def test_a_condition_that_holds_at_the_beginning_starts_an_event_sub_process_before_anything_else():
    instance = begin(model(p=beside_event_sub(Condition(Equals("x", 1)), True)), x=1)
    assert tasks(instance) == ["b"] and ("entered", "s") not in told(instance, "entered")


def test_a_terminate_end_in_an_event_sub_process_ends_only_that():
    sketch = line(Start("s"), UserTask("a"), End("e"))
    start = Start("begins", trigger=Message("more"), interrupting=False)
    with_event_sub(sketch, start, UserTask("b"), End("stop", throws=Terminate()))
    instance = begin(model(p=sketch))
    deliver(instance, "begins")
    complete(instance, "b")
    assert tasks(instance) == ["a"]


def test_the_inside_of_an_event_sub_process_has_a_place_of_its_own():
    instance = begin(model(p=beside_event_sub(Message("more"), False)))
    deliver(instance, "begins")
    assert [stay.place.path for stay in instance.open_tasks()] == [(), ("of_begins",)]
    assert told(instance, "entered", "left")[3:] == [
        ("entered", "of_begins"),
        ("entered", "begins"),
        ("left", "begins"),
        ("entered", "b"),
    ]
