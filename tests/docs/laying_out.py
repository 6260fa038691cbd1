"""Places for the elements of small BPMN files: writes the picture (BPMN DI) of the examples in the documentation.

`python -m tests.docs.laying_out FILE…` replaces the picture of files whose nodes and flows stand in order. Elements
stand on a grid: columns by the longest way from a start, rows by branches, the first flow of a fork straight on. What
no flow leads to (event sub-processes) stands below. Lanes are placed by hand; such a file is left alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from tests.docs.shapes import (
    BPMN,
    DI,
    SUBS,
    Box,
    edge,
    is_node,
    label_height,
    label_width,
    shape,
    tag,
    text_width,
)

_SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
GAP_X, GAP_Y, PAD_X, PAD_Y = 64, 56, 68, 44


@dataclass
class Level:
    """The inside of a process or sub-process, with the boxes of its elements from its own corner."""

    node: Any
    boxes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    inner: dict[str, Level] = field(default_factory=dict)
    size: tuple[float, float] = (0, 0)

    def __post_init__(self) -> None:
        kids = [it for it in self.node if isinstance(it.tag, str)]
        self.nodes = {it.get("id"): it for it in kids if is_node(it)}
        self.hosts = {
            id_: it.get("attachedToRef") for id_, it in self.nodes.items() if it.get("attachedToRef")
        }
        self.flows = [it for it in kids if tag(it) in ("sequenceFlow", "association")]
        self.ways = {it.get("id"): (it.get("sourceRef"), it.get("targetRef")) for it in self.flows}
        self.apart = [id_ for id_, it in self.nodes.items() if it.get("triggeredByEvent") == "true"]
        self.sizes = {id_: self._size(it) for id_, it in self.nodes.items()}
        self._columns()
        self._rows()
        self._place()
        for id_ in self.ways:
            self.edges[id_] = self._route(id_)

    def _size(self, node: Any) -> tuple[float, float]:
        if tag(node) in SUBS:
            inner = self.inner[node.get("id")] = Level(node)
            return inner.size[0] + PAD_X, inner.size[1] + PAD_Y + 10
        return next((size for end, size in _SIZES.items() if tag(node).endswith(end)), (100, 80))

    def leave(self, id_: str) -> list[tuple[str, str]]:
        """The ways out of a node, and of the events on its border, as (flow, target)."""
        own = [(flow, target) for flow, (source, target) in self.ways.items() if source == id_]
        attached = [event for event, host in self.hosts.items() if host == id_]
        return own + [way for event in attached for way in self.leave(event)]

    def _columns(self) -> None:
        self.column: dict[str, int] = {}
        self.back: set[str] = set()
        entered = {target for _, target in self.ways.values()}
        for id_ in self.nodes:
            if id_ not in entered and id_ not in self.hosts and id_ not in self.apart:
                self._walk(id_, 0, ())

    def _walk(self, id_: str, column: int, above: tuple[str, ...]) -> None:
        if self.column.get(id_, -1) >= column:
            return
        self.column[id_] = column
        for flow, target in self.leave(id_):
            if target in (*above, id_):
                self.back.add(flow)
            else:
                self._walk(target, column + 1, (*above, id_))

    def _rows(self) -> None:
        self.row: dict[str, int] = {}
        self.lane: dict[str, int] = {}
        self.taken: set[tuple[int, int]] = set()
        for id_ in self.column:
            if id_ not in self.row and self.column[id_] == 0:
                self._settle(id_, self._free(0, 0, self._reach(id_)))

    def _free(self, row: int, first: int, last: int) -> int:
        while any((row, column) in self.taken for column in range(first, last + 1)):
            row += 1
        return row

    def _settle(self, id_: str, row: int) -> None:
        self.row[id_] = row
        self.taken.add((row, self.column[id_]))
        attached = [event for event, host in self.hosts.items() if host == id_]
        for number, (flow, target) in enumerate(self.leave(id_)):
            if flow in self.back:
                continue
            source = self.ways[flow][0]
            straight = number == 0 and source not in attached
            below = row if straight else row + 1
            column = self.column[id_]
            if target not in self.row:
                reach = self._reach(target)
                below = self._free(below, column + straight, reach)
                self.taken |= {(below, it) for it in range(column + 1, self.column[target] + 1)}
                self.taken |= {(it, column) for it in range(row, below + 1)}  # the way down to it
                self._settle(target, below)
            elif self.column[target] - column > 1:
                cells = range(column + 1, self.column[target])
                blocked = any((row, it) in self.taken for it in cells) or source in attached
                lane = self._free(below if blocked else row, column + 1, self.column[target] - 1)
                self.taken |= {(lane, it) for it in cells}
                self.lane[flow] = lane

    def _reach(self, id_: str) -> int:
        """The last column of the chain that begins at a node and has no row yet."""
        seen = {id_}
        while True:
            following = [target for flow, target in self.leave(id_) if flow not in self.back]
            if not following or following[0] in self.row or following[0] in seen:
                return self.column[id_]
            id_ = following[0]
            seen.add(id_)

    def _place(self) -> None:
        rows = [*self.row.values(), *self.lane.values(), 0]
        heights = [self._tallest(row) for row in range(max(rows) + 1)]
        widths = [self._widest(column) for column in range(max(self.column.values(), default=0) + 1)]
        gaps = [self._gap(column) for column in range(len(widths))]
        over = 40 if self.back else 0
        self.tops = [over + sum(heights[:row]) + GAP_Y * row for row in range(len(heights))]
        self.middles = [top + height / 2 for top, height in zip(self.tops, heights, strict=True)]
        for id_, column in self.column.items():
            width, height = self.sizes[id_]
            left = sum(widths[:column]) + sum(gaps[:column]) + (widths[column] - width) / 2
            self.boxes[id_] = (left, self.middles[self.row[id_]] - height / 2, width, height)
        for id_, host in self.hosts.items():
            self.boxes[id_] = self._on_border(id_, host)
        bottom = self.tops[-1] + heights[-1] + (40 if self.hosts else 0)
        right = sum(widths) + sum(gaps[:-1])
        self._place_apart(bottom + 40)
        boxes = self.boxes.values()
        ends = max((y + height for _, y, _, height in boxes), default=0)
        self.size = (max([x + width for x, _, width, _ in boxes] + [right]), max(ends + 22, bottom))

    def _gap(self, column: int) -> float:
        """The space behind a column, in which the names of the flows that leave it stand."""
        names = [it.get("name") or "" for it in self.flows if self.column.get(it.get("sourceRef")) == column]
        return max([GAP_X, *(text_width(name) + 16 for name in names)])

    def _tallest(self, row: int) -> float:
        return max((self.sizes[id_][1] for id_, it in self.row.items() if it == row), default=40)

    def _widest(self, column: int) -> float:
        return max((self.sizes[id_][0] for id_, it in self.column.items() if it == column), default=100)

    def _on_border(self, id_: str, host: str) -> Box:
        x, y, width, height = self.boxes[host]
        siblings = [event for event, it in self.hosts.items() if it == host]
        step = width / (len(siblings) + 1)
        return (x + step * (len(siblings) - siblings.index(id_)) - 18, y + height - 18, 36, 36)

    def _place_apart(self, top: float) -> None:
        left = 0.0
        for id_ in self.apart:
            width, height = self.sizes[id_]
            self.boxes[id_] = (left, top, width, height)
            left += width + 40

    def _route(self, id_: str) -> list[tuple[float, float]]:
        source, target = self.ways[id_]
        if source not in self.boxes or target not in self.boxes:
            return []
        (x1, y1, w1, h1), (x2, y2, w2, h2) = self.boxes[source], self.boxes[target]
        a, b = (x1 + w1, y1 + h1 / 2), (x2, y2 + h2 / 2)
        if id_ in self.back:
            return self._over((x1 + w1 / 2, y1), (x2 + w2 / 2, y2))
        if id_ in self.lane and abs(self.middles[self.lane[id_]] - a[1]) > 1:
            return self._around(source, target, self.middles[self.lane[id_]])
        if source in self.hosts:
            return [(x1 + w1 / 2, y1 + h1), (x1 + w1 / 2, b[1]), b]
        if abs(a[1] - b[1]) < 1:
            return [a, b]
        if self._is_gateway(target) and not (self._is_gateway(source) and len(self.leave(source)) > 1):
            return [a, (x2 + w2 / 2, a[1]), (x2 + w2 / 2, y2 + h2 if a[1] > b[1] else y2)]
        if self._is_gateway(source):
            return [(x1 + w1 / 2, y1 + h1 if b[1] > a[1] else y1), (x1 + w1 / 2, b[1]), b]
        own = [flow for flow, (it, _) in self.ways.items() if it == source]
        if own[0] != id_:  # a further way out of an activity leaves it below, the last one leftmost
            below = x1 + w1 * (1 - own.index(id_) / len(own))
            return [(below, y1 + h1), (below, b[1]), b]
        middle = a[0] + GAP_X / 2
        return [a, (middle, a[1]), (middle, b[1]), b]

    def _over(self, a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
        top = min(a[1], b[1]) - 34
        return [a, (a[0], top), (b[0], top), b]

    def _around(self, source: str, target: str, y: float) -> list[tuple[float, float]]:
        (x1, y1, w1, h1), (x2, y2, w2, h2) = self.boxes[source], self.boxes[target]
        begin = [(x1 + w1 / 2, y1 + h1), (x1 + w1 / 2, y)]
        if not (self._is_gateway(source) or source in self.hosts):
            begin = [(x1 + w1, y1 + h1 / 2), (x1 + w1 + GAP_X / 2, y1 + h1 / 2), (x1 + w1 + GAP_X / 2, y)]
        if self._is_gateway(target):
            return [*begin, (x2 + w2 / 2, y), (x2 + w2 / 2, y2 + h2)]
        return [*begin, (x2 - GAP_X / 2, y), (x2 - GAP_X / 2, y2 + h2 / 2), (x2, y2 + h2 / 2)]

    def _is_gateway(self, id_: str) -> bool:
        return tag(self.nodes[id_]).endswith("Gateway")

    def _label(self, id_: str) -> tuple[float, float]:
        """Where the middle of a name's upper edge stands, from the corner of its event or gateway."""
        width = label_width(self.nodes[id_])
        if id_ in self.hosts:
            rightmost = next(event for event, host in self.hosts.items() if host == self.hosts[id_])
            return (38 + width / 2, 24) if id_ == rightmost else (-2 - width / 2, 24)
        if not self._is_gateway(id_):
            return (18, 40)
        if any(self.ways[flow][0] == id_ for flow in self.back):
            return (36 + width / 2, 40)
        return (25, -8 - label_height(self.nodes[id_]))

    def draw(self, x: float, y: float) -> Iterator[Any]:
        """Yield the shapes and edges of this level and of those inside it."""
        for id_, box in self.boxes.items():
            yield shape(self.nodes[id_], box, x, y, self._label(id_))
            if id_ in self.inner:
                yield from self.inner[id_].draw(x + box[0] + PAD_X / 2, y + box[1] + PAD_Y / 2 + 10)
        for flow in self.flows:
            if self.edges[flow.get("id")]:
                yield edge(flow, [(x + px, y + py) for px, py in self.edges[flow.get("id")]])


def lay_out(source: bytes) -> bytes:
    """Return a BPMN file with a new picture; one with pools and lanes as it is."""
    root = etree.fromstring(source, etree.XMLParser(remove_blank_text=True))
    if root.find(f"{BPMN}collaboration") is not None:
        return source
    for old in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(old)
    for number, process in enumerate(root.findall(f"{BPMN}process")):
        level = Level(process)
        diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id=f"diagram{number or ''}")
        plane = etree.SubElement(
            diagram, f"{{{DI}}}BPMNPlane", id=f"plane{number or ''}", bpmnElement=process.get("id")
        )
        plane.extend(level.draw(160, 100))
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_bytes(lay_out(path.read_bytes()))
