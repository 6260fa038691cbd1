"""Small diagrams as text, so that a test shows its whole process on a few lines.

`draw("start s; user a; end e", "s>a>e")` is a process of three nodes. In the flows, `a>b` joins two nodes, `[…]`
behind a flow is its condition, `*` makes it the default; flows are numbered f1, f2, … in the order written.

An event is a node with an event definition inside: `node("throw", "t", on("signal", "down"))`, `boundary("b", "a",
on("error", "err"))`, `event_sub("es", start("si", on("message", "m")) + "; end ei", "si>ei", prefix="g")`. Messages,
signals, errors and escalations stand beside the process: `draw(…, declared("error", "err", code="E1"))`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:casepath="https://casepath.dev/bpmn/1"'
    ' id="definitions" targetNamespace="https://casepath.dev/tests">'
)
_TAGS = {
    "start": "startEvent", "end": "endEvent", "user": "userTask", "service": "serviceTask", "script": "scriptTask",
    "rule": "businessRuleTask", "send": "sendTask", "receive": "receiveTask", "xor": "exclusiveGateway",
    "and": "parallelGateway", "sub": "subProcess", "call": "callActivity", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "or": "inclusiveGateway", "race": "eventBasedGateway",
    "throw": "intermediateThrowEvent", "transaction": "transaction",
}  # fmt: skip
_FLOW = re.compile(r"(\w+)((?:>\w+)+)\s*(?:\[(.*?)\])?\s*(\*)?(?:;|$|\s)")


def node(kind: str, id: str, inside: str = "", **attributes: str) -> str:
    """Return one node; attributes are written as they stand, `_` in their names standing for `:`."""
    tag = _TAGS.get(kind, kind)
    given = "".join(f" {name.replace('_', ':')}={quoteattr(value)}" for name, value in attributes.items())
    return f"\n<{tag} id={quoteattr(id)}{given}>{inside}</{tag}>"


def extension(inside: str) -> str:
    """Return extension elements."""
    return f"<extensionElements>{inside}</extensionElements>"


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Return an ioMapping, to stand inside `extension`."""
    rows = [f'<zeebe:input source={quoteattr(v)} target="{k}" />' for k, v in (inputs or {}).items()]
    rows += [f'<zeebe:output source={quoteattr(v)} target="{k}" />' for k, v in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>"


def script(id: str, expression: str, result: str | None = None) -> str:
    """Return a script task."""
    variable = f" resultVariable={quoteattr(result)}" if result else ""
    return node("script", id, extension(f"<zeebe:script expression={quoteattr(expression)}{variable} />"))


def timer(kind: str, text: str) -> str:
    """Return a timer definition: kind date, duration or cycle."""
    tag = f"time{kind.capitalize()}"
    return f'<timerEventDefinition><{tag} xsi:type="tFormalExpression">{escape(text)}</{tag}></timerEventDefinition>'


def on_timer(id: str, host: str, text: str, kind: str = "duration", *, interrupting: bool = True) -> str:
    """Return a timer on the boundary of an activity."""
    cancel = str(interrupting).lower()
    return node("boundary", id, timer(kind, text), attachedToRef=host, cancelActivity=cancel)


def on_message(id: str, host: str, message: str, *, interrupting: bool = True, inside: str = "") -> str:
    """Return a message on the boundary of an activity."""
    definition = f'{inside}<messageEventDefinition messageRef="{message}" />'
    return node("boundary", id, definition, attachedToRef=host, cancelActivity=str(interrupting).lower())


def message(id: str, name: str | None = None, key: str | None = None) -> str:
    """Return a message, to stand beside the process."""
    subscription = extension(f"<zeebe:subscription correlationKey={quoteattr(key)} />") if key else ""
    return f'<message id="{id}" name="{name or id}">{subscription}</message>'


def declared(kind: str, id: str, name: str | None = None, code: str | None = None) -> str:
    """Return a signal, error or escalation (of that code), to stand beside the process."""
    says = f' {kind}Code="{code}"' if code else ""
    return f'<{kind} id="{id}" name="{name or id}"{says} />'


def on(kind: str, what: str = "", inside: str = "") -> str:
    """Return an event definition; `what` is the id of the message, signal, error or escalation, the text of a
    condition, the name of a link, or the activity that a compensation names. Timers are made by `timer`."""
    if kind == "conditional":
        inside += f'<condition xsi:type="tFormalExpression">{escape(what)}</condition>'
    names = {"link": "name", "compensate": "activityRef", "conditional": ""}
    name = names.get(kind, f"{kind}Ref") if what else ""
    says = f" {name}={quoteattr(what)}" if name else ""
    return f"<{kind}EventDefinition{says}>{inside}</{kind}EventDefinition>"


def boundary(id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """Return an event on the boundary of an activity."""
    return node("boundary", id, definition, attachedToRef=host, cancelActivity=str(interrupting).lower())


def start(id: str, definition: str, *, interrupting: bool = True) -> str:
    """Return a start event with an event, as an event sub-process has one."""
    return node("start", id, definition, **({} if interrupting else {"isInterrupting": "false"}))


def sub(
    id: str, nodes: str, flows: str, *, prefix: str, kind: str = "sub", before: str = "", **attributes: str
) -> str:
    """Return a sub-process (or `kind="transaction"`) with its inside; `before` stands first: mappings, a loop."""
    return node(kind, id, before + level(nodes, flows, prefix), **attributes)


def event_sub(id: str, nodes: str, flows: str, *, prefix: str) -> str:
    """Return an event sub-process; one of its nodes is made by `start`."""
    return sub(id, nodes, flows, prefix=prefix, triggeredByEvent="true")


def compensated_by(activity: str, handler: str) -> str:
    """Return a compensation event on an activity, joined to its handler, which is a node `for_compensation`."""
    event = boundary(f"{activity}_undone", activity, on("compensate"))
    return (
        f'{event}\n<association id="{activity}_undo" sourceRef="{activity}_undone" targetRef="{handler}" />'
    )


def each(
    collection: str = "", item: str = "", results: str = "", result: str = "", *,
    cardinality: str = "", completion: str = "", sequential: bool = False,
) -> str:  # fmt: skip
    """Return a multi-instance loop, to stand inside an activity behind its extension elements."""
    names = {"inputCollection": collection, "inputElement": item}
    names |= {"outputCollection": results, "outputElement": result}
    says = "".join(f" {name}={quoteattr(value)}" for name, value in names.items() if value)
    inside = extension(f"<zeebe:loopCharacteristics{says} />") if says else ""
    inside += _expression("loopCardinality", cardinality) + _expression("completionCondition", completion)
    flag = str(sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{flag}">{inside}</multiInstanceLoopCharacteristics>'
    )


def loop(condition: str = "", maximum: str = "", *, test_before: bool = False) -> str:
    """Return a standard loop, to stand inside an activity behind its extension elements."""
    says = f" loopMaximum={quoteattr(maximum)}" if maximum else ""
    inside = _expression("loopCondition", condition)
    flag = str(test_before).lower()
    return f'<standardLoopCharacteristics testBefore="{flag}"{says}>{inside}</standardLoopCharacteristics>'


def _expression(tag: str, text: str) -> str:
    return f'<{tag} xsi:type="tFormalExpression">{escape(text)}</{tag}>' if text else ""


def level(nodes: str, flows: str, prefix: str = "f") -> str:
    """Return the inside of a process or sub-process."""
    parts = [f"\n{part}" if part.startswith("<") else node(*part.split()) for part in _split(nodes)]
    lines = [mark + line for mark, line in (_line(part)[1:] for part in parts)]
    drawn = "".join(_line(part)[0] for part in parts)
    for number, (source, target, condition, default) in enumerate(_flows(flows), 1):
        id = f"{prefix}{number}"
        inside = _expression("conditionExpression", condition or "")
        drawn += (
            f'\n<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
        )
        if default:
            drawn = re.sub(rf'(<\w+ id="{source}")', rf'\1 default="{id}"', drawn, count=1)
    return drawn + "".join(lines)


def _line(part: str) -> tuple[str, str, str]:
    """Take the association off a boundary event: artifacts stand behind all nodes and flows of a level."""
    return part.partition("\n<association") if part.startswith("\n<boundaryEvent") else (part, "", "")


def process(key: str, inside: str) -> str:
    """Return a process."""
    return f'<process id="{key}" isExecutable="true">{inside}</process>'


def definitions(*inside: str) -> bytes:
    """Return a BPMN file."""
    return (HEAD + "\n".join(inside) + "</definitions>").encode()


def draw(nodes: str, flows: str, *beside: str, key: str = "p") -> bytes:
    """Return a BPMN file with one process; `beside` are declarations and further processes."""
    further = [it for it in beside if it.startswith("<process")]
    return definitions(
        *(it for it in beside if it not in further), process(key, level(nodes, flows)), *further
    )


def _split(nodes: str) -> list[str]:
    """Split `kind id; <xml…>; …` at the semicolons outside of XML tags and entities."""
    parts = re.split(r"(?<!&gt)(?<!&lt)(?<!&amp);(?![^<]*>)(?=\s|$)", nodes)
    return [part.strip() for part in parts if part.strip()]


def _flows(flows: str) -> list[tuple[str, str, str | None, bool]]:
    found = []
    for match in _FLOW.finditer(flows):
        steps = [match[1], *match[2][1:].split(">")]
        for source, target in pairwise(steps):
            found.append((source, target, match[3], bool(match[4])))
    return found
