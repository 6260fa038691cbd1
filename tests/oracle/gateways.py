"""Gateways: which flows are taken, and when a join has what it needs."""

from __future__ import annotations

from collections.abc import Iterable

from .expressions import Expression
from .model import Boundary, Catch, Exclusive, Flow, Inclusive, Node, Parallel, Throw
from .state import Failed, Frame, Place, Stay, Token
from .triggers import Link


class Gateways:
    """Splits by conditions, joins by what is on the incoming flows."""

    # --- splits ------------------------------------------------------------------------------------------

    def flows_out(self, stay: Stay) -> list[Flow]:
        """Return the flows over which a token leaves a node, in the order of the document."""
        node, place = stay.node, stay.place
        flows = place.body.outgoing(node.id)
        default = getattr(node, "default", None)
        if not any(flow.when for flow in flows) and default is None and not isinstance(node, Exclusive):
            return flows
        if isinstance(node, Exclusive):
            return [self.first_true(node, flows, place.frame)]
        return all_true(node, flows, place.frame, default)

    def first_true(self, node: Exclusive, flows: list[Flow], frame: Frame) -> Flow:
        """Return the first true flow in the order of the document, else the default."""
        for flow in flows:
            if flow.id != node.default and (flow.when is None or holds(flow.when, frame, node)):
                return flow
        return the_default(node, flows, node.default)

    # --- joins -------------------------------------------------------------------------------------------

    def parks(self, token: Token) -> bool:
        """Say whether a token that comes over a flow has to wait for others at a join, and let it."""
        node, place = token.node, token.place
        incoming = [flow.id for flow in place.body.incoming(node.id)]
        if not isinstance(node, Parallel | Inclusive) or len(incoming) == 1:
            return False
        place.parked[token.flow.id] += 1
        if isinstance(node, Inclusive) or not self.all_are_there(place, incoming):
            return True
        place.parked.subtract(incoming)
        return False

    def all_are_there(self, place: Place, incoming: list[str]) -> bool:
        """Say whether a parallel join has a token on each flow; further ones queue on their flow."""
        return all(place.parked[flow] for flow in incoming)

    def join_one(self) -> bool:
        """Let one inclusive join that is ready go on; it takes a token from each flow that has one."""
        ready = [
            (place, node)
            for place in reversed(self.places())
            for node in place.body.nodes
            if isinstance(node, Inclusive) and self.is_ready(place, node)
        ]
        if not ready:
            return False
        place, node = ready[self.choose(len(ready))]
        filled, _ = self.incoming(place, node)
        place.parked.subtract(flow.id for flow in filled)
        self.moving.append(Token(place, node))
        return True

    def is_ready(self, place: Place, node: Inclusive) -> bool:
        """BPMN 2.0.2, 13.4.3: a flow has a token, and no token elsewhere should be waited for.

        Should be waited for is one that can get to an empty flow, and not to one that has a token.
        """
        filled, empty = self.incoming(place, node)
        return bool(filled) and not any(
            reaches(place, start, node, empty) and not reaches(place, start, node, filled)
            for start in self.elsewhere(place, node)
        )

    def incoming(self, place: Place, node: Node) -> tuple[list[Flow], list[Flow]]:
        """Return the flows into a join with a token, and those without."""
        flows = place.body.incoming(node.id)
        return [flow for flow in flows if place.parked[flow.id]], [
            flow for flow in flows if not place.parked[flow.id]
        ]

    def elsewhere(self, place: Place, node: Node) -> list[Node]:
        """Return the nodes from which the tokens of a place go on that don't wait at a join itself."""
        waiting = [
            place.body.node(flow.target)
            for flow in place.body.flows
            if place.parked[flow.id] and flow.target != node.id
        ]
        return [*(stay.node for stay in place.stays), *waiting]

    def stuck_joins(self) -> list[str]:
        """Return the joins at which tokens wait for others that can't come any more."""
        return [id for place in self.places() for id in self.stuck_in(place)]

    def stuck_in(self, place: Place) -> list[str]:
        """A join can still go on when tokens can come over all flows it lacks; then it may let others go on."""
        waiting = [
            place.body.node(id) for id in {flow.target for flow in place.body.flows if place.parked[flow.id]}
        ]
        sources = [stay.node for stay in place.stays]
        while going := next((join for join in waiting if self.may_go_on(place, join, sources)), None):
            waiting.remove(going)
            sources.append(going)
        return [join.id for join in waiting]

    def may_go_on(self, place: Place, join: Node, sources: list[Node]) -> bool:
        _, empty = self.incoming(place, join)
        if isinstance(join, Inclusive):
            return any(reaches(place, source, join, empty) for source in sources) or self.is_ready(
                place, join
            )
        return all(any(reaches(place, source, join, [flow]) for source in sources) for flow in empty)


def all_true(node: Node, flows: list[Flow], frame: Frame, default: str | None) -> list[Flow]:
    """Return the flows without a condition and those whose condition is true; the default where none of these is."""
    rest = [flow for flow in flows if flow.id != default]
    true = [flow for flow in rest if flow.when and holds(flow.when, frame, node)]
    taken = [flow for flow in rest if flow.when is None] + true
    if default is not None and not true:
        taken.append(the_default(node, flows, default))
    if not taken:
        raise Failed(f"Expected a flow out of {node.id} to be true, but none is and there is no default.")
    return [flow for flow in flows if flow in taken]


def the_default(node: Node, flows: Iterable[Flow], default: str | None) -> Flow:
    for flow in flows:
        if flow.id == default:
            return flow
    raise Failed(f"Expected a flow out of {node.id} to be true, but none is and there is no default.")


def holds(condition: Expression, frame: Frame, node: Node) -> bool:
    value = condition.evaluate(frame.visible())
    if not isinstance(value, bool):
        raise Failed(f"Expected {condition.feel()} at {node.id} to be true or false, but it is {value!r}.")
    return value


def reaches(place: Place, start: Node, join: Node, wanted: list[Flow]) -> bool:
    """Say whether a path leads from a node to one of some flows into a join without going through that join."""
    seen, open_nodes = set(), [start]
    while open_nodes:
        node = open_nodes.pop()
        if node.id in seen or (node is join and node is not start):
            continue
        seen.add(node.id)
        for flow in place.body.outgoing(node.id):
            if flow in wanted:
                return True
            open_nodes.append(place.body.node(flow.target))
        open_nodes += boundaries_and_links(place, node)
    return False


def boundaries_and_links(place: Place, node: Node) -> list[Node]:
    """Return the nodes at which a token may go on from a node without a flow."""
    found: list[Node] = list(place.body.boundaries(node.id))
    if isinstance(node, Throw) and isinstance(node.throws, Link):
        found.append(place.body.link(node.throws.name))
    return [each for each in found if isinstance(each, Boundary | Catch)]
