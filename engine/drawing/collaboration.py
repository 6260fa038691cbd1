"""Draws a collaboration: pools below each other, message flows between them."""

from __future__ import annotations

from engine.drawing.elk import Elk
from engine.drawing.geometry import Box, Drawing
from engine.drawing.joining import join
from engine.drawing.level import draw_level
from engine.drawing.model import Model, Pool, every_lane, shown_nodes
from engine.drawing.writing import Sheet

LEFT, TOP = 160, 80
HEADER = 30
PADDING = 30
BETWEEN = 60
BLACK_BOX = 60.0
SHORTEST = 600.0


def draw_collaboration(model: Model, elk: Elk) -> Sheet:
    """Return the sheet of a file's collaboration."""
    insides = {pool.id: _inside(pool, elk) for pool in model.pools if pool.level}
    width = max([SHORTEST, *(inside.extent().right for inside in insides.values())])
    whole, y = Drawing(), float(TOP)
    for pool in model.pools:
        inside = insides.get(pool.id, Drawing())
        height = inside.extent().bottom if pool.level else BLACK_BOX
        whole.shapes[pool.id] = Box(LEFT, y, width, height)
        whole.add(inside, LEFT, y)
        for lane in every_lane(pool.level.lanes if pool.level else ()):
            box = whole.shapes[lane.id]
            whole.shapes[lane.id] = box._replace(width=LEFT + width - box.x)
        y += height + BETWEEN
    nodes = [node for pool in model.pools if pool.level for node in shown_nodes(pool.level)]
    join(model.messages, whole, nodes, [pool.id for pool in model.pools])
    lanes = [lane.id for pool in model.pools if pool.level for lane in every_lane(pool.level.lanes)]
    return Sheet(
        str(model.collaboration), whole, nodes, frozenset([*lanes, *(pool.id for pool in model.pools)])
    )


def _inside(pool: Pool, elk: Elk) -> Drawing:
    """Return what is in a pool, right of its name, with a margin; lanes reach its borders."""
    assert pool.level is not None
    drawing = Drawing()
    margin = 0 if pool.level.lanes else PADDING
    inner = draw_level(pool.level, elk)
    extent = inner.extent()
    drawing.add(inner, HEADER + margin, margin)
    drawing.room = Box(0, 0, HEADER + extent.right + 2 * margin, extent.bottom + 2 * margin)
    return drawing
