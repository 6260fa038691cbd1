"""Lays a whole file out: its processes or its collaboration, and the planes of sub-processes that are collapsed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.drawing.collaboration import LEFT, TOP, draw_collaboration
from engine.drawing.elk import Elk
from engine.drawing.geometry import Drawing
from engine.drawing.level import draw_level
from engine.drawing.model import Level, Model, shown_nodes
from engine.drawing.reading import parse, read
from engine.drawing.writing import Sheet, written


def laid_out(content: bytes, elk: Elk) -> bytes:
    """Return a BPMN file with a new drawing, otherwise byte for byte as it was.

    Raises Unsupported for what can't be drawn, with the reason.
    """
    root = parse(content)
    model = read(root)
    return written(content, root, list(_all_sheets(model, elk)))


def _all_sheets(model: Model, elk: Elk) -> Iterator[Sheet]:
    if model.collaboration:
        yield draw_collaboration(model, elk)
    for process in model.processes:
        yield from _sheets(process, elk)
    for pool in model.pools:
        yield from _collapsed_sheets(pool.level, elk) if pool.level else ()


def _sheets(level: Level, elk: Elk) -> Iterator[Sheet]:
    """Yield the sheet of a level, and those of the collapsed sub-processes anywhere in it."""
    drawing = Drawing()
    drawing.add(draw_level(level, elk), LEFT, TOP)
    yield Sheet(level.id, drawing, tuple(shown_nodes(level)))
    yield from _collapsed_sheets(level, elk)


def _collapsed_sheets(level: Level, elk: Elk) -> Iterator[Sheet]:
    for node in shown_nodes(level):
        if node.inner is not None and not node.expanded and node.inner.nodes:
            yield from _sheets(node.inner, elk)
