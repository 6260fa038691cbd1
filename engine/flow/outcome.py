"""What a level does to the world around it: whether it can end, what it throws, whether that takes any waiting.

A level is explored once and stands in the level around it as a single node with an outcome. Tokens inside and
outside of a sub-process meet nowhere else, so nothing is lost by it, and the number of states stays a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from engine.flow.level import AUTOMATIC_TASKS, FROM_OUTSIDE, SUB_PROCESSES, Level
from engine.spiff import Element

Throw = tuple[str, str | None]
"""`error`, `escalation` or `cancel`, and its code; None where any code may come."""

COMPLETED: Throw = ("completed", None)
_ANYTHING = frozenset({("error", None), ("escalation", None)})


@dataclass(frozen=True)
class Outcome:
    """How a level may be over: by its end (`completes`), or by what it throws; `at_once` without any wait."""

    completes: bool = True
    throws: frozenset[Throw] = frozenset()
    at_once: frozenset[Throw] = frozenset()


UNKNOWN = Outcome(throws=_ANYTHING)
"""Of a process that isn't at hand everything is possible but hurry."""


@dataclass
class Known:
    """The outcomes of the levels that were explored so far, by process and level id."""

    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def of(self, node: Element) -> Outcome:
        """Return how a node may be over. What is done for each item of a list is over, too, where there is none."""
        found = self._once(node)
        perhaps_never = node.loop is not None and (node.loop.kind != "standard" or node.loop.test_before)
        return replace(found, completes=True) if perhaps_never and not found.completes else found

    def _once(self, node: Element) -> Outcome:
        if node.type in SUB_PROCESSES:
            return self.outcomes.get((node.process, node.id), UNKNOWN)
        if node.type == "callActivity":
            tagged = node.binding == "versionTag"  # another version, of which only its name is known
            return UNKNOWN if tagged else self.outcomes.get((node.called or "", node.called or ""), UNKNOWN)
        if node.type == "serviceTask":
            return Outcome(throws=frozenset({("error", None)}))
        return Outcome(at_once=frozenset() if waits(node) else frozenset({COMPLETED}))


def waits(node: Element) -> bool:
    """Say whether a token stays at a node until something comes from outside; of sub-processes the inside says it."""
    if node.type == "intermediateCatchEvent":
        return node.event != "link"
    tasks = node.type.endswith("Task") and node.type not in AUTOMATIC_TASKS
    return tasks or node.type == "eventBasedGateway"


def thrown(node: Element, known: Known) -> frozenset[Throw]:
    """Return what comes out of a node while or when it is done, before anybody catches it."""
    if node.event in ("error", "escalation", "cancel") and node.type in (
        "endEvent",
        "intermediateThrowEvent",
    ):
        return frozenset({(node.event, node.code)})
    return known.of(node).throws


def may_catch(catcher: Element, throws: Iterable[Throw]) -> bool:
    """Say whether one of the throws may reach an event that waits for an error, escalation or cancel."""
    return any(
        kind == catcher.event and (catcher.code is None or code is None or code == catcher.code)
        for kind, code in throws
    )


def uncaught(throws: Iterable[Throw], catchers: Iterable[Element]) -> frozenset[Throw]:
    """Return the throws of which none of the catchers is sure to take all."""
    left = set(throws)
    for catcher in catchers:
        left -= {it for it in left if it[0] == catcher.event and catcher.code in (None, it[1])}
    return frozenset(left)


def can_fire(event: Element, host: Element, known: Known) -> bool:
    """Say whether a boundary event can ever happen. On what is done at once nothing from outside can."""
    if event.event in FROM_OUTSIDE:
        return host.type not in AUTOMATIC_TASKS
    return may_catch(event, thrown(host, known))


def escaping(level: Level, node: Element, known: Known) -> frozenset[Throw]:
    """Return what a node throws past its own boundary events."""
    return uncaught(thrown(node, known), level.boundaries(node))


def thrown_from(level: Level, live: Iterable[str], known: Known) -> frozenset[Throw]:
    """Return what a level throws past its event sub-processes, and what these throw themselves."""
    inside = {
        it
        for id in live
        if not level.nodes[id].triggered_by_event
        for it in escaping(level, level.nodes[id], known)
    }
    starts = [start for _, start in level.event_subs]
    from_subs = {it for sub, _ in level.event_subs for it in thrown(sub, known)}
    return uncaught(inside, starts) | from_subs


def interrupters(level: Level, live: Iterable[str], known: Known) -> Iterator[Element]:
    """Yield the event sub-processes that may end everything else in the level."""
    inside = {it for id in live for it in escaping(level, level.nodes[id], known)}
    for sub, start in level.event_subs:
        if start.interrupting and (start.event in FROM_OUTSIDE or may_catch(start, inside)):
            yield sub
