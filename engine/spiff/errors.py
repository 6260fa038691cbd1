"""What the fence says when it can't go on: findings about a diagram, refusals of a step, a state it can't read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.errors import CasepathError, Refused

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a diagram: where, what, and how to mend it.

    `rule` names the rule that found it; `element` is the BPMN id and `line` the line in the source, where known.
    `path` is the way to the place for findings that lie on a path of several elements.
    """

    rule: str
    severity: Severity
    element: str | None
    line: int | None
    message: str
    remedy: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (self.element, f"line {self.line}" if self.line else None) if part is not None
        )
        return f"{self.message} ({place})" if place else self.message


class DiagramRefused(CasepathError):
    """Diagrams that can't be run; `findings` holds every reason, each with its remedy."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(" ".join(str(finding) for finding in self.findings))


class RunRefused(Refused):
    """A step that can't be done; `element` names where. The caller throws the run away, so nothing changed."""

    def __init__(self, element: str | None, message: str) -> None:
        super().__init__(message if element is None else f"At {element!r}: {message}")
        self.element = element


class UnreadableState(CasepathError):
    """A saved run of a format, or with elements, that this version does not know."""
