"""Rule `dead`: what lines lead to and no token ever comes to, because something before it never lets one through."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.exploring import Explored
from engine.flow.graph import closure
from engine.flow.level import SUB_PROCESSES
from engine.flow.outcome import escaping, may_catch
from engine.flow.rules.wording import finding, named
from engine.spiff import Element, Finding

_CODE = "Throw it inside, with the same code, or remove the event."


def never_entered(found: Explored) -> Iterator[Finding]:
    """Every first element of a dead part; what stands behind it is counted, not told."""
    if not found.whole:
        return
    level = found.board.level
    dead = {node.id for node in level.nodes.values() if _is_dead(found, node)}
    stuck = {id for joins in found.stuck.values() for id in joins}
    for id in dead:
        node = level.nodes[id]
        before = [level.nodes[flow.source or ""] for flow in level.entering(node)]
        gates = [it for it in before if it.id not in dead or it.id in stuck]
        if node.attached_to and node.attached_to not in dead:
            yield from _never_caught(found, node, level.nodes[node.attached_to])
        elif gates and id not in stuck:
            yield _behind(found, node, gates, dead)
    yield from _never_begun(found)


def _is_dead(found: Explored, node: Element) -> bool:
    apart = node.for_compensation or node.triggered_by_event or node.event == "compensate"
    return node.id not in found.entered and not apart and node.type != "startEvent"


def _behind(found: Explored, node: Element, gates: list[Element], dead: set[str]) -> Finding:
    level, gate = found.board.level, gates[0].id
    beyond = closure(
        [node.id], lambda id: [it.target or "" for it in level.out.get(id, []) if it.target in dead]
    )
    more = f", nor to {len(beyond) - 1} more behind it" if len(beyond) > 1 else ""
    message = f"Expected a token to come to {node.title!r}, but {named(gates)} never lets one through{more}."
    remedy = "Correct what stops there, or remove what nothing comes to."
    stuck = found.stuck_at(gate)
    path = found.way_into(gate) if stuck is None else (*found.path(stuck), gate)
    return finding("dead", "warning", node, message, remedy, (*path, node.id))


def _never_caught(found: Explored, event: Element, host: Element) -> Iterator[Finding]:
    """A boundary event whose error, escalation or cancel nothing inside throws."""
    if event.event not in ("error", "escalation") or not (host.type in SUB_PROCESSES or host.called):
        return  # another rule says of tasks what they can't throw, and of transactions what doesn't cancel
    message = (
        f"Expected something in {host.title!r} to throw what {event.title!r} waits for, but nothing does."
    )
    path = (*found.way_into(host.id), event.id)
    yield finding("dead", "warning", event, message, _CODE, path)


def _never_begun(found: Explored) -> Iterator[Finding]:
    level, known = found.board.level, found.board.known
    inside = {it for id in found.entered for it in escaping(level, level.nodes[id], known)}
    inside |= {it for sub, _ in level.event_subs for it in known.of(sub).throws}
    for sub, start in level.event_subs:
        if start.event in ("error", "escalation") and not may_catch(start, inside):
            message = (
                f"Expected something beside {sub.title!r} to throw what it begins with, but nothing does."
            )
            yield finding("dead", "warning", sub, message, _CODE, (sub.id,))
