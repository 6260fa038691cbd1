"""Draws pieces of a body with one way in and one way out: splits and joins of every sort, loops, links."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from .drawer import Drawer
from .expressions import Below, Const, Expression, Plus
from .model import Catch, EventBased, Exclusive, Inclusive, Parallel, Receive, Script, Throw
from .triggers import Link
from .values import assignments, conditions

DEEPEST = 3


class Piece(NamedTuple):
    """A part of a body with one way in and one way out, by the ids of its first and last node."""

    first: str
    last: str


class Blocks(Drawer):
    """Draws what flows and gateways make."""

    def sequence(self, depth: int) -> Piece:
        return self.in_a_row(*(self.piece(depth) for _ in range(self.draw(st.integers(1, 3)))))

    def in_a_row(self, *pieces: Piece) -> Piece:
        for before, after in pairwise(pieces):
            self.sketch.connect(before.last, after.first)
        return Piece(pieces[0].first, pieces[-1].last)

    def piece(self, depth: int) -> Piece:
        may_nest = depth < DEEPEST and self.budget[0] > 0
        block = self.pick(None, None, *self.all_blocks()) if may_nest else None
        return block(depth) if block else self.single()

    def single(self) -> Piece:
        kinds = [self.user, self.user, self.user, self.script, self.service, self.receive, self.catch]
        node = self.pick(*kinds, self.send, self.decide, self.throw)()
        return Piece(node, node)

    # --- splits and joins --------------------------------------------------------------------------------

    def fork(self, depth: int) -> Piece:
        """Parallel branches, usually joined as they should be."""
        split = self.add(Parallel, "fork")
        join = self.add(self.pick(Parallel, Parallel, Parallel, Exclusive, Inclusive), "join")
        for _ in range(self.draw(st.integers(2, 3))):
            self.branch(split, join, depth)
        return Piece(split, join)

    def crowd(self, depth: int) -> Piece:
        """Parallel tasks in two groups; several tokens come over each of the two flows into the join."""
        split, join = self.add(Parallel, "fork"), self.add(self.pick(Parallel, Inclusive), "join")
        for _ in range(2):
            merge = self.add(Exclusive, "merge")
            self.sketch.connect(merge, join)
            for _ in range(self.draw(st.integers(1, 2))):
                self.sketch.chain(split, self.user(), merge)
        return Piece(split, join)

    def choice(self, depth: int) -> Piece:
        """Exclusive branches with a default, which is asked of every diagram; usually merged as they should be."""
        merge = self.add(self.pick(*[Exclusive] * 5, Parallel, Inclusive), "merge")
        return self.conditional(Exclusive, merge, depth)

    def inclusive(self, depth: int) -> Piece:
        """Inclusive branches, usually joined as they should be."""
        merge = self.add(self.pick(*[Inclusive] * 5, Exclusive, Parallel), "merge")
        return self.conditional(Inclusive, merge, depth)

    def conditional(self, kind: type[Exclusive] | type[Inclusive], merge: str, depth: int) -> Piece:
        default = self.sketch.fresh("flow")
        split = self.add(kind, "choice", default=default)
        for _ in range(self.draw(st.integers(1, 2))):
            self.branch(split, merge, depth, when=self.draw(conditions))
        self.branch(split, merge, depth, id=default)
        return Piece(split, merge)

    def implicit(self, depth: int) -> Piece:
        """An activity with several flows out of it, some with conditions."""
        default = self.sketch.fresh("flow")
        maker = self.pick(self.user, self.user, self.script, self.service, self.decide)
        split = maker(default=default)
        merge = self.add(self.pick(Exclusive, Inclusive, Inclusive, Parallel), "merge")
        self.branch(split, merge, depth, when=self.draw(conditions))
        for _ in range(self.draw(st.integers(0, 2))):
            self.branch(split, merge, depth, when=self.pick(None, self.draw(conditions)))
        self.branch(split, merge, depth, id=default)
        return Piece(split, merge)

    def branch(self, split: str, join: str, depth: int, **flow: Any) -> None:
        """One branch between two gateways: straight on, over a piece, or to an end of its own."""
        shape = self.pick("piece", "piece", "piece", "straight", "end")
        reached = bool(self.sketch.body().incoming(join))
        if shape == "straight":
            self.sketch.connect(split, join, **flow)
            return
        piece = self.sequence(depth + 1)
        self.sketch.connect(split, piece.first, **flow)
        self.sketch.connect(piece.last, self.end() if shape == "end" and reached else join)

    def race(self, depth: int) -> Piece:
        """An event-based gateway with any mix of events."""
        gateway, merge = self.add(EventBased, "race"), self.add(Exclusive, "won")
        for _ in range(self.draw(st.integers(2, 3))):
            event = self.add(Receive, "receive", message=self.message()) if self.chance(4) else self.catch()
            self.closed.add(self.sketch.connect(gateway, event))
            last = event if self.chance(2) else self.in_a_row(Piece(event, event), self.single()).last
            self.sketch.connect(last, merge)
        return Piece(gateway, merge)

    # --- loops and links ---------------------------------------------------------------------------------

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

    def link(self, depth: int) -> Piece:
        """Ways that end in a link and go on where it is caught."""
        link = Link(self.sketch.fresh("link"))
        default = self.sketch.fresh("flow")
        split = self.add(Exclusive, "choice", default=default)
        throws = [self.add(Throw, "jump", throws=link) for _ in range(2)]
        self.sketch.connect(split, throws[0], self.draw(conditions))
        self.sketch.connect(split, throws[1], id=default)
        return Piece(split, self.add(Catch, "landing", trigger=link))
