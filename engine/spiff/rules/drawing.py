"""What the rules look at: a diagram's elements and how they hang together, level by level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.spiff.allowed import refused_ids
from engine.spiff.declared import Declared
from engine.spiff.describe import ACTIVITIES, FLOW_NODES, SUB_PROCESSES
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import Node, refusal

THROWS = frozenset({"endEvent", "intermediateThrowEvent"})
LEVELS = SUB_PROCESSES | {"process"}


@dataclass(frozen=True)
class Drawing:
    """A file's elements by id, and its XML. A level is the inside of a process or of a sub-process."""

    root: Node
    elements: Mapping[str, Element]

    @cached_property
    def nodes(self) -> tuple[Element, ...]:
        """All flow nodes, in document order."""
        return tuple(it for it in self.elements.values() if it.type in FLOW_NODES)

    @cached_property
    def flows(self) -> tuple[Element, ...]:
        """All sequence flows, in document order."""
        return tuple(it for it in self.elements.values() if it.type == "sequenceFlow")

    @cached_property
    def declared(self) -> Declared:
        """The file's messages, signals, errors and escalations."""
        return Declared.of(self.root)

    @cached_property
    def refused(self) -> frozenset[str]:
        """The ids of what the allow-list refuses; rules about ways through the diagram can't judge then."""
        return refused_ids(self.root)

    @cached_property
    def levels(self) -> tuple[Element, ...]:
        """Everything that has an inside: processes and sub-processes."""
        return tuple(it for it in self.elements.values() if it.type in LEVELS)

    @cached_property
    def outgoing(self) -> Mapping[str, list[Element]]:
        """The flows that leave a node, by its id."""
        return _by((flow.source, flow) for flow in self.flows)

    @cached_property
    def incoming(self) -> Mapping[str, list[Element]]:
        """The flows that reach a node, by its id."""
        return _by((flow.target, flow) for flow in self.flows)

    @cached_property
    def boundaries(self) -> Mapping[str, list[Element]]:
        """The boundary events of an activity, by its id."""
        return _by((node.attached_to, node) for node in self.nodes if node.type == "boundaryEvent")

    @cached_property
    def sources(self) -> frozenset[str]:
        """The ids of the nodes at which a way begins without a flow: starts, event sub-processes, handlers of
        compensations, and the targets of links."""
        return frozenset(
            it.id
            for it in self.nodes
            if it.type == "startEvent" or it.triggered_by_event or it.for_compensation or _catches_link(it)
        )

    @cached_property
    def sinks(self) -> frozenset[str]:
        """The ids of the nodes that a token need not leave by a flow: ends, event sub-processes, handlers of
        compensations and the events that call them, and the sources of links."""
        return frozenset(
            it.id
            for it in self.nodes
            if it.type == "endEvent" or it.triggered_by_event or it.for_compensation or _goes_elsewhere(it)
        )

    @cached_property
    def insides(self) -> Mapping[str, list[Element]]:
        """The flow nodes of each level, by the level's id."""
        return _by((self.level_of(node), node) for node in self.nodes)

    def inside(self, level: Element) -> list[Element]:
        """Return the flow nodes of one level."""
        return self.insides.get(level.id, [])

    def level(self, element: Element) -> Element:
        """Return the process or sub-process that an element stands in; the process where the sub-process is none."""
        return self.elements.get(self.level_of(element)) or self.elements[element.process]

    def starts(self, level: Element) -> list[Element]:
        """Return the start events of one level."""
        return [node for node in self.inside(level) if node.type == "startEvent"]

    def host(self, event: Element) -> Element | None:
        """Return the activity that a boundary event sits on, if there is one on its level."""
        host = self.elements.get(event.attached_to or "")
        if host is None or host.type not in ACTIVITIES or self.level_of(host) != self.level_of(event):
            return None
        return host

    def level_of(self, element: Element) -> str:
        """Return the id of the process or sub-process that an element stands in."""
        return element.parent or element.process


def _catches_link(node: Element) -> bool:
    return node.event == "link" and node.type == "intermediateCatchEvent"


def _goes_elsewhere(node: Element) -> bool:
    return (node.type, node.event) in {("intermediateThrowEvent", "link"), ("boundaryEvent", "compensate")}


def an(what: str) -> str:
    """Return a word with its article."""
    return f"{'an' if what[:1] in ('a', 'e', 'i', 'o', 'u') else 'a'} {what}"


def said(rule: str, element: Element, message: str, remedy: str) -> Finding:
    """Return a refusal at an element."""
    return refusal(rule, message, remedy, element=element.id, line=element.line)


def warned(rule: str, element: Element, message: str, remedy: str) -> Finding:
    """Return a warning at an element."""
    return Finding(rule, "warning", element.id, element.line, message, remedy)


def _by(pairs: Iterator[tuple[str | None, Element]]) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for key, element in pairs:
        found.setdefault(key or "", []).append(element)
    return found
