"""What a pack promises, as a whole: its goals, and how it counts time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.goals.goal import Goal
from engine.goals.meter import Meter


@dataclass(frozen=True)
class Terms:
    """The goals of a pack by key. `inputs` are the variables on which a target may hang."""

    goals: Mapping[str, Goal] = field(default_factory=dict)
    meter: Meter = field(default_factory=lambda: Meter({}))
    inputs: frozenset[str] = frozenset()

    @cached_property
    def elements(self) -> frozenset[str]:
        """The elements of diagrams that meet a goal."""
        return frozenset(
            it.name for goal in self.goals.values() for it in goal.met_by if it.kind == "element"
        )
