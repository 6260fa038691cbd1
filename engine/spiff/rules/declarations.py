"""Rules about messages, signals, errors and escalations: declared, named plainly, with codes that can be caught."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.declared import REFERENCES, reference
from engine.spiff.describe import flow_nodes
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import BPMN, Node, refusal
from engine.spiff.rules.drawing import THROWS, Drawing, an, said

_CODED = ("error", "escalation")


def declared(drawing: Drawing) -> Iterator[Finding]:
    """Who waits for a message or signal, or throws anything, names what the file declares."""
    for node in flow_nodes(drawing.root):
        element = drawing.elements.get(node.get("id") or "")
        for kind in REFERENCES if element is not None else ():
            named = reference(node, kind)
            if element is not None and (named is not None or _needs(element, kind)):
                yield from _reference(drawing, element, kind, named)


def _needs(element: Element, kind: str) -> bool:
    """Whether an element is about a declaration of this kind; who catches an error or escalation may name none."""
    if kind in _CODED:
        return element.event == kind and element.type in THROWS
    return element.event == kind or (element.type == "receiveTask" and kind == "message")


def _reference(drawing: Drawing, element: Element, kind: str, named: str | None) -> Iterator[Finding]:
    node = drawing.declared.by_id.get((kind, named or ""))
    if named is None:
        message = f"Expected {element.title!r} to name {an(kind)}, but it names none."
        yield said("required", element, message, "Fill it in in the properties panel.")
    elif node is None:
        message = f"Expected {an(kind)} for {element.id!r}, but there is no {kind} {named!r}."
        yield said("references", element, message, f"Choose the {kind} again, or declare it.")
    elif kind in _CODED:
        yield from _code(element, kind, node)


def _code(element: Element, kind: str, node: Node) -> Iterator[Finding]:
    code = (node.get(f"{kind}Code") or "").strip()
    if not code or code.startswith("="):
        name = node.get("name") or node.get("id")
        message = f"Expected the {kind} {name!r} of {element.title!r} to have a plain code,"
        message += f" but it has {code or 'none'}."
        remedy = f"Give the {kind} a code; to catch every {kind}, choose none at the event."
        yield said("codes", element, message, remedy)


def names(drawing: Drawing) -> Iterator[Finding]:
    """A message or signal has a plain name, by which the world outside can send it."""
    for kind in ("message", "signal"):
        for node in drawing.root.iterchildren(f"{BPMN}{kind}"):
            name, id_ = (node.get("name") or "").strip(), node.get("id")
            if not name or name.startswith("="):
                message = f"Expected the {kind} {id_!r} to have a plain name, but it has {name or 'none'}."
                yield refusal("messages", message, "Give it a name.", element=id_, line=node.sourceline)


RULES = (declared, names)
