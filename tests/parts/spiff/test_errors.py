"""Errors: the innermost event that catches one takes it, a sibling never; what nobody catches waits for help."""

from __future__ import annotations

import pytest

from engine.errors import NotFound

from .drawing import (
    boundary,
    declared,
    draw,
    event_sub,
    extension,
    level,
    mapping,
    node,
    on,
    on_timer,
    process,
    start,
    sub,
)
from .playing import Play, begin

CODES = (declared("error", "err1", code="E1"), declared("error", "err2", code="E2"))
SERVICE = extension('<zeebe:taskDefinition type="pay" />')
CALL = extension('<zeebe:calledElement processId="inner" />')


def fails(id: str = "bad", error: str = "err1") -> str:
    return node("end", id, on("error", error))


def thrown(play: Play) -> list[tuple[str, str, str | None]]:
    happened = [it for it in play.happenings if it.kind == "error_thrown"]
    return [(it.element, it.data["code"], it.data["caught_by"]) for it in happened]


def test_an_error_is_caught_on_its_own_sub_process_and_never_on_a_sibling() -> None:
    """The library lets any sibling with a matching boundary catch it."""
    one = sub("sp1", "start s1; user a; end e1", "s1>a>e1", prefix="g")
    two = sub("sp2", f"start s2; user b; {fails()}", "s2>b>bad", prefix="h")
    source = draw(
        f"start s; and f; {one}; {two}; {boundary('b1', 'sp1', on('error', 'err1'))};"
        f" {boundary('b2', 'sp2', on('error', 'err1'))}; user x; user y; end e",
        "s>f f>sp1>e f>sp2>e b1>x>e b2>y>e",
        *CODES,
    )
    play = begin(source)
    play.complete("b")
    assert play.waiting == ["a", "y"]
    assert thrown(play) == [("bad", "E1", "b2")]


def test_an_error_that_only_a_sibling_could_catch_waits_for_help() -> None:
    """The library goes on as if nothing had been thrown, or cancels the sibling."""
    one = sub("sp1", "start s1; user a; end e1", "s1>a>e1", prefix="g")
    two = sub("sp2", f"start s2; user b; {fails()}", "s2>b>bad", prefix="h")
    source = draw(
        f"start s; and f; {one}; {two}; {boundary('b1', 'sp1', on('error', 'err1'))}; user x; user y; end e",
        "s>f f>sp1>e f>sp2>y>e b1>x>e",
        *CODES,
    )
    play = begin(source)
    play.complete("b")
    assert play.waiting == ["a", "bad"]
    assert play.failures["bad"] == "At 'bad': Expected the error 'E1' to be caught, but no event catches it."
    assert thrown(play) == []


def catch(error: str) -> str:
    return on("error", error.removeprefix("*"))


def nested(inner: str = "", outer: str = "") -> bytes:
    """An error in a sub-process in a sub-process; `inner` and `outer` are the errors that each boundary catches
    (`*`: every one, empty: there is none)."""
    deep = sub("deep", f"start s2; {fails()}", "s2>bad", prefix="h")
    caught = f"; {boundary('bi', 'deep', catch(inner))}; user i; end ei" if inner else ""
    inside = level(
        f"start s1; {deep}; end e1{caught}", "s1>deep>e1" + (" bi>i>ei" if inner else ""), prefix="g"
    )
    on_outer = f"; {boundary('bo', 'sp', catch(outer))}; user o" if outer else ""
    return draw(
        f"start s; {node('sub', 'sp', inside)}; end e{on_outer}",
        "s>sp>e" + (" bo>o>e" if outer else ""),
        *CODES,
    )


@pytest.mark.parametrize(
    ("inner", "outer", "caught"),
    [("err1", "err1", "i"), ("*", "err1", "i"), ("err2", "err1", "o"), ("err2", "*", "o"), ("", "err1", "o")],
)
def test_the_innermost_that_matches_catches(inner: str, outer: str, caught: str) -> None:
    play = begin(nested(inner, outer))
    assert play.waiting == [caught]


def test_a_matching_code_comes_before_one_that_catches_all() -> None:
    inside = sub("sp", f"start si; {fails()}", "si>bad", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('every', 'sp', on('error'))};"
        f" {boundary('exact', 'sp', on('error', 'err1'))}; user x; user y; end e",
        "s>sp>e every>x>e exact>y>e",
        *CODES,
    )
    assert begin(source).waiting == ["y"]


def test_an_error_ends_at_once_what_else_runs_in_the_scope() -> None:
    inside = sub(
        "sp", f"start si; and f; user a; user b; {fails()}; end ei", "si>f f>a>ei f>b>bad", prefix="g"
    )
    source = draw(
        f"start s; {inside}; {boundary('bo', 'sp', on('error', 'err1'))}; user o; end e",
        "s>sp>e bo>o>e",
        *CODES,
    )
    play = begin(source)
    play.complete("b")
    assert play.waiting == ["o"]
    assert play.path("task_cancelled") == ["a"]


def test_an_error_comes_out_of_called_processes() -> None:
    inner = process("inner", level(f"start si; user a; {fails()}", "si>a>bad", prefix="h"))
    source = draw(
        f"start s; {node('call', 'c', CALL)}; {boundary('bo', 'c', on('error', 'err1'))}; user o; end e",
        "s>c>e bo>o>e",
        *CODES,
        inner,
    )
    play = begin(source)
    play.complete("a")
    assert play.waiting == ["o"]


