"""Rules about event-based gateways: behind each flow one event that only this gateway waits for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said, warned

_CAUGHT = ("timer", "message", "signal", "conditional")


def races(drawing: Drawing) -> Iterator[Finding]:
    """An event-based gateway has two ways or more, each with an event to wait for."""
    for gateway in drawing.nodes:
        if gateway.type != "eventBasedGateway":
            continue
        ways = drawing.outgoing.get(gateway.id, [])
        if len(ways) < 2:
            message = f"Expected {gateway.title!r} to wait for two events or more, but it has {len(ways)}."
            yield said("event-gateway", gateway, message, "Draw a flow to each catch event it waits for.")
        targets = (drawing.elements.get(it.target or "") for it in ways)
        waiting = [node for node in targets if node is not None]
        for node in waiting:
            yield from _target(drawing, gateway, node)
        yield from _doubled(waiting)


def _target(drawing: Drawing, gateway: Element, node: Element) -> Iterator[Finding]:
    catches = node.type == "intermediateCatchEvent" and node.event in _CAUGHT
    if not catches and node.type != "receiveTask":
        if node.id not in drawing.refused:
            message = (
                f"Expected a catch event or receive task behind {gateway.title!r}, but found {node.title!r}."
            )
            remedy = "Draw a timer, message, signal or conditional catch event there."
            yield said("event-gateway", node, message, remedy)
        return
    for what in _wrong(drawing, node):
        message = f"Expected {node.title!r} behind {gateway.title!r} {what}."
        yield said("event-gateway", node, message, "Draw an event of its own for this gateway.")


def _wrong(drawing: Drawing, node: Element) -> Iterator[str]:
    if len(drawing.incoming.get(node.id, [])) > 1:
        yield "to be reached from there only, but other flows lead to it"
    if node.id in drawing.boundaries:
        yield "without boundary events, but it has some"
    if node.loop is not None:
        yield "to wait once, but it is repeated"
    if node.inputs:
        yield "without input mappings, but it has some, and waits before it is entered"


def _doubled(waiting: list[Element]) -> Iterator[Finding]:
    seen: set[tuple[str | None, str | None]] = set()
    for node in waiting:
        named = (node.message, node.signal)
        if named in seen and named != (None, None):
            message = (
                f"Expected each message and signal once behind a gateway, but {node.title!r} waits for one"
            )
            message += " that another one gets first."
            yield warned("never-happens", node, message, "Remove it, or wait for something else.")
        seen.add(named)


RULES = (races,)
