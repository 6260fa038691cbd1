"""`range(from)`: the range that a text spells, with ends that are plain values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import ast, temporal
from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelError
from engine.feel.evaluation import Run
from engine.feel.kinds import Range
from engine.feel.operators import compare
from engine.feel.parser import Parser

_READERS: dict[str, Callable[[str], Any]] = {
    "date": temporal.read_date,
    "time": temporal.parse_time,
    "date and time": temporal.read_date_time,
    "duration": temporal.read_duration,
}


@builtin("range(from: string)")
def range_from(run: Run, text: str) -> Any:
    """The range of a text such as `[1..10)`; nothing in it is evaluated."""
    try:
        node = Parser(text).expression_text()
    except FeelError as error:
        return run.warn(f"Expected a range such as [1..10] but {text!r} is none: {error}")
    if not isinstance(node, ast.RangeOf):
        return run.warn(f"Expected a range such as [1..10] but found {text!r}")
    low, high = _end(node.low), _end(node.high)
    if compare(low, high) not in (-1, 0):
        return run.warn(f"Expected two ends of one kind, the lower one first, but found {text!r}")
    return Range(low, high, node.low_included, node.high_included)


def _end(node: ast.Node) -> Any:
    """Return the value of an end that stands in the text, or None where it would have to be computed."""
    if isinstance(node, ast.Literal):
        return node.value
    if isinstance(node, ast.Negation):
        value = _end(node.operand)
        return -value if isinstance(value, Decimal) else None
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and len(node.arguments) == 1:
        read, argument = _READERS.get(node.function.name), node.arguments[0]
        if read is not None and isinstance(argument, ast.Literal) and isinstance(argument.value, str):
            return read(argument.value)
    return None
