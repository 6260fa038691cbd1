"""Elements that a diagram may hold and whose stepping stands in no other file yet."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.spiff.specs import SubProcess
from engine.spiff.steps import Activity, Steps


class InclusiveGateway(Steps, library.InclusiveGateway):  # type: ignore[misc]
    """Takes every flow whose condition is true."""


class EventBasedGateway(Steps, library.EventBasedGateway):  # type: ignore[misc]
    """Waits for the first of the events behind it."""


class IntermediateThrowEvent(Activity, library.IntermediateThrowEvent):  # type: ignore[misc]
    """Throws an event and goes on."""


class Transaction(SubProcess):
    """A sub-process that can be cancelled."""


class EventSubProcess(SubProcess):
    """A sub-process that an event begins."""
