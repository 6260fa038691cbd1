"""What must hold between the elements of a diagram: each rule a function that yields what breaks it.

`docs/reference/bpmn.md` lists the rules by the names that stand in findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import Node
from engine.spiff.rules import fields, flows, identity, levels, references, states
from engine.spiff.rules.drawing import Drawing

RULES = (*identity.RULES, *references.RULES, *levels.RULES, *flows.RULES, *fields.RULES, *states.RULES)


def broken(root: Node, elements: Mapping[str, Element]) -> Iterator[Finding]:
    """Yield every finding of every rule."""
    drawing = Drawing(root, elements)
    for rule in RULES:
        yield from rule(drawing)
