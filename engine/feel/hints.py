"""Showing the FEEL for what looks like Python.

Models made for SpiffWorkflow hold Python expressions. They are refused; the finding shows what to write instead.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from engine.feel.errors import FeelError
from engine.feel.expression import Expression

_MAX_TEXT = 2_000
_MAX_NODES = 300


def python_hint(text: str) -> str | None:
    """Return the FEEL for a text that is Python and no FEEL, or None where there is nothing to say.

    `a == 1 and b` becomes `a = 1 and b`, `x['y']` becomes `x.y`, `a if b else c` becomes `if b then a else c`.
    """
    if len(text) > _MAX_TEXT:
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if sum(1 for _ in ast.walk(tree)) > _MAX_NODES or not any(map(_only_python, ast.walk(tree))):
        return None
    return _checked(_write(tree.body))


def _checked(feel: str | None) -> str | None:
    """A hint that is no FEEL itself would be worse than none."""
    try:
        return feel if feel is not None and Expression(feel) else None
    except FeelError:
        return None


def _only_python(node: ast.AST) -> bool:
    """Tell whether a node means nothing, or something else, in FEEL."""
    if isinstance(node, ast.Compare):
        return (
            any(isinstance(op, ast.Eq | ast.NotIn | ast.Is | ast.IsNot) for op in node.ops)
            or len(node.ops) > 1
        )
    if isinstance(node, ast.Constant):
        return node.value is None or isinstance(node.value, bool)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Call):
        return _called(node) in _FUNCTIONS
    return isinstance(node, ast.IfExp | ast.ListComp | ast.JoinedStr) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    )


def _write(node: ast.AST | None) -> str | None:
    writer = _WRITERS.get(type(node))
    return None if writer is None else writer(node)


def _join(*parts: str | None) -> str | None:
    return None if None in parts else "".join(part for part in parts if part is not None)


def _constant(node: ast.Constant) -> str | None:
    if node.value is None or isinstance(node.value, bool):
        return "null" if node.value is None else str(node.value).lower()
    if isinstance(node.value, str):
        return '"' + node.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return str(node.value) if isinstance(node.value, int | float) else None


def _compare(node: ast.Compare) -> str | None:
    sides = [node.left, *node.comparators]
    parts = [_one_comparison(a, op, b) for a, op, b in zip(sides, node.ops, sides[1:], strict=False)]
    return None if None in parts else " and ".join(part for part in parts if part)


def _one_comparison(left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str | None:
    if isinstance(sign, ast.In | ast.NotIn):
        inside = _join("list contains(", _write(right), ", ", _write(left), ")")
        return inside if isinstance(sign, ast.In) else _join("not(", inside, ")")
    return _join(_operand(left), f" {_COMPARISONS[type(sign)]} ", _operand(right))


def _bool(node: ast.BoolOp) -> str | None:
    parts = [_operand(value) for value in node.values]
    return (
        None if None in parts else (" and " if isinstance(node.op, ast.And) else " or ").join(map(str, parts))
    )


def _operand(node: ast.expr) -> str | None:
    written = _write(node)
    return f"({written})" if written and isinstance(node, ast.BoolOp | ast.IfExp) else written


def _arithmetic(node: ast.BinOp) -> str | None:
    if isinstance(node.op, ast.Mod):
        return _join("modulo(", _write(node.left), ", ", _write(node.right), ")")
    sign = _ARITHMETIC.get(type(node.op))
    left, right = (
        f"({_write(s)})" if isinstance(s, ast.BinOp) else _operand(s) for s in (node.left, node.right)
    )
    return None if sign is None else _join(left, f" {sign} ", right)


def _unary(node: ast.UnaryOp) -> str | None:
    if isinstance(node.op, ast.Not):
        return _join("not(", _write(node.operand), ")")
    return _join("-", _operand(node.operand)) if isinstance(node.op, ast.USub) else None


def _subscript(node: ast.Subscript) -> str | None:
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if isinstance(key, str) and key.isidentifier():
        return _join(_operand(node.value), f".{key}")
    if isinstance(key, str):
        return _join("get value(", _write(node.value), ", ", _write(node.slice), ")")
    if isinstance(key, int) and not isinstance(key, bool):
        return _join(_operand(node.value), f"[{key + 1}]")  # Python counts from 0, FEEL from 1
    return None


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return f".{node.func.attr}" if isinstance(node.func, ast.Attribute) else ""


def _call(node: ast.Call) -> str | None:
    name = _called(node)
    if node.keywords or name not in _FUNCTIONS:
        return None
    arguments = ([node.func.value] if isinstance(node.func, ast.Attribute) else []) + node.args
    written = [_write(argument) for argument in arguments]
    return None if None in written else f"{_FUNCTIONS[name]}({', '.join(map(str, written))})"


def _list(node: ast.List | ast.Tuple) -> str | None:
    items = [_write(item) for item in node.elts]
    return None if None in items else f"[{', '.join(map(str, items))}]"


def _if(node: ast.IfExp) -> str | None:
    return _join("if ", _write(node.test), " then ", _write(node.body), " else ", _write(node.orelse))


def _attribute(node: ast.Attribute) -> str | None:
    return _join(_operand(node.value), f".{node.attr}")


_COMPARISONS: dict[type, str] = {
    ast.Eq: "=", ast.Is: "=", ast.NotEq: "!=", ast.IsNot: "!=",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_FUNCTIONS = {
    "len": "count", "str": "string", "float": "number", "int": "number", "sum": "sum", "min": "min", "max": "max",
    "abs": "abs", "any": "any", "all": "all", ".lower": "lower case", ".upper": "upper case", ".strip": "trim",
    ".startswith": "starts with", ".endswith": "ends with", ".get": "get value", ".replace": "replace",
}  # fmt: skip
_WRITERS: dict[type, Callable[[Any], str | None]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: str(node.id),
    ast.Compare: _compare,
    ast.BoolOp: _bool,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _unary,
    ast.Subscript: _subscript,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: _list,
    ast.Tuple: _list,
    ast.IfExp: _if,
}
