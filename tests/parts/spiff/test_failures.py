"""What can't be done stays where it is, waits for help and is tried again; nothing else is touched."""

from __future__ import annotations

import pytest

from engine.errors import NotFound
from engine.spiff import FailureWait, Program, check_diagram

from .drawing import (
    boundary,
    draw,
    event_sub,
    extension,
    level,
    mapping,
    message,
    node,
    on,
    on_timer,
    script,
    start,
    sub,
    timer,
)
from .playing import Play, begin

TOO_LONG = "for i in 1..n, j in 1..n return i"


def user(id: str, inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    return node("user", id, extension(mapping(inputs, outputs)))


def test_what_fails_to_begin_leaves_nothing_of_it_behind() -> None:
    task = node(
        "user", "a", extension('<zeebe:assignmentDefinition assignee="=who" />' + mapping({"x": "=1"}))
    )
    source = draw(f"start s; {task}; {on_timer('late', 'a', 'PT1H')}; end e", "s>a>e late>e")
    play = begin(source, who=7)
    (wait,) = play.waits
    assert isinstance(wait, FailureWait)
    assert (wait.element, wait.scope, wait.phase, wait.results) == ("a", (), "enter", None)
    assert [(it.kind, it.element) for it in play.happenings][-2:] == [("entered", "a"), ("failed", "a")]
    assert play.what("failed") == [{"failure": str(wait.id), "scope": [], "process": "p"}]
    assert dict(play.happenings[-1].values) == {"message": wait.message}
    play.retry("a", who="ann")
    assert play.waiting == ["a", "late"]
    assert play.what("failure_ended") == [{"failure": str(wait.id), "scope": [], "process": "p"}]


def test_a_boundary_event_that_can_not_be_armed_keeps_the_task_from_opening() -> None:
    source = draw(f"start s; user a; {on_timer('late', 'a', '=due', 'date')}; end e", "s>a>e late>e")
    play = begin(source)
    assert list(play.failures) == ["a"]
    assert play.path("task_opened", "task_cancelled") == []
    play.retry("a", due="2026-12-24T12:00:00Z")
    assert play.waiting == ["a", "late"]
    assert play.path("task_opened") == ["a"]


def test_other_tokens_go_on_while_one_waits_for_help() -> None:
    source = draw(
        f"start s; and f; {script('bad', '=1')}; user a; user b; and j; end e", "s>f f>bad>j f>a>b>j j>e"
    )
    play = begin(source)
    assert play.waiting == ["bad", "a"]
    play.complete("a")
    assert play.waiting == ["bad", "b"]
    play.complete("b")
    play.skip("bad")
    assert play.run.ended == "completed"


def test_a_retry_that_fails_again_waits_again_with_a_new_id() -> None:
    play = begin(draw(f"start s; {script('bad', 'x')}; end e", "s>bad>e"), x=1)
    first = play.wait("bad").id
    play.retry("bad", x=2)
    assert play.wait("bad").id != first
    with pytest.raises(NotFound):
        play.run.retry(first)
    play.retry("bad", x={"y": 1})
    assert play.run.ended == "completed"
    assert play.variables == {"x": {"y": 1}, "y": 1}
    assert play.path("entered").count("bad") == 3
    assert play.path("left").count("bad") == 1


def test_a_task_whose_results_can_not_be_mapped_keeps_them_and_is_not_done_twice() -> None:
    play = begin(draw(f"start s; {user('a', outputs={'r': TOO_LONG})}; end e", "s>a>e"))
    play.complete("a", n=100_000)
    (wait,) = play.waits
    assert isinstance(wait, FailureWait)
    assert (wait.phase, wait.results) == ("finish", {"n": 100_000})
    assert play.variables == {}
    play.retry("a", n=2)
    assert play.run.ended == "completed"
    assert play.variables == {"r": [1, 1, 2, 2]}
    assert play.path("task_opened") == ["a"]


def test_boundary_events_hold_until_the_activity_is_left() -> None:
    late = on_timer("late", "a", "PT1H")
    source = draw(f"start s; {user('a', outputs={'r': TOO_LONG})}; {late}; user x; end e", "s>a>e late>x>e")
    play = begin(source)
    play.complete("a", n=100_000)
    play.retry("a", n=90_000)
    assert sorted(play.waiting) == ["a", "late"]
    play.fire("late")
    assert play.waiting == ["x"]
    assert play.path("failure_ended") == ["a", "a"]


def test_a_sub_process_whose_outputs_fail_is_mended_in_its_own_variables() -> None:
    inside = level("start si; user a; end ei", "si>a>ei", prefix="g")
    box = node("sub", "sp", extension(mapping({"n": "=1"}, {"r": TOO_LONG})) + inside)
    play = begin(draw(f"start s; {box}; user z; end e", "s>sp>z>e"), n=7)
    play.complete("a", n=100_000)
    assert list(play.failures) == ["sp"]
    play.retry("sp", n=1)
    assert play.waiting == ["z"]
    assert play.variables == {"n": 7, "r": [1]}


def test_what_a_failing_flow_has_already_written_stays_and_is_not_written_again() -> None:
    source = draw("start s; user a; xor x; user y; user z; end e", "s>a a>x x>y [go] x>z * y>e z>e")
    play = begin(source)
    play.complete("a", go="maybe", n=1)
    assert play.waiting == ["x"]
    assert play.variables == {"go": "maybe", "n": 1}
    assert [it.phase for it in play.waits if isinstance(it, FailureWait)] == ["leave"]
    play.retry("x", go=True)
    assert play.waiting == ["y"]
    assert play.path("entered").count("x") == 1


def test_an_event_keeps_what_it_brought_while_it_waits_for_help() -> None:
    first = start(
        "si", extension(mapping(outputs={"r": TOO_LONG})) + on("message", "msg"), interrupting=False
    )
    box = event_sub("es", f"{first}; user n; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; user a; {box}; end e", "s>a>e", message("msg")))
    play.deliver("si", n=100_000)
    failure = next(it for it in play.waits if isinstance(it, FailureWait))
    assert (failure.element, failure.scope, failure.results) == ("si", ("es",), {"n": 100_000})
    play.retry("si", n=2)
    assert play.waiting == ["si", "a", "n"]
    assert play.variables == {"r": [1, 1, 2, 2]}


