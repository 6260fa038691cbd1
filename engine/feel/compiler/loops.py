"""`for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Unit, compiles
from engine.feel.evaluation import Compiled, Run, Scope, Site
from engine.feel.freenames import free_names
from engine.feel.kinds import Range, type_of
from engine.feel.numbers import is_whole

Domain = tuple[str, Compiled, Compiled | None, Site]


@compiles(ast.For)
def for_return(node: ast.For, unit: Unit) -> Compiled:
    """`for a in …, b in … return …`; `partial` is the list of the results so far."""
    domains, result = _domains(node.iterators, unit), unit.compile(node.result)
    looks_back = "partial" in free_names(node.result).all

    def loop(scope: Scope) -> Any:
        results: list[Any] = []
        for bound in _rounds(domains, scope):
            if bound is None:
                return None
            if looks_back:
                scope.run.spend(len(results))
                bound = bound.inner({"partial": list(results)})
            results.append(result(bound))
        return results

    return loop


@compiles(ast.Quantified)
def quantified(node: ast.Quantified, unit: Unit) -> Compiled:
    """`some … satisfies …` and `every … satisfies …`."""
    domains, condition = _domains(node.iterators, unit), unit.compile(node.condition)
    decisive = not node.every

    def loop(scope: Scope) -> bool | None:
        unknown = False
        for bound in _rounds(domains, scope):
            if bound is None:
                return None
            answer = condition(bound)
            if isinstance(answer, bool) and answer == decisive:
                return decisive
            unknown = unknown or not isinstance(answer, bool)
        return None if unknown else not decisive

    return loop


def _domains(iterators: tuple[ast.Iterator, ...], unit: Unit) -> list[Domain]:
    return [
        (it.name, unit.compile(it.domain), None if it.end is None else unit.compile(it.end), unit.site(it))
        for it in iterators
    ]


def _rounds(domains: list[Domain], scope: Scope) -> Iterator[Scope | None]:
    """Yield a scope per combination, the last iterator turning fastest; None where a domain can't be iterated."""
    (name, first, end, site), *rest = domains
    source = first(scope) if end is None else (first(scope), end(scope))
    items = items_of(source, scope.run, site)
    if items is None:
        yield None
        return
    for item in items:
        scope.run.spend()
        inner = scope.inner({name: item})
        if rest:
            yield from _rounds(rest, inner)
        else:
            yield inner


def items_of(source: Any, run: Run, site: Site) -> Iterator[Any] | None:
    """Return what a loop goes through, or None with a warning; a single value is a list of one."""
    if isinstance(source, list):
        return iter(source)
    if isinstance(source, Range):
        return _range_items(source, run, site)
    if isinstance(source, tuple):
        return _steps(source[0], source[1], run, site)
    if source is None:
        site.warn(run, "Expected a list or a range to go through but found null")
        return None
    return iter((source,))


def _range_items(span: Range, run: Run, site: Site) -> Iterator[Any] | None:
    steps = _steps(span.low, span.high, run, site)
    if steps is None:
        return None
    skipped = {
        end
        for end, included in ((span.low, span.low_included), (span.high, span.high_included))
        if not included
    }
    return (item for item in steps if item not in skipped)


def _steps(low: Any, high: Any, run: Run, site: Site) -> Iterator[Any] | None:
    """Count from one whole number or date to another, up or down."""
    kinds = type_of(low), type_of(high)
    if kinds == ("number", "number") and is_whole(low) and is_whole(high):
        return _numbers(int(low), int(high))
    if isinstance(low, date) and isinstance(high, date) and kinds == ("date", "date"):
        return _dates(low, high)
    site.warn(run, f"Expected two whole numbers or two dates around .. but found {kinds[0]} and {kinds[1]}")
    return None


def _numbers(low: int, high: int) -> Iterator[Decimal]:
    step = 1 if low <= high else -1
    return (Decimal(number) for number in range(low, high + step, step))


def _dates(low: date, high: date) -> Iterator[date]:
    step = 1 if low <= high else -1
    return (low + timedelta(days=step * number) for number in range(abs((high - low).days) + 1))
