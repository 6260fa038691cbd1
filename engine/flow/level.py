"""A level of a diagram: what stands directly inside a process, a sub-process or an event sub-process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.spiff import Diagram, Element

SUB_PROCESSES = frozenset({"subProcess", "transaction"})
AUTOMATIC_TASKS = frozenset({"scriptTask", "businessRuleTask", "sendTask"})
FROM_OUTSIDE = frozenset({"timer", "message", "signal", "conditional"})
"""Kinds of events that may come at any time, or never."""


@dataclass(frozen=True)
class Level:
    """One level: its nodes by id in document order, and how they hang together."""

    owner: Element
    nodes: Mapping[str, Element]
    out: Mapping[str, list[Element]]
    into: Mapping[str, list[Element]]
    borders: Mapping[str, list[Element]]
    flows: Mapping[str, Element]
    links: Mapping[str, Element]
    event_subs: list[tuple[Element, Element]] = field(default_factory=list)
    """Event sub-processes with the start event inside of each."""

    @property
    def key(self) -> tuple[str, str]:
        """What the level is known by in a pack: its process and its own id."""
        return self.owner.process, self.owner.id

    @property
    def starts(self) -> list[Element]:
        """Where the level may begin; each is a beginning of its own."""
        return [node for node in self.nodes.values() if node.type == "startEvent"]

    def leaving(self, node: Element) -> list[Element]:
        """Return the sequence flows out of a node."""
        return self.out.get(node.id, [])

    def entering(self, node: Element) -> list[Element]:
        """Return the sequence flows into a node."""
        return self.into.get(node.id, [])

    def boundaries(self, node: Element) -> list[Element]:
        """Return the events on a node's border, without those of compensation: no token goes there."""
        return [event for event in self.borders.get(node.id, []) if event.event != "compensate"]

    def target(self, flow: Element) -> Element:
        """Return the node that a flow leads to."""
        return self.nodes[flow.target or ""]

    def link_target(self, node: Element) -> Element | None:
        """Return the link catch event that a link throw event goes on at; None for every other node."""
        throws = node.type == "intermediateThrowEvent" and node.event == "link"
        return self.links.get(node.link or "") if throws else None

    def is_join(self, node: Element) -> bool:
        """Say whether a node waits for tokens of several flows."""
        return node.type in ("parallelGateway", "inclusiveGateway") and len(self.entering(node)) > 1


def levels(diagram: Diagram) -> list[Level]:
    """Return all levels of a diagram, those inside before those around them."""
    insides: dict[tuple[str, str], list[Element]] = {}
    for element in diagram.elements.values():
        insides.setdefault((element.process, element.parent or element.process), []).append(element)
    owners = [it for it in diagram.elements.values() if it.type == "process" or it.type in SUB_PROCESSES]
    found = [_level(owner, insides) for owner in owners]
    return sorted(found, key=lambda level: -_depth(level.owner, diagram.elements))


def _level(owner: Element, insides: Mapping[tuple[str, str], list[Element]]) -> Level:
    inside = insides.get((owner.process, owner.id), [])
    nodes = {it.id: it for it in inside if _is_node(it)}
    flows = {
        it.id: it for it in inside if it.type == "sequenceFlow" and {it.source, it.target} <= nodes.keys()
    }
    subs = [it for it in nodes.values() if it.triggered_by_event]
    starts = {sub.id: _start(insides.get((sub.process, sub.id), [])) for sub in subs}
    return Level(
        owner,
        nodes,
        _by((flow.source, flow) for flow in flows.values()),
        _by((flow.target, flow) for flow in flows.values()),
        _by((it.attached_to, it) for it in nodes.values() if it.type == "boundaryEvent"),
        flows,
        {
            it.link or "": it
            for it in nodes.values()
            if it.event == "link" and it.type == "intermediateCatchEvent"
        },
        [(sub, start) for sub in subs if (start := starts[sub.id]) is not None],
    )


def _is_node(element: Element) -> bool:
    named = element.type.endswith(("Task", "Event", "Gateway"))
    return named or element.type in SUB_PROCESSES or element.type == "callActivity"


def _start(inside: Iterable[Element]) -> Element | None:
    return next((it for it in inside if it.type == "startEvent"), None)


def _depth(owner: Element, elements: Mapping[str, Element]) -> int:
    depth = int(owner.type != "process")
    while owner.parent is not None:
        owner, depth = elements[owner.parent], depth + 1
    return depth


def _by(pairs: Iterator[tuple[str | None, Element]]) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for key, element in pairs:
        found.setdefault(key or "", []).append(element)
    return found
