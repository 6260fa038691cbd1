"""The two kinds of texts: an expression, and the unary tests of a decision table's cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from engine.feel import ast
from engine.feel.builtins import BUILTINS, labels, settings, working
from engine.feel.codec import MAX_NODES, to_feel
from engine.feel.compiler import Unit
from engine.feel.errors import FeelLimitError
from engine.feel.evaluation import NO_SURROUNDINGS, Compiled, Evaluation, Given, Run, Scope, Surroundings
from engine.feel.freenames import free_names
from engine.feel.literals import named_by
from engine.feel.names import needs_knowing
from engine.feel.parser import NO_TYPES, Parser
from engine.feel.types import FeelType

_MAX_READINGS = 16
_needs_knowing = lru_cache(maxsize=4096)(needs_knowing)


class CompiledText:
    """A text and its closures: one for each set of names in scope that makes it read differently."""

    def __init__(
        self,
        text: str,
        names: Iterable[str],
        types: Mapping[str, FeelType],
        begin: int,
        read: Callable[[Parser], ast.Node],
    ) -> None:
        self.text = text
        self._begin = begin
        self._read = read
        self._names = tuple(names)
        self._types = types
        self._readings: dict[frozenset[str], Compiled] = {}
        self.node, self._plain = self._compile(())

    def _compile(self, more_names: Iterable[str]) -> tuple[ast.Node, Compiled]:
        try:
            parser = Parser(self.text, [*self._names, *more_names], self._begin, self._types)
            node = self._read(parser)
            return node, Unit(parser.source).compile(node)
        except RecursionError:
            raise FeelLimitError("Expected an expression with less nesting but it is too deep.") from None

    def _reading(self, context: Mapping[str, Any]) -> Compiled:
        """Return the closure that reads the text with the context's names in scope."""
        special = frozenset(name for name in context if not name.isidentifier() and _needs_knowing(name))
        if not special:
            return self._plain
        if special not in self._readings:
            if len(self._readings) >= _MAX_READINGS:
                self._readings.clear()
            self._readings[special] = self._compile(special)[1]
        return self._readings[special]

    def in_scope(self, scope: Scope) -> Any:
        """Evaluate inside a scope that is already there; for decisions, whose names were known at reading."""
        return self._plain(scope)

    def run(self, context: Mapping[str, Any], around: Surroundings, more: Mapping[str, Any]) -> Evaluation:
        """Evaluate with a context of its own; raises FeelLimitError."""
        run = Run(around)
        scope = Scope(Given(context), None, run)
        try:
            value = self._reading(context)(scope.inner(more) if more else scope)
            check_size(value)
        except RecursionError:
            raise FeelLimitError("Expected functions to call each other less deep but they go on.") from None
        return Evaluation(value, tuple(run.warnings))

    @property
    def names(self) -> frozenset[str]:
        """The names it reads from the context, without built-in functions.

        What stands only inside a filter is left out: there an entry of the items may answer.
        """
        return frozenset(name for name in free_names(self.node).sure if name not in BUILTINS and name != "?")

    @property
    def settings(self) -> frozenset[str]:
        """The names of the settings that it names by literals."""
        return named_by(self.node, settings.ASKING, "name")

    @property
    def calendars(self) -> frozenset[str]:
        """The ids of the working calendars that it names by literals."""
        return named_by(self.node, working.ASKING, "calendar")

    @property
    def vocabularies(self) -> frozenset[str]:
        """The vocabularies that it names by literals."""
        return named_by(self.node, labels.ASKING, "vocabulary")

    @property
    def literals(self) -> tuple[tuple[str, str], ...]:
        """What it names by literals of the pack it stands in, in order: `calendar`, `setting` or `vocabulary`, and
        the name."""
        named = (
            ("calendar", self.calendars),
            ("setting", self.settings),
            ("vocabulary", self.vocabularies),
        )
        return tuple((what, name) for what, names in named for name in sorted(names))


class Expression(CompiledText):
    """A FEEL expression, ready to be evaluated any number of times, by any number of threads."""

    def __init__(
        self, text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] = NO_TYPES
    ) -> None:
        stripped = text.lstrip()
        begin = len(text) - len(stripped) + stripped.startswith("=")
        super().__init__(text, names, types, begin, Parser.expression_text)

    def evaluate(self, context: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS) -> Any:
        """Return the value with these names in scope; null (None) where FEEL says so.

        `surroundings` answer `now()`, `today()` and the functions of working calendars. Raises FeelLimitError where
        the expression asks too much and UnkeepableValue where the context holds what is no FEEL value.
        """
        return self.run(context, surroundings, {}).value

    def evaluate_checked(
        self, context: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> Evaluation:
        """As `evaluate`, with sentences that say why nulls came out of mistakes."""
        return self.run(context, surroundings, {})


class UnaryTests(CompiledText):
    """The tests of a cell, as `< 10`, `[1..5]`, `"a", "b"`, `not("c")` or `-`."""

    def __init__(
        self, text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] = NO_TYPES
    ) -> None:
        super().__init__(text, names, types, 0, Parser.unary_tests_text)

    def matches(
        self, value: Any, context: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> bool | None:
        """Return whether the value passes; None where that can't be said. Raises as `Expression.evaluate`."""
        matched: bool | None = self.run(context, surroundings, {"?": to_feel(value)}).value
        return matched


def check_size(value: Any) -> None:
    """Raise FeelLimitError for a value of too many parts; parts that are shared count each time."""
    pending, seen = [value], 0
    while pending:
        part = pending.pop()
        if isinstance(part, list | dict):
            seen += len(part)
            pending.extend(part if isinstance(part, list) else part.values())
        if seen > MAX_NODES:
            raise FeelLimitError(f"Expected a result of at most {MAX_NODES:,} parts but it has more.")
