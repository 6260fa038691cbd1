"""Functions of lists of numbers, and `min` and `max` of anything ordered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.numbers import DECIMAL128, NumberError, canonical
from engine.feel.operators import compare


def _extreme(sign: int) -> Callable[[Run, list[Any]], Any]:
    def pick(run: Run, items: list[Any]) -> Any:
        if not items:
            return run.warn("Expected a list with items but it is empty")
        best = items[0]
        for item in items:
            order = compare(item, best)
            if order is None:
                return run.warn("Expected values of one ordered kind but found others")
            best = item if order == sign else best
        run.spend(len(items))
        return best

    return pick


builtin("min(list*: Any)")(_extreme(-1))
builtin("max(list*: Any)")(_extreme(1))


def _computed(
    name: str, compute: Callable[[list[Decimal]], Any], least: int
) -> Callable[[Run, list[Any]], Any]:
    def function(run: Run, items: list[Any]) -> Any:
        run.spend(len(items))
        if len(items) < least or not all(isinstance(item, Decimal) for item in items):
            return run.warn(
                f"Expected {name} to get at least {least} numbers and nothing else but it did not"
            )
        try:
            return compute(items)
        except NumberError:
            return run.warn(f"Expected the result of {name} to be a number of 34 digits but it is none")

    return function


def _sum(items: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for item in items:
        total = DECIMAL128.add(total, item)
    return total


def _product(items: list[Decimal]) -> Decimal:
    result = Decimal(1)
    for item in items:
        result = DECIMAL128.multiply(result, item)
    return result


def _mean(items: list[Decimal]) -> Decimal:
    return DECIMAL128.divide(_sum(items), Decimal(len(items)))


def _median(items: list[Decimal]) -> Decimal:
    ordered, middle = sorted(items), len(items) // 2
    return ordered[middle] if len(items) % 2 else _mean(ordered[middle - 1 : middle + 1])


def _stddev(items: list[Decimal]) -> Decimal:
    """Of a sample: divided by one less than the count."""
    mean = _mean(items)
    squares = [DECIMAL128.multiply(d, d) for d in (DECIMAL128.subtract(item, mean) for item in items)]
    return DECIMAL128.sqrt(DECIMAL128.divide(_sum(squares), Decimal(len(items) - 1)))


def _mode(items: list[Decimal]) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(canonical(item) for item, count in counts.items() if count == most)


builtin("sum(list*: Any)")(_computed("sum(list)", _sum, 1))
builtin("product(list*: Any)")(_computed("product(list)", _product, 1))
builtin("mean(list*: Any)")(_computed("mean(list)", _mean, 1))
builtin("median(list*: Any)")(_computed("median(list)", _median, 1))
builtin("stddev(list*: Any)")(_computed("stddev(list)", _stddev, 2))
builtin("mode(list*: Any)")(_computed("mode(list)", _mode, 0))
