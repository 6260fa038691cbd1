"""The oracle's inclusive and event-based gateways, implicit splits, links and starts, computed by hand."""

from __future__ import annotations

from .expressions import Below, Equals, Name
from .model import (
    Catch,
    End,
    EventBased,
    Exclusive,
    Inclusive,
    Parallel,
    Receive,
    Script,
    Start,
    Throw,
    UserTask,
)
from .playing import HOUR, NOON, begin, complete, deliver, failures, fire, forked, line, tasks, told, waiting
from .sketch import Sketch, model
from .triggers import After, Condition, Link, Message, Signal


def inclusive(join: type = Inclusive) -> Sketch:
    """Three branches: a if n < 3, b if n < 2, else c; joined before `after`."""
    sketch = line(Start("s"), Inclusive("split", default="otherwise"))
    sketch.chain("split", UserTask("a"), join("join"), UserTask("after"), End("e"), when=Below("n", 3))
    sketch.chain("split", UserTask("b"), "join", when=Below("n", 2))
    sketch.add(UserTask("c"))
    sketch.connect("split", "c", id="otherwise")
    sketch.connect("c", "join")
    return sketch


def test_an_inclusive_split_takes_every_true_flow_and_the_default_only_where_none_is():
    assert tasks(begin(model(p=inclusive()), n=1)) == ["a", "b"]
    assert tasks(begin(model(p=inclusive()), n=2)) == ["a"]
    assert tasks(begin(model(p=inclusive()), n=3)) == ["c"]
    assert failures(begin(model(p=inclusive()))) == [("split", "leave")]


def test_an_inclusive_join_waits_for_all_that_can_still_come_and_no_others():
    instance = begin(model(p=inclusive()), n=1)
    complete(instance, "a")
    assert tasks(instance) == ["b"]
    complete(instance, "b")
    assert tasks(instance) == ["after"]
    instance = begin(model(p=inclusive()), n=3)
    complete(instance, "c")
    assert tasks(instance) == ["after"]


