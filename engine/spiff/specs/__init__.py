"""What each element does when a token reaches it: the library's specifications, with our stepping."""

from __future__ import annotations

from engine.spiff.specs.containers import CallActivity, EventSubProcess, SubProcess, Transaction
from engine.spiff.specs.events import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from engine.spiff.specs.gateways import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from engine.spiff.specs.tasks import (
    BusinessRuleTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    UserTask,
)

__all__ = [
    "BoundaryEvent",
    "BusinessRuleTask",
    "CallActivity",
    "EndEvent",
    "EventBasedGateway",
    "EventSubProcess",
    "ExclusiveGateway",
    "InclusiveGateway",
    "IntermediateCatchEvent",
    "IntermediateThrowEvent",
    "ParallelGateway",
    "ReceiveTask",
    "ScriptTask",
    "SendTask",
    "ServiceTask",
    "StartEvent",
    "SubProcess",
    "Transaction",
    "UserTask",
]
