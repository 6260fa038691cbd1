"""What happens without any wait: which nodes a token passes at once, and how a level can be over so."""

from __future__ import annotations

from engine.flow.graph import closure
from engine.flow.level import Level
from engine.flow.outcome import COMPLETED, Known, Throw, may_catch, uncaught
from engine.spiff import Element

_THROWING_ENDS = ("error", "escalation", "cancel")


def passed_to(level: Level, node: Element, known: Known) -> list[str]:
    """Return the nodes that a token comes to at once when it enters a node."""
    at_once = known.of(node).at_once
    ahead = [level.target(flow) for flow in level.leaving(node)] if COMPLETED in at_once else []
    link = level.link_target(node)
    ahead += [link] if link is not None else []
    ahead += [
        event
        for event in level.boundaries(node)
        if event.event in _THROWING_ENDS and may_catch(event, at_once)
    ]
    return [it.id for it in ahead]


def at_once(level: Level, known: Known) -> frozenset[Throw]:
    """Return in which ways a level can be over before anything in it has waited."""
    found: set[Throw] = set()
    passed = closure((node.id for node in level.starts), lambda id: passed_to(level, level.nodes[id], known))
    for node in (level.nodes[id] for id in passed):
        ways = known.of(node).at_once
        if node.type == "endEvent" and node.event in _THROWING_ENDS:
            found.add((node.event, node.code))
        found |= uncaught(ways - {COMPLETED}, level.boundaries(node))
        stops = not level.leaving(node) and level.link_target(node) is None
        if COMPLETED in ways and stops and (node.type, node.event) not in _NO_END:
            found.add(COMPLETED)
    return frozenset(found)


_NO_END = {("endEvent", "error"), ("endEvent", "cancel")}
