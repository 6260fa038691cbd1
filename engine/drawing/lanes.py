"""Draws a level with lanes: places from left to right are the kernel's, rows are the lanes', ways are found anew.

The kernel knows no rows that go through the whole drawing. So only the order from left to right, and within a lane
the order from above to below, is taken from its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from engine.drawing.blocks import Block
from engine.drawing.geometry import Box, Drawing, Point, Way, whole
from engine.drawing.labels import label_ways
from engine.drawing.model import Flow, Lane
from engine.drawing.plan import Plan
from engine.drawing.routing import DOWN, LEFT, RIGHT, UP, Door, Grid

HEADER = 30
MARGIN = 46
ROW_GAP = 30
GOES_ON = 150
LOWEST = 120
SHORTEST = 400.0
CHANNEL = 12
SIDE_DOOR = 25
AGAINST = 500
AGAIN = 40


@dataclass
class Row:
    """Blocks of one lane whose middles stand on one line, and the stretches that straight flows between them take."""

    middle: float = 0
    blocks: list[tuple[float, Block]] = field(default_factory=list)
    stretches: list[tuple[float, float]] = field(default_factory=list)

    def takes(self, x: float, block: Block, flows: Sequence[Flow]) -> bool:
        """Whether there is room for a block, on no flow of the row and with none of its own over another block."""
        taken = [(other, other + there.size.width) for other, there in self.blocks]
        right = x + block.size.width
        return all(
            right + 10 <= low or high + 10 <= x for low, high in (*taken, *self.stretches)
        ) and not any(
            low < there and here < high for low, high in self._new(x, block, flows) for here, there in taken
        )

    def draws(self, block: Block, flows: Sequence[Flow]) -> float:
        """Return how many pixels nearer a row counts for a block: where a flow comes straight from, it goes on."""
        here = {there.node.id for _, there in self.blocks}
        return GOES_ON if any(flow.target == block.node.id and flow.source in here for flow in flows) else 0

    def add(self, x: float, block: Block, flows: Sequence[Flow]) -> None:
        self.stretches += self._new(x, block, flows)
        self.blocks.append((x, block))

    def _new(self, x: float, block: Block, flows: Sequence[Flow]) -> Iterator[tuple[float, float]]:
        """Yield the stretches of flows between a block and those in the row."""
        for other, there in self.blocks:
            ends = {block.node.id, there.node.id}
            if any({flow.source, flow.target} == ends for flow in flows):
                first, second = sorted(((x, block), (other, there)), key=lambda pair: pair[0])
                yield first[0] + first[1].size.width, second[0]

    @property
    def above(self) -> float:
        return max(block.ports["w"].at.y for _, block in self.blocks)

    @property
    def below(self) -> float:
        return max(block.size.height - block.ports["w"].at.y for _, block in self.blocks)


@dataclass
class Stack:
    """The lanes that are drawn so far, from above to below."""

    drawing: Drawing
    corners: dict[str, Point]
    left: float
    right: float
    bottom: float = 0

    def add(self, rows: Sequence[Row], at_least: float) -> None:
        """Put the rows of one lane below what is there."""
        top = self.bottom
        y = top + MARGIN
        for row in rows:
            for x, block in row.blocks:
                corner = Point(x, y + row.above - block.ports["w"].at.y)
                self.corners[block.node.id] = corner
                self.drawing.add(block.drawing, *corner)
            y += row.above + row.below + ROW_GAP
        self.bottom = max(y - ROW_GAP + MARGIN, top + at_least)


def draw_lanes(
    lanes: Sequence[Lane], plan: Plan, answer: Mapping[str, Any], beside: Sequence[Block]
) -> Drawing:
    """Return the drawing of a level in lanes, its upper left corner at the origin.

    What belongs to no lane stands in a strip of its own below the last.
    """
    start = MARGIN + HEADER * _depth(lanes)
    middles = {
        child["id"]: child["y"] + plan.blocks[child["id"]].ports["w"].at.y for child in answer["children"]
    }
    left = {child["id"]: whole(child["x"]) + start for child in answer["children"]}
    right = max([left[id] + block.size.width for id, block in plan.blocks.items()] + [SHORTEST]) + MARGIN
    stack = Stack(Drawing(), {}, start, right)

    def fill(members: Container[str], at_least: float) -> None:
        blocks = [block for id, block in plan.blocks.items() if id in members]
        others = [block for block in beside if block.node.id in members]
        stack.add(_rows(blocks, left, middles, plan) + _filled(others, start, right), at_least)

    for lane in lanes:
        _add_lane(lane, 0, stack, fill)
    everywhere = {id for lane in _leaves(lanes) for id in lane.members}
    homeless = {block.node.id for block in (*plan.blocks.values(), *beside)} - everywhere
    if homeless:
        fill(homeless, 0)
    _add_ways(plan, stack.corners, stack.drawing)
    stack.drawing.room = Box(0, 0, right, stack.bottom)
    return stack.drawing


def _add_lane(lane: Lane, depth: int, stack: Stack, fill: Callable[[Container[str], float], None]) -> None:
    """Draw a lane, or the lanes that it is parted into with itself around them."""
    top = stack.bottom
    stack.drawing.shapes[lane.id] = Box(0, 0, 0, 0)  # outer lanes come before inner ones
    for inner in lane.lanes:
        _add_lane(inner, depth + 1, stack, fill)
    if not lane.lanes:
        fill(lane.members, LOWEST)
    x = depth * HEADER
    stack.drawing.shapes[lane.id] = Box(x, top, stack.right - x, stack.bottom - top)


def _filled(blocks: Sequence[Block], left: float, right: float) -> list[Row]:
    """Return rows that are filled one after the other with blocks that no flow leads to."""
    rows: list[Row] = []
    x = left
    for block in blocks:
        if not rows or x + block.size.width > right:
            rows.append(Row())
            x = left
        rows[-1].add(x, block, ())
        x += block.size.width + ROW_GAP
    return rows


def _depth(lanes: Sequence[Lane]) -> int:
    return 1 + max((_depth(lane.lanes) for lane in lanes if lane.lanes), default=0)


def _leaves(lanes: Sequence[Lane]) -> Iterator[Lane]:
    for lane in lanes:
        if lane.lanes:
            yield from _leaves(lane.lanes)
        else:
            yield lane


def _rows(
    blocks: Sequence[Block], left: Mapping[str, float], middles: Mapping[str, float], plan: Plan
) -> list[Row]:
    """Return the rows of a lane from above to below; a block stands in the nearest row with room for it."""
    rows: list[Row] = []
    flows, aside = plan.flows, plan.aside
    for block in sorted(blocks, key=lambda block: (block.node.id in aside, left[block.node.id])):
        x, middle = left[block.node.id], middles[block.node.id]
        fitting = [row for row in rows if row.takes(x, block, flows)]
        if not fitting:
            fitting = [Row(middle)]
            rows += fitting
        nearest = min(fitting, key=lambda row: abs(row.middle - middle) - row.draws(block, flows))
        nearest.add(x, block, flows)
    return sorted(rows, key=lambda row: row.middle)


def _add_ways(plan: Plan, corners: Mapping[str, Point], drawing: Drawing) -> None:
    places = {id: block for id, block in plan.blocks.items() if id in corners}
    obstacles = [box for id, box in drawing.shapes.items() if id in _within(places)]
    obstacles += list(drawing.labels.values())
    doors = {id: _doors(block, corners[id], drawing) for id, block in places.items()}
    every = [door for sides in doors.values() for side in sides.values() for door in side]
    grid = Grid.over(every, *_lines(places, corners), obstacles)
    usage = Usage()
    for flow in sorted(plan.flows, key=lambda flow: (not _is_level(flow, doors), _span(flow, doors))):
        sources = usage.priced(_sources(flow, doors), into=False)
        targets = usage.priced(doors[flow.target]["in"], into=True)
        if way := grid.way(sources, targets, flow.target):
            drawing.edges[flow.id] = way
            usage.keep(way)
    label_ways(plan.flows, drawing)


class Usage:
    """Which doors are taken: nobody goes in where another goes out, and who goes out rather has a door alone."""

    def __init__(self) -> None:
        self._left: set[Point] = set()
        self._entered: set[Point] = set()

    def priced(self, doors: Sequence[Door], into: bool) -> list[Door]:
        return [replace(door, cost=door.cost + self._extra(door, into)) for door in doors]

    def _extra(self, door: Door, into: bool) -> float:
        other, same = (self._left, self._entered) if into else (self._entered, self._left)
        return (AGAINST if door.at in other else 0) + (AGAIN if door.at in same and not into else 0)

    def keep(self, way: Way) -> None:
        self._left.add(way[0])
        self._entered.add(way[-1])


def _within(places: Mapping[str, Block]) -> set[str]:
    return {id for block in places.values() for id in block.drawing.shapes}


def _doors(block: Block, corner: Point, drawing: Drawing) -> dict[str, list[Door]]:
    """Return the places at which ways may leave (`out`, and the id of each boundary event) and come in (`in`)."""
    box = drawing.shapes[block.node.id]
    middle = box.centre
    sides = [Door(Point(box.right, middle.y), RIGHT), *_side_doors(block, box)]
    found = {"out": sides, "in": [Door(Point(box.x, middle.y), LEFT), *_side_doors(block, box)]}
    for id, port in block.ports.items():
        if id in block.drawing.shapes:
            found[id] = [Door(Point(port.anchor.x + corner.x, port.anchor.y + corner.y), DOWN)]
    return found


def _side_doors(block: Block, box: Box) -> Iterator[Door]:
    """Yield the doors above and below, where nothing that belongs to the node stands in the way."""
    if not block.node.is_event and len(block.drawing.shapes) == 1:
        yield Door(Point(box.centre.x, box.bottom), DOWN, SIDE_DOOR)
        yield Door(Point(box.centre.x, box.y), UP, SIDE_DOOR)


def _is_level(flow: Flow, doors: Mapping[str, dict[str, list[Door]]]) -> bool:
    """Whether a flow may run straight to the right; such flows choose first."""
    start, end = _sources(flow, doors)[0], doors[flow.target]["in"][0]
    return start.out == RIGHT and start.at.y == end.at.y and start.at.x < end.at.x


def _sources(flow: Flow, doors: Mapping[str, dict[str, list[Door]]]) -> list[Door]:
    for places in doors.values():
        if flow.source in places:
            return places[flow.source]
    return doors[flow.source]["out"]


def _lines(places: Mapping[str, Block], corners: Mapping[str, Point]) -> tuple[list[float], list[float]]:
    """Return lines for ways: in the gaps between columns, above and below blocks."""
    boxes = [Box(*corners[id], *block.size) for id, block in places.items()]
    xs, ys = list(_channels(boxes)), []
    for step in (CHANNEL, 2 * CHANNEL):
        for box in boxes:
            ys += [box.y - step, box.bottom + step]
    return xs, ys


def _channels(boxes: Sequence[Box]) -> Iterator[float]:
    """Yield lines from above to below in the gaps between columns, and before the first and after the last."""
    columns: list[list[float]] = []
    for box in sorted(boxes):
        if columns and box.x <= columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], box.right)
        else:
            columns.append([box.x, box.right])
    yield from (columns[0][0] - CHANNEL, columns[-1][1] + CHANNEL)
    for (_, low), (high, _) in pairwise(columns):
        count = max(1, min(8, int((high - low) // CHANNEL) - 1))
        yield from (low + (high - low) * (number + 1) / (count + 1) for number in range(count))


def _span(flow: Flow, doors: Mapping[str, dict[str, list[Door]]]) -> float:
    """Return how far a flow goes; short ones choose before long ones."""
    start, end = _sources(flow, doors)[0].at, doors[flow.target]["in"][0].at
    return abs(start.x - end.x) + abs(start.y - end.y)
