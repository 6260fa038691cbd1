"""The state of one evaluation of a decision: as an expression's, with the rules that matched."""

from __future__ import annotations

from datetime import datetime

from engine.feel.evaluation import Run


class DecisionRun(Run):
    """Shared by all decisions that one question needs."""

    __slots__ = ("matched",)

    def __init__(self, now: datetime | None) -> None:
        super().__init__(now)
        self.matched: dict[str, list[str]] = {}
