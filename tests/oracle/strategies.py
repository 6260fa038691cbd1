"""Draws models for Hypothesis: blocks inside blocks, and then some of it broken out of its blocks.

Every model comes to rest by itself: a cycle in a body either passes something that waits for the outside, or is a
loop that counts. Beyond that anything goes: joins that can never complete, exclusive joins behind parallel splits,
jumps into the middle of a parallel branch, ends that terminate. What the standard says about these is a fact too.
"""

from __future__ import annotations

from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter
from typing import Any

from hypothesis import strategies as st

from .blocks import Piece
from .drawer import MOST_NODES
from .hosts import Hosts
from .model import (
    Body,
    Boundary,
    Catch,
    Exclusive,
    Model,
    Node,
    Parallel,
    Process,
    Receive,
    ServiceTask,
    Start,
    Throw,
    UserTask,
)
from .triggers import After, Asked, At, Every, Link, Message, Signal
from .values import conditions

THEMES: dict[str, tuple[str, ...]] = {
    "gateways": ("fork", "choice", "crowd"),
    "inclusive": ("inclusive", "inclusive", "fork"),
    "races": ("race",),
    "implicit": ("implicit",),
    "cycles": ("loop", "counted"),
    "links": ("link",),
    "starts": ("sequence",),
    "timers": ("guarded", "race"),
    "messages": ("guarded", "race", "fork"),
    "signals": ("guarded", "fork"),
    "conditions": ("guarded", "race"),
    "errors": ("guarded",),
    "escalations": ("guarded",),
    "calls": ("inside",),
    "event_subs": ("guarded", "inside"),
    "transactions": ("transaction",),
    "compensation": ("undone", "undone", "inside"),
    "multi_instance": ("repeated",),
    "loops": ("repeated",),
}
"""What a model is about, and of which blocks it surely has one."""

OF_CALLS = ("calls", "compensation", "multi_instance", "loops")
OF_EVENTS = ("timers", "messages", "signals", "conditions", "errors", "escalations")


@st.composite
def models(draw: Callable[..., Any], theme: str = "gateways", size: int = MOST_NODES) -> Model:
    """Draw a model of about so many nodes a process: one, and up to two that it may call."""
    fewest = 1 if theme in OF_CALLS else 0
    names = ["main", *(f"called_{number}" for number in range(draw(st.integers(fewest, 2))))]
    counter = [0]
    processes = [
        Process(name, BodyDrawer(draw, counter, names[number + 1 :], name == "main", theme, [size]).body(0))
        for number, name in enumerate(names)
    ]
    return Model(tuple(processes))


def beginnings_of(model: Model) -> st.SearchStrategy[Message | Signal | None]:
    """Draw by what a model's process is started: nothing, or the event of one of its start events."""
    return st.sampled_from([start.trigger for start in model.processes[0].body.starts()])


class BodyDrawer(Hosts):
    """Draws one body at a time; those inside of it by a drawer of their own that shares the budget."""

    def all_blocks(self) -> list[Callable[[int], Piece]]:
        blocks = [self.fork, self.crowd, self.choice, self.inclusive, self.implicit, self.race]
        blocks += [self.loop, self.counted, self.link, self.guarded, self.guarded, self.inside]
        blocks += [self.transaction, self.undone, self.repeated]
        return blocks + [getattr(self, name) for name in THEMES[self.theme]] * 3

    def body(self, depth: int, start: Start | None = None) -> Body:
        first = self.sketch.add(start or Start(self.sketch.fresh("start")))
        pieces = [self.sequence(depth)]
        if depth == 0 and self.is_main:
            forced = [getattr(self, self.pick(*THEMES[self.theme]))(depth)]
            pieces = self.pick(pieces + forced, forced + pieces)
        piece = self.in_a_row(*pieces)
        self.sketch.connect(first.id, piece.first)
        self.sketch.connect(piece.last, self.end())
        if depth == 0 and self.is_main and self.chance(4, "starts"):
            self.more_starts(piece.first)
        for _ in range(self.pick(0, 0, 1, 2)):
            self.jump()
        for _ in range(self.how_many_event_subs(depth)):
            self.event_sub(depth)
        return self.sketch.body()

    def how_many_event_subs(self, depth: int) -> int:
        """Return one or two where they are the theme, and elsewhere one now and then while there is room."""
        if depth == 0 and self.is_main and self.theme == "event_subs":
            return self.pick(1, 2)
        if depth == 0 and self.is_main and self.theme in OF_EVENTS:
            return self.pick(0, 1, 1)
        return int(depth < 3 and self.budget[0] > 0 and self.chance(5, "event_subs", *OF_EVENTS))

    def more_starts(self, first: str) -> None:
        """Let a process begin by a message or a signal, too."""
        for trigger in self.pick([Message("opened")], [Signal("dawn")], [Message("opened"), Signal("dawn")]):
            self.sketch.connect(self.add(Start, "start", trigger=trigger), first)

    def inner_body(self, depth: int, in_transaction: bool = False, start: Start | None = None) -> Body:
        counter = self.sketch.counter
        inner = BodyDrawer(self.draw, counter, self.calls, self.is_main, self.theme, self.budget)
        inner.in_transaction = in_transaction
        return inner.body(depth, start)

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
    before: dict[str, set[str]] = {}
    for flow in body.flows:
        if flow.id not in counted_back and not waits(body.node(flow.source)):
            before.setdefault(flow.target, set()).add(flow.source)
    for node in body.nodes:
        if isinstance(node, Boundary) and not waits(node):
            before.setdefault(node.id, set()).add(node.host)
        if isinstance(node, Throw) and isinstance(node.throws, Link):
            before.setdefault(body.link(node.throws.name).id, set()).add(node.id)
    try:
        TopologicalSorter(before).prepare()
    except CycleError:
        return False
    return True


def waits(node: Node) -> bool:
    """Say whether a token surely rests at a node (or before a boundary event) until something comes from outside."""
    if isinstance(node, Catch | Boundary):
        return isinstance(node.trigger, After | At | Every | Asked | Message | Signal)
    repeated = getattr(node, "repeated", None)
    return isinstance(node, UserTask | ServiceTask | Receive) and repeated is None
