"""Draws models for Hypothesis: blocks inside blocks, and then some of it broken out of its blocks.

Every model comes to rest by itself: a cycle in a body either passes something that waits for the outside, or is a
loop that counts. Beyond that anything goes: joins that can never complete, exclusive joins behind parallel splits,
jumps into the middle of a parallel branch, ends that terminate. What the standard says about these is a fact too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from .model import (
    After,
    Assignments,
    At,
    Below,
    Body,
    Boundary,
    Call,
    Catch,
    Const,
    Decide,
    End,
    Equals,
    Every,
    Exclusive,
    Expression,
    Message,
    Model,
    Name,
    Node,
    Parallel,
    Plus,
    Process,
    Receive,
    Script,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Trigger,
    UserTask,
    Value,
)
from .sketch import Sketch

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST_NODES = 18
DEEPEST = 3
WAITING = (UserTask, ServiceTask, Receive, Catch, Boundary)

numbers = st.integers(0, 3)
conditions = st.one_of(
    st.builds(Equals, st.just("x"), numbers),
    st.builds(Below, st.just("x"), st.integers(1, 3)),
    st.just(Name("b")),
    st.builds(Equals, st.just("b"), st.booleans()),
    st.builds(Equals, st.just("y"), numbers),
)
number_sources = st.one_of(
    st.builds(Const, numbers),
    st.builds(Plus, st.sampled_from("xy"), st.just(1)),
    st.builds(Name, st.sampled_from("xy")),
)
assignments = st.one_of(
    st.tuples(st.sampled_from("xyz"), number_sources),
    st.tuples(st.just("b"), st.builds(Const, st.booleans())),
)
mappings: st.SearchStrategy[Assignments] = st.lists(
    st.one_of(assignments, st.tuples(st.just("s"), st.builds(Const, st.sampled_from(["k1", "k2"])))),
    max_size=2,
    unique_by=lambda pair: pair[0],
).map(tuple)
spans = st.sampled_from([HOUR, 2 * HOUR, 3 * HOUR])
once = st.one_of(st.builds(After, spans), st.builds(At, st.sampled_from([BEGIN + HOUR, BEGIN + 4 * HOUR])))
cycles = st.builds(Every, spans, st.sampled_from([1, 2, 3, None]))
writes: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "x": numbers,
        "y": numbers,
        "z": numbers,
        "b": st.booleans(),
        "s": st.sampled_from(["k1", "k2"]),
    },
)
beginnings: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {"x": numbers, "b": st.booleans(), "s": st.sampled_from(["k1", "k2"])}, optional={"y": numbers}
)


class Piece(NamedTuple):
    """A part of a body with one way in and one way out, by the ids of its first and last node."""

    first: str
    last: str


@st.composite
def models(draw: Callable[..., Any]) -> Model:
    """Draw a model: a process, and up to two that it may call."""
    names = ["main", *(f"called_{number}" for number in range(draw(st.integers(0, 2))))]
    counter = [0]
    processes = [
        Process(name, BodyDrawer(draw, counter, names[number + 1 :], name == "main").body(0))
        for number, name in enumerate(names)
    ]
    return Model(tuple(processes))


class BodyDrawer:
    """Draws one body at a time; those of sub-processes by a drawer of their own that shares the budget."""

    def __init__(
        self, draw: Callable[..., Any], counter: list[int], calls: Sequence[str], is_main: bool
    ) -> None:
        self.draw = draw
        self.calls = calls
        self.is_main = is_main
        self.sketch = Sketch(counter)
        self.budget = [MOST_NODES]
        self.closed: set[str] = set()  # the flows of counting loops; no jump may begin or end in them
        self.counted_back: set[str] = set()  # those of them that close a cycle, which ends by itself

    def body(self, depth: int) -> Body:
        by_message = depth == 0 and self.is_main and self.draw(st.sampled_from([False, False, False, True]))
        start = self.add(Start, "start", message=Message("opened") if by_message else None)
        piece = self.sequence(depth)
        self.sketch.connect(start, piece.first)
        self.sketch.connect(piece.last, self.end())
        for _ in range(self.draw(st.sampled_from([0, 0, 1, 2]))):
            self.jump()
        return self.sketch.body()

    # --- nodes -------------------------------------------------------------------------------------------

    def add(self, kind: type[Node], name: str, **facts: Any) -> str:
        self.budget[0] -= 1
        return self.sketch.add(kind(self.sketch.fresh(name), **facts)).id

    def end(self) -> str:
        return self.add(End, "end", terminate=self.draw(st.sampled_from([False, False, False, True])))

    def message(self) -> Message:
        keys: list[Expression | None] = [None, Const("k1"), *([Name("s")] if self.is_main else [])]
        return Message(self.draw(st.sampled_from(["news", "stop"])), self.draw(st.sampled_from(keys)))

    def mapped(self) -> dict[str, Assignments]:
        return {"inputs": self.draw(mappings), "outputs": self.draw(mappings)}

    def seldom_mapped(self) -> dict[str, Assignments]:
        return self.mapped() if self.draw(st.sampled_from([False, False, True])) else {}

    def user(self) -> str:
        return self.add(UserTask, "task", **self.mapped())

    def service(self) -> str:
        return self.add(ServiceTask, "service", **self.mapped())

    def script(self) -> str:
        written = self.draw(st.lists(assignments, min_size=1, max_size=2, unique_by=lambda pair: pair[0]))
        return self.add(Script, "script", writes=tuple(written), **self.seldom_mapped())

    def receive(self) -> str:
        return self.add(Receive, "receive", message=self.message(), **self.mapped())

    def catch(self) -> str:
        trigger: Trigger = self.message() if self.draw(st.booleans()) else self.draw(once)
        return self.add(Catch, "catch", trigger=trigger, outputs=self.draw(mappings))

    def send(self) -> str:
        return self.add(SendTask, "send")

    def decide(self) -> str:
        return self.add(
            Decide,
            "decide",
            asks=self.draw(st.sampled_from("xy")),
            result=self.draw(st.sampled_from("xyz")),
            **self.seldom_mapped(),
        )

    def sub_process(self, depth: int) -> str:
        inner = BodyDrawer(self.draw, self.sketch.counter, self.calls, self.is_main)
        inner.budget = self.budget
        return self.add(SubProcess, "sub", body=inner.body(depth + 1), **self.mapped())

    def call(self) -> str:
        spread = {"all_in": self.draw(st.booleans()), "all_out": self.draw(st.booleans())}
        process = self.draw(st.sampled_from(self.calls))
        return self.add(Call, "call", process=process, **spread, **self.mapped())

    # --- blocks ------------------------------------------------------------------------------------------

    def sequence(self, depth: int) -> Piece:
        pieces = [self.piece(depth) for _ in range(self.draw(st.integers(1, 3)))]
        for before, after in pairwise(pieces):
            self.sketch.connect(before.last, after.first)
        return Piece(pieces[0].first, pieces[-1].last)

    def piece(self, depth: int) -> Piece:
        blocks = [self.fork, self.crowd, self.choice, self.loop, self.guarded, self.inside, self.counted]
        may_nest = depth < DEEPEST and self.budget[0] > 0
        block = self.draw(st.sampled_from([None, None, *blocks] if may_nest else [None]))
        return block(depth) if block else self.single()

    def single(self) -> Piece:
        kinds = [self.user, self.user, self.user, self.script, self.service, self.receive, self.catch]
        node = self.draw(st.sampled_from([*kinds, self.send, self.decide]))()
        return Piece(node, node)

    def inside(self, depth: int) -> Piece:
        """A sub-process or a call."""
        node = self.call() if self.calls and self.draw(st.booleans()) else self.sub_process(depth)
        return Piece(node, node)

    def fork(self, depth: int) -> Piece:
        """Parallel branches, usually joined as they should be."""
        split = self.add(Parallel, "fork")
        join = self.add(self.draw(st.sampled_from([Parallel, Parallel, Parallel, Exclusive])), "join")
        for _ in range(self.draw(st.integers(2, 3))):
            self.branch(split, join, depth)
        return Piece(split, join)

    def crowd(self, depth: int) -> Piece:
        """Parallel tasks in two groups; several tokens come over each of the two flows into the join."""
        split, join = self.add(Parallel, "fork"), self.add(Parallel, "join")
        for _ in range(2):
            merge = self.add(Exclusive, "merge")
            self.sketch.connect(merge, join)
            for _ in range(self.draw(st.integers(1, 2))):
                self.sketch.chain(split, self.user(), merge)
        return Piece(split, join)

    def choice(self, depth: int) -> Piece:
        """Exclusive branches with a default, which is asked of every diagram; usually merged as they should be."""
        default = self.sketch.fresh("flow")
        split = self.add(Exclusive, "choice", default=default)
        merge = self.add(self.draw(st.sampled_from([*[Exclusive] * 5, Parallel])), "merge")
        for _ in range(self.draw(st.integers(1, 2))):
            self.branch(split, merge, depth, when=self.draw(conditions))
        self.branch(split, merge, depth, id=default)
        return Piece(split, merge)

    def branch(self, split: str, join: str, depth: int, **flow: Any) -> None:
        """One branch between two gateways: straight on, over a piece, or to an end of its own."""
        shape = self.draw(st.sampled_from(["piece", "piece", "piece", "straight", "end"]))
        reached = bool(self.sketch.body().incoming(join))
        if shape == "straight":
            self.sketch.connect(split, join, **flow)
            return
        piece = self.sequence(depth + 1)
        self.sketch.connect(split, piece.first, **flow)
        self.sketch.connect(piece.last, self.end() if shape == "end" and reached else join)

    def loop(self, depth: int) -> Piece:
        """Comes back over a task as long as a condition holds."""
        merge, task = self.add(Exclusive, "again"), self.user()
        piece = self.sequence(depth + 1)
        self.sketch.chain(merge, task, piece.first)
        return Piece(merge, self.way_back(piece.last, merge, self.draw(conditions)))

    def way_back(self, last: str, merge: str, when: Expression) -> str:
        """Lead back while a condition holds, else on; return the id of the node where it goes on."""
        default = self.sketch.fresh("flow")
        split, out = self.add(Exclusive, "more", default=default), self.add(Exclusive, "out")
        self.sketch.connect(last, split)
        self.sketch.connect(split, merge, when)
        self.sketch.connect(split, out, id=default)
        return out

    def counted(self, depth: int) -> Piece:
        """Runs around by itself, two or three times; nothing may jump into it or out of it."""
        count = self.sketch.fresh("n")
        zero = self.add(Script, "zero", writes=((count, Const(0)),))
        before = len(self.sketch.flows)
        merge = self.add(Exclusive, "again")
        step = self.add(Script, "count", writes=((count, Plus(count, 1)), self.draw(assignments)))
        self.sketch.chain(zero, merge, step)
        out = self.way_back(step, merge, Below(count, self.draw(st.integers(2, 3))))
        flows = self.sketch.flows[before:]
        self.closed.update(flow.id for flow in flows)
        self.counted_back.update(flow.id for flow in flows if flow.target == merge and flow.source != zero)
        return Piece(zero, out)

    def guarded(self, depth: int) -> Piece:
        """An activity with one or two boundary events."""
        nested = self.calls if self.draw(st.booleans()) else ()
        makers = [self.user, self.user, self.receive, self.service, lambda: self.sub_process(depth)]
        host = self.draw(st.sampled_from([*makers, self.call] if nested else makers))()
        merge = self.add(Exclusive, "beyond")
        self.sketch.connect(host, merge)
        for _ in range(self.draw(st.integers(1, 2))):
            self.boundary(host, merge, depth)
        return Piece(host, merge)

    def boundary(self, host: str, merge: str, depth: int) -> None:
        interrupting = self.draw(st.booleans())
        timers = once if interrupting else self.draw(st.sampled_from([once, cycles, cycles]))
        triggers = self.draw(st.sampled_from([st.just(self.message()), timers]))
        facts = {"trigger": self.draw(triggers), "interrupting": interrupting, "outputs": self.draw(mappings)}
        event = self.add(Boundary, "bound", host=host, **facts)
        last = event
        if self.draw(st.sampled_from([True, True, False])):
            piece = self.sequence(depth + 1)
            self.sketch.connect(event, piece.first)
            last = piece.last
        self.sketch.connect(last, merge if self.draw(st.booleans()) else self.end())

    # --- breaking out of the blocks ----------------------------------------------------------------------

    def jump(self) -> None:
        """Lead from the middle of one flow into the middle of another, if that can't run for ever."""
        free = [flow.id for flow in self.sketch.flows if flow.id not in self.closed]
        nodes, flows = list(self.sketch.nodes), list(self.sketch.flows)
        landing = self.insert(self.draw(st.sampled_from(free)), Exclusive(self.sketch.fresh("landing")))
        leaving = self.draw(st.sampled_from(free))
        if self.draw(st.booleans()):
            gateway: Node = Parallel(self.sketch.fresh("also"))
            self.sketch.connect(self.insert(leaving, gateway), landing)
        else:
            default = self.sketch.fresh("flow")
            gateway = Exclusive(self.sketch.fresh("jump"), default=default)
            self.sketch.connect(self.insert(leaving, gateway, default), landing, self.draw(conditions))
        if not comes_to_rest(self.sketch.body(), self.counted_back):
            self.sketch.nodes, self.sketch.flows = nodes, flows

    def insert(self, flow_id: str, node: Node, second_id: str | None = None) -> str:
        """Put a node in the middle of a flow; the flow keeps its id and condition up to there."""
        flow = next(flow for flow in self.sketch.flows if flow.id == flow_id)
        place = self.sketch.flows.index(flow)
        self.sketch.flows[place] = type(flow)(flow.id, flow.source, node.id, flow.when)
        self.sketch.add(node)
        self.sketch.connect(node.id, flow.target, id=second_id)
        return node.id


def comes_to_rest(body: Body, counted_back: set[str]) -> bool:
    """Say whether every cycle of a body passes a node that waits, or is one that counts."""
    waiting = {node.id for node in body.nodes if isinstance(node, WAITING)}
    before: dict[str, set[str]] = {}
    for flow in body.flows:
        if flow.id not in counted_back and flow.source not in waiting:
            before.setdefault(flow.target, set()).add(flow.source)
    try:
        TopologicalSorter(before).prepare()
    except CycleError:
        return False
    return True
