"""What a person sees on a drawing, measured: who covers whom, what hangs loose, what leads through what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
CONTAINERS = ("subProcess", "transaction", "adHocSubProcess", "participant", "lane")


@dataclass(frozen=True)
class Area:
    left: int
    top: int
    right: int
    bottom: int

    def covers(self, other: Area) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def has_on_border(self, x: int, y: int) -> bool:
        within = self.left <= x <= self.right and self.top <= y <= self.bottom
        return within and (x in (self.left, self.right) or y in (self.top, self.bottom))

    def is_entered_by(self, start: tuple[int, int], end: tuple[int, int]) -> bool:
        """Whether a level or upright piece goes through the inside."""
        (ax, ay), (bx, by) = start, end
        return (
            min(ax, bx) < self.right
            and max(ax, bx) > self.left
            and min(ay, by) < self.bottom
            and max(ay, by) > self.top
        )


class Drawn:
    """One file with its drawing."""

    def __init__(self, content: bytes) -> None:
        self.root = etree.fromstring(content)
        self.elements = {element.get("id"): element for element in self.root.iter() if element.get("id")}
        self.shapes: dict[str, Area] = {}
        self.labels: dict[str, Area] = {}
        self.ways: dict[str, list[tuple[int, int]]] = {}
        self.sheet: dict[str, int] = {}
        for number, plane in enumerate(self.root.iter(f"{DI}BPMNPlane")):
            for drawn in plane:
                self._take(drawn, number)

    def _take(self, drawn: etree._Element, sheet: int) -> None:
        id = drawn.get("bpmnElement")
        self.sheet[id] = sheet
        label = drawn.find(f"{DI}BPMNLabel/{BOUNDS}")
        if label is not None:
            self.labels[id] = area(label)
        if drawn.tag == f"{DI}BPMNShape":
            self.shapes[id] = area(drawn.find(BOUNDS))
        else:
            self.ways[id] = [(int(point.get("x")), int(point.get("y"))) for point in drawn.findall(POINT)]

    def kind(self, id: str) -> str:
        return str(self.elements[id].tag).removeprefix(BPMN)

    def flows(self, *kinds: str) -> Iterator[tuple[str, str, str]]:
        for id in self.ways:
            if self.kind(id) in kinds:
                yield id, self.elements[id].get("sourceRef"), self.elements[id].get("targetRef")

    def host(self, id: str) -> str:
        return self.elements[id].get("attachedToRef") or id

    def is_open(self, id: str) -> bool:
        """Whether a shape shows others inside."""
        return self.kind(id) in CONTAINERS

    def outer(self, id: str) -> list[str]:
        """The sub-processes and pools that an element is in, as the file says."""
        found, element = [], self.elements[id].getparent()
        while element is not None:
            found += [element.get("id")] if element.get("id") in self.shapes else []
            if element.tag == f"{BPMN}process":
                pools = self.root.iter(f"{BPMN}participant")
                found += [pool.get("id") for pool in pools if pool.get("processRef") == element.get("id")]
            element = element.getparent()
        return found


def area(bounds: etree._Element) -> Area:
    x, y, width, height = (int(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Area(x, y, x + width, y + height)


def without_drawing(content: bytes) -> bytes:
    """A file without its diagrams and the white space before them."""
    return re.sub(rb"(?s)\s*<(\w+:)?BPMNDiagram\b.*</(\w+:)?BPMNDiagram>", b"", content)


def overlapping(it: Drawn) -> list[str]:
    """Shapes that cover each other though neither holds the other and neither sits on the other's border."""
    return [
        f"{a} covers {b}"
        for a, b in combinations(it.shapes, 2)
        if it.sheet[a] == it.sheet[b]
        and it.shapes[a].covers(it.shapes[b])
        and it.host(a) != b
        and it.host(b) != a
        and not (it.is_open(a) and it.shapes[a].holds(it.shapes[b]))
        and not (it.is_open(b) and it.shapes[b].holds(it.shapes[a]))
    ]


