"""What a process is, as plain frozen data: nodes and flows in bodies, bodies in processes.

The element ids are unique in a whole model, so an id alone says where something is. The expressions are a small
language of their own: the oracle evaluates them itself and prints them as FEEL for the engine, so that two
evaluators check each other. `None` is FEEL's null; numbers are ints, and no name ever holds two kinds of value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Value = bool | int | str | None


@dataclass(frozen=True)
class Fixed:
    """Never changes, so a copy of an instance that points at it goes on pointing at the same one."""

    def __deepcopy__(self, memo: dict[int, object]) -> Fixed:
        return self


# --- expressions -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Const(Fixed):
    value: Value

    def feel(self) -> str:
        return "null" if self.value is None else json.dumps(self.value)

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        return self.value


@dataclass(frozen=True)
class Name(Fixed):
    name: str

    def feel(self) -> str:
        return self.name

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        return names.get(self.name)


@dataclass(frozen=True)
class Plus(Fixed):
    name: str
    amount: int

    def feel(self) -> str:
        return f"{self.name} + {self.amount}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        return None if value is None else value + self.amount


@dataclass(frozen=True)
class Equals(Fixed):
    name: str
    value: Value

    def feel(self) -> str:
        return f"{self.name} = {Const(self.value).feel()}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        return names.get(self.name) == self.value


@dataclass(frozen=True)
class Below(Fixed):
    name: str
    bound: int

    def feel(self) -> str:
        return f"{self.name} < {self.bound}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        return None if value is None else value < self.bound


Expression = Const | Name | Plus | Equals | Below
Assignments = tuple[tuple[str, Expression], ...]


# --- what a node may wait for ----------------------------------------------------------------------------


@dataclass(frozen=True)
class After(Fixed):
    """A timer that falls due a duration after it was armed."""

    span: timedelta


@dataclass(frozen=True)
class At(Fixed):
    """A timer that falls due at a moment, at once if that is past."""

    moment: datetime


@dataclass(frozen=True)
class Every(Fixed):
    """A timer that falls due again and again on the grid of its arming; `rounds` None is for ever."""

    span: timedelta
    rounds: int | None


@dataclass(frozen=True)
class Message(Fixed):
    """A message by name; the key is evaluated when the wait begins, None is a message to the instance itself."""

    name: str
    key: Expression | None = None


Trigger = After | At | Every | Message


# --- nodes and flows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node(Fixed):
    id: str


@dataclass(frozen=True)
class Start(Node):
    message: Message | None = None


@dataclass(frozen=True)
class End(Node):
    terminate: bool = False


@dataclass(frozen=True)
class Mapped(Node):
    """A node with mappings: inputs make variables of its own, outputs say what leaves it; in order, each."""

    inputs: Assignments = ()
    outputs: Assignments = ()


@dataclass(frozen=True)
class UserTask(Mapped):
    pass


@dataclass(frozen=True)
class ServiceTask(Mapped):
    pass


@dataclass(frozen=True)
class SendTask(Node):
    """Sends and goes on; what is sent is no matter of tokens."""


@dataclass(frozen=True)
class Script(Mapped):
    """Assigns in order, a later one seeing the earlier ones."""

    writes: Assignments = ()


@dataclass(frozen=True)
class Decide(Mapped):
    """A business rule task; the answer of its decision is the value of a variable, or null."""

    asks: str = "x"
    result: str = "y"


@dataclass(frozen=True)
class Receive(Mapped):
    message: Message = Message("news")


@dataclass(frozen=True)
class Catch(Mapped):
    trigger: Trigger = Message("news")


@dataclass(frozen=True)
class Boundary(Mapped):
    host: str = ""
    trigger: Trigger = Message("news")
    interrupting: bool = True


@dataclass(frozen=True)
class Exclusive(Node):
    default: str | None = None


@dataclass(frozen=True)
class Parallel(Node):
    pass


@dataclass(frozen=True)
class SubProcess(Mapped):
    body: Body = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Call(Mapped):
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

    def start(self) -> Start:
        return next(node for node in self.nodes if isinstance(node, Start))

    def outgoing(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == id]

    def incoming(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == id]

    def boundaries(self, host: str) -> list[Boundary]:
        return [node for node in self.nodes if isinstance(node, Boundary) and node.host == host]

    def everything(self) -> Iterator[Node]:
        """Yield the nodes of this body and of all sub-processes in it."""
        for node in self.nodes:
            yield node
            if isinstance(node, SubProcess):
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
