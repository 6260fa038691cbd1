"""Chooses the drawing that is read most easily: ways that don't cross, don't step aside for nothing, and turn seldom.

The kernel finds one good answer for each set of options, not the best of all. So it is asked several times.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import combinations

from engine.drawing.geometry import Box, Drawing, Way, segments

STEP = 14
CROSSING = 6.0
STEPPING = 4.0
MAIN = 2.0
FAR = 400.0
_NO_ORDER = {"elk.layered.considerModelOrder.strategy": "NONE"}
_LINED_UP = {"elk.layered.nodePlacement.strategy": "BRANDES_KOEPF"}
ATTEMPTS: tuple[dict[str, str], ...] = (
    {},
    _LINED_UP,
    _NO_ORDER,
    _NO_ORDER | _LINED_UP,
    _NO_ORDER | {"elk.randomSeed": "2"},
    _NO_ORDER | {"elk.randomSeed": "7"},
    _NO_ORDER | _LINED_UP | {"elk.randomSeed": "7"},
)


def easiest(drawings: Iterable[Drawing], main: Container[str] = ()) -> Drawing:
    """Return the drawing with the least burden, of equal ones the first, and none after one that is plain.

    In: the drawings, which are made one by one, and the ids of the ways of the main path. Plain is what has no
    crossing, no step, and no way with more than two bends.
    """
    best: tuple[float, Drawing] | None = None
    for drawing in drawings:
        burden = burden_of(drawing, main)
        if best is None or burden < best[0]:
            best = burden, drawing
        if _is_plain(drawing):
            break
    assert best is not None
    return best[1]


def burden_of(drawing: Drawing, main: Container[str] = ()) -> float:
    """Return how hard a drawing is to read: long ways and large drawings a little, bends of the main path more."""
    ways = list(drawing.edges.values())
    bends = sum((len(way) - 2) * (1 + MAIN * (id in main)) for id, way in drawing.edges.items())
    steps = sum(_steps(way) for way in ways)
    extent = drawing.extent()
    length = sum(piece.width + piece.height for way in ways for piece in segments(way))
    return (
        CROSSING * _crossings(ways) + STEPPING * steps + bends + (extent.width + extent.height + length) / FAR
    )


def _is_plain(drawing: Drawing) -> bool:
    ways = list(drawing.edges.values())
    return all(len(way) <= 4 and not _steps(way) for way in ways) and not _crossings(ways)


def _crossings(ways: Iterable[Way]) -> int:
    """Count where a level piece of one way and an upright one of another go through each other."""
    pieces = [list(segments(way)) for way in ways]
    return sum(
        _cross(level, upright)
        for some, others in combinations(pieces, 2)
        for one in some
        for other in others
        for level, upright in ((one, other), (other, one))
    )


def _cross(level: Box, upright: Box) -> bool:
    return (
        level.height == 0 == upright.width
        and level.x < upright.x < level.right
        and upright.y < level.y < upright.bottom
    )


def _steps(way: Way) -> int:
    """Count where a way moves a few pixels aside and goes on as before."""
    return sum(
        (a.y == b.y and c.y == d.y and abs(b.y - c.y) <= STEP and (b.x - a.x) * (d.x - c.x) > 0)
        or (a.x == b.x and c.x == d.x and abs(b.x - c.x) <= STEP and (b.y - a.y) * (d.y - c.y) > 0)
        for a, b, c, d in zip(way, way[1:], way[2:], way[3:], strict=False)
    )
