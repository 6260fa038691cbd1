"""Conditions that are waited for: each triggers when it becomes true, not as long as it is."""

from __future__ import annotations

import pytest

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
    on_message,
    process,
    script,
    start,
    sub,
)
from .playing import begin

FULL = on("conditional", "count > 2")


def waits_for(text: str) -> bytes:
    catch = node("catch", "c", on("conditional", text))
    return draw(f"start s; and f; user work; {catch}; user after; end e", "s>f f>work>e f>c>after>e")


def test_a_condition_that_holds_already_is_passed_at_once() -> None:
    assert begin(waits_for("count > 2"), count=3).waiting == ["work", "after"]


def test_a_condition_is_asked_after_each_writing() -> None:
    """The library asks only some of them, and only when it happens to look."""
    play = begin(waits_for("count > 2"), count=0)
    assert play.waiting == ["work", "c"]
    play.complete("work", count=3)
    assert play.waiting == ["after"]
    assert play.path("condition_met") == ["c"]


@pytest.mark.parametrize("answer", [None, "true", 1, [True]])
def test_what_is_not_true_is_not_true_and_no_failure(answer: object) -> None:
    """In the library a name that nobody has written yet is an error."""
    play = begin(waits_for("answer"), **({} if answer is None else {"answer": answer}))
    assert play.waiting == ["work", "c"]
    play.complete("work", answer=True)
    assert play.waiting == ["after"]


def beside(*, interrupting: bool) -> bytes:
    event = boundary("b", "w", FULL, interrupting=interrupting)
    return draw(f"start s; and f; user w; {event}; user n; user o; xor m; end e", "s>f f>w>e f>m m>o>m b>n>e")


def test_beside_its_activity_it_triggers_each_time_it_becomes_true() -> None:
    play = begin(beside(interrupting=False), count=0)
    for count, times in ((1, 0), (3, 1), (4, 1), (0, 1), (5, 2), (6, 2)):
        play.complete("o", count=count)
        assert play.waiting.count("n") == times
    assert play.waiting.count("b") == 1


def test_an_interrupting_one_ends_its_activity_once() -> None:
    play = begin(beside(interrupting=True), count=0)
    play.complete("o", count=3)
    assert play.waiting == ["o", "n"]
    play.complete("o", count=0)
    play.complete("o", count=3)
    assert play.waiting.count("n") == 1


@pytest.mark.parametrize("interrupting", [True, False])
def test_what_holds_when_the_activity_begins_counts(interrupting: bool) -> None:
    play = begin(beside(interrupting=interrupting), count=3)
    assert sorted(play.waiting) == (["n", "o"] if interrupting else ["b", "n", "o", "w"])


def test_what_an_activity_writes_as_its_last_act_no_longer_triggers_its_own_boundary() -> None:
    play = begin(beside(interrupting=False), count=0)
    play.complete("w", count=9)
    assert "n" not in play.path()


def test_an_event_sub_process_of_the_process_sees_its_variables() -> None:
    es = event_sub("es", f"{start('si', FULL)}; user n; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; user a; user b; end e; {es}", "s>a>b>e"), count=0)
    play.complete("a", count=3)
    assert play.waiting == ["n"]
    assert "b" not in [it.element for it in play.happenings if it.kind == "task_opened"]


def test_one_that_holds_at_the_beginning_comes_before_everything() -> None:
    es = event_sub("es", f"{start('si', FULL)}; user n; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; user a; end e; {es}", "s>a>e"), count=3)
    assert play.waiting == ["n"]
    assert "a" not in play.path()


def test_an_event_sub_process_beside_the_flow_triggers_on_each_edge() -> None:
    es = event_sub("es", f"{start('si', FULL, interrupting=False)}; end ei", "si>ei", prefix="g")
    play = begin(
        draw(f"start s; xor m; user a; xor x; end e; {es}", "s>m m>a>x x>e [over] x>m *"), count=0, over=False
    )
    for count, times in ((3, 1), (3, 1), (0, 1), (3, 2)):
        play.complete("a", count=count)
        assert play.path().count("si") == times


def test_in_a_sub_process_it_sees_the_scope_it_stands_in() -> None:
    says = extension(mapping({"count": "=10"}))
    es = event_sub("es", f"{start('si', FULL)}; user n; end ei", "si>n>ei", prefix="g")
    inside = level(f"start sa; user a; end ea; {es}", "sa>a>ea", prefix="h")
    play = begin(draw(f"start s; {node('sub', 'sp', says + inside)}; end e", "s>sp>e"), count=0)
    assert play.waiting == ["n"]


def test_one_on_the_boundary_does_not_see_the_inputs_of_its_activity() -> None:
    says = extension(mapping({"count": "=10"}))
    inside = sub("sp", "start si; user a; end ei", "si>a>ei", prefix="g", before=says)
    source = draw(f"start s; {inside}; {boundary('b', 'sp', FULL)}; user n; end e", "s>sp>e b>n>e")
    assert begin(source, count=0).waiting == ["b", "a"]


def test_what_a_message_brings_is_seen_too() -> None:
    hears = on_message("m", "w", "msg", interrupting=False)
    event = boundary("b", "w", FULL)
    source = draw(f"start s; user w; {hears}; {event}; user n; end e", "s>w>e m>e b>n>e", message("msg"))
    play = begin(source, count=0)
    play.deliver("m", count=5)
    assert play.waiting == ["n"]


def test_a_called_process_is_asked_about_its_own_variables() -> None:
    call = node("call", "c", extension('<zeebe:calledElement processId="inner" />'))
    es = event_sub("es", f"{start('si', FULL)}; user n; end ei", "si>n>ei", prefix="g")
    inner = process("inner", level(f"start sa; user a; end ea; {es}", "sa>a>ea", prefix="h"))
    play = begin(draw(f"start s; and f; {call}; user w; end e", "s>f f>c>e f>w>e", inner), count=0)
    play.complete("w", count=3)
    assert play.waiting == ["si", "a"]
    play.complete("a", count=3)
    assert play.waiting == ["n"]


def test_it_is_asked_between_two_automatic_elements() -> None:
    both = f"{script('up', '={count: 3}')}; {script('down', '={count: 0}')}"
    es = event_sub("es", f"{start('si', FULL)}; user n; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; {both}; end e; {es}", "s>up>down>e"), count=0)
    assert play.waiting == ["n"]
    assert play.variables == {"count": 3}
    assert "down" not in play.path()
