"""`in`, `between` and unary tests: does a value pass a test?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Unit, compiles
from engine.feel.evaluation import Compiled, Run, Scope
from engine.feel.freenames import free_names
from engine.feel.kinds import Range, type_of
from engine.feel.operators import equal, in_range, ordered

Test = Callable[[Any, Scope], bool | None]


@compiles(ast.Between)
def between(node: ast.Between, unit: Unit) -> Compiled:
    """`a between low and high`, both ends included."""
    value, low, high = (unit.compile(part) for part in (node.value, node.low, node.high))
    site = unit.site(node)

    def test(scope: Scope) -> bool | None:
        tested = value(scope)
        above = ordered(">=", tested, low(scope), scope.run, site)
        below = ordered("<=", tested, high(scope), scope.run, site)
        return None if above is None or below is None else above and below

    return test


@compiles(ast.In)
def contained(node: ast.In, unit: Unit) -> Compiled:
    """`a in test` and `a in (test, …)`."""
    value, tests = unit.compile(node.value), [compile_test(test, unit) for test in node.tests]

    def test(scope: Scope) -> bool | None:
        return any_passes(tests, value(scope), scope)

    return test


@compiles(ast.Tests)
def unary_tests(node: ast.Tests, unit: Unit) -> Compiled:
    """A cell of a decision table; the value to be tested is what `?` names."""
    tests = [compile_test(test, unit) for test in node.tests]

    def test(scope: Scope) -> bool | None:
        if not tests:
            return True
        passed = any_passes(tests, scope.values["?"], scope)
        if not node.negated:
            return passed
        return None if passed is None else not passed

    return test


def any_passes(tests: Sequence[Test], value: Any, scope: Scope) -> bool | None:
    """Return true if one test passes, else null if one could not be answered, else false."""
    unknown = False
    for test in tests:
        passed = test(value, scope)
        if passed:
            return True
        unknown = unknown or passed is None
    return None if unknown else False


def compile_test(node: ast.Node, unit: Unit) -> Test:
    """Return what tells whether a value passes one test."""
    if isinstance(node, ast.Comparison):
        return _comparison(node, unit)
    expression, asks = unit.compile(node), "?" in free_names(node).all

    def test(value: Any, scope: Scope) -> bool | None:
        answer = expression(scope.inner({"?": value}) if asks else scope)
        if asks and (answer is None or isinstance(answer, bool)):
            return answer
        return passes(value, answer, scope.run)

    return test


def _comparison(node: ast.Comparison, unit: Unit) -> Test:
    sign, end, site = node.operator, unit.compile(node.end), unit.site(node)
    if sign == "=":
        return lambda value, scope: equal(value, end(scope), scope.run)
    if sign == "!=":

        def differs(value: Any, scope: Scope) -> bool | None:
            same = equal(value, end(scope), scope.run)
            return None if same is None else not same

        return differs

    def test(value: Any, scope: Scope) -> bool | None:
        return None if value is None else ordered(sign, value, end(scope), scope.run, site)

    return test


def passes(value: Any, test: Any, run: Run) -> bool | None:
    """Return whether a value equals what a test yields, lies in its range or is in its list.

    A test that yields true passes whatever is tested, unless a boolean is.
    """
    if isinstance(test, Range) and not isinstance(value, Range):
        return in_range(value, test, run)
    if isinstance(test, list):
        return _in_list(value, test, run)
    if test is True and not isinstance(value, bool):
        return True
    if type_of(test) == "boolean" and value is None:
        return False
    return equal(value, test, run)


def _in_list(value: Any, tests: list[Any], run: Run) -> bool | None:
    run.spend(len(tests))
    if isinstance(value, list) and equal(value, tests, run):
        return True
    for test in tests:
        if equal(value, test, run) or (isinstance(test, Range) and in_range(value, test, run)):
            return True
        if isinstance(test, list) and not isinstance(value, list) and _in_list(value, test, run):
            return True
    return False
