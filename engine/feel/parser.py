"""From tokens to the syntax tree: one method per rule of the grammar (DMN 1.5, 10.3.1.2).

Binary operators climb by precedence instead of one method each, so that nesting costs few Python frames; how
deep a text may nest is limited anyhow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.feel import ast
from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.lexer import KEYWORDS, NAME_SYMBOLS, Source, Token, tokenise
from engine.feel.names import KnownNames, join
from engine.feel.numbers import read_number
from engine.feel.temporal import parse_temporal
from engine.feel.typenames import parse_type
from engine.feel.types import ANY, FeelType

MAX_NESTING = 60
T = TypeVar("T")
NO_TYPES: Mapping[str, FeelType] = {}

_PRECEDENCE = {
    "or": 1, "and": 2,
    "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
}  # fmt: skip
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ADDITIVE = 4
_CONSTANTS = {"true": True, "false": False, "null": None}
# What can't begin an expression: behind the high end of a range, `[` before one of these closes the range.
_AFTER_RANGE = frozenset(
    ") ] } , . = != < <= > >= + * / ** and or then else return satisfies between in".split()  # noqa: SIM905
)


class Parser:
    """Reads one text.

    `names` are the names in scope; see `engine.feel.names` for which of them matter. `types` are the types that a
    model defines beside FEEL's own.
    """

    def __init__(
        self, text: str, names: Iterable[str] = (), begin: int = 0, types: Mapping[str, FeelType] = NO_TYPES
    ) -> None:
        self.types = types
        self.source = Source(text)
        self.tokens: list[Token] = tokenise(self.source, begin)
        self.index = 0
        self.depth = 0
        self.names = KnownNames([*_SPOKEN, *names])
        self.range_end = False

    # -- whole texts

    def expression_text(self) -> ast.Node:
        """Read a text that is one expression."""
        node = self.expression()
        self.expect_end()
        return node

    def unary_tests_text(self) -> ast.Tests:
        """Read a text that is a list of unary tests: `-`, `not(…)`, or tests with commas between."""
        at = self.token.start
        if self.token.text == "-" and self.tokens[self.index + 1].kind == "end":
            return ast.Tests(at, (), False)
        if negated := self.negated_tests():
            return negated
        tests = self.comma_list(self.unary_test)
        self.expect_end()
        return ast.Tests(at, tuple(tests), False)

    def negated_tests(self) -> ast.Tests | None:
        """Read `not(…)` if it is the whole text; else go back, for `not(a) or b` is an expression."""
        start = self.index
        if self.token.text != "not" or self.tokens[start + 1].text != "(":
            return None
        at, self.index = self.token.start, start + 2
        tests = self.comma_list(self.unary_test)
        if self.accept(")") and self.token.kind == "end":
            return ast.Tests(at, tuple(tests), True)
        self.index = start
        return None

    # -- tokens

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def next(self) -> Token:
        """Take the token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def is_sign(self, text: str) -> bool:
        """Tell whether the next token is this operator or keyword, and not a string that spells it."""
        return self.token.text == text and self.token.kind in ("op", "name")

    def accept(self, text: str) -> bool:
        """Take the token if it is this operator or keyword."""
        if self.is_sign(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Take this operator or keyword, or raise."""
        if not self.is_sign(text):
            raise self.unexpected(text)
        return self.next()

    def expect_end(self) -> None:
        """Raise unless the text ends here."""
        if self.token.kind != "end":
            raise self.unexpected("an operator or the end")

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        """Return the error that something else was expected at the token."""
        found = self.source.text[self.token.start : self.token.end]
        seen = f"found {found}" if self.token.kind != "end" else "the text ends"
        return self.source.error(f"Expected {wanted} but {seen}", self.token.start)

    def comma_list(self, read: Callable[[], T]) -> list[T]:
        """Read one or more of something with commas between."""
        items = [read()]
        while self.accept(","):
            items.append(read())
        return items

    # -- operators

    def expression(self) -> ast.Node:
        """Read an expression of any kind; nesting is counted here."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            line, column = self.source.position(self.token.start)
            raise FeelLimitError(
                f"Expected at most {MAX_NESTING} levels of nesting but found more (line {line}, column {column})."
            )
        outer, self.range_end = self.range_end, False
        node = self.binary(1)
        self.range_end = outer
        self.depth -= 1
        return node

    def binary(self, least: int) -> ast.Node:
        """Read operators of at least this precedence; all of them group to the left."""
        left = self.unary()
        while True:
            operator, at = self.token.text, self.token.start
            precedence = _PRECEDENCE.get(operator, 0) if self.token.kind in ("op", "name") else 0
            if precedence < least:
                return left
            self.next()
            if operator == "between":
                left = self.between(left, at)
            elif operator == "in":
                left = ast.In(at, left, self.in_tests())
            else:
                left = ast.Binary(at, operator, left, self.binary(precedence + 1))

    def between(self, value: ast.Node, at: int) -> ast.Node:
        """Read `… and …` behind `between`."""
        low = self.binary(_ADDITIVE)
        self.expect("and")
        return ast.Between(at, value, low, self.binary(_ADDITIVE))

    def in_tests(self) -> tuple[ast.Node, ...]:
        """Read what stands behind `in`: one test, or several in parentheses."""
        at = self.token.start
        if self.accept("("):
            tests = self.comma_list(self.unary_test)
            if len(tests) == 1 and self.is_sign(".."):
                return (self.range(at, tests[0], included=False),)
            self.expect(")")
            return tuple(tests)
        if self.token.text in _COMPARISONS and self.token.kind == "op":
            return (self.comparison(),)
        return (self.binary(_ADDITIVE),)

    def unary_test(self) -> ast.Node:
        """Read one test: a comparison without left side, or an expression."""
        if self.token.text in _COMPARISONS and self.token.kind == "op":
            return self.comparison()
        return self.expression()

    def comparison(self) -> ast.Node:
        """Read a comparison without left side, as `>= 10`."""
        operator = self.next()
        return ast.Comparison(operator.start, operator.text, self.binary(_ADDITIVE))

    def unary(self) -> ast.Node:
        """Read minus signs and what they negate; they bind closer than `**`."""
        if not self.is_sign("-"):
            return self.instance_of()
        minus = self.next()
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelLimitError(
                f"Expected at most {MAX_NESTING} levels of nesting but found more minus signs."
            )
        operand = self.unary()
        self.depth -= 1
        return ast.Negation(minus.start, operand)

    def instance_of(self) -> ast.Node:
        """Read `… instance of type`."""
        node = self.postfix()
        while self.is_sign("instance") and self.tokens[self.index + 1].text == "of":
            at = self.next().start
            self.next()
            node = ast.InstanceOf(at, node, parse_type(self))
        return node

    def postfix(self) -> ast.Node:
        """Read a value and its filters, paths and calls."""
        node = self.primary()
        while True:
            at = self.token.start
            if self.is_sign("[") and not self.closes_range():
                self.next()
                node = ast.Filter(at, node, self.expression())
                self.expect("]")
            elif self.accept("."):
                node = ast.Path(at, node, self.name("a name"))
            elif self.is_sign("("):
                node = self.call(node)
            else:
                return node

    def closes_range(self) -> bool:
        """Tell whether `[` is the open end of a range here, as in `[1..10[`."""
        follower = self.tokens[self.index + 1]
        return self.range_end and (follower.kind == "end" or follower.text in _AFTER_RANGE)

    def call(self, function: ast.Node) -> ast.Node:
        """Read the arguments of a call, by position or by name."""
        self.next()
        if self.accept(")"):
            return ast.Call(function.at, function, (), None)
        names: list[str] | None = None
        arguments: list[ast.Node] = []
        if self.label() is None:
            arguments = self.comma_list(self.expression)
        else:
            pairs = self.comma_list(self.named_argument)
            names, arguments = [name for name, _ in pairs], [node for _, node in pairs]
        self.expect(")")
        return ast.Call(function.at, function, tuple(arguments), None if names is None else tuple(names))

    def named_argument(self) -> tuple[str, ast.Node]:
        """Read `name: expression`."""
        label = self.label()
        if label is None:
            raise self.unexpected("the name of a parameter and a colon")
        name, self.index = label
        return name, self.expression()

    def label(self) -> tuple[str, int] | None:
        """Return the name that ends in a colon here and the index behind the colon, or None."""
        index = self.index
        while _may_be_in_name(self.tokens[index]):
            index += 1
        if index == self.index or self.tokens[index].text != ":" or self.tokens[self.index].kind != "name":
            return None
        return self.slice(self.index, index), index + 1

    def slice(self, first: int, behind: int) -> str:
        """Return the source of some tokens with single spaces."""
        text = self.source.text[self.tokens[first].start : self.tokens[behind - 1].end]
        return " ".join(text.split())

    # -- values

    def primary(self) -> ast.Node:
        """Read a value that no operator begins."""
        token = self.token
        if token.kind == "name":
            return self.word()
        if token.kind == "string":
            self.next()
            return ast.Literal(token.start, token.text)
        if token.kind == "number":
            return self.number()
        reader = _BRACKETS.get(token.text) if token.kind == "op" else None
        if reader is None:
            raise self.unexpected("an expression")
        return reader(self)

    def number(self) -> ast.Node:
        """Read a number."""
        token = self.next()
        value = read_number(token.text)
        if value is None:
            raise self.source.error(
                "Expected a number in the range of decimal128 but found a larger one", token.start
            )
        return ast.Literal(token.start, value)

    def word(self) -> ast.Node:
        """Read what begins with a word: a known name, a keyword's expression, or a name."""
        at = self.token.start
        known, behind = self.names.longest(self.tokens, self.index)
        if known:
            self.index = behind
            return ast.Name(at, known)
        keyword = self.token.text
        if keyword == "function" and self.tokens[self.index + 1].text == "(":
            return _KEYWORD_READERS["function"](self)
        if keyword in _CONSTANTS:
            self.next()
            return ast.Literal(at, _CONSTANTS[keyword])
        if keyword in _KEYWORD_READERS and keyword != "function":
            return _KEYWORD_READERS[keyword](self)
        return ast.Name(at, self.name("an expression"))

    def name(self, wanted: str) -> str:
        """Read a name; the longest known one, else all words up to the next sign or keyword."""
        known, behind = self.names.longest(self.tokens, self.index)
        if known:
            self.index = behind
            return known
        if self.token.kind != "name" or self.token.text in KEYWORDS - {"function", "instance"}:
            raise self.unexpected(wanted)
        name, self.index = join(self.tokens, self.index)
        return name

    def at_literal(self) -> ast.Node:
        """Read `@"…"`."""
        at = self.next().start
        if self.token.kind != "string":
            raise self.unexpected("a date, time or duration in quotes behind @")
        text = self.next().text
        value = parse_temporal(text)
        return ast.BadLiteral(at, text) if value is None else ast.Literal(at, value)

    def parenthesis(self) -> ast.Node:
        """Read `(…)`: an expression, a range with an open low end, or a comparison as a range."""
        at = self.next().start
        if self.token.text in _COMPARISONS and self.token.kind == "op":
            node = self.comparison()
            self.expect(")")
            return node
        node = self.expression()
        if self.is_sign(".."):
            return self.range(at, node, included=False)
        self.expect(")")
        return node

    def bracket(self) -> ast.Node:
        """Read `[…]`: a list, or a range."""
        at = self.next().start
        if self.accept("]"):
            return ast.ListOf(at, ())
        first = self.unary_test()
        if self.is_sign(".."):
            return self.range(at, first, included=True)
        items = [first]
        while self.accept(","):
            items.append(self.unary_test())
        self.expect("]")
        return ast.ListOf(at, tuple(items))

    def open_range(self) -> ast.Node:
        """Read `]low..high…`."""
        at = self.next().start
        low = self.expression()
        if not self.is_sign(".."):
            raise self.unexpected("..")
        return self.range(at, low, included=False)

    def range(self, at: int, low: ast.Node, *, included: bool) -> ast.Node:
        """Read the high end of a range and the sign that closes it."""
        self.expect("..")
        outer, self.range_end = self.range_end, True
        high = self.binary(_ADDITIVE)
        self.range_end = outer
        if not (self.is_sign("]") or self.is_sign(")") or self.is_sign("[")):
            raise self.unexpected("the end of the range: ] or )")
        return ast.RangeOf(at, low, high, included, self.next().text == "]")

    def context(self) -> ast.Node:
        """Read `{key: expression, …}`."""
        at = self.next().start
        entries: list[tuple[str, ast.Node]] = []
        if not self.accept("}"):
            entries = self.comma_list(self.context_entry)
            self.expect("}")
        return ast.ContextOf(at, tuple(entries))

    def context_entry(self) -> tuple[str, ast.Node]:
        """Read one entry; from here on its key is a name in scope."""
        if self.token.kind == "string":
            key = self.next().text
            self.expect(":")
        else:
            label = self.label()
            if label is None:
                raise self.unexpected("a key and a colon")
            key, self.index = label
        self.names.add(key)
        return key, self.expression()

    # -- keywords

    def if_expression(self) -> ast.Node:
        """Read `if … then … else …`."""
        at = self.next().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return ast.If(at, condition, then, self.expression())

    def for_expression(self) -> ast.Node:
        """Read `for … in …, … return …`."""
        at = self.next().start
        iterators = self.comma_list(self.iterator)
        self.expect("return")
        return ast.For(at, tuple(iterators), self.expression())

    def quantified(self) -> ast.Node:
        """Read `some … in … satisfies …`, or `every`."""
        keyword = self.next()
        iterators = self.comma_list(self.iterator)
        self.expect("satisfies")
        return ast.Quantified(keyword.start, keyword.text == "every", tuple(iterators), self.expression())

    def iterator(self) -> ast.Iterator:
        """Read `name in domain` or `name in from .. to`."""
        first = self.index
        while not self.is_sign("in"):
            if (
                self.token.kind not in ("name", "number") and self.token.text not in "-/+*’'"
            ) or self.token.kind == "end":
                raise self.unexpected("in")
            self.next()
        if first == self.index:
            raise self.unexpected("the name of a variable")
        name, at = self.slice(first, self.index), self.tokens[first].start
        self.names.add(name)
        self.next()
        domain = self.expression()
        end = self.expression() if self.accept("..") else None
        return ast.Iterator(at, name, domain, end)

    def is_name_sign(self) -> bool:
        """Tell whether the token is a sign that a name may hold."""
        return self.token.kind == "op" and self.token.text in NAME_SYMBOLS

    def function(self) -> ast.Node:
        """Read `function(a: type, b) body`."""
        at = self.next().start
        self.expect("(")
        parameters = [] if self.is_sign(")") else self.comma_list(self.parameter)
        self.expect(")")
        external = self.token.kind == "name" and self.accept("external")
        return ast.FunctionOf(at, tuple(parameters), self.expression(), external)

    def parameter(self) -> tuple[str, FeelType]:
        """Read one parameter, with its type if it has one."""
        label = self.label()
        if label is None:
            name = self.name("the name of a parameter")
            self.names.add(name)
            return name, ANY
        name, self.index = label
        self.names.add(name)
        return name, parse_type(self)


def _may_be_in_name(token: Token) -> bool:
    return token.kind in ("name", "number") or (token.kind == "op" and token.text in NAME_SYMBOLS)


# Names of types and built-in functions that hold keywords.
_SPOKEN = ("date and time", "years and months duration", "days and time duration", "get or else")
_BRACKETS: dict[str, Callable[[Parser], ast.Node]] = {
    "(": Parser.parenthesis,
    "[": Parser.bracket,
    "]": Parser.open_range,
    "{": Parser.context,
    "@": Parser.at_literal,
}
_KEYWORD_READERS: dict[str, Callable[[Parser], ast.Node]] = {
    "if": Parser.if_expression,
    "for": Parser.for_expression,
    "some": Parser.quantified,
    "every": Parser.quantified,
    "function": Parser.function,
}
