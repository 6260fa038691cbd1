"""`sort(list, precedes)`."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.kinds import Function
from engine.feel.operators import compare


@builtin("sort(list: list, precedes?: function)")
def sort(run: Run, items: list[Any], precedes: Function | None = None) -> Any:
    """The items in the order of `precedes(a, b)`; without it, by their own order. Stable."""
    if precedes is None:
        return _by_own_order(run, items)

    def order(a: Any, b: Any) -> int:
        if precedes.call(run, [a, b]) is True:
            return -1
        return 1 if precedes.call(run, [b, a]) is True else 0

    return sorted(items, key=cmp_to_key(order))


def _by_own_order(run: Run, items: list[Any]) -> Any:
    run.spend(len(items))
    if any(compare(item, items[0]) is None for item in items):
        return run.warn("Expected values of one ordered kind to sort but found others")
    return sorted(items, key=cmp_to_key(lambda a, b: compare(a, b) or 0))
