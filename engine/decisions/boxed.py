"""Boxed expressions: each kind of element becomes one closure, as FEEL's own nodes do.

Decision tables have a file of their own. A closure takes a FEEL scope; what a text can't mean is a finding, and
the closure in its place yields null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.decisions.items import type_reference
from engine.decisions.nodes import Naming
from engine.decisions.xml import Element, child, children, label, line_of, local, text_of
from engine.feel.compiler.access import pick
from engine.feel.compiler.calls import closure
from engine.feel.compiler.loops import items_of
from engine.feel.errors import FeelError
from engine.feel.evaluation import Compiled, Run, Scope, Site
from engine.feel.expression import CompiledText, Expression, UnaryTests
from engine.feel.kinds import Function, Parameter, type_of
from engine.feel.lexer import Source
from engine.feel.types import MISMATCH, FeelType, coerce


class BoxedReader:
    """Compiles the boxed expressions of one model; collects what is wrong with them."""

    def __init__(
        self, names: list[str], types: dict[str, FeelType], find: Callable[[Element, str], None]
    ) -> None:
        self.names = names
        self.types = types
        self.find = find
        self.named: list[Naming] = []

    # -- texts

    def expression(self, text: str, element: Element) -> Compiled:
        """Compile a FEEL text; what it warns of names the element."""
        try:
            compiled = Expression(text, self.names, self.types)
        except FeelError as error:
            self.find(element, f"{error}")
            return self.nothing(element, str(error))
        self._note_named(compiled, element)
        return located(compiled.in_scope, label(element))

    def tests(self, text: str, element: Element) -> UnaryTests | None:
        """Compile the unary tests of a text, or note a finding and return None."""
        try:
            tests = UnaryTests(text, self.names, self.types)
        except FeelError as error:
            self.find(element, f"{error}")
            return None
        self._note_named(tests, element)
        return tests

    def _note_named(self, compiled: CompiledText, element: Element) -> None:
        place = label(element), line_of(element)
        self.named += [Naming(what, name, *place) for what, name in compiled.literals]

    def nothing(self, element: Element, sentence: str) -> Compiled:
        """Return the closure in the place of what could not be read."""
        name = label(element)
        return lambda scope: scope.run.warn(f"In {name}: {sentence}")

    def type(self, element: Element | None) -> FeelType:
        """Return the type that an element's `typeRef` names."""
        return type_reference(None if element is None else element.get("typeRef"), self.types)

    # -- elements

    def inside(self, element: Element) -> Compiled:
        """Compile the expression that an element holds; none at all is null."""
        boxed = child(element, *READERS)
        return self.compile(boxed) if boxed is not None else (lambda scope: None)

    def compile(self, element: Element) -> Compiled:
        """Compile one boxed expression; its value is brought to the type the element names."""
        compiled = READERS[local(element)](self, element)
        return typed(compiled, self.type(element), label(element))

    def child_of(self, element: Element, name: str) -> Compiled:
        """Compile the expression in a child element that must be there."""
        holder = child(element, name)
        if holder is None:
            self.find(element, f"Expected {local(element)} to have {name} but it has none.")
            return lambda scope: None
        return self.inside(holder)


def located(compiled: Compiled, where: str) -> Compiled:
    """Return a closure whose warnings say which element they come from."""

    def evaluate(scope: Scope) -> Any:
        warnings = scope.run.warnings
        before = len(warnings)
        value = compiled(scope)
        for index in range(before, len(warnings)):
            if not warnings[index].startswith("In "):
                warnings[index] = f"In {where}: {warnings[index]}"
        return value

    return evaluate


def typed(compiled: Compiled, kind: FeelType, where: str) -> Compiled:
    """Return a closure whose value is of the type, or null with a warning."""
    return lambda scope: conformed(compiled(scope), kind, where, scope.run)


def conformed(value: Any, kind: FeelType, where: str, run: Run) -> Any:
    """Return the value as the type wants it, or null with a warning."""
    result = coerce(value, kind)
    if result is MISMATCH:
        name = getattr(kind, "name", "another type")
        return run.warn(f"In {where}: Expected a value of {name} but found a {type_of(value)} that is none.")
    return result


def _literal(reader: BoxedReader, element: Element) -> Compiled:
    language = element.get("expressionLanguage") or ""
    if language and "feel" not in language.lower():
        sentence = f"Expected the expression language FEEL but found {language}."
        reader.find(element, sentence)
        return reader.nothing(element, sentence)
    text = text_of(element)
    return reader.expression(text, element) if text else (lambda scope: None)


