"""Whatever is put together of sound blocks is found in order: no finding stops a good diagram."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.flow import check_flow, exploring, lint
from engine.spiff import Diagram, check_diagram
from tests.parts.flow.seeing import flow
from tests.parts.spiff.drawing import (
    compensated_by,
    declared,
    draw,
    event_sub,
    level,
    message,
    node,
    on,
    on_timer,
    start,
    sub,
)

ROOT = Path(__file__).resolve().parents[3]
DRAWN = sorted([*ROOT.glob("tests/diagrams/good/*.bpmn"), *ROOT.glob("processes/*/bpmn/*.bpmn"),
                *ROOT.glob("docs/reference/bpmn/**/*.bpmn"), *ROOT.glob("tests/packs/*/bpmn/*.bpmn")])  # fmt: skip
MOST_NODES = 14


class Blocks:
    """Draws blocks inside blocks: nodes and flows of one level, each block with one way in and one way out."""

    def __init__(self, draw: Callable[..., Any], counter: list[int], prefix: str = "") -> None:
        self.draw, self.counter, self.prefix = draw, counter, prefix
        self.nodes: list[str] = []
        self.flows: list[str] = []

    def fresh(self, kind: str) -> str:
        self.counter[0] += 1
        self.nodes.append(f"{kind} {kind}_{self.counter[0]}")
        return f"{kind}_{self.counter[0]}"

    def block(self, depth: int) -> tuple[str, str]:
        nested = [self.fork, self.choice, self.inclusive, self.loop, self.guarded, self.inside, self.sequence]
        may_nest = depth < 4 and self.counter[0] < MOST_NODES
        make = self.draw(st.sampled_from([self.task, *nested] if may_nest else [self.task]))
        return make(depth)

    def task(self, depth: int) -> tuple[str, str]:
        task = self.fresh("user")
        return task, task

    def sequence(self, depth: int) -> tuple[str, str]:
        one, other = self.block(depth + 1), self.block(depth + 1)
        self.flows.append(f"{one[1]}>{other[0]}")
        return one[0], other[1]

    def split(self, kind: str, depth: int, conditions: list[str]) -> tuple[str, str]:
        first, last = self.fresh(kind), self.fresh(kind)
        for condition in conditions:
            begin, end = self.block(depth + 1)
            self.flows += [f"{first}>{begin} {condition}", f"{end}>{last}"]
        return first, last

    def fork(self, depth: int) -> tuple[str, str]:
        return self.split("and", depth, ["", ""])

    def choice(self, depth: int) -> tuple[str, str]:
        return self.split("xor", depth, ["[=v]", "*"])

    def inclusive(self, depth: int) -> tuple[str, str]:
        return self.split("or", depth, ["[=v]", "[=w]", "*"])

    def loop(self, depth: int) -> tuple[str, str]:
        merge, task, last = self.fresh("xor"), self.fresh("user"), self.fresh("xor")
        begin, end = self.block(depth + 1)
        self.flows += [f"{merge}>{task}>{begin}", f"{end}>{last}", f"{last}>{merge} [=v]"]
        out = self.fresh("user")
        self.flows.append(f"{last}>{out} *")
        return merge, out

    def guarded(self, depth: int) -> tuple[str, str]:
        """A task with a timer that leads on another way, or that reminds and ends."""
        task, merge = self.fresh("user"), self.fresh("xor")
        interrupting = self.draw(st.booleans())
        timer = f"t_{task}"
        self.nodes.append(on_timer(timer, task, "PT1H", interrupting=interrupting))
        begin, end = self.block(depth + 1)
        target = merge if interrupting else self.fresh("end")
        self.flows += [f"{task}>{merge}", f"{timer}>{begin}", f"{end}>{target}"]
        return task, merge

    def inside(self, depth: int) -> tuple[str, str]:
        """A sub-process, maybe with an event sub-process that the customer starts."""
        self.counter[0] += 1
        id = f"sub_{self.counter[0]}"
        inner = Blocks(self.draw, self.counter)
        nodes, flows = inner.level(depth + 1)
        if self.draw(st.booleans()):
            interrupting = self.draw(st.booleans())
            began = start(f"{id}_si", on("message", "news"), interrupting=interrupting)
            nodes += "; " + event_sub(
                f"{id}_es", f"{began}; user {id}_u; end {id}_e", f"{id}_si>{id}_u>{id}_e", prefix=f"{id}_g"
            )
        self.nodes.append(sub(id, nodes, flows, prefix=f"{id}_f"))
        return id, id

    def level(self, depth: int) -> tuple[str, str]:
        begin, end = self.block(depth)
        first, last = self.fresh("start"), self.fresh("end")
        self.flows += [f"{first}>{begin}", f"{end}>{last}"]
        return "; ".join(self.nodes), "; ".join(self.flows)


@st.composite
def sound(draw_: Callable[..., Any]) -> bytes:
    nodes, flows = Blocks(draw_, [0]).level(0)
    return draw(nodes, flows, message("news"))


@settings(max_examples=150, deadline=None)
@given(sound())
def test_blocks_that_are_joined_as_they_were_split_have_no_findings(source: bytes) -> None:
    assert [str(it) for it in flow(source)] == []


@pytest.mark.parametrize("file", DRAWN, ids=lambda file: file.name)
def test_what_is_drawn_for_owners_has_no_errors(file: Path) -> None:
    assert [str(it) for it in lint(file.read_bytes(), file.name) if it.severity == "error"] == []


def test_two_thousand_tasks_in_a_row_are_explored_without_recursion() -> None:
    tasks = [f"t{number}" for number in range(2000)]
    source = draw("start s; " + "; ".join(f"user {it}" for it in tasks) + "; end e", f"s>{'>'.join(tasks)}>e")
    assert check_flow({"p.bpmn": _accepted(source)}) == {"p.bpmn": ()}


def test_a_deadlock_behind_two_thousand_tasks_has_its_whole_path() -> None:
    tasks = [f"t{number}" for number in range(2000)]
    nodes = "start s; " + "; ".join(f"user {it}" for it in tasks) + "; xor x; and j; end e"
    source = draw(nodes, f"s>{'>'.join(tasks)}>x; x>j *; x>j [=v]; j>e")
    (deadlock, _) = check_flow({"p.bpmn": _accepted(source)})["p.bpmn"]
    assert len(deadlock.path) == 2004


def test_sub_processes_fifty_deep_are_explored_and_told_with_the_whole_way_in() -> None:
    inside = node(
        "sub", "s50", level("start i50; xor x; and j; end k50", "i50>x; x>j *; x>j [=v]; j>k50", "d50_")
    )
    for depth in range(49, 0, -1):
        inside = sub(
            f"s{depth}",
            f"start i{depth}; {inside}; end k{depth}",
            f"i{depth}>s{depth + 1}>k{depth}",
            prefix=f"d{depth}_",
        )
    (deadlock, *_) = [it for it in flow(draw(f"start s; {inside}; end e", "s>s1>e")) if it.rule == "deadlock"]
    assert deadlock.path[:5] == ("s", "s1", "i1", "s2", "i2")


def test_where_there_are_too_many_states_it_is_said_and_nothing_is_claimed_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exploring, "MOST_STATES", 3)
    source = draw(
        "start s; user a; user b; user c; user d; xor x; and j; end e", "s>a>b>c>d>x; x>j *; x>j [=v]; j>e"
    )
    (found,) = flow(source)
    assert (found.severity, found.rule, found.element) == ("warning", "explored", "p")


def test_whatever_the_allow_list_takes_is_explored_without_an_exception() -> None:
    """A handler with an inside, an event sub-process in another, a call of itself."""
    handler = sub("undo", "start ui; user uu; end uk", "ui>uu>uk", prefix="u", isForCompensation="true")
    back = node("throw", "back", on("compensate"))
    nodes = f"start s; user a; {compensated_by('a', 'undo')}; {handler}; {back}; end e"
    assert flow(draw(nodes, "s>a>back>e")) == []
    inner = event_sub("in", start("is", on("signal", "sig")) + "; end ie", "is>ie", prefix="i")
    outer = event_sub(
        "out", start("os", on("message", "news")) + f"; {inner}; user ou; end oe", "os>ou>oe", prefix="o"
    )
    assert (
        flow(draw(f"start s; user a; {outer}; end e", "s>a>e", message("news"), declared("signal", "sig")))
        == []
    )
    itself = node("call", "c", '<extensionElements><zeebe:calledElement processId="p" /></extensionElements>')
    assert check_flow({"p": _accepted(draw(f"start s; {itself}; end e", "s>c>e"))}) == {"p": ()}


def _accepted(source: bytes) -> Diagram:
    diagram, findings = check_diagram(source, "p.bpmn")
    assert diagram is not None, [str(it) for it in findings]
    return diagram
