"""The fence around SpiffWorkflow: BPMN in, our words out. No other folder imports the library.

`check_diagram` reads a file and says all that is wrong with it, `Program.link` puts the diagrams of a pack together,
`Run` moves one instance. Parsing, specifications and the task tree are the library's; how tokens step, wait, join
and end is ours (see docs/decisions/0004-spiffworkflow-behind-a-fence.md).
"""

from __future__ import annotations

from engine.spiff.checking import check_diagram, read_deployed
from engine.spiff.errors import DiagramRefused, Finding, RunRefused, UnreadableState
from engine.spiff.expressions import formulas_of
from engine.spiff.foreseeing import Unforeseen, foresee
from engine.spiff.model import CUSTOMER, Action, Diagram, Element, ProcessModel
from engine.spiff.offering import Offer
from engine.spiff.program import Program
from engine.spiff.run import Run
from engine.spiff.stepping import Env, Happening, Library
from engine.spiff.waits import (
    ConditionWait,
    Cycle,
    FailureWait,
    MessageWait,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)

SEMANTICS = 2
"""How a state is stepped; it changes when the same command on the same state would no longer do the same."""

__all__ = [
    "CUSTOMER",
    "SEMANTICS",
    "Action",
    "ConditionWait",
    "Cycle",
    "Diagram",
    "DiagramRefused",
    "Element",
    "Env",
    "FailureWait",
    "Finding",
    "Happening",
    "Library",
    "MessageWait",
    "Offer",
    "ProcessModel",
    "Program",
    "Run",
    "RunRefused",
    "ServiceWait",
    "SignalWait",
    "TaskWait",
    "TimerWait",
    "Unforeseen",
    "UnreadableState",
    "Wait",
    "check_diagram",
    "foresee",
    "formulas_of",
    "read_deployed",
]
