"""What an expression names by literals, calendars and settings, so that a slip is found before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from engine.feel import ast


def named_by(node: ast.Node, functions: frozenset[str], parameter: str) -> frozenset[str]:
    """Return the texts that calls of these functions give for their first parameter."""
    calls = (it for it in _walk(node) if isinstance(it, ast.Call) and _called(it) in functions)
    return frozenset(text for call in calls for text in _texts(_given(call, parameter)))


def _called(call: ast.Call) -> str | None:
    return call.function.name if isinstance(call.function, ast.Name) else None


def _given(call: ast.Call, parameter: str) -> ast.Node | None:
    if call.names is None:
        return call.arguments[0] if call.arguments else None
    return dict(zip(call.names, call.arguments, strict=True)).get(parameter)


def _texts(node: ast.Node | None) -> Iterator[str]:
    """Yield a literal, or those between which a condition chooses."""
    if isinstance(node, ast.If):
        yield from _texts(node.then)
        yield from _texts(node.otherwise)
    elif isinstance(node, ast.Literal) and isinstance(node.value, str):
        yield node.value


def _walk(value: object) -> Iterator[ast.Node]:
    """Yield every node in a node, or in the tuples that it holds."""
    if isinstance(value, tuple):
        for part in value:
            yield from _walk(part)
    elif isinstance(value, ast.Node):
        yield value
        for each in fields(value):
            yield from _walk(getattr(value, each.name))
