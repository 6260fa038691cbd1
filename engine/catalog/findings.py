"""What is wrong with a pack, and where: one shape for every file of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.catalog.paths import shown_path
from engine.errors import CasepathError
from engine.flow import arrows

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class PackFinding:
    """One thing to say about a file of a pack: where, what, and how to mend it.

    `file` is the path inside the pack, `line` counts from 1, `element` is the id of a BPMN element or a form
    component, `path` the ids on the way to it where tokens lead there. Errors stop a deployment, warnings don't.
    """

    file: str
    rule: str
    message: str
    remedy: str
    line: int | None = None
    element: str | None = None
    severity: Severity = "error"
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        file = shown_path(self.file)
        place = f"{file}:{self.line}" if self.line else file
        path = f"\n    path: {arrows(self.path)}" if self.path else ""
        return f"{place}: {self.severity}: {self.message} {self.remedy} [{self.rule}]{path}"


class PackRefused(CasepathError):
    """A pack that can't be used; `findings` holds every reason."""

    def __init__(self, findings: Iterable[PackFinding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))
