"""Reading the name of a type behind `instance of` or a parameter's colon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.types import (
    ALIASES,
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    Named,
    RangeType,
    Unknown,
)

if TYPE_CHECKING:
    from engine.feel.parser import Parser


def parse_type(parser: Parser) -> FeelType:
    """Read a type: a name, or `list<…>`, `range<…>`, `context<…>`, `function<…> -> …`."""
    name = _type_name(parser)
    name = ALIASES.get(name, name)
    if name in _BUILDERS and parser.is_sign("<"):
        parser.next()
        return _BUILDERS[name](parser)
    return parser.types.get(name) or (Named(name) if name in SIMPLE_TYPES else Unknown(name))


def _type_name(parser: Parser) -> str:
    for words in (
        ("date", "and", "time"),
        ("years", "and", "months", "duration"),
        ("days", "and", "time", "duration"),
    ):
        ahead = parser.tokens[parser.index : parser.index + len(words)]
        if tuple(token.text for token in ahead) == words:
            parser.index += len(words)
            return " ".join(words)
    if parser.accept("null"):
        return "Null"
    name = parser.name("the name of a type")
    while parser.accept("."):
        name += "." + parser.name("the name of a type")
    return name


_LONG_NAMES = (
    ("date", "and", "time"),
    ("years", "and", "months", "duration"),
    ("days", "and", "time", "duration"),
)


def _close(parser: Parser) -> None:
    # `list<list<number>>=…` lexes its end as one sign; a type before a comparison needs a space there.
    parser.expect(">")


def _list(parser: Parser) -> FeelType:
    item = parse_type(parser)
    _close(parser)
    return ListType(item)


def _range(parser: Parser) -> FeelType:
    item = parse_type(parser)
    _close(parser)
    return RangeType(item)


def _context(parser: Parser) -> FeelType:
    entries: list[tuple[str, FeelType]] = []
    while not parser.is_sign(">"):
        label = parser.label()
        if label is None:
            raise parser.unexpected("the name of an entry and a colon")
        name, parser.index = label
        entries.append((name, parse_type(parser)))
        if not parser.accept(","):
            break
    _close(parser)
    return ContextType(tuple(entries))


def _function(parser: Parser) -> FeelType:
    parameters: list[FeelType] = []
    if not parser.is_sign(">"):
        parameters = parser.comma_list(lambda: parse_type(parser))
    _close(parser)
    result = parse_type(parser) if parser.accept("->") else ANY
    return FunctionType(tuple(parameters), result)


_BUILDERS = {"list": _list, "range": _range, "context": _context, "function": _function}
