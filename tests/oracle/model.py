"""What a process is, as plain frozen data: nodes and flows in bodies, bodies in processes.

The element ids are unique in a whole model, so an id alone says where something is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .expressions import Assignments, Expression, Fixed
from .triggers import Link, Message, Signal, Thrown, Trigger

NEWS = Message("news")

# --- how often an activity is done -----------------------------------------------------------------------


@dataclass(frozen=True)
class Many(Fixed):
    """Multi-instance: once for each item of `collection`, or `cardinality` times.

    `item` names the variable that holds an item; `results` is a list of what `result` is for each child;
    `completion` ends it early.
    """

    sequential: bool = False
    collection: Expression | None = None
    cardinality: Expression | None = None
    item: str | None = None
    results: str | None = None
    result: Expression | None = None
    completion: Expression | None = None


@dataclass(frozen=True)
class Rounds(Fixed):
    """A standard loop: again as long as `when` is true, at most `most` times."""

    when: Expression | None = None
    before: bool = False
    most: int | None = None


Repeated = Many | Rounds


# --- nodes and flows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node(Fixed):
    id: str


@dataclass(frozen=True)
class Mapped(Node):
    """A node with mappings: inputs make variables of its own, outputs say what leaves it; in order, each."""

    inputs: Assignments = ()
    outputs: Assignments = ()


@dataclass(frozen=True)
class Start(Mapped):
    """Of a process: plain, or by a message or signal. Of an event sub-process: by any trigger."""

    trigger: Trigger | None = None
    interrupting: bool = True


@dataclass(frozen=True)
class End(Mapped):
    throws: Thrown | None = None


@dataclass(frozen=True)
class Throw(Mapped):
    """An intermediate throw event; None throws nothing."""

    throws: Thrown | None = None


@dataclass(frozen=True)
class Catch(Mapped):
    """An intermediate catch event; that of a link is where its throws go on."""

    trigger: Trigger = NEWS


@dataclass(frozen=True)
class Boundary(Mapped):
    host: str = ""
    trigger: Trigger = NEWS
    interrupting: bool = True


@dataclass(frozen=True)
class Undo(Node):
    """A compensation event on the boundary of `host`, with the activity that undoes it."""

    host: str
    handler: str


@dataclass(frozen=True)
class Exclusive(Node):
    default: str | None = None


@dataclass(frozen=True)
class Inclusive(Node):
    default: str | None = None


@dataclass(frozen=True)
class Parallel(Node):
    pass


@dataclass(frozen=True)
class EventBased(Node):
    """Its flows lead to catch events and receive tasks, all of which it waits for."""


@dataclass(frozen=True)
class Activity(Mapped):
    """What can have a boundary, be repeated, split by itself (with a default), and undo another one."""

    repeated: Repeated | None = None
    default: str | None = None
    handler: bool = False


@dataclass(frozen=True)
class UserTask(Activity):
    pass


@dataclass(frozen=True)
class ServiceTask(Activity):
    pass


@dataclass(frozen=True)
class SendTask(Activity):
    """Sends and goes on; what is sent is no matter of tokens."""


@dataclass(frozen=True)
class Script(Activity):
    """Assigns in order, a later one seeing the earlier ones."""

    writes: Assignments = ()


@dataclass(frozen=True)
class Decide(Activity):
    """A business rule task; the answer of its decision is the value of a variable, or null."""

    asks: str = "x"
    result: str = "y"


@dataclass(frozen=True)
class Receive(Activity):
    message: Message = NEWS


@dataclass(frozen=True)
class SubProcess(Activity):
    body: Body = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Transaction(SubProcess):
    pass


@dataclass(frozen=True)
class EventSub(Node):
    """A sub-process that no flow leads to: the event of its start event starts it while its scope is open."""

    body: Body

    @property
    def start(self) -> Start:
        return self.body.starts()[0]


@dataclass(frozen=True)
class Call(Activity):
    """Runs another process with variables of its own; by default all go in and all come back."""

    process: str = ""
    all_in: bool = True
    all_out: bool = True


@dataclass(frozen=True)
class Flow(Fixed):
    id: str
    source: str
    target: str
    when: Expression | None = None


@dataclass(frozen=True)
class Body(Fixed):
    """The inside of a process or sub-process; the order of the flows is that of the document."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    def node(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)

    def starts(self) -> list[Start]:
        return [node for node in self.nodes if isinstance(node, Start)]

    def start(self, by: Message | Signal | None = None) -> Start:
        return next(node for node in self.starts() if node.trigger == by)

    def outgoing(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == id]

    def incoming(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == id]

    def boundaries(self, host: str) -> list[Boundary]:
        return [node for node in self.nodes if isinstance(node, Boundary) and node.host == host]

    def undo(self, host: str) -> Undo | None:
        return next((node for node in self.nodes if isinstance(node, Undo) and node.host == host), None)

    def event_subs(self) -> list[EventSub]:
        return [node for node in self.nodes if isinstance(node, EventSub)]

    def link(self, name: str) -> Catch:
        return next(node for node in self.nodes if isinstance(node, Catch) and node.trigger == Link(name))

    def everything(self) -> Iterator[Node]:
        """Yield the nodes of this body and of all sub-processes in it."""
        for node in self.nodes:
            yield node
            if isinstance(node, SubProcess | EventSub):
                yield from node.body.everything()


@dataclass(frozen=True)
class Process(Fixed):
    id: str
    body: Body


@dataclass(frozen=True)
class Model(Fixed):
    """Some processes; the first is the one that is started."""

    processes: tuple[Process, ...]

    def body(self, process: str) -> Body:
        return next(each.body for each in self.processes if each.id == process)
