"""The rules of the token game, one sentence each: what the oracle holds to be right, and why it may be believed."""

from __future__ import annotations

from datetime import timedelta

from .expressions import Below, Const, Equals, Name, Plus
from .model import (
    Boundary,
    Call,
    Catch,
    End,
    Exclusive,
    Parallel,
    Receive,
    Script,
    Start,
    SubProcess,
    UserTask,
)
from .playing import HOUR, NOON, begin, complete, failures, fire, forked, guarded, line, tasks, wait
from .sketch import Sketch, model
from .triggers import After, At, Every, Message, Terminate


def test_a_token_walks_from_start_over_a_task_to_the_end():
    instance = begin(model(p=line(Start("s"), UserTask("a"), End("e"))))
    assert tasks(instance) == ["a"] and not instance.ended
    complete(instance, "a")
    assert tasks(instance) == [] and instance.ended == "completed"


def test_an_exclusive_split_takes_the_first_true_flow_in_the_order_of_the_document():
    sketch = line(Start("s"), Exclusive("x"))
    sketch.chain("x", UserTask("a"), End("ea"), when=Equals("n", 1))
    sketch.chain("x", UserTask("b"), End("eb"), when=Below("n", 5))
    sketch.chain("x", UserTask("c"), End("ec"), when=Below("n", 9))
    assert tasks(begin(model(p=sketch), n=1)) == ["a"]
    assert tasks(begin(model(p=sketch), n=2)) == ["b"]
    assert failures(begin(model(p=sketch), n=9)) == [("x", "leave")]


def test_a_default_flow_is_taken_only_when_no_other_is_true():
    sketch = line(Start("s"), Exclusive("x", default="d"), UserTask("a"), End("ea"))
    sketch.flows[1:2] = []
    sketch.connect("x", "a", id="d")
    sketch.chain("x", UserTask("b"), End("eb"), when=Equals("n", 1))
    assert tasks(begin(model(p=sketch), n=1)) == ["b"]
    assert tasks(begin(model(p=sketch), n=2)) == ["a"]


def test_a_condition_that_is_null_keeps_the_token():
    sketch = line(Start("s"), Exclusive("x"))
    sketch.chain("x", UserTask("a"), End("ea"), when=Below("n", 5))
    assert failures(begin(model(p=sketch))) == [("x", "leave")]


def test_a_parallel_join_waits_for_one_token_of_each_flow():
    sketch = forked(UserTask("a"), UserTask("b"), UserTask("c"))
    for branch in "abc":
        sketch.chain(branch, Parallel("join"))
    sketch.chain("join", UserTask("after"), End("e"))
    instance = begin(model(p=sketch))
    complete(instance, "b")
    complete(instance, "a")
    assert tasks(instance) == ["c"]
    complete(instance, "c")
    assert tasks(instance) == ["after"]


def test_tokens_that_come_twice_over_one_flow_queue_at_the_join():
    sketch = forked(UserTask("a"), UserTask("b"), UserTask("c"), UserTask("d"))
    sketch.chain("a", Exclusive("merge"), Parallel("join"), UserTask("after"), End("e"))
    sketch.chain("b", "merge")
    sketch.chain("c", Exclusive("other"), "join")
    sketch.chain("d", "other")
    instance = begin(model(p=sketch))
    complete(instance, "a")
    complete(instance, "b")
    assert tasks(instance) == ["c", "d"]
    complete(instance, "c")
    assert tasks(instance) == ["after", "d"]
    complete(instance, "d")
    assert tasks(instance) == ["after", "after"]


def test_an_exclusive_join_lets_every_token_pass():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", Exclusive("merge"), UserTask("after"), End("e"))
    sketch.chain("b", "merge")
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert tasks(instance) == ["after", "b"]
    complete(instance, "b")
    assert tasks(instance) == ["after", "after"]


def test_a_process_is_over_only_when_no_token_is_left():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", End("ea"))
    sketch.chain("b", End("eb"))
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert not instance.ended
    complete(instance, "b")
    assert instance.ended


