"""`not`, `all`, `any`, `is`, and two questions that Camunda's FEEL can ask too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.kinds import FeelTime, type_of
from engine.feel.operators import equal


@builtin("not(negand: Any)")
def negate(run: Run, negand: Any) -> bool | None:
    """The opposite of a boolean; null for anything else."""
    return not negand if isinstance(negand, bool) else None


@builtin("all(list*: Any)")
def all_of(run: Run, items: list[Any]) -> bool | None:
    """False if one item is false, true if all are true, else null."""
    return _verdict(items, decisive=False)


@builtin("any(list*: Any)")
def any_of(run: Run, items: list[Any]) -> bool | None:
    """True if one item is true, false if all are false, else null."""
    return _verdict(items, decisive=True)


def _verdict(items: list[Any], *, decisive: bool) -> bool | None:
    if any(item is decisive for item in items):
        return decisive
    return None if any(not isinstance(item, bool) for item in items) else not decisive


@builtin("is(value1?: Any, value2?: Any)")
def is_same(run: Run, value1: Any = None, value2: Any = None) -> bool | None:
    """Tell whether two values are the same element of the same kind; zones must be written alike."""
    if type_of(value1) != type_of(value2):
        return False
    if isinstance(value1, datetime) and isinstance(value2, datetime):
        same_zone = str(value1.tzinfo) == str(value2.tzinfo)
        return same_zone and value1.replace(tzinfo=None) == value2.replace(tzinfo=None)
    if isinstance(value1, FeelTime):
        return str(value1.zone) == str(value2.zone) and value1.clock_time == value2.clock_time
    return equal(value1, value2, run)


@builtin("is defined(value: Any)")
def is_defined(run: Run, value: Any) -> bool:
    """Tell whether a value is not null (as in Camunda's FEEL)."""
    return value is not None


@builtin("get or else(value: Any, default: Any)")
def get_or_else(run: Run, value: Any, default: Any) -> Any:
    """The value, or the default where it is null (as in Camunda's FEEL)."""
    return default if value is None else value
