"""What the kernel is asked to place, and how blocks stand below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.drawing.blocks import Block
from engine.drawing.geometry import Drawing
from engine.drawing.model import Flow

BELOW = 50


@dataclass(frozen=True)
class Plan:
    """What of a level the kernel places: the blocks, the flows between them, and what is known of these.

    `back`: the flows that lead back; `below`: those of them that go round below; `main`: those of the main path;
    `aside`: the nodes to which one comes only through boundary events; `noted`: who has which note.
    """

    blocks: Mapping[str, Block]
    flows: Sequence[Flow]
    back: frozenset[str]
    noted: Mapping[str, str]
    main: frozenset[str]
    aside: frozenset[str]
    below: frozenset[str]


def add_below(drawing: Drawing, blocks: Sequence[Block]) -> None:
    """Put blocks in rows below what is there, no row wider than it if that can be."""
    if not blocks:
        return
    extent = drawing.extent()
    widest = max(extent.width, *(block.size.width for block in blocks))
    x, y, row = extent.x, extent.bottom + (BELOW if drawing.shapes else 0), 0
    for block in blocks:
        if x > extent.x and x + block.size.width > extent.x + widest:
            x, y, row = extent.x, y + row + BELOW, 0
        drawing.add(block.drawing, x, y)
        x, row = x + block.size.width + BELOW, max(row, block.size.height)
