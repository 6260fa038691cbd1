"""Literals, names, lists, contexts, ranges and arithmetic."""

from __future__ import annotations

from typing import Any

from engine.feel import ast
from engine.feel.builtins import BUILTINS
from engine.feel.compiler.base import Unit, compiles
from engine.feel.compiler.logic import conjunction, disjunction
from engine.feel.evaluation import Compiled, Scope
from engine.feel.kinds import Range, type_of
from engine.feel.operators import arithmetic, compare, equal, negate, ordered


@compiles(ast.Literal)
def literal(node: ast.Literal, unit: Unit) -> Compiled:
    """A value that stands in the text."""
    value = node.value
    return lambda scope: value


@compiles(ast.BadLiteral)
def bad_literal(node: ast.BadLiteral, unit: Unit) -> Compiled:
    """An `@"…"` that names nothing."""
    sentence, site = f"Expected a date, time or duration but found {node.text!r}", unit.site(node)
    return lambda scope: site.warn(scope.run, sentence)


@compiles(ast.Name)
def name(node: ast.Name, unit: Unit) -> Compiled:
    """The value of a name: of the innermost scope that has it, else a built-in function."""
    wanted, site = node.name, unit.site(node)
    builtin = BUILTINS.get(wanted)

    def look_up(scope: Scope) -> Any:
        at: Scope | None = scope
        while at is not None:
            if wanted in at.values:
                return at.values[wanted]
            at = at.parent
        if builtin is not None:
            return builtin
        return site.warn(scope.run, f"Expected a value called {wanted} but there is none")

    return look_up


@compiles(ast.ListOf)
def list_of(node: ast.ListOf, unit: Unit) -> Compiled:
    """`[a, b, …]`."""
    items = [unit.compile(item) for item in node.items]

    def build(scope: Scope) -> Any:
        scope.run.spend(len(items))
        return [item(scope) for item in items]

    return build


@compiles(ast.ContextOf)
def context_of(node: ast.ContextOf, unit: Unit) -> Compiled:
    """`{a: …, b: …}`; each entry sees those before it."""
    entries = [(key, unit.compile(value)) for key, value in node.entries]
    keys = {key for key, _ in entries}
    site = unit.site(node)

    def build(scope: Scope) -> Any:
        if len(keys) != len(entries):
            return site.warn(scope.run, "Expected each key of the context once but one stands twice")
        scope.run.spend(len(entries))
        context: dict[str, Any] = {}
        inner = scope.inner(context)
        for key, value in entries:
            context[key] = value(inner)
        return context

    return build


@compiles(ast.RangeOf)
def range_of(node: ast.RangeOf, unit: Unit) -> Compiled:
    """`[a..b]` and its half-open forms."""
    low, high, site = unit.compile(node.low), unit.compile(node.high), unit.site(node)

    def build(scope: Scope) -> Any:
        start, end = low(scope), high(scope)
        if start is not None and end is not None and compare(start, end) is None:
            kinds = f"{type_of(start)} and {type_of(end)}"
            return site.warn(scope.run, f"Expected two ends of one ordered kind but found {kinds}")
        return Range(start, end, node.low_included, node.high_included)

    return build


@compiles(ast.Comparison)
def comparison(node: ast.Comparison, unit: Unit) -> Compiled:
    """`< 10` as a value is a range."""
    end = unit.compile(node.end)
    return lambda scope: Range.of_operator(node.operator, end(scope))


@compiles(ast.Negation)
def negation(node: ast.Negation, unit: Unit) -> Compiled:
    """`-a`."""
    operand, site = unit.compile(node.operand), unit.site(node)
    return lambda scope: negate(operand(scope), scope.run, site)


@compiles(ast.Binary)
def binary(node: ast.Binary, unit: Unit) -> Compiled:
    """A binary operator; `and` and `or` stand in `logic`."""
    sign, site = node.operator, unit.site(node)
    left, right = unit.compile(node.left), unit.compile(node.right)
    if sign == "and":
        return conjunction(left, right, site)
    if sign == "or":
        return disjunction(left, right, site)
    if sign == "=":
        return lambda scope: equal(left(scope), right(scope), scope.run)
    if sign == "!=":
        return lambda scope: _not(equal(left(scope), right(scope), scope.run))
    if sign in ("<", "<=", ">", ">="):
        return lambda scope: ordered(sign, left(scope), right(scope), scope.run, site)
    return lambda scope: arithmetic(sign, left(scope), right(scope), scope.run, site)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


@compiles(ast.InstanceOf)
def instance_of(node: ast.InstanceOf, unit: Unit) -> Compiled:
    """`a instance of type`."""
    value, kind = unit.compile(node.value), node.type
    return lambda scope: kind.holds(value(scope))
