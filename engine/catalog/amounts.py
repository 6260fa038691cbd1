"""Fields of forms whose number becomes an amount of an operation on records: whether they are judged as money.

Warnings only: the operation judges the amount again, but a person would learn of a slip of the finger by an error of
the process, and not at the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.catalog.findings import PackFinding
from engine.forms import Form
from engine.records import OPERATIONS
from engine.spiff import Diagram

_AMOUNTS = frozenset({"amount", "price"})
_NAME = re.compile(r"=\s*([A-Za-z_]\w*)\s*")


def check_amounts(diagrams: Iterable[Diagram], forms: Mapping[str, Form]) -> Iterator[PackFinding]:
    """Return the number fields, by forms and their paths, that become amounts of money and don't say so."""
    moved = _moved(list(diagrams))
    for path, form in forms.items():
        for component in form.inputs():
            if component.type == "number" and component.key in moved and component.money is None:
                message = f"Expected “{component.name}”, which becomes an amount, to be money, but it is any number."
                remedy = 'Name its currency in a custom property: "properties": {"money": "=currency"}.'
                yield PackFinding(path, "amount", message, remedy, element=component.key, severity="warning")


def _moved(diagrams: list[Diagram]) -> set[str]:
    """The variables that mappings hand to operations as amounts, also by way of other variables."""
    elements = [it for diagram in diagrams for it in diagram.elements.values()]
    mapped = {(target, name) for it in elements for target, name in _names((*it.inputs, *it.outputs))}
    names = {
        name
        for it in elements
        if it.service in OPERATIONS
        for target, name in _names(it.inputs)
        if target in _AMOUNTS
    }
    while more := {name for target, name in mapped if target in names} - names:
        names |= more
    return names


def _names(mappings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The mappings that hand a variable on as it is."""
    for target, source in mappings:
        if found := _NAME.fullmatch(source):
            yield target, found[1]