def test_calls_are_twenty_deep_at_most() -> None:
    """One that calls itself is refused when a pack is linked; a later version that is called can still do it."""
    call = node("call", "c", extension('<zeebe:calledElement processId="p" />'))
    diagram, _ = check_diagram(draw(f"start s; {call}; end e", "s>c>e"), "test.bpmn")
    assert diagram is not None
    endless = Program((diagram,), {key: model.program for key, model in diagram.processes.items()})
    play = Play(endless, "p", None, False, lambda *_: None, {})
    assert play.failures == {"c": "At 'c': Expected calls at most 20 deep, but this one would be deeper."}
    assert play.wait("c").scope == ("c",) * 20
    play.skip("c")
    assert play.run.ended == "completed"


def test_a_step_that_does_not_come_to_rest_is_stopped_and_can_go_on() -> None:
    source = draw(
        f"start s; and f; user w; xor m; {script('add', '={n: n + 1}')}; xor x; end e",
        "s>f f>w>e f>m m>add>x x>m [go] x>e *",
    )
    play = begin(source, n=0, go=True)
    assert len(play.failures) == 1
    assert "to come to rest, but it passed 50,000 elements" in next(iter(play.failures.values()))
    assert "w" in play.waiting
    play.retry(next(iter(play.failures)), go=False)
    assert play.waiting == ["w"]
    play.complete("w")
    assert play.run.ended == "completed"


def test_a_condition_that_takes_too_long_does_not_hold() -> None:
    event = boundary("b", "w", on("conditional", "count(for i in 1..n, j in 1..n return i) > 0"))
    source = draw(f"start s; and f; user w; {event}; user o; user x; end e", "s>f f>w>e f>o>e b>x>e")
    play = begin(source, n=100_000)
    assert (play.waiting, play.failures) == (["w", "b", "o"], {})
    play.complete("o", n=1)
    assert play.waiting == ["x"]


def test_an_event_sub_process_of_a_sub_process_that_can_not_be_armed_keeps_it_from_beginning() -> None:
    es = event_sub("es", f"{start('si', timer('duration', '=wait'))}; end ei", "si>ei", prefix="g")
    inside = sub("sp", f"start s1; user a; end e1; {es}", "s1>a>e1", prefix="h")
    play = begin(draw(f"start s; {inside}; end e", "s>sp>e"))
    assert play.failures["sp"].startswith("At 'si': Expected timer '=wait'")
    play.retry("sp", wait="PT1H")
    assert play.waiting == ["si", "a"]


def test_an_event_sub_process_of_the_process_that_can_not_be_armed_keeps_it_from_beginning() -> None:
    late = event_sub("es", f"{start('si', timer('duration', '=patience'))}; end ei", "si>ei", prefix="g")
    news = event_sub("en", f"{start('ni', on('message', 'm'))}; end nn", "ni>nn", prefix="h")
    play = begin(draw(f"start s; user a; end e; {news}; {late}", "s>a>e", message("m")))
    assert play.waiting == ["s"]
    assert "to give a duration" in play.failures["s"]
    play.retry("s")
    assert play.waiting == ["s"]
    play.retry("s", patience="PT1H")
    assert play.waiting == ["ni", "si", "a"]
