"""From the syntax tree to closures, once per expression.

Each kind of node has one function here or beside that returns a closure; evaluating an expression is calling the
outermost closure with a scope. Nothing is ever turned into Python source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.feel import ast
from engine.feel.evaluation import Compiled, Site
from engine.feel.lexer import Source

NodeT = TypeVar("NodeT", bound=ast.Node)
_COMPILERS: dict[type, Callable[[Any, Unit], Compiled]] = {}


class Unit:
    """One text being compiled."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def compile(self, node: ast.Node) -> Compiled:
        """Return the closure of a node."""
        return _COMPILERS[type(node)](node, self)

    def site(self, node: ast.Node) -> Site:
        """Return where a node stands."""
        return Site(self.source, node.at)


def compiles(
    kind: type[NodeT],
) -> Callable[[Callable[[NodeT, Unit], Compiled]], Callable[[NodeT, Unit], Compiled]]:
    """Register the function that compiles one kind of node."""

    def register(function: Callable[[NodeT, Unit], Compiled]) -> Callable[[NodeT, Unit], Compiled]:
        _COMPILERS[kind] = function
        return function

    return register
