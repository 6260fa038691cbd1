"""The ways in which a token can leave a node: one at a task, one for each flow of a choice, and so on.

Conditions are not asked: whatever a condition, a person, the clock or a sender may decide is a way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from engine.flow.level import Level
from engine.flow.outcome import Known, can_fire, escaping
from engine.spiff import Element

Option = tuple[object, ...]
"""What was decided: ("flow", id), ("boundary", id), ("subset", ids…), ("throws", id) or ("done", id, boundaries)."""

MOST_CONDITIONS = 5


@dataclass(frozen=True)
class Way:
    """The flows that get a token, what was decided for it, and the ids to show behind the node's own.

    With `over` the level is over by it, and whatever else is in it is gone.
    """

    flows: tuple[str, ...] = ()
    option: Option | None = None
    shown: tuple[str, ...] = ()
    over: str | None = None


def ways(level: Level, node: Element, known: Known) -> list[Way]:
    """Return every way in which a token can leave a node, those by interrupting boundary events included."""
    found = list(onward(level, node, known))
    for event in level.boundaries(node):
        if event.interrupting and can_fire(event, node, known):
            found.append(across(level, event))
    if node.type != "endEvent" and any(
        kind == "cancel" or (kind == "error" and code) for kind, code in escaping(level, node, known)
    ):
        found.append(Way(option=("throws", node.id), over="thrown"))
    return found


def across(level: Level, event: Element) -> Way:
    """Return the way over a boundary event."""
    flows = tuple(flow.id for flow in level.leaving(event))
    return Way(flows, ("boundary", event.id), (event.id,))


def onward(level: Level, node: Element, known: Known) -> Iterator[Way]:
    """Yield the ways by which a token goes on when a node is done."""
    if not known.of(node).completes:
        return
    link = level.link_target(node)
    if link is not None:
        for way in _by_flows(level, link):
            yield Way(way.flows, way.option, (link.id, *way.shown))
    elif node.type == "endEvent" and node.event in ("terminate", "error", "cancel"):
        yield Way(over="completed" if node.event == "terminate" else "thrown")
    elif node.type == "eventBasedGateway":
        for flow in level.leaving(node):
            yield from _behind(level, flow)
    else:
        yield from _by_flows(level, node)


def _behind(level: Level, flow: Element) -> Iterator[Way]:
    """What an event-based gateway waits for is done when the token reaches it."""
    event = level.target(flow)
    for way in _by_flows(level, event):
        yield Way(way.flows, way.option or ("flow", flow.id), (flow.id, event.id, *way.shown))


def _by_flows(level: Level, node: Element) -> Iterator[Way]:
    flows = level.leaving(node)
    if node.type == "exclusiveGateway" and len(flows) > 1:
        for flow in flows:
            yield Way((flow.id,), ("flow", flow.id), (flow.id,))
    elif _asks(node) and len(flows) > 1 and any(flow.condition or flow.id == node.default for flow in flows):
        yield from _subsets(node, flows)
    else:
        yield Way(tuple(flow.id for flow in flows))


def _asks(node: Element) -> bool:
    return not node.type.endswith(("Event", "Gateway")) or node.type == "inclusiveGateway"


def _subsets(node: Element, flows: list[Element]) -> Iterator[Way]:
    """Flows without a condition are always taken, the default where no condition is true; of the others any."""
    asked = [flow.id for flow in flows if flow.condition and flow.id != node.default]
    always = [flow.id for flow in flows if not flow.condition and flow.id != node.default]
    for chosen in _some(asked):
        taken = {*always, *chosen} | ({node.default} if node.default and not chosen else set())
        ordered = tuple(flow.id for flow in flows if flow.id in taken)
        if ordered:
            yield Way(ordered, ("subset", *ordered), ordered)


def _some(asked: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield every selection; of many conditions none, each, all but one, and all."""
    many = len(asked) > MOST_CONDITIONS
    sizes = [0, 1, len(asked) - 1, len(asked)] if many else range(len(asked) + 1)
    for size in sizes:
        yield from combinations(asked, size)