def _context(reader: BoxedReader, element: Element) -> Compiled:
    entries: list[tuple[str | None, Compiled]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        value = typed(reader.inside(entry), reader.type(variable), label(entry))
        entries.append((None if variable is None else variable.get("name"), value))

    def build(scope: Scope) -> Any:
        context: dict[str, Any] = {}
        inner = scope.inner(context)
        for name, value in entries:
            if name is None:
                return value(inner)
            context[name] = value(inner)
        return context

    return build


def _list(reader: BoxedReader, element: Element) -> Compiled:
    items = [reader.compile(item) for item in children(element, *READERS)]
    return lambda scope: [item(scope) for item in items]


def _relation(reader: BoxedReader, element: Element) -> Compiled:
    columns = [(column.get("name", ""), reader.type(column)) for column in children(element, "column")]
    rows = [[reader.compile(cell) for cell in children(row, *READERS)] for row in children(element, "row")]
    if any(len(row) != len(columns) for row in rows):
        reader.find(element, f"Expected {len(columns)} cells in each row but one has another number.")
    where = label(element)

    def build(scope: Scope) -> Any:
        return [
            {
                name: conformed(cell(scope), kind, where, scope.run)
                for (name, kind), cell in zip(columns, row, strict=False)
            }
            for row in rows
        ]

    return build


def _invocation(reader: BoxedReader, element: Element) -> Compiled:
    called, where = reader.inside(element), label(element)
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        bindings.append(("" if parameter is None else parameter.get("name", ""), reader.inside(binding)))

    def invoke(scope: Scope) -> Any:
        function = called(scope)
        if not isinstance(function, Function):
            return scope.run.warn(
                f"In {where}: Expected a function to invoke but found a {type_of(function)}."
            )
        return function.call(scope.run, {name: value(scope) for name, value in bindings})

    return invoke


def _function(reader: BoxedReader, element: Element) -> Compiled:
    return function_definition(reader, element, label(element))


def function_definition(reader: BoxedReader, element: Element, name: str) -> Callable[[Scope], Any]:
    """Compile a function definition; the function sees the scope in which it is defined."""
    kind = element.get("kind", "FEEL")
    if kind != "FEEL":
        sentence = f"Expected a function written in FEEL but {name} is written in {kind}, which is never run."
        reader.find(element, sentence)
        refuse = reader.nothing(element, sentence)
        return lambda scope: Function(name, (), lambda run, arguments: refuse(scope))
    parameters = tuple(
        Parameter(p.get("name", ""), reader.type(p)) for p in children(element, "formalParameter")
    )
    body, result = reader.inside(element), reader.type(element)
    return lambda scope: closure(name, parameters, lambda values: body(scope.inner(values)), result)


def _conditional(reader: BoxedReader, element: Element) -> Compiled:
    condition, then, otherwise = (reader.child_of(element, part) for part in ("if", "then", "else"))
    where = label(element)

    def choose(scope: Scope) -> Any:
        decided = condition(scope)
        if decided is not None and not isinstance(decided, bool):
            return scope.run.warn(f"In {where}: Expected a condition but found a {type_of(decided)}.")
        return then(scope) if decided is True else otherwise(scope)

    return choose


def _for(reader: BoxedReader, element: Element) -> Compiled:
    variable, domain = element.get("iteratorVariable", "item"), reader.child_of(element, "in")
    result, site = reader.child_of(element, "return"), _site(element)

    def loop(scope: Scope) -> Any:
        items = items_of(domain(scope), scope.run, site)
        if items is None:
            return None
        results: list[Any] = []
        for item in items:
            scope.run.spend(1 + len(results) // 10)
            results.append(result(scope.inner({variable: item, "partial": list(results)})))
        return results

    return loop


def _quantified(reader: BoxedReader, element: Element) -> Compiled:
    variable, domain = element.get("iteratorVariable", "item"), reader.child_of(element, "in")
    condition, site, decisive = (
        reader.child_of(element, "satisfies"),
        _site(element),
        local(element) == "some",
    )

    def loop(scope: Scope) -> bool | None:
        items = items_of(domain(scope), scope.run, site)
        if items is None:
            return None
        answers = []
        for item in items:
            scope.run.spend()
            answers.append(condition(scope.inner({variable: item})))
        if any(answer is decisive for answer in answers):
            return decisive
        return None if any(not isinstance(answer, bool) for answer in answers) else not decisive

    return loop


def _filter(reader: BoxedReader, element: Element) -> Compiled:
    source, condition = reader.child_of(element, "in"), reader.child_of(element, "match")
    site = _site(element)
    return lambda scope: pick(source(scope), condition, scope, site)


def _site(element: Element) -> Site:
    return Site(Source(""), 0)


READERS: dict[str, Callable[[BoxedReader, Element], Compiled]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "filter": _filter,
}
