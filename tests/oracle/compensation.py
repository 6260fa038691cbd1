"""Compensation: what was completed is remembered, and undone in reverse order with the variables of its time."""

from __future__ import annotations

from .model import Activity, Body, Call, End, EventSub, SubProcess, Throw
from .state import Frame, Memory, Place, Recalled, Stay, Token
from .triggers import Cancel, Compensate


class Compensation:
    """Remembers activities that can be undone, and runs what undoes them, one after the other."""

    # --- remembering -------------------------------------------------------------------------------------

    def remember(self, stay: Stay) -> None:
        """Remember an activity that is complete, if its boundary or its inside says how it is undone."""
        repeated = isinstance(stay.node, Activity) and stay.node.repeated is not None
        if stay.is_part or (repeated and not stay.is_child):
            return  # each child is remembered by itself
        place, closed = stay.place, stay.closed
        undo = place.body.undo(stay.node.id)
        inside = closed is not None and (closed.memories or undoing_event_sub(closed.body))
        if not undo and not inside:
            return
        memory = Memory(stay.node, stay.number, stay.frame.visible(), next(self.serial))
        if undo:
            memory.handler = place.body.node(undo.handler)
        else:
            memory.own, memory.inside = dict(closed.frame.names), closed.memories
            memory.seen = closed.frame.visible()
        place.memories.append(memory)

    def memories_of(self, place: Place, activity: str | None = None) -> list[tuple[Place, Memory]]:
        """Take what may be undone in a place, or of one activity there, the last that was completed first.

        Around an event sub-process, that is also what its scope remembers.
        """
        found = [(place, memory) for memory in place.memories if activity in (None, memory.node.id)]
        place.memories = [memory for memory in place.memories if activity not in (None, memory.node.id)]
        if place.owner and isinstance(place.owner.node, EventSub):
            found += self.memories_of(place.owner.place, activity)
        return sorted(found, key=lambda pair: -pair[1].serial)

    # --- undoing -----------------------------------------------------------------------------------------

    def compensate(self, stay: Stay, thrown: Compensate) -> None:
        self.undo(stay, self.memories_of(stay.place, thrown.activity))

    def undo(self, stay: Stay, memories: list[tuple[Place, Memory]]) -> None:
        stay.undoing = memories
        self.undo_next(stay)

    def undo_next(self, stay: Stay) -> None:
        """Undo what comes next, or go on where all is undone."""
        if stay.undoing:
            self.undo_one(stay, *stay.undoing.pop(0))
        elif isinstance(stay.node, End) and stay.node.throws == Cancel():
            self.transaction_undone(stay)
        elif isinstance(stay.node, Throw | End):
            self.finish(stay, {})
        else:
            self.part_undone(stay)

    def undo_one(self, stay: Stay, place: Place, memory: Memory) -> None:
        if memory.handler:
            self.note("compensating", memory.node, place, memory.node.id, memory.handler.id)
            around = Recalled(place.frame, memory.seen)
            self.moving.append(Token(place, memory.handler, around=around, parent=stay))
        else:
            self.undo_inside(stay, place, memory)

    def undo_inside(self, stay: Stay, place: Place, memory: Memory) -> None:
        """Make the scope of a finished activity again, and undo there what was done."""
        node = memory.node
        frame = Frame(None if isinstance(node, Call) else place.frame, memory.own)
        again = Stay(node, place, place.frame, frame, self.now, stay, memory.number, is_remade=True)
        stay.inside.append(again)
        inner = again.inner = Place(self.body_of(node), frame, again, memories=memory.inside)
        event_sub = undoing_event_sub(inner.body)
        if event_sub:
            self.note("compensating", node, place, node.id, event_sub.id)
            around = Recalled(frame, memory.seen)
            self.moving.append(Token(inner, event_sub, brought={}, around=around))
        else:
            self.note("compensating", node, place, node.id, None)
            inner.undone = True
            self.undo(again, self.memories_of(inner))

    def part_undone(self, stay: Stay) -> None:
        """Drop a scope that was made again, and go on with what threw."""
        self.remove(stay)
        self.undo_next(stay.parent)

    def body_of(self, node: object) -> Body:
        if isinstance(node, Call):
            return self.model.body(node.process)
        assert isinstance(node, SubProcess | EventSub)
        return node.body


def undoing_event_sub(body: Body) -> EventSub | None:
    """Return the event sub-process that undoes a scope, if it has one."""
    return next((each for each in body.event_subs() if isinstance(each.start.trigger, Compensate)), None)