def test_a_token_that_waits_at_a_join_for_ever_keeps_its_process_open():
    sketch = line(Start("s"), Exclusive("x"))
    sketch.chain("x", UserTask("a"), Parallel("join"), End("e"), when=Equals("n", 0))
    sketch.chain("x", UserTask("b"), "join", when=Equals("n", 1))
    instance = begin(model(p=sketch), n=1)
    complete(instance, "b")
    assert tasks(instance) == [] and not instance.ended


def test_a_terminate_end_ends_everything_in_its_process():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", End("stop", throws=Terminate()))
    sketch.chain("b", End("eb"))
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert instance.ended == "terminated" and tasks(instance) == []


def test_a_terminate_end_in_a_sub_process_ends_only_that_one():
    inner = forked(UserTask("a"), UserTask("b"))
    inner.chain("a", End("stop", throws=Terminate()))
    inner.chain("b", End("eb"))
    sketch = Sketch()
    sketch.chain(
        Start("s0"), Parallel("fork0"), SubProcess("sub", body=inner.body()), UserTask("after"), End("e")
    )
    sketch.chain("fork0", UserTask("beside"), End("e2"))
    instance = begin(model(p=sketch))
    complete(instance, "a")
    assert tasks(instance) == ["after", "beside"]


def test_a_terminate_end_in_a_called_process_lets_the_caller_go_on():
    called = line(Start("s2"), UserTask("b"), End("stop", throws=Terminate()))
    instance = begin(model(p=line(Start("s"), Call("c", process="q"), UserTask("a"), End("e")), q=called))
    complete(instance, "b")
    assert tasks(instance) == ["a"]


def test_a_loop_comes_back_to_its_task():
    sketch = line(Start("s"), Exclusive("merge"), UserTask("a"), Exclusive("again", default="out"))
    sketch.chain("again", "merge", when=Equals("more", True))
    sketch.add(End("e"))
    sketch.connect("again", "e", id="out")
    instance = begin(model(p=sketch), more=True)
    for _ in range(5):
        complete(instance, "a")
        assert tasks(instance) == ["a"]
    complete(instance, "a", more=False)
    assert instance.ended


def test_an_interrupting_boundary_timer_takes_the_task_away():
    instance = begin(model(p=guarded(After(HOUR), True)))
    assert wait(instance, "bound").due() == NOON + HOUR
    fire(instance, "bound", NOON + HOUR)
    assert tasks(instance) == ["beyond"] and instance.waits() == []


def test_an_interrupting_boundary_takes_everything_inside_a_sub_process_away():
    inner = forked(UserTask("a"), Catch("c", trigger=After(HOUR)))
    inner.chain("a", Parallel("join"), End("e"))
    inner.chain("c", "join")
    instance = begin(model(p=guarded(Message("stop"), True, SubProcess("sub", body=inner.body()))))
    complete(instance, "a")
    instance.deliver(wait(instance, "bound"), {})
    assert tasks(instance) == ["beyond"] and instance.waits() == []
    complete(instance, "beyond")
    assert instance.ended


def test_completing_a_task_takes_its_boundary_waits_away():
    instance = begin(model(p=guarded(After(HOUR), False)))
    complete(instance, "host")
    assert instance.ended and instance.waits() == []


def test_a_non_interrupting_timer_of_a_duration_fires_once():
    instance = begin(model(p=guarded(After(HOUR), False)))
    fire(instance, "bound", NOON + HOUR)
    assert tasks(instance) == ["beyond", "host"] and instance.waits() == []


def test_a_non_interrupting_message_boundary_takes_messages_again_and_again():
    instance = begin(model(p=guarded(Message("news"), False)))
    for _ in range(5):
        instance.deliver(wait(instance, "bound"), {})
    assert tasks(instance) == ["beyond"] * 5 + ["host"]


