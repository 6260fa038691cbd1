"""The state of one evaluation of a decision: as an expression's, with the rules that matched."""

from __future__ import annotations

from engine.feel.evaluation import NO_SURROUNDINGS, Run, Surroundings


class DecisionRun(Run):
    """Shared by all decisions that one question needs."""

    __slots__ = ("matched",)

    def __init__(self, surroundings: Surroundings = NO_SURROUNDINGS) -> None:
        super().__init__(surroundings)
        self.matched: dict[str, list[str]] = {}
