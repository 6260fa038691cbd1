"""Rules about conditions and about how many flows leave a node: never a silent choice, never a silent fork."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import ACTIVITIES
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said

_CHOOSE = frozenset({"exclusiveGateway", "inclusiveGateway"})
_MAY_ASK = _CHOOSE | ACTIVITIES


def choices(drawing: Drawing) -> Iterator[Finding]:
    """An exclusive or inclusive gateway that asks has a default, and one with several ways asks on every other."""
    for gateway in drawing.nodes:
        ways = drawing.outgoing.get(gateway.id, [])
        if gateway.type not in _CHOOSE or not (len(ways) > 1 or any(flow.condition for flow in ways)):
            continue
        if gateway.default is None and not any(_always(flow) for flow in ways):
            yield _no_default(gateway, len(ways))
        for flow in ways:
            yield from _condition(gateway, flow)


def _no_default(gateway: Element, ways: int) -> Finding:
    remedy = "Choose the flow to take when no condition is true."
    found = f"none of its {ways} flows is it" if ways > 1 else "its only flow has a condition"
    message = f"Expected {gateway.title!r} to have a default flow, but {found}."
    return said("gateway-default", gateway, message, remedy)


def _always(flow: Element) -> bool:
    return (flow.condition or "").removeprefix("=").strip() == "true"


def _condition(gateway: Element, flow: Element) -> Iterator[Finding]:
    if flow.id == gateway.default:
        if flow.condition:
            message = f"Expected the default flow {flow.title!r} to have no condition, but it has one."
            yield said("gateway-condition", flow, message, "Remove the condition: it would never be asked.")
    elif not flow.condition:
        message = f"Expected a condition on {flow.title!r} out of {gateway.title!r}, but it has none."
        yield said("gateway-condition", flow, message, "Write a condition, or make it the default flow.")


def conditions_elsewhere(drawing: Drawing) -> Iterator[Finding]:
    """Only activities, exclusive and inclusive gateways ask conditions or have a default."""
    for flow in drawing.flows:
        source = drawing.elements.get(flow.source or "")
        if flow.condition is not None and source is not None and source.type not in _MAY_ASK:
            message = f"Expected conditions behind activities and choosing gateways only, but {flow.title!r}"
            message += f" has one and leaves {source.title!r}."
            yield said("condition-place", flow, message, "Put an exclusive gateway before it.")
    for node in drawing.nodes:
        if node.default is not None and node.type not in _MAY_ASK:
            message = f"Expected default flows at activities and choosing gateways only, but {node.title!r} has one."
            yield said("condition-place", node, message, "Put an exclusive gateway behind it.")


def splits(drawing: Drawing) -> Iterator[Finding]:
    """An activity whose ways out all have conditions has a default, for when none is true."""
    for node in drawing.nodes:
        ways = drawing.outgoing.get(node.id, [])
        if node.type not in ACTIVITIES:
            continue
        for flow in ways:
            if flow.id == node.default:
                yield from _condition(node, flow)
        if node.default is not None or not ways:
            continue
        if all(flow.condition and not _always(flow) for flow in ways):
            message = (
                f"Expected a way out of {node.title!r} when no condition is true, but each flow has one."
            )
            remedy = "Make one the default flow, or draw a flow without condition, which is always taken."
            yield said("gateway-default", node, message, remedy)


RULES = (choices, conditions_elsewhere, splits)
