"""Activities: what goes into them, what they do, what comes out."""

from __future__ import annotations

from .expressions import ODD, Assignments, Value
from .model import (
    Activity,
    Call,
    Catch,
    Decide,
    End,
    EventBased,
    EventSub,
    Mapped,
    Node,
    Receive,
    Script,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
    UserTask,
)
from .state import Failed, Frame, Place, Stay, Token


class Activities:
    """Begins what a node does, and writes what it brought."""

    def begin(self, stay: Stay, brought: dict[str, Value] | None = None) -> None:
        """Do what a node does once it is entered: its inputs first, then the waits of its boundary events."""
        node = stay.node
        if isinstance(node, Activity) and node.repeated and not stay.is_child:
            self.begin_repeated(stay)
            return
        if isinstance(node, Mapped):
            stay.frame.names = kept(evaluated(node.inputs, stay.around))
        if not stay.is_child:
            self.arm_boundaries(stay)
        self.begin_node(node, stay, brought)

    def begin_node(self, node: Node, stay: Stay, brought: dict[str, Value] | None) -> None:
        match node:
            case UserTask() | ServiceTask():
                pass
            case Script():
                self.do(stay, evaluated(node.writes, stay.frame))
            case Decide():
                self.do(stay, {node.result: stay.frame.visible().get(node.asks)})
            case Receive():
                self.arm(stay, node, node.message)
            case Catch():
                self.arm(stay, node, node.trigger)
            case EventBased():
                self.arm_all(stay)
            case SubProcess():
                stay.inner = Place(node.body, stay.frame, stay)
                self.open(stay.inner, node.body.start())
            case EventSub():
                stay.inner = Place(node.body, stay.frame, stay)
                self.open(stay.inner, node.start, brought)
            case Call():
                own = {**(stay.around.names if stay.is_child else {}), **stay.frame.names}
                handed = stay.frame.visible() if node.all_in else own
                body = self.model.body(node.process)
                stay.inner = Place(body, Frame(None, dict(handed)), stay)
                self.open(stay.inner, body.start())
            case Throw() | End():
                self.throw(stay, node.throws)
            case _:
                self.finish(stay, {})

    def do(self, stay: Stay, results: dict[str, Value]) -> None:
        """Write what a node did by itself and leave it; where it can't be written the doing itself has failed."""
        self.write_out(stay, results)
        self.leave(stay)

    def open(self, place: Place, start: Start, brought: dict[str, Value] | None = None) -> None:
        """Arm the event sub-processes of a place, then put its first token."""
        self.arm_event_subs(place)
        self.moving.append(Token(place, start, brought=brought))

    def write_out(self, stay: Stay, brought: dict[str, Value]) -> None:
        """Write what a node brought, seen from its frame; if it has outputs only these leave it."""
        frame, node = stay.frame, stay.node
        if isinstance(node, Mapped) and node.outputs:
            inside = Frame(frame, dict(brought))
            brought = evaluated(node.outputs, inside)
            frame = stay.around
        brought = kept(brought)
        for name, value in brought.items():
            frame.assign(name, value)

    def place_done(self, stay: Stay) -> None:
        """Leave an activity inside of which nothing is left."""
        place, stay.inner = stay.inner, None
        stay.closed = place
        if stay.is_remade:
            self.part_undone(stay)
        else:
            self.finish(stay, brought_back(stay.node, place))


def evaluated(assignments: Assignments, frame: Frame) -> dict[str, Value]:
    """Evaluate assignments in order, each seeing the ones before it."""
    values: dict[str, Value] = {}
    for name, source in assignments:
        values[name] = source.evaluate({**frame.visible(), **values})
    return values


def kept(values: dict[str, Value]) -> dict[str, Value]:
    """Return values as they can be kept in a frame."""
    for name, value in values.items():
        if value is ODD:
            raise Failed(f"Expected {name} to be a value that can be kept, but it is none.")
    return values


def brought_back(node: Node, place: Place) -> dict[str, Value]:
    """Return what a finished place hands to its activity: nothing, unless it is a called process.

    Without outputs only what the process assigned comes back. Here we part from Camunda 8, where a process also
    hands back what it was handed and so undoes what happened to that beside it.
    """
    if not isinstance(node, Call):
        return {}
    if node.outputs:
        return place.frame.names
    return {name: place.frame.names[name] for name in place.frame.assigned} if node.all_out else {}