def test_a_cycle_fires_as_often_as_it_says_and_stays_on_its_grid():
    instance = begin(model(p=guarded(Every(HOUR, 3), False)))
    fire(instance, "bound", NOON + HOUR + timedelta(minutes=20))
    assert wait(instance, "bound").due() == NOON + 2 * HOUR
    fire(instance, "bound", NOON + 2 * HOUR)
    fire(instance, "bound", NOON + 3 * HOUR)
    assert tasks(instance) == ["beyond"] * 3 + ["host"] and instance.waits() == []


def test_missed_rounds_of_a_cycle_collapse_into_one():
    instance = begin(model(p=guarded(Every(HOUR, 3), False)))
    fire(instance, "bound", NOON + 2 * HOUR)
    assert tasks(instance) == ["beyond", "host"]
    assert wait(instance, "bound").due() == NOON + 3 * HOUR
    endless = begin(model(p=guarded(Every(HOUR, None), False)))
    fire(endless, "bound", NOON + 100 * HOUR)
    assert wait(endless, "bound").due() == NOON + 101 * HOUR


def test_a_duration_counts_from_the_arming_and_a_date_does_not():
    sketch = line(
        Start("s"),
        UserTask("a"),
        Catch("later", trigger=After(HOUR)),
        Catch("then", trigger=At(NOON)),
        End("e"),
    )
    instance = begin(model(p=sketch))
    instance.now = NOON + 3 * HOUR
    complete(instance, "a")
    assert wait(instance, "later").due() == NOON + 4 * HOUR
    fire(instance, "later", NOON + 5 * HOUR)
    assert wait(instance, "then").due() == NOON


def test_the_key_of_a_message_is_what_it_was_when_the_wait_began():
    sketch = forked(UserTask("a"), Receive("r", message=Message("paid", Name("order"))))
    sketch.chain("a", End("ea"))
    sketch.chain("r", End("er"))
    instance = begin(model(p=sketch), order="N1")
    complete(instance, "a", order="N2")
    assert wait(instance, "r").key == "N1"


def test_branches_see_one_scope_and_a_join_loses_nothing():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", Parallel("join"), End("e"))
    sketch.chain("b", "join")
    instance = begin(model(p=sketch), x=1)
    complete(instance, "a", x=2)
    complete(instance, "b", y=3)
    assert instance.root.frame.names == {"x": 2, "y": 3}


def test_a_name_that_no_scope_declares_is_written_to_the_process():
    inner = line(
        Start("s1"),
        Script("script", writes=(("new", Const(1)), ("local", Plus("new", 1)))),
        UserTask("a"),
        End("e1"),
    )
    sub = SubProcess("sub", body=inner.body(), inputs=(("local", Const(0)),))
    instance = begin(model(p=line(Start("s"), sub, UserTask("b"), End("e"))))
    assert instance.open_tasks()[0].frame.visible() == {"new": 1, "local": 2}
    assert instance.root.frame.names == {"new": 1}
    complete(instance, "a")
    assert instance.open_tasks()[0].frame.visible() == {"new": 1}


def test_outputs_decide_alone_what_leaves_an_activity():
    task = UserTask("a", inputs=(("x", Plus("x", 1)),), outputs=(("y", Name("x")),))
    instance = begin(model(p=line(Start("s"), task, UserTask("b"), End("e"))), x=1)
    assert instance.open_tasks()[0].frame.visible() == {"x": 2}
    complete(instance, "a", x=7, z=8)
    assert instance.root.frame.names == {"x": 1, "y": 7}


def test_mappings_are_evaluated_in_order_and_see_the_ones_before():
    mappings = {
        "inputs": (("p", Plus("x", 1)), ("q", Plus("p", 1))),
        "outputs": (("x", Name("q")), ("y", Plus("x", 1))),
    }
    instance = begin(model(p=line(Start("s"), UserTask("a", **mappings), UserTask("b"), End("e"))), x=1)
    assert instance.open_tasks()[0].frame.visible() == {"x": 1, "p": 2, "q": 3}
    complete(instance, "a")
    assert instance.root.frame.names == {"x": 3, "y": 4}


