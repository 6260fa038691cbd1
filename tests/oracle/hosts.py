"""Draws activities with something about them: an inside, boundary events, repetition, what undoes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from .blocks import Blocks, Piece
from .expressions import Below, Const, Equals, Expression, Name, Plus
from .model import (
    Body,
    Boundary,
    Call,
    EventSub,
    Exclusive,
    Many,
    Repeated,
    Rounds,
    Start,
    SubProcess,
    Transaction,
    Undo,
)
from .triggers import Cancel, Compensate, Error, Escalation, Trigger
from .values import certain, collections, cycles, mappings, once, sure

INSIDE = 2


class Hosts(Blocks):
    """Draws what is about activities; `inner_body` is the drawer of bodies inside of this one."""

    def inner_body(self, depth: int, **facts: Any) -> Body:
        raise NotImplementedError

    # --- an inside ---------------------------------------------------------------------------------------

    def sub_process(self, depth: int, kind: type[SubProcess] = SubProcess, **facts: Any) -> str:
        body = self.inner_body(depth + 1, in_transaction=kind is Transaction)
        return self.add(kind, "sub", body=body, **self.mapped(), **facts)

    def call(self, **facts: Any) -> str:
        spread = {"all_in": self.draw(st.booleans()), "all_out": self.draw(st.booleans())}
        return self.add(Call, "call", process=self.pick(*self.calls), **spread, **self.mapped(), **facts)

    def inside(self, depth: int, **facts: Any) -> Piece:
        """A sub-process or a call."""
        calls = self.calls and self.draw(st.booleans())
        node = self.call(**facts) if calls else self.sub_process(depth, **facts)
        return Piece(node, node)

    def transaction(self, depth: int) -> Piece:
        """A transaction, with the way out when it is cancelled."""
        host, merge = self.sub_process(depth, Transaction), self.add(Exclusive, "beyond")
        self.sketch.connect(host, merge)
        self.way_out(self.add(Boundary, "bound", host=host, trigger=Cancel()), merge, depth)
        for _ in range(self.draw(st.integers(0, 1))):
            self.boundary(host, merge, depth, has_inside=True)
        return Piece(host, merge)

    # --- boundary events ---------------------------------------------------------------------------------

    def guarded(self, depth: int) -> Piece:
        """An activity with one or two boundary events."""
        plain = [self.user, self.user, self.receive, self.service]
        holding: list[Callable[[], str]] = [lambda: self.inside(depth).first] * INSIDE
        if self.theme in ("errors", "escalations", "event_subs"):
            holding *= 3
        maker = self.pick(*plain, *holding)
        host, merge = maker(), self.add(Exclusive, "beyond")
        self.sketch.connect(host, merge)
        for _ in range(self.draw(st.integers(1, 2))):
            self.boundary(host, merge, depth, maker in holding, maker == self.service)
        return Piece(host, merge)

    def boundary(
        self, host: str, merge: str, depth: int, has_inside: bool = False, is_service: bool = False
    ) -> None:
        taken = [each.trigger for each in self.sketch.body().boundaries(host)]
        trigger, interrupting = self.crossing(has_inside, is_service)
        if trigger in taken and isinstance(trigger, Error | Escalation):
            return  # two catchers of one code on one boundary are refused
        facts = {"trigger": trigger, "interrupting": interrupting, "outputs": self.draw(mappings)}
        self.way_out(self.add(Boundary, "bound", host=host, **facts), merge, depth)

    def crossing(self, has_inside: bool, is_service: bool) -> tuple[Trigger, bool]:
        """Return what a boundary event waits for, and whether it interrupts."""
        kinds = ["timers", "messages", "signals", "conditions"]
        kinds += ["errors"] * 2 * (has_inside or is_service) + ["escalations"] * 2 * has_inside
        favourite = [self.theme] * 4 if self.theme in kinds else []
        kind = self.pick(*kinds, *favourite)
        interrupting = kind == "errors" or self.draw(st.booleans())
        makers: dict[str, Callable[[], Trigger]] = {
            "timers": lambda: self.draw(once if interrupting else st.one_of(once, cycles, cycles)),
            "messages": self.message,
            "signals": self.signal,
            "conditions": self.condition,
            "errors": lambda: self.caught(Error),
            "escalations": lambda: self.caught(Escalation),
        }
        return makers[kind](), interrupting

    def way_out(self, event: str, merge: str, depth: int) -> None:
        last = event
        if self.pick(True, True, False):
            piece = self.sequence(depth + 1)
            self.sketch.connect(event, piece.first)
            last = piece.last
        self.sketch.connect(last, merge if self.draw(st.booleans()) else self.end())

    # --- event sub-processes -----------------------------------------------------------------------------

    def event_sub(self, depth: int) -> None:
        """An event sub-process of this body; at most one undoes it, and none of a process that is started."""
        undoes = depth > 0 or not self.is_main
        if undoes and self.chance(5, "compensation") and not self.has_undoing():
            trigger: Trigger = Compensate()
            interrupting = True
        else:
            trigger, interrupting = self.starting()
        start = Start(
            self.sketch.fresh("start"),
            trigger=trigger,
            interrupting=interrupting,
            outputs=self.payload_of(trigger),
        )
        others = [each.start.trigger for each in self.sketch.body().event_subs()]
        if not (trigger in others and isinstance(trigger, Error | Escalation)):
            self.add(EventSub, "event_sub", body=self.inner_body(depth + 1, start=start))

    def starting(self) -> tuple[Trigger, bool]:
        """Return what an event sub-process waits for, and whether it interrupts."""
        kinds = ["timers", "messages", "signals", "conditions", "errors", "escalations"]
        kind = self.pick(*kinds, *([self.theme] * 6 if self.theme in kinds else []))
        interrupting = kind == "errors" or self.draw(st.booleans())
        makers: dict[str, Callable[[], Trigger]] = {
            "timers": lambda: self.draw(sure if interrupting else st.one_of(sure, cycles)),
            "messages": self.message,
            "signals": self.signal,
            "conditions": self.condition,
            "errors": lambda: self.caught(Error),
            "escalations": lambda: self.caught(Escalation),
        }
        return makers[kind](), interrupting

    def has_undoing(self) -> bool:
        return any(isinstance(each.start.trigger, Compensate) for each in self.sketch.body().event_subs())

    def payload_of(self, trigger: Trigger) -> Any:
        return () if isinstance(trigger, Compensate) else self.draw(mappings)

    # --- compensation ------------------------------------------------------------------------------------

    def undone(self, depth: int) -> Piece:
        """An activity with what undoes it."""
        makers: list[Callable[..., str]] = [self.user, self.user, self.service, self.script, self.receive]
        inside = [lambda **facts: self.inside(depth, **facts).first] if depth < INSIDE else []
        repeated = {"repeated": self.many()} if self.chance(6) else {}
        host = self.pick(*makers, *inside)(**repeated)
        handler = self.pick(*makers, self.decide, *inside * INSIDE)(handler=True)
        self.add(Undo, "undo", host=host, handler=handler)
        self.undoable.append(host)
        return Piece(host, host)

    # --- repetition --------------------------------------------------------------------------------------

    def repeated(self, depth: int) -> Piece:
        """An activity that is done several times."""
        by_theme = {"loops": self.rounds, "multi_instance": self.many}
        rule = by_theme.get(self.theme, self.pick(self.rounds, self.many))()
        makers: list[Callable[..., str]] = [self.user, self.user, self.service, self.script, self.receive]
        makers.append(lambda **facts: self.inside(depth, **facts).first)
        maker = self.pick(*makers, *makers[-1:] * INSIDE)
        host = maker(repeated=rule)
        if self.chance(2):
            return Piece(host, host)
        merge = self.add(Exclusive, "beyond")
        self.sketch.connect(host, merge)
        self.boundary(host, merge, depth, maker is makers[-1], maker == self.service)
        return Piece(host, merge)

    def many(self) -> Repeated:
        from_list = self.chance(2)
        result: Expression | None = self.pick(None, Name("r"), Name("x"), Plus("loopCounter", 1), Name("it"))
        return Many(
            sequential=self.draw(st.booleans()),
            collection=self.draw(collections) if from_list else None,
            cardinality=None if from_list else self.pick(Const(2), Const(3), Name("x"), Const(0)),
            item=self.pick("it", None) if from_list else None,
            results="rs" if result else None,
            result=result,
            completion=self.pick(None, None, *self.completions()),
        )

    def completions(self) -> list[Expression]:
        done = Equals("numberOfCompletedInstances", self.draw(st.integers(1, 2)))
        left = Below("numberOfActiveInstances", self.draw(st.integers(0, 2)))
        return [done, left, Equals("loopCounter", 2), self.draw(certain)]

    def rounds(self) -> Repeated:
        before = self.draw(st.booleans())
        when = self.pick(Below("loopCounter", self.draw(st.integers(1, 3))), self.draw(certain), None)
        return Rounds(when=when, before=before, most=self.pick(1, 2, 3))
