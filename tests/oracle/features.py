"""What elements a model has, by kind and by what they wait for or throw, so that a test can ask for all of them."""

from __future__ import annotations

from collections.abc import Iterator

from .model import (
    Activity,
    Body,
    Boundary,
    Call,
    Catch,
    Decide,
    End,
    EventBased,
    EventSub,
    Exclusive,
    Inclusive,
    Many,
    Model,
    Node,
    Parallel,
    Receive,
    Rounds,
    Script,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
    Transaction,
    Undo,
    UserTask,
)
from .triggers import Compensate, Timer

TIMER, CATCHABLE = "timer", ("timer", "message", "signal", "condition")
PASSED_ON = ("error", "escalation")
ACTIVITIES = (UserTask, ServiceTask, Receive, Script, SubProcess, Call)

EVERYTHING = {
    *(
        kind.__name__
        for kind in (Exclusive, Inclusive, Parallel, EventBased, SendTask, Decide, Transaction, Undo)
    ),
    *(kind.__name__ for kind in ACTIVITIES),
    *(f"start by {event}" for event in ("none", "message", "signal")),
    *(f"end {event}" for event in ("none", "message", "signal", "error", "escalation", "compensate")),
    *(f"end {event}" for event in ("terminate", "cancel")),
    *(f"throw {event}" for event in ("message", "signal", "escalation", "compensate", "link")),
    *(f"catch {event}" for event in (*CATCHABLE, "link")),
    *(f"race of {event}" for event in (*CATCHABLE, "receive")),
    *(f"boundary {event} True" for event in (*CATCHABLE, *PASSED_ON, "cancel")),
    *(f"boundary {event} False" for event in (*CATCHABLE, "escalation")),
    *(f"event sub {event} True" for event in (*CATCHABLE, *PASSED_ON, "compensate")),
    *(f"event sub {event} False" for event in (*CATCHABLE, "escalation")),
    *(f"event sub in {place}" for place in ("process", "sub-process", "called")),
    *(f"{many} {kind.__name__}" for many in ("parallel", "sequential", "loop") for kind in ACTIVITIES),
    *(f"many with {part}" for part in ("collection", "cardinality", "completion", "result")),
    *(f"undone {kind.__name__}" for kind in ACTIVITIES),
    *(f"handler {kind.__name__}" for kind in (*ACTIVITIES, Decide)),
    *("implicit split", "conditional flow", "undo of one"),
}


def features(model: Model) -> set[str]:
    """Return what a model has of all that may be drawn."""
    found: set[str] = set()
    for process in model.processes:
        place = "process" if process is model.processes[0] else "called"
        found.update(_of_body(process.body, place))
    return found


def _of_body(body: Body, place: str) -> Iterator[str]:
    for node in body.nodes:
        yield type(node).__name__
        yield from _of_node(node, body)
        if isinstance(node, Activity):
            yield from _of_activity(node, body)
        if isinstance(node, EventSub):
            yield f"event sub in {place}"
            yield f"event sub {_name(node.start.trigger)} {node.start.interrupting}"
        if isinstance(node, SubProcess | EventSub):
            yield from _of_body(node.body, "sub-process")


def _of_node(node: Node, body: Body) -> Iterator[str]:
    match node:
        case Start():
            yield f"start by {_name(node.trigger)}"
        case End() | Throw():
            yield f"{type(node).__name__.lower()} {_name(node.throws)}"
            if isinstance(node.throws, Compensate) and node.throws.activity:
                yield "undo of one"
        case Catch():
            yield f"catch {_name(node.trigger)}"
        case Boundary():
            yield f"boundary {_name(node.trigger)} {node.interrupting}"
        case Undo():
            yield f"undone {type(body.node(node.host)).__name__}"
        case EventBased():
            for flow in body.outgoing(node.id):
                target = body.node(flow.target)
                yield f"race of {'receive' if isinstance(target, Receive) else _name(target.trigger)}"


def _of_activity(node: Activity, body: Body) -> Iterator[str]:
    kind, rule = type(node).__name__, node.repeated
    if node.handler:
        yield f"handler {kind}"
    if len(body.outgoing(node.id)) > 1:
        yield "implicit split"
    if any(flow.when for flow in body.outgoing(node.id)):
        yield "conditional flow"
    if isinstance(rule, Rounds):
        yield f"loop {kind}"
    if isinstance(rule, Many):
        yield f"{'sequential' if rule.sequential else 'parallel'} {kind}"
        for part in ("collection", "cardinality", "completion", "result"):
            if getattr(rule, part):
                yield f"many with {part}"


def _name(event: object) -> str:
    if event is None:
        return "none"
    if isinstance(event, Timer):
        return TIMER
    return type(event).__name__.lower()
