"""From untrusted bytes to an XML tree, within limits: a diagram is read, never obeyed.

No document type, no entities, nothing fetched from anywhere; 5 MB, 50,000 elements and 60 levels at most. Whatever is
wrong comes back as findings; nothing raises on bad input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.spiff.errors import Finding

MOST_BYTES = 5_000_000
MOST_DEPTH = 60
MOST_ELEMENTS = 50_000

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMN_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CASEPATH = "{https://casepath.dev/bpmn/1}"

_CONTAINERS = {
    "definitions", "collaboration", "process", "subProcess", "transaction", "laneSet", "childLaneSet", "lane",
}  # fmt: skip

Node = Any  # lxml's elements: its stubs name them by a private class


def read(source: bytes) -> tuple[Node | None, list[Finding]]:
    """Return the root element of a BPMN file, or None with the findings that say why there is none."""
    if len(source) > MOST_BYTES:
        size = f"{len(source) / 1_000_000:.1f} MB"
        message = f"Expected a diagram of at most {MOST_BYTES // 1_000_000} MB, but this one has {size}."
        return None, [refusal("file-size", message, "Split the process into called processes.")]
    if b"<!DOCTYPE" in source[: _root_begins(source)]:
        return None, [_DOCTYPE]
    try:
        root = etree.fromstring(source, _parser())
    except etree.XMLSyntaxError as error:
        if "depth" in error.msg:
            return None, [_too_deep_at(error.lineno)]
        message = f"Expected XML, but: {error.msg}."
        remedy = "Save the diagram again with a BPMN editor."
        return None, [refusal("xml", message, remedy, line=error.lineno)]
    except ValueError as error:
        return None, [refusal("xml", f"Expected XML, but: {error}.", "Save the diagram in UTF-8.")]
    findings = list(_unsafe(root))
    return (None if findings else root), findings


def refusal(
    rule: str, message: str, remedy: str, *, element: str | None = None, line: int | None = None
) -> Finding:
    """Return a finding that refuses the diagram."""
    return Finding(rule, "error", element, line, message, remedy)


_DOCTYPE = refusal(
    "xml",
    "Expected a diagram without a document type, but it begins with one (DOCTYPE).",
    "Remove the DOCTYPE and its entities; BPMN needs none.",
    line=1,
)


def local_name(node: Node) -> str:
    """Return a tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def bpmn_tag(node: Node) -> str:
    """Return the tag of a BPMN element without its namespace, and nothing for a node of another language."""
    return local_name(node) if str(node.tag).startswith(BPMN) else ""


def flag(node: Node, name: str, default: bool) -> bool:
    """Return a true-or-false attribute, which XML also writes as 1 and 0."""
    return {"true": True, "1": True, "false": False, "0": False}.get(node.get(name, ""), default)


def owner(node: Node) -> str | None:
    """Return the id under which a person finds a node on the canvas: that of what it is a part of."""
    while node is not None and not (node.get("id") and _stands_alone(node)):
        node = node.getparent()
    return None if node is None else str(node.get("id"))


def _stands_alone(node: Node) -> bool:
    parent = node.getparent()
    return parent is None or (
        bpmn_tag(parent) in _CONTAINERS and not node.tag.endswith("LoopCharacteristics")
    )


def _root_begins(source: bytes) -> int:
    """Return where the first element begins; in UTF-16, which this can't see, the parser finds the DOCTYPE."""
    found = re.search(rb"<[A-Za-z_]", source)
    return found.start() if found else len(source)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )


def _unsafe(root: Node) -> Iterator[Finding]:
    if root.getroottree().docinfo.doctype:
        yield _DOCTYPE
        return
    if root.tag != f"{BPMN}definitions":
        message = f"Expected BPMN 2.0 definitions, but the file holds <{local_name(root)}>."
        yield refusal("xml", message, "Save the diagram as BPMN 2.0.", line=root.sourceline)
        return
    count = sum(1 for _ in root.iter())
    if count > MOST_ELEMENTS:
        message = f"Expected at most {MOST_ELEMENTS:,} XML elements, but there are {count:,}."
        yield refusal("file-size", message, "Split the process into called processes.")
    yield from _too_deep(root)


def _too_deep(root: Node) -> Iterator[Finding]:
    level: list[Node] = [root]
    for _ in range(MOST_DEPTH):
        level = [child for node in level for child in node]
        if not level:
            return
    yield _too_deep_at(level[0].sourceline)


def _too_deep_at(line: int | None) -> Finding:
    message = f"Expected at most {MOST_DEPTH} elements inside one another, but there are more."
    return refusal("xml", message, "Move inner sub-processes into called processes.", line=line)
