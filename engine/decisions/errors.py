"""Why a DMN model is refused: what is wrong, at which element and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import CasepathError, NotFound


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the element's id or name, its line in the file, and a sentence."""

    element: str
    line: int
    sentence: str


class DmnRefused(CasepathError):
    """A model that is not taken; `findings` say all that is wrong with it."""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{name}, line {first.line}: {first.sentence}{more}")
        self.name = name
        self.findings = tuple(findings)


class NoSuchDecision(NotFound):
    """Neither the id nor the name of a decision or decision service of this model."""
