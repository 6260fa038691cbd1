"""Expressions that begin with a keyword: `if`, `for`, `some`, `every`, `function`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.feel import ast
from engine.feel.typenames import parse_type
from engine.feel.types import ANY, FeelType

if TYPE_CHECKING:
    from engine.feel.parser import Parser


def if_expression(parser: Parser) -> ast.Node:
    """Read `if … then … else …`."""
    at = parser.next().start
    condition = parser.expression()
    parser.expect("then")
    then = parser.expression()
    parser.expect("else")
    return ast.If(at, condition, then, parser.expression())


def for_expression(parser: Parser) -> ast.Node:
    """Read `for … in …, … return …`."""
    at = parser.next().start
    iterators = parser.comma_list(lambda: iterator(parser))
    parser.expect("return")
    return ast.For(at, tuple(iterators), parser.expression())


def quantified(parser: Parser) -> ast.Node:
    """Read `some … in … satisfies …`, or `every`."""
    keyword = parser.next()
    iterators = parser.comma_list(lambda: iterator(parser))
    parser.expect("satisfies")
    return ast.Quantified(keyword.start, keyword.text == "every", tuple(iterators), parser.expression())


def iterator(parser: Parser) -> ast.Iterator:
    """Read `name in domain` or `name in from .. to`."""
    first = parser.index
    while not parser.is_sign("in"):
        if not parser.is_part_of_name():
            raise parser.unexpected("in")
        parser.next()
    if first == parser.index:
        raise parser.unexpected("the name of a variable")
    name, at = parser.slice(first, parser.index), parser.tokens[first].start
    parser.names.add(name)
    parser.next()
    domain = parser.expression()
    end = parser.expression() if parser.accept("..") else None
    return ast.Iterator(at, name, domain, end)


def function(parser: Parser) -> ast.Node:
    """Read `function(a: type, b) body`."""
    at = parser.next().start
    parser.expect("(")
    parameters = [] if parser.is_sign(")") else parser.comma_list(lambda: parameter(parser))
    parser.expect(")")
    if parser.is_sign("external") and parser.tokens[parser.index + 1].text == "{":
        sentence = "Expected a function written in FEEL but found an external one, which is never run"
        raise parser.source.error(sentence, parser.token.start)
    return ast.FunctionOf(at, tuple(parameters), parser.expression())


def parameter(parser: Parser) -> tuple[str, FeelType]:
    """Read one parameter, with its type if it has one."""
    label = parser.label()
    if label is None:
        name = parser.name("the name of a parameter")
        parser.names.add(name)
        return name, ANY
    name, parser.index = label
    parser.names.add(name)
    return name, parse_type(parser)


READERS: dict[str, Callable[[Parser], ast.Node]] = {
    "if": if_expression,
    "for": for_expression,
    "some": quantified,
    "every": quantified,
    "function": function,
}
