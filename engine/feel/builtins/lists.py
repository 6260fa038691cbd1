"""Functions of lists. Positions count from 1, or from the end with a minus sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.numbers import is_whole, short_text
from engine.feel.operators import equal


def _contains(items: list[Any], element: Any, run: Run) -> bool:
    return any(equal(item, element, run) is True for item in items)


@builtin("list contains(list: list, element: Any)")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    """Whether an item equals the element; null may be one."""
    return _contains(items, element, run)


@builtin("count(list: list)")
def count(run: Run, items: list[Any]) -> Decimal:
    """The number of items."""
    return Decimal(len(items))


def _index(items: list[Any], position: Decimal, run: Run, room: int = 0) -> int | None:
    """Return the index of a position, or None with a warning; `room` more positions are allowed at the end."""
    size = len(items)
    if not is_whole(position) or not (1 <= position <= size + room or -size <= position <= -1):
        run.warn(f"Expected a position in a list of {size} but found {short_text(position)}")
        return None
    return int(position) - 1 if position > 0 else size + int(position)


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    """The items from a position on, so many or all."""
    begin = _index(items, start, run)
    if begin is None:
        return None
    size = Decimal(len(items) - begin) if length is None else length
    if not is_whole(size) or not 0 <= size <= len(items) - begin:
        return run.warn(
            f"Expected a length that the list has behind the position but found {short_text(size)}"
        )
    return items[begin : begin + int(size)]


@builtin("append(list: list, item*: Any)")
def append(run: Run, items: list[Any], added: list[Any]) -> list[Any]:
    """The list with items behind it."""
    return _made([*items, *added], run)


def _made(items: list[Any], run: Run) -> list[Any]:
    run.spend(len(items))
    return items


@builtin("concatenate(list*: list)")
def concatenate(run: Run, lists: list[Any]) -> list[Any]:
    """All lists in one."""
    run.spend(sum(len(each) for each in lists if isinstance(each, list)))
    return [item for each in lists for item in (each if isinstance(each, list) else [each])]


@builtin("insert before(list: list, position: number, newItem: Any)")
def insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> Any:
    """The list with an item before a position."""
    index = _index(items, position, run, room=1)
    return None if index is None else _made([*items[:index], item, *items[index:]], run)


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Any], position: Decimal) -> Any:
    """The list without the item at a position."""
    index = _index(items, position, run)
    return None if index is None else _made(items[:index] + items[index + 1 :], run)


@builtin("list replace(list: list, position: number, newItem: Any)")
def list_replace(run: Run, items: list[Any], position: Decimal, item: Any) -> Any:
    """The list with another item at a position."""
    index = _index(items, position, run)
    return None if index is None else _made([*items[:index], item, *items[index + 1 :]], run)


@builtin("list replace(list: list, match: function, newItem: Any)")
def list_replace_matching(run: Run, items: list[Any], match: Any, item: Any) -> Any:
    """The list with another item wherever `match(item, newItem)` is true."""
    made = []
    for old in items:
        answer = match.call(run, [old, item])
        if not isinstance(answer, bool):
            return run.warn("Expected the function of list replace to answer true or false but it did not")
        made.append(item if answer else old)
    return made


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    """The items from the last to the first."""
    return _made(items[::-1], run)


@builtin("index of(list: list, match: Any)")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    """The positions of the items that equal the match."""
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match, run) is True]


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    """The list without repetitions."""
    kept: list[Any] = []
    for item in items:
        if not _contains(kept, item, run):
            kept.append(item)
    return kept


@builtin("duplicate values(list: list)")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    """The values that stand more than once (as in Camunda's FEEL)."""
    repeated = [item for at, item in enumerate(items) if _contains(items[:at], item, run)]
    return distinct_values(run, repeated)


@builtin("union(list*: list)")
def union(run: Run, lists: list[Any]) -> list[Any]:
    """All lists in one, without repetitions."""
    return distinct_values(run, concatenate(run, lists))


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    """The items of the list and of all lists in it, in one list."""
    flat: list[Any] = []
    pending = items[::-1]
    while pending:
        run.spend()
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@builtin("is empty(list: list)")
def is_empty(run: Run, items: list[Any]) -> bool:
    """Whether the list has no items (as in Camunda's FEEL)."""
    return not items
