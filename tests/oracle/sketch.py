"""Draws a body piece by piece: nodes, chains of flows, fresh ids."""

from __future__ import annotations

from itertools import pairwise

from .model import Body, Expression, Flow, Model, Node, Process


class Sketch:
    """A body in the making. Sketches of one model share the counter, so that ids are unique in it."""

    def __init__(self, counter: list[int] | None = None) -> None:
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.counter = counter if counter is not None else [0]

    def fresh(self, kind: str) -> str:
        self.counter[0] += 1
        return f"{kind}_{self.counter[0]}"

    def add(self, node: Node) -> Node:
        self.nodes.append(node)
        return node

    def chain(self, *stops: Node | str, when: Expression | None = None) -> None:
        """Connect stops in a row; a node that is new is added; the condition stands on the first flow."""
        for stop in stops:
            if isinstance(stop, Node) and stop not in self.nodes:
                self.nodes.append(stop)
        ids = [stop.id if isinstance(stop, Node) else stop for stop in stops]
        for number, (source, target) in enumerate(pairwise(ids)):
            self.connect(source, target, when if number == 0 else None)

    def connect(self, source: str, target: str, when: Expression | None = None, id: str | None = None) -> str:
        """Add a flow and return its id."""
        flow = Flow(id or self.fresh("flow"), source, target, when)
        self.flows.append(flow)
        return flow.id

    def replace(self, node: Node) -> None:
        """Put a node in the place of the one with the same id."""
        self.nodes = [node if other.id == node.id else other for other in self.nodes]

    def body(self) -> Body:
        return Body(tuple(self.nodes), tuple(self.flows))


def model(**bodies: Sketch | Body) -> Model:
    """Make a model of named processes; the first is the one that is started."""
    ready = {id: body.body() if isinstance(body, Sketch) else body for id, body in bodies.items()}
    return Model(tuple(Process(id, body) for id, body in ready.items()))
