"""Values that begin with a sign: parentheses, lists, ranges, contexts and `@` literals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.feel import ast
from engine.feel.temporal import parse_temporal

if TYPE_CHECKING:
    from engine.feel.parser import Parser


def at_literal(parser: Parser) -> ast.Node:
    """Read `@"…"`."""
    at = parser.next().start
    if parser.token.kind != "string":
        raise parser.unexpected("a date, time or duration in quotes behind @")
    text = parser.next().text
    value = parse_temporal(text)
    return ast.BadLiteral(at, text) if value is None else ast.Literal(at, value)


def parenthesis(parser: Parser) -> ast.Node:
    """Read `(…)`: an expression, a range with an open low end, or a comparison as a range."""
    at = parser.next().start
    if parser.is_comparison():
        node = parser.comparison()
        parser.expect(")")
        return node
    node = parser.expression()
    if parser.is_sign(".."):
        return range_literal(parser, at, node, included=False)
    parser.expect(")")
    return node


def bracket(parser: Parser) -> ast.Node:
    """Read `[…]`: a list, or a range."""
    at = parser.next().start
    if parser.accept("]"):
        return ast.ListOf(at, ())
    first = parser.unary_test()
    if parser.is_sign(".."):
        return range_literal(parser, at, first, included=True)
    items = [first]
    while parser.accept(","):
        items.append(parser.unary_test())
    parser.expect("]")
    return ast.ListOf(at, tuple(items))


def open_range(parser: Parser) -> ast.Node:
    """Read `]low..high…`."""
    at = parser.next().start
    low = parser.expression()
    if not parser.is_sign(".."):
        raise parser.unexpected("..")
    return range_literal(parser, at, low, included=False)


def range_literal(parser: Parser, at: int, low: ast.Node, *, included: bool) -> ast.Node:
    """Read the high end of a range and the sign that closes it."""
    parser.expect("..")
    outer, parser.range_end = parser.range_end, True
    high = parser.operand()
    parser.range_end = outer
    if not (parser.is_sign("]") or parser.is_sign(")") or parser.is_sign("[")):
        raise parser.unexpected("the end of the range: ] or )")
    return ast.RangeOf(at, low, high, included, parser.next().text == "]")


def context(parser: Parser) -> ast.Node:
    """Read `{key: expression, …}`."""
    at = parser.next().start
    entries: list[tuple[str, ast.Node]] = []
    if not parser.accept("}"):
        entries = parser.comma_list(lambda: context_entry(parser))
        parser.expect("}")
    return ast.ContextOf(at, tuple(entries))


def context_entry(parser: Parser) -> tuple[str, ast.Node]:
    """Read one entry; from here on its key is a name in scope."""
    if parser.token.kind == "string":
        key = parser.next().text
        parser.expect(":")
    else:
        label = parser.label()
        if label is None:
            raise parser.unexpected("a key and a colon")
        key, parser.index = label
    parser.names.add(key)
    return key, parser.expression()


READERS: dict[str, Callable[[Parser], ast.Node]] = {
    "(": parenthesis,
    "[": bracket,
    "]": open_range,
    "{": context,
    "@": at_literal,
}
