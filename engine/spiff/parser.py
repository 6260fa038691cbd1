"""The library's parser, without its recursion: nodes are laid out first, then joined by their flows.

The library follows each sequence flow while it parses, one Python call per node, sorts what it finds by height on
the canvas, and puts a split and a join around every activity with boundary events. Here each node is made by the
library's own parsers, in document order, and moving a shape changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import SubprocessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from engine.spiff import specs
from engine.spiff.expressions import Formulas
from engine.spiff.model import Element
from engine.spiff.reading import Node
from engine.spiff.steps import SequenceFlow, Steps


class LaidNode(TaskParser):  # type: ignore[misc]
    """Makes the specification of one node and follows nothing."""

    def parse_node(self) -> Any:
        """Return the node's specification, described but not yet joined to others."""
        self.task = self.create_task()
        owner: Parser = self.process_parser.parser
        self.task.describe(owner.elements[self.bpmn_id], owner.formulas[self.bpmn_id])
        return self.task

    def parse_incoming_data_references(self) -> list[Any]:
        """Data objects are part of the picture, not of the program."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        """Data objects are part of the picture, not of the program."""
        return []


class LaidEvent(LaidNode):
    """An event. What it waits for or throws stands in its `Element`; the library reads only half of it."""

    def create_task(self) -> Any:
        """Return the specification of the event."""
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=NoneEventDefinition(), **self.bpmn_attributes
        )


class LaidStart(LaidEvent):
    """A start event."""

    def create_task(self) -> Any:
        """Return its specification, joined to the library's own beginning of a process."""
        spec = super().create_task()
        self.spec.start.connect(spec)
        return spec


class LaidEnd(LaidEvent):
    """An end event."""

    def create_task(self) -> Any:
        """Return its specification, joined to the library's own end of a process."""
        spec = super().create_task()
        spec.connect(self.spec.end)
        return spec


class LaidBoundary(LaidEvent):
    """An event on the boundary of an activity."""

    @property
    def bpmn_attributes(self) -> dict[str, Any]:
        """Return what the library's specification of a boundary event is made with."""
        element = self.process_parser.parser.elements[self.bpmn_id]
        return {**super().bpmn_attributes, "cancel_activity": element.interrupting}


class LaidSubProcess(LaidNode):
    """An embedded or event sub-process, or a transaction; its inside is parsed by a process parser of its own."""

    def create_task(self) -> Any:
        """Return the specification of the sub-process as its level has it."""
        element = self.process_parser.parser.elements[self.bpmn_id]
        made_with = specs.EventSubProcess if element.triggered_by_event else self.spec_class
        inside = SubprocessParser.get_subprocess_spec(self)
        return made_with(self.spec, self.bpmn_id, subworkflow_spec=inside, **self.bpmn_attributes)


class LaidCall(LaidNode):
    """A call activity; the library reads an attribute that Camunda 8 does not write."""

    def create_task(self) -> Any:
        """Return the specification of the call."""
        called = self.process_parser.parser.elements[self.bpmn_id].called
        return self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=called, **self.bpmn_attributes)


