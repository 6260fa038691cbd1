"""FEEL, the expression language of DMN 1.5 (chapter 10): the only language in which a model can say anything.

A text goes through `lexer`, `names` and `parser` to a tree (`ast`), and once through `compiler` to closures.
Evaluating is pure: names come from a context, the present moment and the working calendars are handed in, nothing is
read or written, and limits stop what would take too long or grow too large. A BPMN or DMN file can therefore never
run code.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, UnkeepableValue
from engine.feel.evaluation import NO_SURROUNDINGS, Evaluation, Surroundings
from engine.feel.expression import Expression, UnaryTests
from engine.feel.hints import python_hint
from engine.feel.printing import literal_text
from engine.feel.temporal import parse_duration

__all__ = [
    "NO_SURROUNDINGS",
    "Evaluation",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Surroundings",
    "UnaryTests",
    "UnkeepableValue",
    "compile_expression",
    "compile_unary_tests",
    "literal_text",
    "parse_duration",
    "python_hint",
]


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """Return the expression that a text holds; a leading `=` is allowed.

    `names` are names known to be in scope; only those that hold operators or keywords (`Date-Time`) need to be
    known, and those of the context count anyhow when it is evaluated. Raises FeelSyntaxError with the position of
    what was not expected, and FeelLimitError for a text too long or nested too deep.
    """
    return Expression(text, names)


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Return the unary tests that a text holds; raises as `compile_expression`."""
    return UnaryTests(text, names)
