"""Reading DMN files as XML, and nothing but XML: no DTD, no entities, no network, no more than 5 MB."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.decisions.errors import DmnRefused, Finding

MAX_BYTES = 5_000_000
MAX_DEPTH = 200
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # DMN 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # DMN 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # DMN 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # DMN 1.5
    }
)
Element = etree._Element


def read_root(
    source: bytes, name: str, tag: str = "definitions", namespaces: frozenset[str] = NAMESPACES
) -> Element:
    """Return the root element; raises DmnRefused for what is no XML, too large, or another format."""
    if len(source) > MAX_BYTES:
        raise _refused(name, 1, f"Expected a file of at most {MAX_BYTES:,} bytes but it has {len(source):,}.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(name, error.lineno or 1, f"Expected XML but it is broken: {error.msg}.") from None
    if b"<!DOCTYPE" in source or root.getroottree().docinfo.internalDTD is not None:
        raise _refused(name, 1, "Expected a file without a document type but it declares one.")
    if root.tag not in {f"{{{namespace}}}{tag}" for namespace in namespaces}:
        raise _refused(name, line_of(root), f"Expected {tag} of DMN 1.2 to 1.5 but found {root.tag}.")
    return root


def _refused(name: str, line: int, sentence: str) -> DmnRefused:
    return DmnRefused(name, [Finding(name, line, sentence)])


def line_of(element: Element) -> int:
    """Return the line of the file at which an element begins."""
    line = element.sourceline
    return line if isinstance(line, int) else 1


def local(element: Element) -> str:
    """Return an element's name without its namespace; comments and the like have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the child elements with one of these names."""
    return (child for child in element if local(child) in names)


def child(element: Element, *names: str) -> Element | None:
    """Return the first child element with one of these names."""
    return next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """Return what stands in the `<text>` of an element, without space around it."""
    text = None if element is None else child(element, "text")
    return "".join(str(part) for part in text.itertext()).strip() if text is not None else ""


def label(element: Element) -> str:
    """Return how to call an element: its id, else its name, else that of what it stands in."""
    at: Element | None = element
    while at is not None:
        if named := at.get("id") or at.get("name"):
            return str(named)
        at = at.getparent()
    return local(element)
