"""A diagram in our words: elements, flows and processes, free of XML and of the library.

Everything outside this folder reads these; what the library needs to run a process hides behind
`ProcessModel.program`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Element:
    """One BPMN element with an id: a flow node, a sequence flow, a lane, or the process itself.

    `type` is the BPMN tag (`userTask`, `sequenceFlow`, …), `event` the kind of an event (`timer`, `message`,
    `terminate`, None). Texts of expressions stand as the owner wrote them.
    """

    id: str
    type: str
    name: str
    line: int
    process: str
    parent: str | None = None
    lane: str | None = None
    documentation: str | None = None
    event: str | None = None
    state: str | None = None
    goal: str | None = None
    template: str | None = None
    form: str | None = None
    decision: str | None = None
    service: str | None = None
    called: str | None = None
    message: str | None = None
    key: str | None = None
    timer: tuple[str, str] | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    due: str | None = None
    priority: str | None = None
    retries: str | None = None
    result_variable: str | None = None
    script: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    propagate_parent: bool = True
    propagate_child: bool = True
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    source: str | None = None
    target: str | None = None
    condition: str | None = None
    default: str | None = None

    @property
    def title(self) -> str:
        """The name on the diagram, or the id where it has none."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One `<process>`: its key, its name, and (`program`, for this folder only) what the library made of it."""

    key: str
    name: str
    program: Any = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Diagram:
    """One checked BPMN file."""

    name: str
    source: bytes = field(repr=False)
    processes: Mapping[str, ProcessModel]
    elements: Mapping[str, Element]
