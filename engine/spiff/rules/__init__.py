"""What must hold between the elements of a diagram: each rule a function that yields what breaks it.

`docs/reference/lint.md` lists the rules by the names that stand in findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import Node
from engine.spiff.rules import (
    actions,
    catching,
    compensation,
    declarations,
    event_sub_processes,
    fields,
    flows,
    identity,
    levels,
    links,
    loops,
    mappings,
    races,
    references,
    services,
    states,
)
from engine.spiff.rules.drawing import Drawing

_TOPICS = (
    identity, references, declarations, levels, event_sub_processes, flows, races, links, catching, compensation,
    loops, mappings, fields, services, states, actions,
)  # fmt: skip
RULES = tuple(rule for topic in _TOPICS for rule in topic.RULES)


def broken(root: Node, elements: Mapping[str, Element]) -> Iterator[Finding]:
    """Yield every finding of every rule."""
    drawing = Drawing(root, elements)
    for rule in RULES:
        yield from rule(drawing)