def test_an_error_brings_what_its_end_event_hands_out() -> None:
    bad = node("end", "bad", extension(mapping({"why": '="no credit"'})) + on("error", "err1"))
    inside = sub("sp", f"start si; {bad}", "si>bad", prefix="g")
    caught = boundary("bo", "sp", extension(mapping(outputs={"reason": "=why"})) + on("error", "err1"))
    play = begin(draw(f"start s; {inside}; {caught}; user o; end e", "s>sp>e bo>o>e", *CODES))
    assert play.variables == {"reason": "no credit"}


def test_an_uncaught_error_can_be_skipped() -> None:
    play = begin(nested())
    play.skip("bad")
    assert play.run.ended == "completed"


@pytest.mark.parametrize("in_memory", [True, False])
def test_an_uncaught_error_that_is_cancelled_has_not_left(in_memory: bool) -> None:
    play = begin(nested(), in_memory=in_memory)
    play.cancel()
    assert "bad" in play.path("cancelled")
    assert "bad" not in play.path("left")


HANDLED = draw(
    f"start s; {node('service', 'pay', SERVICE)}; {boundary('b1', 'pay', on('error', 'err1'))};"
    f" {on_timer('late', 'pay', 'PT1H')}; user x; user y; user after; end e",
    "s>pay>after>e b1>x>e late>y>e",
    *CODES,
)


def test_a_service_may_end_in_an_error_that_its_own_boundary_catches() -> None:
    play = begin(HANDLED)
    play.throw_error("pay", "E1", "card refused", card="1234")
    assert play.waiting == ["x"]
    assert play.variables == {"card": "1234"}
    assert play.path("service_cancelled", "timer_cancelled") == ["pay", "late"]


def test_an_error_of_a_service_that_nobody_catches_waits_for_help_with_its_sentence() -> None:
    play = begin(HANDLED)
    job = play.wait("pay").id
    play.throw_error("pay", "E9", "card refused")
    assert play.waiting == ["pay"]
    expected = "At 'pay': Expected the error 'E9' (card refused) to be caught, but no event catches it."
    assert play.failures == {"pay": expected}
    with pytest.raises(NotFound):
        play.run.complete(job, {})
    play.retry("pay")
    assert play.waiting == ["pay", "late"]
    assert play.wait("pay").id != job
    play.complete("pay")
    assert play.waiting == ["after"]


def catching(code: str = "") -> str:
    first = start("se", on("error", code))
    return event_sub("es", f"{first}; user n; end ee", "se>n>ee", prefix="k")


def test_an_event_sub_process_of_the_scope_comes_before_the_boundary_around_it() -> None:
    inside = sub("sp", f"start si; {fails()}; {catching()}", "si>bad", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('bo', 'sp', on('error', 'err1'))}; user o; user z; end e",
        "s>sp>z>e bo>o>e",
        *CODES,
    )
    play = begin(source)
    assert play.waiting == ["n"]
    assert thrown(play) == [("bad", "E1", "se")]
    play.complete("n")
    assert play.waiting == ["z"]


def test_an_error_inside_the_event_sub_process_that_catches_it_goes_further_out() -> None:
    inner = event_sub(
        "es", start("se", on("error", "err1")) + f"; user n; {fails('worse')}", "se>n>worse", prefix="k"
    )
    inside = sub("sp", f"start si; {fails()}; {inner}", "si>bad", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('bo', 'sp', on('error', 'err1'))}; user o; end e",
        "s>sp>e bo>o>e",
        *CODES,
    )
    play = begin(source)
    assert play.waiting == ["n"]
    play.complete("n")
    assert play.waiting == ["o"]
    assert thrown(play) == [("bad", "E1", "se"), ("worse", "E1", "bo")]


def test_an_error_event_sub_process_never_starts_by_chance() -> None:
    """The library runs it when the process begins."""
    play = begin(draw(f"start s; user a; {catching('err1')}; end e", "s>a>e", *CODES))
    assert play.waiting == ["a"]
    play.complete("a")
    assert play.run.ended == "completed"
    assert "n" not in play.path()


def test_the_catcher_may_keep_the_code_and_what_was_said() -> None:
    """One event without a code can tell every refusal in its own words."""
    outs = extension(mapping(outputs={"code": "=error.code", "why": "=error.message", "rest": "=left"}))
    caught = boundary("on", "pay", outs + on("error"))
    pay = node("service", "pay", SERVICE)
    source = draw(f"start s; {pay}; end e; {caught}; user tell; end e2", "s>pay>e on>tell>e2")
    play = begin(source)
    play.throw_error("pay", "E9", "Expected less.", left=3)
    assert play.variables == {"code": "E9", "why": "Expected less.", "rest": 3}


def test_a_catcher_without_mappings_keeps_only_what_was_brought() -> None:
    caught = boundary("on", "pay", on("error"))
    pay = node("service", "pay", SERVICE)
    source = draw(f"start s; {pay}; end e; {caught}; user tell; end e2", "s>pay>e on>tell>e2")
    play = begin(source)
    play.throw_error("pay", "E9", "Expected less.", left=3)
    assert play.variables == {"left": 3}
