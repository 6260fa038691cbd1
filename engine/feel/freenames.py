"""Which names an expression reads from outside itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from engine.feel import ast


@dataclass(slots=True)
class FreeNames:
    """`sure` are read from the context given; `maybe` stand in a filter, where an item's entry may answer."""

    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        """Both together."""
        return self.sure | self.maybe


def free_names(node: ast.Node) -> FreeNames:
    """Return the names that nothing inside the node binds."""
    found = FreeNames()
    _visit(node, frozenset(), False, found)
    return found


def _visit(node: ast.Node, bound: frozenset[str], in_filter: bool, found: FreeNames) -> None:
    if isinstance(node, ast.Name):
        if node.name not in bound:
            (found.maybe if in_filter else found.sure).add(node.name)
    elif isinstance(node, ast.ContextOf):
        for key, value in node.entries:
            _visit(value, bound, in_filter, found)
            bound = bound | {key}
    elif isinstance(node, ast.Filter):
        _visit(node.value, bound, in_filter, found)
        _visit(node.condition, bound | {"item"}, True, found)
    elif isinstance(node, ast.FunctionOf):
        _visit(node.body, bound | {name for name, _ in node.parameters}, in_filter, found)
    elif isinstance(node, ast.For | ast.Quantified):
        _visit_loop(node, bound, in_filter, found)
    else:
        for child in _children(node):
            _visit(child, bound, in_filter, found)


def _visit_loop(
    node: ast.For | ast.Quantified, bound: frozenset[str], in_filter: bool, found: FreeNames
) -> None:
    for iterator in node.iterators:
        for child in _children(iterator):
            _visit(child, bound, in_filter, found)
        bound = bound | {iterator.name}
    body = node.result if isinstance(node, ast.For) else node.condition
    _visit(body, bound | {"partial"} if isinstance(node, ast.For) else bound, in_filter, found)


def _children(node: ast.Node) -> Iterator[ast.Node]:
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, ast.Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, ast.Node))
