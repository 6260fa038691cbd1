"""Rule `endless-loop`: a way round on which nothing ever waits, so that it runs in one step, perhaps for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow.exploring import Explored
from engine.flow.graph import components
from engine.flow.instant import passed_to
from engine.flow.rules.wording import finding, named
from engine.spiff import Finding


def without_wait(found: Explored) -> Iterator[Finding]:
    """Every loop of elements that are passed at once: an error where no condition can end it, else a warning."""
    for loop in _loops(found):
        first = next((id for id in found.entered if id in loop), None)
        if first is not None:
            yield _round(found, first, loop)


def forced(found: Explored) -> frozenset[str]:
    """Return the nodes of loops without a wait that no condition leads out of."""
    return frozenset(id for loop in _loops(found) if _is_forced(found, loop) for id in loop)


def _loops(found: Explored) -> list[frozenset[str]]:
    """Return the nodes that lie together on ways round without a wait.

    A parallel join that needs a token from outside the loop is no part of one: it waits for that token each time.
    """
    level, known = found.board.level, found.board.known
    inside = {id: passed_to(level, node, known) for id, node in level.nodes.items()}
    while True:
        loops = [frozenset(it) for it in components(inside, inside.__getitem__)]
        loops = [it for it in loops if len(it) > 1 or it & set(inside[next(iter(it))])]
        waiting = [id for loop in loops for id in loop if _needs_more(found, id, loop) and inside[id]]
        if not waiting:
            return loops
        inside |= {id: [] for id in waiting}


def _needs_more(found: Explored, id: str, loop: frozenset[str]) -> bool:
    node = found.board.level.nodes[id]
    flows = found.board.level.entering(node)
    return node.type == "parallelGateway" and any(flow.source not in loop for flow in flows)


def _is_forced(found: Explored, loop: frozenset[str]) -> bool:
    """Say whether some token stays in a loop whatever is decided in it."""
    level, ways = found.board.level, found.board.ways
    targets = {id: [[level.flows[it].target for it in way.flows] for way in ways[id]] for id in loop}
    if all(loop.intersection(map(str, reached)) for id in loop for reached in targets[id]):
        return True
    certain = {
        id: [str(it) for it in targets[id][0] if it in loop] if len(targets[id]) == 1 else [] for id in loop
    }
    return any(len(it) > 1 for it in components(certain, certain.__getitem__))


def _round(found: Explored, first: str, loop: frozenset[str]) -> Finding:
    level = found.board.level
    way = _way_round(found, first, loop)
    path = (*found.way_into(first), *way[1:], first)
    around = named(level.nodes[id] for id in way)
    node = level.nodes[first]
    remedy = "Put something into the loop that waits: a task, a timer, a message; or repeat inside a FEEL expression."
    if _is_forced(found, loop):
        message = f"Expected a way out of the loop over {around}, but there is none and nothing in it waits."
        return finding("endless-loop", "error", node, message, remedy, path)
    message = (
        f"Expected something in the loop over {around} to wait, but it runs on until a condition ends it."
    )
    return finding("endless-loop", "warning", node, message, remedy, path)


def _way_round(found: Explored, first: str, loop: frozenset[str]) -> list[str]:
    """Return the ids of the shortest way round from a node, itself the first."""
    level, known = found.board.level, found.board.known
    came: dict[str, str] = {}
    pending = [first]
    for id in pending:
        for following in passed_to(level, level.nodes[id], known):
            if following in loop and following not in came:
                came[following] = id
                pending.append(following)
    way = [came[first]]
    while way[-1] != first:
        way.append(came[way[-1]])
    return way[::-1]
