"""Writes a drawing into a file as BPMN DI; every other byte of the file stays as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from engine.drawing.geometry import Box, Drawing, whole
from engine.drawing.model import Node
from engine.drawing.reading import BPMNDI, DC, DI, Element
from engine.errors import Unsupported

_WANTED = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


@dataclass(frozen=True)
class Sheet:
    """One plane: the id of the process, collaboration or collapsed sub-process that it shows, and its drawing."""

    element: str
    drawing: Drawing
    nodes: Sequence[Node]
    horizontal: frozenset[str] = frozenset()


def written(content: bytes, root: Element, sheets: Sequence[Sheet]) -> bytes:
    """Return the file with these sheets in the place of the drawing that it had, if it had one."""
    spans, end, encoding = _places(content)
    text = "".join(_diagram(sheet, root, number) for number, sheet in enumerate(sheets, 1))
    if spans:
        start = spans[0][0]
        kept = _without(content[start:], [(a - start, b - start) for a, b in spans])
        return content[:start] + text.strip().encode(encoding, "xmlcharrefreplace") + kept
    return (
        content[:end]
        + text.lstrip(" ").join(("  ", "")).encode(encoding, "xmlcharrefreplace")
        + content[end:]
    )


def _without(content: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    for start, end in reversed(spans):
        content = content[:start] + content[end:]
    return content


def _places(content: bytes) -> tuple[list[tuple[int, int]], int, str]:
    """Return where the diagrams of a file are, where its root ends, and its encoding."""
    parser = expat.ParserCreate(namespace_separator=" ")
    spans: list[tuple[int, int]] = []
    open_at: list[int] = []
    ends: list[int] = []
    encodings = ["utf-8"]
    diagram = f"{BPMNDI} BPMNDiagram"

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == diagram:
            open_at.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        ends.append(parser.CurrentByteIndex)
        if name == diagram:
            spans.append((open_at.pop(), content.index(b">", parser.CurrentByteIndex) + 1))

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        encodings.append(encoding or "utf-8")

    parser.StartElementHandler, parser.EndElementHandler, parser.XmlDeclHandler = start, end, declaration
    parser.Parse(content, True)
    encoding = encodings[-1]
    if not _is_ascii_like(content, encoding):
        raise Unsupported(
            f"Expected UTF-8 or another encoding that begins like ASCII, but the file is {encoding}."
        )
    return spans, ends[-1], encoding


def _is_ascii_like(content: bytes, encoding: str) -> bool:
    return (
        not content.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)) and "<>".encode(encoding) == b"<>"
    )


def _diagram(sheet: Sheet, root: Element, number: int) -> str:
    prefixes = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
    missing = {prefix: uri for prefix, uri in _WANTED.items() if uri not in prefixes}
    names = {wanted: prefixes.get(uri, wanted) for wanted, uri in _WANTED.items()}
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in missing.items())
    suffix = "" if number == 1 else f"_{number}"
    lines = [
        f'  <bpmndi:BPMNDiagram id="diagram{suffix}"{declared}>',
        f'    <bpmndi:BPMNPlane id="plane{suffix}" bpmnElement={quoteattr(sheet.element)}>',
        *_shapes(sheet),
        *_edges(sheet),
        "    </bpmndi:BPMNPlane>",
        "  </bpmndi:BPMNDiagram>",
        "",
    ]
    text = "\n".join(lines)
    return re.sub(r"(?<=[<\s/])(bpmndi|dc|di):", lambda found: f"{names[found[1]]}:", text)


def _shapes(sheet: Sheet) -> Iterator[str]:
    kinds = {node.id: node for node in sheet.nodes}
    for id, box in sheet.drawing.shapes.items():
        marks = _marks(kinds.get(id), id, sheet)
        yield f"      <bpmndi:BPMNShape id={quoteattr(id + '_di')} bpmnElement={quoteattr(id)}{marks}>"
        yield f"        {_bounds(box)}"
        yield from _label(sheet, id)
        yield "      </bpmndi:BPMNShape>"


def _marks(node: Node | None, id: str, sheet: Sheet) -> str:
    if id in sheet.horizontal:
        return ' isHorizontal="true"'
    if node and node.kind == "exclusiveGateway":
        return ' isMarkerVisible="true"'
    if node and node.inner is not None:
        return f' isExpanded="{str(node.expanded).lower()}"'
    return ""


def _edges(sheet: Sheet) -> Iterator[str]:
    for id, way in sheet.drawing.edges.items():
        yield f"      <bpmndi:BPMNEdge id={quoteattr(id + '_di')} bpmnElement={quoteattr(id)}>"
        for point in way:
            yield f'        <di:waypoint x="{whole(point.x)}" y="{whole(point.y)}" />'
        yield from _label(sheet, id)
        yield "      </bpmndi:BPMNEdge>"


def _label(sheet: Sheet, id: str) -> Iterator[str]:
    if box := sheet.drawing.labels.get(id):
        yield "        <bpmndi:BPMNLabel>"
        yield f"          {_bounds(box)}"
        yield "        </bpmndi:BPMNLabel>"


def _bounds(box: Box) -> str:
    x, y, width, height = (whole(value) for value in box)
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" />'
