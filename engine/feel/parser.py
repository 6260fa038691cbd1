"""From tokens to the syntax tree: one function per rule of the grammar (DMN 1.5, 10.3.1.2).

Operators, names and calls stand here, what a keyword or a bracket begins in `keywords` and `brackets`.

Binary operators climb by precedence instead of one method each, so that nesting costs few Python frames; how
deep a text may nest is limited anyhow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel import ast, brackets, keywords
from engine.feel.errors import FeelLimitError
from engine.feel.lexer import KEYWORDS
from engine.feel.names import OURS, KnownNames, join
from engine.feel.numbers import read_number
from engine.feel.tokens import TokenReader
from engine.feel.typenames import parse_type
from engine.feel.types import FeelType

MAX_NESTING = 60
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


class Parser(TokenReader):
    """Reads one text.

    `names` are the names in scope; see `engine.feel.names` for which of them matter. `types` are the types that a
    model defines beside FEEL's own.
    """

    def __init__(
        self, text: str, names: Iterable[str] = (), begin: int = 0, types: Mapping[str, FeelType] = NO_TYPES
    ) -> None:
        super().__init__(text, begin)
        self.types = types
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

    def operand(self) -> ast.Node:
        """Read what stands beside a sign that compares: arithmetic, but no comparison."""
        return self.binary(_ADDITIVE)

    def between(self, value: ast.Node, at: int) -> ast.Node:
        """Read `… and …` behind `between`."""
        low = self.operand()
        self.expect("and")
        return ast.Between(at, value, low, self.operand())

    def in_tests(self) -> tuple[ast.Node, ...]:
        """Read what stands behind `in`: one test, or several in parentheses."""
        at = self.token.start
        if self.accept("("):
            tests = self.comma_list(self.unary_test)
            if len(tests) == 1 and self.is_sign(".."):
                return (brackets.range_literal(self, at, tests[0], included=False),)
            self.expect(")")
            return tuple(tests)
        if self.is_comparison():
            return (self.comparison(),)
        return (self.operand(),)

    def unary_test(self) -> ast.Node:
        """Read one test: a comparison without left side, or an expression."""
        if self.is_comparison():
            return self.comparison()
        return self.expression()

    def is_comparison(self) -> bool:
        """Tell whether the next token is a sign that compares."""
        return self.token.text in _COMPARISONS and self.token.kind == "op"

    def comparison(self) -> ast.Node:
        """Read a comparison without left side, as `>= 10`."""
        operator = self.next()
        return ast.Comparison(operator.start, operator.text, self.operand())

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
        reader = brackets.READERS.get(token.text) if token.kind == "op" else None
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
        if keyword in _CONSTANTS:
            self.next()
            return ast.Literal(at, _CONSTANTS[keyword])
        # "function" alone is a name like any other; it is a keyword before a parenthesis only.
        if keyword in keywords.READERS and (keyword != "function" or self.tokens[self.index + 1].text == "("):
            return keywords.READERS[keyword](self)
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


# Names of types and built-in functions that hold keywords.
_SPOKEN = ("date and time", "years and months duration", "days and time duration", "get or else", OURS)
