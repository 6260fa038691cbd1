"""`and`, `or`, `if`: FEEL's logic has three values, and what is no boolean counts as null."""

from __future__ import annotations

from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Unit, compiles
from engine.feel.evaluation import Compiled, Run, Scope, Site
from engine.feel.kinds import type_of


def conjunction(left: Compiled, right: Compiled, site: Site) -> Compiled:
    """False if one side is false, true if both are true, else null."""

    def both(scope: Scope) -> bool | None:
        first = _truth(left(scope), scope.run, site)
        if first is False:
            return False
        second = _truth(right(scope), scope.run, site)
        return False if second is False else True if first and second else None

    return both


def disjunction(left: Compiled, right: Compiled, site: Site) -> Compiled:
    """True if one side is true, false if both are false, else null."""

    def either(scope: Scope) -> bool | None:
        first = _truth(left(scope), scope.run, site)
        if first is True:
            return True
        second = _truth(right(scope), scope.run, site)
        return True if second is True else False if first is False and second is False else None

    return either


def _truth(value: Any, run: Run, site: Site) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    site.warn(run, f"Expected true, false or null but found a {type_of(value)}")
    return None


@compiles(ast.If)
def if_then_else(node: ast.If, unit: Unit) -> Compiled:
    """`if … then … else …`; null takes the else branch."""
    condition, then, otherwise = (unit.compile(part) for part in (node.condition, node.then, node.otherwise))
    site = unit.site(node)

    def choose(scope: Scope) -> Any:
        decided = _truth(condition(scope), scope.run, site)
        return then(scope) if decided is True else otherwise(scope)

    return choose