class LaidScript(LaidNode):
    """A script task; its FEEL stands in an extension element, not in `<script>`."""

    def create_task(self) -> Any:
        """Return the specification of the script."""
        script = self.process_parser.parser.elements[self.bpmn_id].script
        return self.spec_class(self.spec, self.bpmn_id, script=script, **self.bpmn_attributes)


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process whose inner nodes, which stand in no diagram, have names that no id can have.

    The library calls them Start, End and so on, and fails where an element of the diagram is called so.
    """

    def __init__(self, name: str, description: str, filename: str) -> None:
        super().__init__(name=name, description=description, filename=filename)
        own: list[Any] = list(self.task_specs.values())
        for spec in own:
            spec.name = f"({spec.name})"
            spec._inputs = [f"({it})" for it in spec._inputs]
            spec._outputs = [f"({it})" for it in spec._outputs]
        self.task_specs: dict[str, Any] = {spec.name: spec for spec in own}
        self.event_subprocesses: list[Any] = []
        self.sources_of_joins: dict[str, frozenset[str]] = {}


class LaidProcess(ProcessParser):  # type: ignore[misc]
    """Parses a process or sub-process: all nodes in document order, then all flows in document order."""

    def _parse(self) -> None:
        """Parse without data objects and input specifications, which are part of the picture or refused."""
        self.spec = self.create_spec()
        self.add_tasks()

    def create_spec(self) -> ProcessSpec:
        """Return the specification of the process, still empty."""
        return ProcessSpec(self.bpmn_id, self.get_name(), self.filename)

    def add_tasks(self) -> None:
        """Lay out the nodes of this level, then join them."""
        for node in self.node:
            if node.tag in self.parser.PARSER_CLASSES:
                self.parse_node(node)
        for flow in self.node.iterchildren(full_tag("sequenceFlow")):
            self._join(flow.get("id"))
        for spec in list(self.spec.task_specs.values()):
            if isinstance(spec, specs.BoundaryEvent):
                self.spec.task_specs[spec.element.attached_to or ""].boundaries.append(spec)
            elif isinstance(spec, specs.EventSubProcess):
                self.spec.event_subprocesses.append(spec)

    def _join(self, flow_id: str) -> None:
        element = self.parser.elements[flow_id]
        source, target = self.spec.task_specs[element.source], self.spec.task_specs[element.target]
        flow = SequenceFlow(
            flow_id,
            target,
            self.parser.formulas[flow_id].texts.get("condition"),
            source.element.default == flow_id,
        )
        source.outgoing.append(flow)
        target.incoming.append(flow)
        Steps.connect(source, target)


class Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser with our specifications, for the elements of the allow-list only."""

    PROCESS_PARSER_CLASS = LaidProcess
    PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        full_tag("startEvent"): (LaidStart, specs.StartEvent),
        full_tag("endEvent"): (LaidEnd, specs.EndEvent),
        full_tag("intermediateCatchEvent"): (LaidEvent, specs.IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (LaidEvent, specs.IntermediateThrowEvent),
        full_tag("boundaryEvent"): (LaidBoundary, specs.BoundaryEvent),
        full_tag("userTask"): (LaidNode, specs.UserTask),
        full_tag("serviceTask"): (LaidNode, specs.ServiceTask),
        full_tag("scriptTask"): (LaidScript, specs.ScriptTask),
        full_tag("businessRuleTask"): (LaidNode, specs.BusinessRuleTask),
        full_tag("sendTask"): (LaidEvent, specs.SendTask),
        full_tag("receiveTask"): (LaidEvent, specs.ReceiveTask),
        full_tag("exclusiveGateway"): (LaidNode, specs.ExclusiveGateway),
        full_tag("inclusiveGateway"): (LaidNode, specs.InclusiveGateway),
        full_tag("parallelGateway"): (LaidNode, specs.ParallelGateway),
        full_tag("eventBasedGateway"): (LaidEvent, specs.EventBasedGateway),
        full_tag("subProcess"): (LaidSubProcess, specs.SubProcess),
        full_tag("transaction"): (LaidSubProcess, specs.Transaction),
        full_tag("callActivity"): (LaidCall, specs.CallActivity),
    }

    def __init__(self, elements: Mapping[str, Element], formulas: Mapping[str, Formulas]) -> None:
        super().__init__()
        self.elements = elements
        self.formulas = formulas

    def parse(self, root: Node, name: str) -> dict[str, Any]:
        """Return the specifications of all processes and sub-processes of a checked file, by their ids."""
        self.add_bpmn_xml(root, name)
        done: dict[str, Any] = {}
        while len(done) < len(self.process_parsers):  # parsing a process makes parsers for what is inside it
            for key in [key for key in self.process_parsers if key not in done]:
                done[key] = self.get_spec(key)
        for level in done.values():
            for spec in level.event_subprocesses:
                spec.begin = done[spec.name].bpmn_start_events[0]
                spec.begin.event_subprocess = spec
        return done
