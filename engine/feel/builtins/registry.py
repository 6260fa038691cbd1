"""How a built-in function is declared, and how a call finds the form that fits.

A function is declared by its signatures, in words: `substring(string: string, start position: number,
length?: number)`. A `?` behind a parameter lets it be left out, `or null` lets null stand for it, `*` takes any
number of values, also as one list.
The types stand in the signature, so that no function checks its own; a call that fits no signature is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.feel.evaluation import Run
from engine.feel.fardates import FarDate
from engine.feel.kinds import Function, Parameter, type_of
from engine.feel.types import ANY, MISMATCH, FeelType, ListType, Named, coerce

Body = Callable[..., Any]
BodyT = TypeVar("BodyT", bound=Body)
BUILTINS: dict[str, Function] = {}
SIGNATURES: dict[str, list[Signature]] = {}
NOT_GIVEN = object()
_PARAMETER = re.compile(
    r"(?P<name>[A-Za-z0-9 ]+?)(?P<mark>[?*]?): (?P<type>[A-Za-z <>]+?)(?P<null> or null)?(?:, |$)"
)


@dataclass(frozen=True, slots=True)
class BuiltinParameter:
    """A declared parameter."""

    name: str
    type: FeelType
    optional: bool
    nullable: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One form in which a built-in function may be called."""

    text: str
    parameters: tuple[BuiltinParameter, ...]
    body: Body

    def bind(self, arguments: Sequence[Any] | dict[str, Any]) -> list[Any] | None:
        """Return the values for the body, or None if these arguments don't fit."""
        if isinstance(arguments, dict):
            return self._bind_named(arguments)
        if self.parameters and self.parameters[-1].many:
            return self._bind_many(arguments)
        if len(arguments) > len(self.parameters):
            return None
        padded = [*arguments, *[NOT_GIVEN] * (len(self.parameters) - len(arguments))]
        return self._fit(padded)

    def _bind_named(self, arguments: dict[str, Any]) -> list[Any] | None:
        if not arguments.keys() <= {parameter.name for parameter in self.parameters}:
            return None
        return self._fit([arguments.get(parameter.name, NOT_GIVEN) for parameter in self.parameters])

    def _bind_many(self, arguments: Sequence[Any]) -> list[Any] | None:
        fixed = len(self.parameters) - 1
        if len(arguments) <= fixed:
            return None
        rest = arguments[fixed:]
        one_list = len(rest) == 1 and isinstance(rest[0], list) and not fixed
        values = rest[0] if one_list else list(rest)
        item = self.parameters[-1].type
        assert isinstance(item, ListType)
        coerced = [coerce(value, item.item) for value in values]
        return None if MISMATCH in coerced else self._fit([*arguments[:fixed], coerced])

    def _fit(self, arguments: Sequence[Any]) -> list[Any] | None:
        fitted = []
        for parameter, value in zip(self.parameters, arguments, strict=True):
            value = _fitted(parameter, value)
            if value is MISMATCH:
                return None
            fitted.append(value)
        while fitted and fitted[-1] is NOT_GIVEN:
            fitted.pop()
        return [None if value is NOT_GIVEN else value for value in fitted]


def _fitted(parameter: BuiltinParameter, value: Any) -> Any:
    if value is NOT_GIVEN:
        return NOT_GIVEN if parameter.optional else MISMATCH
    if value is None:
        return None if parameter.nullable else MISMATCH
    if isinstance(value, FarDate) and parameter.type != ANY:
        return MISMATCH  # nothing can be computed with it
    if parameter.type == _DATE and type_of(value) != "date":
        return MISMATCH  # a date and time is no date; the function has a form of its own for it, or none
    return coerce(value, parameter.type)


_DATE = Named("date")


def builtin(*signatures: str) -> Callable[[BodyT], BodyT]:
    """Declare a built-in function by one or more signatures; its body gets the run and the values."""

    def declare(body: BodyT) -> BodyT:
        for text in signatures:
            name, _, rest = text.partition("(")
            parameters = tuple(_parameter(match) for match in _PARAMETER.finditer(rest.rstrip(")")))
            SIGNATURES.setdefault(name, []).append(Signature(text, parameters, body))
            BUILTINS[name] = _function(name)
        return body

    return declare


def _parameter(match: re.Match[str]) -> BuiltinParameter:
    name, mark, kind = match["name"], match["mark"], match["type"]
    named: FeelType = ListType(Named(kind[5:-1])) if kind.startswith("list<") else Named(kind)
    many = mark == "*"
    nullable = bool(match["null"]) or (named == ANY and not many)
    return BuiltinParameter(name, ListType(named) if many else named, mark == "?", nullable, many)


def _function(name: str) -> Function:
    forms = SIGNATURES[name]

    def call(run: Run, arguments: Sequence[Any] | dict[str, Any]) -> Any:
        run.spend()
        for form in forms:
            values = form.bind(arguments)
            if values is not None:
                return form.body(run, *values)
        got = arguments.items() if isinstance(arguments, dict) else [("", value) for value in arguments]
        kinds = ", ".join(f"{label}: {type_of(value)}" if label else type_of(value) for label, value in got)
        return run.warn(f"Expected {' or '.join(form.text for form in forms)} but found {name}({kinds})")

    shown = max(forms, key=lambda form: len(form.parameters)).parameters
    return Function(name, tuple(Parameter(p.name, p.type) for p in shown), call)
