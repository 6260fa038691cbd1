"""A diagram in our words: elements, flows and processes, free of XML and of the library.

Everything outside this folder reads these; what the library needs to run a process hides behind
`ProcessModel.program`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is done: once an item or so many times (multi-instance), or as long as a condition holds.

    Of a multi-instance activity `collection` or `cardinality` says how many; `item` names the variable that holds a
    child's item, `results` the list that collects `result` of each child, `completion` ends it early. Of a standard
    loop `condition` is asked after each round (before it with `test_before`), `maximum` limits the rounds.
    """

    kind: Literal["parallel", "sequential", "standard"]
    collection: str | None = None
    item: str | None = None
    cardinality: str | None = None
    completion: str | None = None
    results: str | None = None
    result: str | None = None
    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None


CUSTOMER = "customer"
"""The group by which an action is offered to the ticket's customer."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person can do while a message is waited for: a button with its `label`, and what belongs to it.

    `form` is the id of the form that asks for what the message brings, `groups` the queues and roles that may press
    it (empty: whoever works at the desk). `preview` is FEEL that says what will come of it, `until` the id of the
    element after which it is too late.
    """

    label: str
    form: str | None = None
    groups: tuple[str, ...] = ()
    preview: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One BPMN element with an id: a flow node, a sequence flow, a lane, or the process itself.

    `type` is the BPMN tag (`userTask`, `sequenceFlow`, …), `event` the kind of an event (`timer`, `message`,
    `signal`, `error`, `escalation`, `conditional`, `link`, `compensate`, `cancel`, `terminate`, None). `code` is that
    of an error or escalation (None catches all), `compensates` the activity that a compensation event names,
    `handler` what a compensation event on a boundary leads to. Texts of expressions stand as the owner wrote them.
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
    action: Action | None = None
    template: str | None = None
    relation: str | None = None
    related: str | None = None
    form: str | None = None
    decision: str | None = None
    service: str | None = None
    called: str | None = None
    message: str | None = None
    key: str | None = None
    timer: tuple[str, str] | None = None
    signal: str | None = None
    code: str | None = None
    link: str | None = None
    compensates: str | None = None
    handler: str | None = None
    for_compensation: bool = False
    triggered_by_event: bool = False
    loop: Loop | None = None
    binding: str = "deployment"
    version_tag: str | None = None
    back_off: str | None = None
    time_out: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    skills: str | None = None
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
