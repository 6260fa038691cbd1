"""What the tests of FEEL share: one moment, and short ways to ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.feel import Surroundings, compile_expression, compile_unary_tests

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def feel(text: str, **context: Any) -> Any:
    """Return the value of an expression."""
    return compile_expression(text).evaluate(context, Surroundings(NOW))


def warnings(text: str, **context: Any) -> tuple[str, ...]:
    """Return what an expression warns of."""
    return compile_expression(text).evaluate_checked(context, Surroundings(NOW)).warnings


def matches(tests: str, value: Any, **context: Any) -> bool | None:
    """Return whether a value passes unary tests."""
    return compile_unary_tests(tests).matches(value, context, Surroundings(NOW))