def test_an_inclusive_join_goes_on_when_the_last_token_goes_another_way():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", Inclusive("join"), UserTask("after"), End("e"))
    sketch.chain("b", Exclusive("which", default="out"))
    sketch.connect("which", "join", Equals("n", 1))
    sketch.add(End("away"))
    sketch.connect("which", "away", id="out")
    instance = begin(model(p=sketch), n=0)
    complete(instance, "a")
    assert tasks(instance) == ["b"]
    complete(instance, "b")
    assert tasks(instance) == ["after"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_get_to_a_filled_flow_as_well():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", Exclusive("merge"), Inclusive("join"), UserTask("after"), End("e"))
    sketch.chain("b", Exclusive("which", default="over_c"))
    sketch.connect("which", "merge", Equals("n", 1))
    sketch.add(UserTask("c"))
    sketch.connect("which", "c", id="over_c")
    sketch.connect("c", "join")
    instance = begin(model(p=sketch), n=0)
    complete(instance, "a")
    assert tasks(instance) == ["after", "b"]
    complete(instance, "b")
    complete(instance, "c")
    assert tasks(instance) == ["after", "after"]


def test_an_inclusive_join_in_a_loop_works_in_every_round():
    sketch = line(Start("s"), Exclusive("again"), Inclusive("split", default="d"))
    sketch.chain("split", UserTask("a"), Inclusive("join"), UserTask("check"), when=Below("n", 2))
    sketch.add(UserTask("b"))
    sketch.connect("split", "b", id="d")
    sketch.connect("b", "join")
    sketch.chain("split", UserTask("c"), "join", when=Below("n", 1))
    sketch.chain("check", Exclusive("more", default="out"), End("e"))
    sketch.flows[-1] = type(sketch.flows[-1])("out", "more", "e")
    sketch.connect("more", "again", Below("n", 3))
    instance = begin(model(p=sketch), n=0)
    for n, expected in ((1, ["a", "c"]), (2, ["a"]), (3, ["b"])):
        assert tasks(instance) == expected
        complete(instance, *expected)
        assert tasks(instance) == ["check"]
        complete(instance, "check", n=n)
    assert instance.ended


def test_two_inclusive_joins_that_wait_for_each_other_are_stuck():
    sketch = forked(UserTask("a"), UserTask("b"))
    sketch.chain("a", Inclusive("one"), Exclusive("x", default="d1"), End("e"))
    sketch.chain("b", Inclusive("two"), Exclusive("y", default="d2"))
    sketch.flows = [flow for flow in sketch.flows if flow.source != "x"]
    sketch.connect("x", "e", id="d1")
    sketch.connect("y", "e", id="d2")
    sketch.connect("x", "two", Equals("n", 1))
    sketch.connect("y", "one", Equals("n", 1))
    instance = begin(model(p=sketch), n=0)
    complete(instance, "a")
    assert instance.stuck_joins() == []
    complete(instance, "b")
    assert sorted(instance.stuck_joins()) == ["one", "two"] and not instance.ended


def test_a_parallel_join_is_stuck_once_its_token_can_no_longer_come_though_others_still_wait():
    sketch = line(Start("s"), Parallel("fork"), Exclusive("x", default="d"))
    sketch.chain("x", UserTask("a"), Parallel("join"), End("e"), when=Equals("n", 0))
    sketch.add(UserTask("b"))
    sketch.connect("x", "b", id="d")
    sketch.connect("b", "join")
    sketch.chain("fork", UserTask("beside"), End("e2"))
    instance = begin(model(p=sketch), n=0)
    assert instance.stuck_joins() == []
    complete(instance, "a")
    assert instance.stuck_joins() == ["join"] and tasks(instance) == ["beside"]


def test_an_activity_splits_over_flows_without_condition_and_those_that_are_true():
    sketch = line(Start("s"), UserTask("a", default="d"), UserTask("always"), End("e"))
    sketch.chain("a", UserTask("maybe"), End("e2"), when=Equals("n", 1))
    sketch.add(UserTask("else"))
    sketch.connect("a", "else", id="d")
    sketch.chain("else", End("e3"))
    for n, expected in ((1, ["always", "maybe"]), (2, ["always", "else"])):
        instance = begin(model(p=sketch), n=n)
        complete(instance, "a")
        assert tasks(instance) == expected


def test_an_activity_without_a_way_on_stays_after_its_results_are_written():
    sketch = line(Start("s"), UserTask("a"))
    sketch.chain("a", UserTask("b"), End("e"), when=Equals("n", 1))
    instance = begin(model(p=sketch))
    complete(instance, "a", n=2)
    assert failures(instance) == [("a", "leave")] and instance.root.frame.names == {"n": 2}
    instance.retry(instance.failures()[0], {"n": 1})
    assert tasks(instance) == ["b"] and told(instance, "left").count(("left", "a")) == 1


def race(*events: Catch | Receive) -> Sketch:
    sketch = line(Start("s"), EventBased("race"))
    for event in events:
        sketch.chain("race", event, UserTask(f"after_{event.id}"), End(f"end_{event.id}"))
    return sketch


def test_the_first_event_decides_an_event_based_gateway():
    events = (
        Catch("one", trigger=After(HOUR)),
        Catch("five", trigger=After(5 * HOUR)),
        Catch("sun", trigger=Signal("sun")),
        Receive("news", message=Message("news")),
        Catch("rich", trigger=Condition(Equals("n", 9))),
    )
    instance = begin(model(p=race(*events)))
    assert waiting(instance) == ["five", "news", "one", "rich", "sun"]
    instance.trail = []
    fire(instance, "one", NOON + HOUR)
    assert tasks(instance) == ["after_one"] and instance.waits() == []
    assert told(instance, "entered", "left") == [
        ("left", "race"),
        ("entered", "one"),
        ("left", "one"),
        ("entered", "after_one"),
    ]
    instance = begin(model(p=race(*events)))
    deliver(instance, "news", x=1)
    assert tasks(instance) == ["after_news"] and instance.root.frame.names == {"x": 1}


def test_a_condition_that_holds_already_decides_an_event_based_gateway_at_once():
    events = (
        Catch("first", trigger=Condition(Below("n", 3))),
        Catch("second", trigger=Condition(Below("n", 9))),
    )
    assert tasks(begin(model(p=race(*events)), n=1)) == ["after_first"]
    assert tasks(begin(model(p=race(*events)), n=5)) == ["after_second"]
    assert waiting(begin(model(p=race(*events)))) == ["first", "second"]


def test_a_link_goes_on_where_it_is_caught_without_a_flow():
    sketch = line(Start("s"), Throw("jump", throws=Link("far")))
    sketch.chain(Catch("landing", trigger=Link("far")), UserTask("a"), End("e"))
    instance = begin(model(p=sketch))
    assert tasks(instance) == ["a"]
    assert told(instance, "entered", "left", "taken")[2:] == [
        ("taken", "flow_1"),
        ("entered", "jump"),
        ("left", "jump"),
        ("entered", "landing"),
        ("left", "landing"),
        ("taken", "flow_2"),
        ("entered", "a"),
    ]


def test_a_process_begins_at_the_start_event_that_was_asked_for():
    sketch = line(Start("plain"), UserTask("a"), End("e"))
    sketch.chain(Start("by_mail", trigger=Message("mail")), UserTask("b"), "e")
    sketch.chain(Start("by_dawn", trigger=Signal("dawn")), Script("set", writes=(("x", Name("y")),)), "b")
    what = model(p=sketch)
    assert tasks(begin(what)) == ["a"]
    assert tasks(begin(what, Message("mail"))) == ["b"]
    assert begin(what, Signal("dawn"), y=3).root.frame.names == {"x": 3, "y": 3}
