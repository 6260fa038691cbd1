"""One evaluation: which values names have, what surrounds it, what it may cost, and why null came out.

A mistake in FEEL is no exception: the operation yields null. So that a person can still find the mistake, each
one leaves a warning with its position. Costs are counted, not timed: the same expression with the same values
always ends the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from engine.feel.codec import to_feel
from engine.feel.errors import FeelLimitError
from engine.feel.lexer import Source

if TYPE_CHECKING:
    from engine.calendars import WorkingCalendar

MAX_STEPS = 200_000
MAX_CALLS = 60
MAX_TEXT = 1_000_000
MAX_WARNINGS = 20
_STEPS_OF_A_YEAR = 1_000  # a calendar reckons a year at a time, in some milliseconds

Compiled = Callable[["Scope"], Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression may ask for beside the values of its names: the moment, working calendars by id, settings,
    the zone of the pack, and its labels by vocabulary and key.

    The moment is aware; without one, `now()` and `today()` are null.
    """

    now: datetime | None = None
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    zone: tzinfo = UTC
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NO_SURROUNDINGS = Surroundings()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation yields: the value, and sentences that say why nulls came out of mistakes."""

    value: Any
    warnings: tuple[str, ...]


class Run:
    """The state of one evaluation, shared by everything it calls."""

    __slots__ = ("calls", "steps", "surroundings", "warnings", "years")

    def __init__(self, surroundings: Surroundings = NO_SURROUNDINGS) -> None:
        self.surroundings = surroundings
        self.steps = 0
        self.calls = 0
        self.years: frozenset[tuple[str, int]] = frozenset()
        self.warnings: list[str] = []

    def spend(self, steps: int = 1) -> None:
        """Count work done: a round of a loop, an item made; raises FeelLimitError when it is too much."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise FeelLimitError(f"Expected the expression to end within {MAX_STEPS:,} steps but it goes on.")

    def spend_years(self, calendar: str, years: range) -> None:
        """Count the years of a calendar that this evaluation has not looked at before."""
        new = {(calendar, year) for year in years} - self.years
        if new:
            self.years |= new
            self.spend(len(new) * _STEPS_OF_A_YEAR)

    def text(self, value: str) -> str:
        """Return a text that was made; raises FeelLimitError when it or all made texts together are too long."""
        if len(value) > MAX_TEXT:
            raise FeelLimitError(
                f"Expected texts of at most {MAX_TEXT:,} characters but one has {len(value):,}."
            )
        self.spend(len(value) // 100)
        return value

    def enter(self) -> None:
        """Count a function that is being called; raises FeelLimitError when functions call each other too deep."""
        self.spend()
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise FeelLimitError(
                f"Expected functions to call each other at most {MAX_CALLS} deep but they go on."
            )

    def warn(self, sentence: str) -> Any:
        """Note why null comes out, and return it: `return run.warn(…)`."""
        if len(self.warnings) < MAX_WARNINGS and sentence not in self.warnings:
            self.warnings.append(sentence)
        return None


class Scope:
    """Names and their values, inside the scope that encloses them."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run

    def inner(self, values: Mapping[str, Any]) -> Scope:
        """Return a scope inside this one."""
        return Scope(values, self, self.run)


class Given(Mapping[str, Any]):
    """Values from outside, turned into FEEL values when they are first asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._turned: dict[str, Any] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> Any:
        if name not in self._turned:
            self._turned[name] = to_feel(self._values[name])
        return self._turned[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Site:
    """A place in a source; it can say where it is when something goes wrong there."""

    __slots__ = ("offset", "source")

    def __init__(self, source: Source, offset: int) -> None:
        self.source = source
        self.offset = offset

    def warn(self, run: Run, sentence: str) -> Any:
        """Warn with this position and return null."""
        line, column = self.source.position(self.offset)
        return run.warn(f"{sentence} (line {line}, column {column})")
