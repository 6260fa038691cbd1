"""Draws a collaboration: pools below each other, message flows between them."""

from __future__ import annotations

from engine.drawing.elk import Elk
from engine.drawing.geometry import Box, Drawing
from engine.drawing.level import draw_level
from engine.drawing.model import Model, shown_nodes
from engine.drawing.writing import Sheet

LEFT, TOP = 160, 80
HEADER = 30
PADDING = 30
BETWEEN = 60
BLACK_BOX = Box(0, 0, 600, 60)


def draw_collaboration(model: Model, elk: Elk) -> Sheet:
    """Return the sheet of a file's collaboration."""
    insides = {pool.id: draw_level(pool.level, elk) for pool in model.pools if pool.level}
    width = max(
        [BLACK_BOX.width, *(inside.extent().width + HEADER + 2 * PADDING for inside in insides.values())]
    )
    whole, y = Drawing(), float(TOP)
    for pool in model.pools:
        height = BLACK_BOX.height
        if inside := insides.get(pool.id):
            height = inside.extent().height + 2 * PADDING
        whole.shapes[pool.id] = Box(LEFT, y, width, height)
        if inside:
            whole.add(inside, LEFT + HEADER + PADDING, y + PADDING)
        y += height + BETWEEN
    nodes = [node for pool in model.pools if pool.level for node in shown_nodes(pool.level)]
    return Sheet(str(model.collaboration), whole, nodes, frozenset(pool.id for pool in model.pools))
