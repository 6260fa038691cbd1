"""Which variables a pack's processes may hold, as far as its files tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.forms import Form
from engine.spiff import Diagram, Element

ALWAYS = frozenset({"ticket", "category", "priority"})


def known_variables(diagrams: Iterable[Diagram], forms: Mapping[str, Form]) -> frozenset[str]:
    """Return the names that opening, forms, decisions, scripts, services and mappings may write."""
    names = set(ALWAYS)
    for form in forms.values():
        names.update(it.key for it in form.inputs() if it.key)
    for diagram in diagrams:
        for element in diagram.elements.values():
            names.update(_written_by(element))
    return frozenset(names)


def _written_by(element: Element) -> Iterable[str]:
    if element.result_variable:
        yield element.result_variable
    for target, _ in (*element.inputs, *element.outputs):
        yield target.partition(".")[0]
    if element.loop is not None:
        yield from filter(None, ("loopCounter", element.loop.item, element.loop.results))
