"""Small diagrams as text, so that a test shows its whole process on a few lines.

`draw("start s; user a; end e", "s>a>e")` is a process of three nodes. In the flows, `a>b` joins two nodes, `[…]`
behind a flow is its condition, `*` makes it the default; flows are numbered f1, f2, … in the order written.
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
    "boundary": "boundaryEvent",
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


def level(nodes: str, flows: str, prefix: str = "f") -> str:
    """Return the inside of a process or sub-process."""
    drawn = "".join(f"\n{part}" if part.startswith("<") else node(*part.split()) for part in _split(nodes))
    for number, (source, target, condition, default) in enumerate(_flows(flows), 1):
        id = f"{prefix}{number}"
        text = escape(condition or "")
        inside = (
            f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>' if text else ""
        )
        drawn += (
            f'\n<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
        )
        if default:
            drawn = re.sub(rf'(<\w+ id="{source}")', rf'\1 default="{id}"', drawn, count=1)
    return drawn


def process(key: str, inside: str) -> str:
    """Return a process."""
    return f'<process id="{key}" isExecutable="true">{inside}</process>'


def definitions(*inside: str) -> bytes:
    """Return a BPMN file."""
    return (HEAD + "\n".join(inside) + "</definitions>").encode()


def draw(nodes: str, flows: str, *beside: str, key: str = "p") -> bytes:
    """Return a BPMN file with one process; `beside` are messages and further processes."""
    return definitions(*(it for it in beside if it.startswith("<message")), process(key, level(nodes, flows)),
                       *(it for it in beside if not it.startswith("<message")))  # fmt: skip


def _split(nodes: str) -> list[str]:
    """Split `kind id; <xml…>; …` at the semicolons outside of XML."""
    return [part.strip() for part in re.split(r";(?![^<]*>)(?=\s|$)", nodes) if part.strip()]


def _flows(flows: str) -> list[tuple[str, str, str | None, bool]]:
    found = []
    for match in _FLOW.finditer(flows):
        steps = [match[1], *match[2][1:].split(">")]
        for source, target in pairwise(steps):
            found.append((source, target, match[3], bool(match[4])))
    return found
