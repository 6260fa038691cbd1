"""Paths and filters: `a.b` and `a[…]`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Unit, compiles
from engine.feel.evaluation import Compiled, Run, Scope, Site
from engine.feel.kinds import type_of
from engine.feel.numbers import is_whole, short_text
from engine.feel.properties import property_reader


@compiles(ast.Path)
def path(node: ast.Path, unit: Unit) -> Compiled:
    """`a.b`: the entry of a context, the property of a value, or those of each item of a list."""
    value, name, site = unit.compile(node.value), node.name, unit.site(node)
    return lambda scope: read(value(scope), name, scope.run, site)


def read(value: Any, name: str, run: Run, site: Site) -> Any:
    """Return what `.name` is of a value; null has only nulls."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return site.warn(run, f"Expected an entry called {name} but the context has none")
    if isinstance(value, list):
        run.spend(len(value))
        return [read(item, name, run, site) for item in value]
    if value is None:
        return None
    reader = property_reader(value, name)
    if reader is None:
        return site.warn(run, f"Expected a value with the property {name} but found a {type_of(value)}")
    return reader(value)


@compiles(ast.Filter)
def filtered(node: ast.Filter, unit: Unit) -> Compiled:
    """`a[…]`: by position if the condition is a number, else the items for which it is true."""
    value, condition, site = unit.compile(node.value), unit.compile(node.condition), unit.site(node)

    return lambda scope: pick(value(scope), condition, scope, site)


def pick(source: Any, condition: Compiled, scope: Scope, site: Site) -> Any:
    """Return the item at the position that the condition yields, or the items for which it is true."""
    items = source if isinstance(source, list) else [] if source is None else [source]
    if not items:
        return _of_nothing(source, condition, scope)
    first = condition(_item_scope(items[0], scope))
    if isinstance(first, Decimal):
        return _at(items, first, scope.run, site)
    scope.run.spend(len(items))
    kept = [items[0]] if first is True else []
    return kept + [item for item in items[1:] if condition(_item_scope(item, scope)) is True]


def _of_nothing(source: Any, condition: Compiled, scope: Scope) -> Any:
    """No item can be asked, so the condition is tried alone, and what it warns of is no mistake."""
    noted = len(scope.run.warnings)
    by_position = isinstance(condition(scope.inner({"item": None})), Decimal)
    del scope.run.warnings[noted:]
    return None if by_position or source is None else []


def _item_scope(item: Any, scope: Scope) -> Scope:
    inner = scope.inner({"item": item})
    return inner.inner(item) if isinstance(item, dict) else inner


def _at(items: list[Any], position: Decimal, run: Run, site: Site) -> Any:
    count = len(items)
    if not is_whole(position) or not 1 <= abs(position) <= count:
        text = f"from 1 to {count}, or from -{count} to -1"
        return site.warn(run, f"Expected a position {text} but found {short_text(position)}")
    index = int(position)
    return items[index - 1 if index > 0 else index]
