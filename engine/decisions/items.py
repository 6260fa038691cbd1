"""Item definitions: the types that a model defines, as FEEL types.

They may name each other in any order, even themselves, so a reference is looked up when it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.decisions.xml import Element, child, children, text_of
from engine.feel.evaluation import Run, Scope
from engine.feel.expression import UnaryTests
from engine.feel.types import ALIASES, ANY, SIMPLE_TYPES, FeelType, FunctionType, ListType, Named, Unknown

TestReader = Callable[[str, Element], UnaryTests | None]


@dataclass(frozen=True, slots=True)
class Reference(FeelType):
    """A type by its name in the model."""

    name: str
    types: dict[str, FeelType] = field(compare=False, repr=False)

    @property
    def resolved(self) -> FeelType:
        """The type of that name; a chain that leads back to itself ends in a type without values."""
        found: FeelType = self
        for _ in range(20):
            if not isinstance(found, Reference):
                return found
            found = named_type(found.name, found.types)
        return Unknown(self.name)

    def holds(self, value: Any) -> bool:
        return self.resolved.holds(value)

    def admits(self, value: Any) -> bool:
        return self.resolved.admits(value)


def named_type(name: str, types: dict[str, FeelType]) -> FeelType:
    """Return the type of a `typeRef`."""
    plain = name.rpartition(":")[2] if name.startswith("feel:") else name
    if plain in types:
        return types[plain]
    plain = ALIASES.get(plain, plain)
    return Named(plain) if plain in SIMPLE_TYPES else Unknown(plain)


@dataclass(frozen=True, slots=True)
class Structure(FeelType):
    """A context with these components; where it is expected, one that is missing counts as null."""

    entries: tuple[tuple[str, FeelType], ...]

    @property
    def resolved(self) -> FeelType:
        return self

    def holds(self, value: Any) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or kind.holds(value[name])) for name, kind in self.entries
        )

    def admits(self, value: Any) -> bool:
        return isinstance(value, dict) and all(
            value.get(name) is None or kind.admits(value[name]) for name, kind in self.entries
        )


@dataclass(frozen=True, slots=True)
class Constrained(FeelType):
    """A type of which only values that pass some tests are allowed; `instance of` does not ask them."""

    base: FeelType
    tests: UnaryTests = field(compare=False)

    def holds(self, value: Any) -> bool:
        return self.base.holds(value)

    def admits(self, value: Any) -> bool:
        return self.base.admits(value) and allows(self.tests, value)


def allows(tests: UnaryTests, value: Any) -> bool:
    """Tell whether a value passes tests that know nothing but the value."""
    return tests.in_scope(Scope({"?": value}, None, Run())) is True


def read_items(root: Element, types: dict[str, FeelType], read_tests: TestReader) -> None:
    """Add the types of all item definitions of a model."""
    for element in children(root, "itemDefinition"):
        types[element.get("name", "")] = _item_type(element, types, read_tests)


def _item_type(element: Element, types: dict[str, FeelType], read_tests: TestReader) -> FeelType:
    kind = _constrained(_base_type(element, types, read_tests), child(element, "allowedValues"), read_tests)
    if element.get("isCollection") == "true":
        kind = ListType(kind)
    return _constrained(kind, child(element, "typeConstraint"), read_tests)


def _constrained(kind: FeelType, tests: Element | None, read_tests: TestReader) -> FeelType:
    read = read_tests(text_of(tests), tests) if tests is not None and text_of(tests) else None
    return kind if read is None else Constrained(kind, read)


def _base_type(element: Element, types: dict[str, FeelType], read_tests: TestReader) -> FeelType:
    components = list(children(element, "itemComponent"))
    if components:
        return Structure(tuple((c.get("name", ""), _item_type(c, types, read_tests)) for c in components))
    function = child(element, "functionItem")
    if function is not None:
        parameters = tuple(type_reference(p.get("typeRef"), types) for p in children(function, "parameters"))
        return FunctionType(parameters, type_reference(function.get("outputTypeRef"), types))
    reference = child(element, "typeRef")
    return type_reference(reference.text if reference is not None else None, types)


def type_reference(name: str | None, types: dict[str, FeelType]) -> FeelType:
    """Return the type that an attribute `typeRef` names; none is any."""
    if not name or not name.strip():
        return ANY
    return Reference(name.strip(), types)