def test_the_key_of_a_boundary_message_is_read_outside_its_activity():
    host = UserTask("host", inputs=(("order", Const("inner")),))
    instance = begin(model(p=guarded(Message("paid", Name("order")), True, host)), order="outer")
    assert wait(instance, "bound").key == "outer"


def test_an_input_keeps_a_completion_inside_when_there_are_no_outputs():
    task = UserTask("a", inputs=(("x", Const(5)),))
    instance = begin(model(p=line(Start("s"), task, UserTask("b"), End("e"))), x=1)
    complete(instance, "a", x=7, z=8)
    assert instance.root.frame.names == {"x": 1, "z": 8}


def test_a_called_process_has_variables_of_its_own():
    called = line(Start("s2"), UserTask("b"), End("e2"))
    caller = line(Start("s"), Call("c", process="q", inputs=(("p", Name("x")),)), UserTask("a"), End("e"))
    instance = begin(model(p=caller, q=called), x=1)
    assert instance.open_tasks()[0].frame.visible() == {"x": 1, "p": 1}
    complete(instance, "b", x=2, new=3)
    assert instance.root.frame.names == {"x": 2, "new": 3}


def test_a_call_that_hands_nothing_over_passes_only_its_mappings():
    called = line(Start("s2"), UserTask("b"), End("e2"))
    mappings = {"inputs": (("p", Name("x")),), "outputs": (("y", Name("p")),)}
    call = Call("c", process="q", all_in=False, all_out=False, **mappings)
    instance = begin(model(p=line(Start("s"), call, UserTask("a"), End("e")), q=called), x=1)
    assert instance.open_tasks()[0].frame.visible() == {"p": 1}
    complete(instance, "b", p=2, x=9)
    assert instance.root.frame.names == {"x": 1, "y": 2}


def test_what_a_called_process_was_handed_and_did_not_write_is_not_handed_back():
    called = line(Start("s2"), UserTask("b"), End("e2"))
    caller = Sketch()
    caller.chain(Start("s"), Parallel("fork"), Call("c", process="q"), End("e"))
    caller.chain("fork", UserTask("beside"), UserTask("last"), End("e3"))
    instance = begin(model(p=caller, q=called), x=1, y=1)
    complete(instance, "beside", x=5)
    complete(instance, "b", y=7)
    assert instance.root.frame.names == {"x": 5, "y": 7}


def test_a_message_to_a_boundary_writes_outside_the_task_that_it_interrupts():
    instance = begin(
        model(p=guarded(Message("stop"), True, UserTask("host", inputs=(("x", Const(5)),)))), x=1
    )
    instance.deliver(wait(instance, "bound"), {"x": 9})
    assert instance.root.frame.names == {"x": 9}


def test_the_outputs_of_a_boundary_event_choose_what_its_message_writes():
    sketch = guarded(Message("stop"), True)
    bound = Boundary("bound", host="host", trigger=Message("stop"), outputs=(("y", Name("x")),))
    sketch.replace(bound)
    instance = begin(model(p=sketch), x=1)
    instance.deliver(wait(instance, "bound"), {"x": 9})
    assert instance.root.frame.names == {"x": 1, "y": 9}


def test_the_trail_tells_what_was_entered_left_taken_and_cancelled():
    instance = begin(model(p=guarded(Message("stop"), True)))
    instance.trail = []
    instance.deliver(wait(instance, "bound"), {})
    assert [(what, id) for what, id, *_ in instance.trail] == [
        ("cancelled", "host"),
        ("entered", "bound"),
        ("left", "bound"),
        ("taken", "flow_3"),
        ("entered", "beyond"),
    ]


def test_cancelling_ends_everything():
    instance = begin(model(p=guarded(After(HOUR), False)))
    instance.cancel()
    assert instance.ended == "cancelled" and tasks(instance) == [] and instance.waits() == []