def loose_ends(it: Drawn) -> list[str]:
    """Flows that begin or end anywhere but on the border of their shape."""
    found = []
    for id, source, target in it.flows("sequenceFlow", "messageFlow"):
        way = it.ways[id]
        if not it.shapes[source].has_on_border(*way[0]):
            found.append(f"{id} does not begin at {source}")
        if not it.shapes[target].has_on_border(*way[-1]):
            found.append(f"{id} does not end at {target}")
    return found


def adrift(it: Drawn) -> list[str]:
    """Boundary events whose middle is not on the border of their activity."""
    return [
        f"{id} is not on {it.host(id)}"
        for id, box in it.shapes.items()
        if it.host(id) != id
        and not it.shapes[it.host(id)].has_on_border((box.left + box.right) // 2, (box.top + box.bottom) // 2)
    ]


def outside(it: Drawn) -> list[str]:
    """Shapes, labels and ways that leave the sub-process, pool or lane that they belong to."""
    found = []
    for id, box in (*it.shapes.items(), *it.labels.items()):
        if it.kind(id) in ("participant", "messageFlow"):
            continue
        found += [f"{id} is outside {o}" for o in it.outer(id) if _is_out(it, id, o, box)]
    for lane in (id for id in it.shapes if it.kind(id) == "lane"):
        members = [member.text for member in it.elements[lane].findall(f"{BPMN}flowNodeRef")]
        found += [
            f"{member} is outside {lane}"
            for member in members
            if it.host(member) == member and not it.shapes[lane].holds(it.shapes[member])
        ]
    return found


def _is_out(it: Drawn, id: str, outer: str, box: Area) -> bool:
    return outer in it.shapes and it.sheet[outer] == it.sheet[id] and not it.shapes[outer].holds(box)


def pierced(it: Drawn) -> list[str]:
    """Sequence flows that go through a shape which is neither theirs nor around them."""
    found = []
    for id, source, target in it.flows("sequenceFlow"):
        for piece in pairwise(it.ways[id]):
            found += [
                f"{id} goes through {shape}"
                for shape, box in it.shapes.items()
                if it.sheet[shape] == it.sheet[id]
                and shape not in (it.host(source), it.host(target), *it.outer(id))
                and it.kind(shape) not in ("lane", "participant")
                and it.host(shape) not in (it.host(source), it.host(target))
                and box.is_entered_by(*piece)
            ]
    return found


def hidden_labels(it: Drawn) -> list[str]:
    """Labels that cover another label, or a shape that holds nothing."""
    found = [
        f"the labels of {a} and {b} meet"
        for a, b in combinations(it.labels, 2)
        if it.sheet[a] == it.sheet[b] and it.labels[a].covers(it.labels[b])
    ]
    return found + [
        f"the label of {a} covers {b}"
        for a, label in it.labels.items()
        for b, box in it.shapes.items()
        if it.sheet[a] == it.sheet[b] and not it.is_open(b) and label.covers(box)
    ]


def slanted(it: Drawn) -> list[str]:
    """Sequence flows with a piece that is neither level nor upright."""
    return [
        id
        for id, _, _ in it.flows("sequenceFlow")
        if any(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(it.ways[id]))
    ]


def undrawn(it: Drawn) -> list[str]:
    """Flow nodes and sequence flows that the drawing left out."""
    kinds = re.compile(
        r"(\w*[eE]vent|\w*[gG]ateway|\w*[tT]ask|callActivity|subProcess|transaction|textAnnotation)"
    )
    return [
        id
        for id, element in it.elements.items()
        if ((kinds.fullmatch(it.kind(id)) and not it.kind(id).startswith("global")) and id not in it.shapes)
        or (it.kind(id) == "sequenceFlow" and id not in it.ways)
    ]


def flaws(content: bytes) -> list[str]:
    """Everything that a person would call a fault of a drawing."""
    it = Drawn(content)
    rules = (overlapping, loose_ends, adrift, outside, pierced, hidden_labels, slanted, undrawn)
    return [sentence for rule in rules for sentence in rule(it)]
