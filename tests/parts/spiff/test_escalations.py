"""Escalations: told outwards to the innermost that catches them; the thrower goes on unless it is interrupted."""

from __future__ import annotations

import pytest

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
    process,
    start,
    sub,
)
from .playing import Play, begin

X1 = declared("escalation", "esc1", code="X1")
CALL = extension('<zeebe:calledElement processId="inner" />')
BESIDE = boundary("bo", "sp", on("escalation", "esc1"), interrupting=False)


def escalates(id: str = "up", code: str = "esc1", kind: str = "throw", says: str = "") -> str:
    return node(kind, id, says + on("escalation", code))


def thrown(play: Play) -> list[tuple[str, str, str | None]]:
    happened = [it for it in play.happenings if it.kind == "escalation_thrown"]
    return [(it.element, it.data["code"], it.data["caught_by"]) for it in happened]


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_an_escalation_beside_its_activity_lets_the_thrower_go_on(kind: str) -> None:
    nodes = f"start si; {escalates(kind=kind)}; " + ("user a; end ei" if kind == "throw" else "")
    inside = sub("sp", nodes, "si>up>a>ei" if kind == "throw" else "si>up", prefix="g")
    source = draw(
        f"start s; {inside}; {BESIDE}; user o; user z; end e",
        "s>sp>z>e bo>o>e",
        X1,
    )
    play = begin(source)
    assert sorted(play.waiting) == sorted(["a" if kind == "throw" else "z", "o"])
    assert thrown(play) == [("up", "X1", "bo")]


def test_an_interrupting_escalation_ends_its_thrower_and_nothing_automatic_runs_after_it() -> None:
    """The library still runs the automatic tasks behind the throw."""
    late = node("script", "late", extension('<zeebe:script expression="={ran: true}" />'))
    inside = sub("sp", f"start si; {escalates()}; {late}; user a; end ei", "si>up>late>a>ei", prefix="g")
    source = draw(
        f"start s; {inside}; {boundary('bo', 'sp', on('escalation', 'esc1'))}; user o; end e",
        "s>sp>e bo>o>e",
        X1,
    )
    play = begin(source)
    assert play.waiting == ["o"]
    assert play.variables == {}
    assert "late" not in play.path()


def test_an_escalation_that_nobody_catches_goes_on_and_is_told() -> None:
    play = begin(draw(f"start s; {escalates()}; user a; end e", "s>up>a>e", X1))
    assert play.waiting == ["a"]
    assert thrown(play) == [("up", "X1", None)]


def test_an_escalation_is_caught_once_by_the_innermost() -> None:
    deep = sub("deep", f"start s2; {escalates()}; end e2", "s2>up>e2", prefix="h")
    inside = level(
        f"start s1; {deep}; end e1; {boundary('bi', 'deep', on('escalation'), interrupting=False)}; user i; end ei",
        "s1>deep>e1 bi>i>ei", prefix="g",
    )  # fmt: skip
    source = draw(
        f"start s; {node('sub', 'sp', inside)}; end e; {BESIDE}; user o",
        "s>sp>e bo>o>e",
        X1,
    )
    play = begin(source)
    assert play.waiting == ["i"]


def test_an_escalation_brings_its_values_out_of_a_called_process() -> None:
    up = escalates(says=extension(mapping({"level": "=n + 1"})))
    inner = process("inner", level(f"start si; {up}; user a; end ei", "si>up>a>ei", prefix="h"))
    caught = boundary("bo", "c", on("escalation", "esc1"), interrupting=False)
    source = draw(f"start s; {node('call', 'c', CALL)}; {caught}; user o; end e", "s>c>e bo>o>e", X1, inner)
    play = begin(source, n=1)
    assert play.waiting == ["a", "o"]
    assert play.variables == {"n": 1, "level": 2}


def catching(code: str = "", *, interrupting: bool = True) -> str:
    first = start("se", on("escalation", code), interrupting=interrupting)
    return event_sub("es", f"{first}; user n; end ee", "se>n>ee", prefix="k")


def test_a_non_interrupting_event_sub_process_takes_each_escalation() -> None:
    es = catching("esc1", interrupting=False)
    source = draw(f"start s; {escalates()}; {escalates('again')}; user a; {es}; end e", "s>up>again>a>e", X1)
    play = begin(source)
    assert sorted(play.waiting) == ["a", "n", "n"]


def test_an_escalation_from_inside_an_event_sub_process_is_not_its_own() -> None:
    es = event_sub(
        "es", start("se", on("escalation", "esc1"), interrupting=False) + f"; {escalates('more')}; user n; end ee",
        "se>more>n>ee", prefix="k",
    )  # fmt: skip
    play = begin(draw(f"start s; {escalates()}; user a; {es}; end e", "s>up>a>e", X1))
    assert sorted(play.waiting) == ["a", "n"]
    assert thrown(play) == [("up", "X1", "se"), ("more", "X1", None)]
