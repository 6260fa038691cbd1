"""FEEL's types: what a value is an instance of, and which values become which on the way into a function.

A type is named (`number`), or built: `list<…>`, `range<…>`, `context<…>`, `function<…> -> …`. Item definitions
of a DMN model are types too, see `engine.decisions.items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from engine.feel.kinds import Function, Range, type_of

SIMPLE_TYPES = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
        "Any",
        "Null",
    }
)
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
    "day and time duration": "days and time duration",
    "year and month duration": "years and months duration",
}


class FeelType:
    """A type; what stands here takes every value."""

    __slots__ = ()

    @property
    def resolved(self) -> FeelType:
        """The type itself; one that only names another answers with that."""
        return self

    def holds(self, value: Any) -> bool:
        """Tell whether a value is an instance of this type, as `instance of` asks."""
        return value is not None

    def admits(self, value: Any) -> bool:
        """Tell whether a value may stand where this type is expected; a model's own types say more here."""
        return self.holds(value)


@dataclass(frozen=True, slots=True)
class Named(FeelType):
    """A built-in type by its name."""

    name: str

    def holds(self, value: Any) -> bool:
        if self.name == "Any":
            return value is not None
        if self.name == "Null":
            return value is None
        return type_of(value) == self.name


@dataclass(frozen=True, slots=True)
class Unknown(FeelType):
    """A name that no type has; nothing is an instance of it."""

    name: str

    def holds(self, value: Any) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<item>`."""

    item: FeelType

    def holds(self, value: Any) -> bool:
        return isinstance(value, list) and all(item is None or self.item.holds(item) for item in value)

    def admits(self, value: Any) -> bool:
        return isinstance(value, list) and all(item is None or self.item.admits(item) for item in value)


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<item>`."""

    item: FeelType

    def holds(self, value: Any) -> bool:
        if not isinstance(value, Range):
            return False
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(self.item.holds(end) for end in ends)


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """`context<a: …, b: …>`; a value may have more entries than these."""

    entries: tuple[tuple[str, FeelType], ...]

    def holds(self, value: Any) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or kind.holds(value[name])) for name, kind in self.entries
        )


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`function<p1, p2> -> result`; parameters are contravariant, the result is covariant."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def holds(self, value: Any) -> bool:
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        given = [parameter.type or ANY for parameter in value.parameters]
        takes = all(conforms(wanted, has) for wanted, has in zip(self.parameters, given, strict=True))
        return takes and conforms(value.result or ANY, self.result)


ANY = Named("Any")


def conforms(narrow: FeelType, wide: FeelType) -> bool:
    """Tell whether every value of the one type can stand for one of the other (DMN 1.5, 10.3.2.9.2)."""
    narrow, wide = narrow.resolved, wide.resolved
    if wide == ANY or narrow == wide or narrow == Named("Null"):
        return True
    if isinstance(wide, Named):
        return _KIND_NAMES.get(type(narrow)) == wide.name
    if isinstance(narrow, ListType | RangeType) and isinstance(wide, type(narrow)):
        return conforms(narrow.item, wide.item)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        has = dict(narrow.entries)
        return all(name in has and conforms(has[name], kind) for name, kind in wide.entries)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        pairs = zip(wide.parameters, narrow.parameters, strict=False)
        same = len(wide.parameters) == len(narrow.parameters)
        return same and all(conforms(a, b) for a, b in pairs) and conforms(narrow.result, wide.result)
    return False


_KIND_NAMES: dict[type, str] = {
    ListType: "list",
    RangeType: "range",
    ContextType: "context",
    FunctionType: "function",
}

MISMATCH = object()


def coerce(value: Any, target: FeelType) -> Any:
    """Return the value as the target type wants it, or MISMATCH (DMN 1.5, 10.3.2.9.4).

    A list of one stands for its item, an item for a list of one, and a date for midnight in UTC.
    """
    target = target.resolved
    if value is None or target.admits(value):
        return value
    if isinstance(value, list) and len(value) == 1 and target.admits(value[0]):
        return value[0]
    if isinstance(target, ListType) and not isinstance(value, list) and target.item.admits(value):
        return [value]
    if target == Named("list"):
        return [value]
    if target == Named("date and time") and isinstance(value, date) and type_of(value) == "date":
        return midnight(value)
    return MISMATCH


def midnight(day: date) -> datetime:
    """Return the moment at which a date begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
