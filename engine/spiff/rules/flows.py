"""Rules about conditions and about how many flows leave a node: never a silent choice, never a silent fork."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said


def choices(drawing: Drawing) -> Iterator[Finding]:
    """An exclusive gateway with several ways out has a default, and a condition on every other."""
    for gateway in drawing.nodes:
        ways = drawing.outgoing.get(gateway.id, [])
        if gateway.type != "exclusiveGateway" or len(ways) < 2:
            continue
        if gateway.default is None:
            message = (
                f"Expected {gateway.title!r} to have a default flow, but none of its {len(ways)} flows is it."
            )
            yield said(
                "gateway-default", gateway, message, "Choose the flow to take when no condition is true."
            )
        for flow in ways:
            yield from _condition(gateway, flow)


def _condition(gateway: Element, flow: Element) -> Iterator[Finding]:
    if flow.id == gateway.default:
        if flow.condition:
            message = f"Expected the default flow {flow.title!r} to have no condition, but it has one."
            yield said("gateway-condition", flow, message, "Remove the condition: it would never be asked.")
    elif not flow.condition:
        message = f"Expected a condition on {flow.title!r} out of {gateway.title!r}, but it has none."
        yield said("gateway-condition", flow, message, "Write a condition, or make it the default flow.")


def conditions_elsewhere(drawing: Drawing) -> Iterator[Finding]:
    """Only an exclusive gateway asks conditions or has a default."""
    for flow in drawing.flows:
        source = drawing.elements.get(flow.source or "")
        if flow.condition is not None and source is not None and source.type != "exclusiveGateway":
            message = f"Expected conditions behind exclusive gateways only, but {flow.title!r} has one"
            message += f" and leaves {source.title!r}."
            yield said("condition-place", flow, message, "Put an exclusive gateway before it.")
    for node in drawing.nodes:
        if node.default is not None and node.type != "exclusiveGateway":
            message = f"Expected default flows at exclusive gateways only, but {node.title!r} has one."
            yield said("condition-place", node, message, "Put an exclusive gateway behind it.")


def forks(drawing: Drawing) -> Iterator[Finding]:
    """Only a gateway has several ways out."""
    for node in drawing.nodes:
        ways = len(drawing.outgoing.get(node.id, []))
        if ways > 1 and not node.type.endswith("Gateway"):
            message = f"Expected one sequence flow out of {node.title!r}, but there are {ways}."
            remedy = "Put a parallel gateway (all of them) or an exclusive gateway (one of them) behind it."
            yield said("fork", node, message, remedy)


RULES = (choices, conditions_elsewhere, forks)
