"""How points and ranges lie to each other (DMN 1.5, table 78), and `range(from)`.

A point is the range that holds it alone. An end is compared as a pair: where it is, and whether it lies a breath
inside or outside; so that `[1..5)` ends before `[1..5]` does, and each relation is one comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import total_ordering
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.kinds import Range
from engine.feel.operators import compare


class _Incomparable(Exception):
    """Two ends of kinds that have no order; caught below and turned into null."""


@total_ordering
class _End:
    """An end of a range: `value`, None for no end; `breath` is -1 just before it, 0 at it, 1 just behind it."""

    def __init__(self, value: Any, breath: int, infinite: int) -> None:
        self.value = value
        self.breath = breath
        self.infinite = infinite if value is None else 0

    def order(self, other: _End) -> int:
        if self.infinite or other.infinite:
            return (self.infinite > other.infinite) - (self.infinite < other.infinite)
        by_value = compare(self.value, other.value)
        if by_value is None:
            raise _Incomparable
        return by_value or (self.breath > other.breath) - (self.breath < other.breath)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _End) and self.order(other) == 0

    def __lt__(self, other: _End) -> bool:
        return self.order(other) < 0

    __hash__ = None  # type: ignore[assignment]  # equal by order only; never a key


class _Span:
    def __init__(self, value: Any) -> None:
        span = value if isinstance(value, Range) else Range(value, value, True, True)
        self.point = not isinstance(value, Range)
        self.low = _End(span.low, 0 if span.low_included else 1, -1)
        self.high = _End(span.high, 0 if span.high_included else -1, 1)

    def touches(self, later: _Span) -> bool:
        """Whether this one's end and the later one's begin are the same included value."""
        return self.high == later.low and self.high.breath == 0


Relation = Callable[[_Span, _Span], bool]


def _relation(text: str, holds: Relation) -> None:
    def answer(run: Run, first: Any, second: Any) -> Any:
        try:
            return holds(_Span(first), _Span(second))
        except _Incomparable:
            return run.warn(f"Expected {text} to get values of one ordered kind but found others")

    builtin(text)(answer)


def _points_and_ranges(name: str, holds: Relation, *, forms: str) -> None:
    """Declare a relation for its forms: p for a point, r for a range."""
    names = {
        "pp": ("point1", "point2"),
        "pr": ("point", "range"),
        "rp": ("range", "point"),
        "rr": ("range1", "range2"),
    }
    for form in forms.split():
        first, second = names[form]
        kinds = {"p": "Any", "r": "range"}
        _relation(f"{name}({first}: {kinds[form[0]]}, {second}: {kinds[form[1]]})", holds)


def _before(a: _Span, b: _Span) -> bool:
    return a.high < b.low


def _overlaps(a: _Span, b: _Span) -> bool:
    return a.low <= b.high and b.low <= a.high


def _within(a: _Span, b: _Span) -> bool:
    return b.low <= a.low and a.high <= b.high


def _starts(a: _Span, b: _Span) -> bool:
    return a.low == b.low and a.high <= b.high


def _finishes(a: _Span, b: _Span) -> bool:
    return a.high == b.high and b.low <= a.low


def _overlaps_before(a: _Span, b: _Span) -> bool:
    return a.low < b.low <= a.high <= b.high


def _turned(holds: Relation) -> Relation:
    return lambda a, b: holds(b, a)


_points_and_ranges("before", _before, forms="rr pr rp pp")
_points_and_ranges("after", _turned(_before), forms="rr pr rp pp")
_points_and_ranges("meets", lambda a, b: a.touches(b), forms="rr")
_points_and_ranges("met by", lambda a, b: b.touches(a), forms="rr")
_points_and_ranges("overlaps", _overlaps, forms="rr")
_points_and_ranges("overlaps before", _overlaps_before, forms="rr")
_points_and_ranges("overlaps after", _turned(_overlaps_before), forms="rr")
_points_and_ranges("finishes", _finishes, forms="rr pr")
_points_and_ranges("finished by", _turned(_finishes), forms="rr rp")
_points_and_ranges("includes", _turned(_within), forms="rr rp")
_points_and_ranges("during", _within, forms="rr pr")
_points_and_ranges("starts", _starts, forms="rr pr")
_points_and_ranges("started by", _turned(_starts), forms="rr rp")
_points_and_ranges("coincides", lambda a, b: a.low == b.low and a.high == b.high, forms="rr pp")
