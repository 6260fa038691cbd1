"""Models without a drawing: every kind of element, and what makes drawings hard."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">\n'
)
TASKS = [
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
]
DEFINITIONS = [
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "conditional",
    "compensate",
    "link",
    "terminate",
    "cancel",
]


def node(kind: str, id: str, name: str = "", inner: str = "", **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{kind} id="{id}" name="{name}"{written}>{inner}</{kind}>\n'


def event(kind: str, id: str, name: str, definition: str, **attributes: str) -> str:
    inner = f'<{definition}EventDefinition id="{id}_definition"/>' if definition else ""
    return node(kind, id, name, inner, **attributes)


def chain(*ids: str, name: str = "") -> str:
    return "".join(flow(a, b, name) for a, b in pairwise(ids))


def flow(source: str, target: str, name: str = "") -> str:
    return (
        f'<sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}" name="{name}"/>\n'
    )


def tie(source: str, target: str) -> str:
    return f'<association id="{source}_of_{target}" sourceRef="{source}" targetRef="{target}"/>\n'


def process(body: str, id: str = "p") -> bytes:
    return f'{HEAD}<process id="{id}">\n{body}</process>\n</definitions>\n'.encode()


def every_task() -> bytes:
    body = "".join(node(kind, kind.lower(), f"Name of a {kind}") for kind in TASKS)
    ids = [kind.lower() for kind in TASKS]
    return process(node("startEvent", "s") + body + node("endEvent", "e") + chain("s", *ids, "e"))


def every_gateway() -> bytes:
    kinds = ["exclusive", "parallel", "inclusive", "eventBased", "complex"]
    body, before = node("startEvent", "s", "Begun"), "s"
    for kind in kinds:
        split, join = f"{kind}_split", f"{kind}_join"
        body += node(f"{kind}Gateway", split, f"Which way with {kind}?") + node("exclusiveGateway", join)
        for number in range(3):
            body += event(
                "intermediateCatchEvent", f"{kind}_{number}", f"Answer {number} has come", "message"
            )
            body += flow(split, f"{kind}_{number}", f"way number {number}") + flow(f"{kind}_{number}", join)
        body += flow(before, split)
        before = join
    return process(body + node("endEvent", "e", "Over") + flow(before, "e"))


def every_event() -> bytes:
    body = "".join(event("startEvent", f"s_{kind}", f"Begun by {kind}", kind) for kind in DEFINITIONS[:6])
    body += "".join(
        event("intermediateThrowEvent", f"t_{kind}", f"Tell by {kind}", kind) for kind in DEFINITIONS
    )
    body += "".join(event("endEvent", f"e_{kind}", f"Ended by {kind}", kind) for kind in DEFINITIONS)
    return process(body + "".join(flow(f"t_{kind}", f"e_{kind}", "goes on") for kind in DEFINITIONS))


def loops() -> bytes:
    body = node("startEvent", "s") + node("exclusiveGateway", "again") + node("userTask", "write", "Write")
    body += node("exclusiveGateway", "good", "Is it good?") + node("userTask", "check", "Check")
    body += node("exclusiveGateway", "right", "Is it right?") + node("endEvent", "e", "Right")
    body += chain("s", "again", "write", "good", "check", "right", "e")
    body += flow("good", "again", "no, write it anew") + flow("right", "check", "look again")
    return process(body + flow("right", "write", "all wrong") + flow("write", "write", "more"))


def boundaries() -> bytes:
    body = (
        node("startEvent", "s") + node("userTask", "work", "Work on it") + node("userTask", "next", "Go on")
    )
    kinds = DEFINITIONS[:6]
    for number, kind in enumerate(kinds):
        interrupts = "false" if number % 2 else "true"
        body += event("boundaryEvent", f"b_{kind}", f"When the {kind} has come", kind, attachedToRef="work",
                      cancelActivity=interrupts)  # fmt: skip
    body += node("sendTask", "remind", "Remind") + node("endEvent", "late", "Too late")
    body += chain("s", "work", "next", "e") + node("endEvent", "e") + flow("b_timer", "remind")
    body += flow("remind", "work", "and wait again") + flow("b_message", "late") + flow("b_signal", "next")
    body += flow("b_error", "s2") + node("userTask", "s2", "See what went wrong") + flow("s2", "e")
    return process(body)


def sub_processes() -> bytes:
    inner = (
        node("startEvent", "i_s") + node("userTask", "i_t", "Inside") + node("endEvent", "i_e", "Done inside")
    )
    inner += chain("i_s", "i_t", "i_e")
    innermost = node("subProcess", "deep", "Deep", inner.replace("i_", "j_"))
    aside = node("subProcess", "aside", "When it is called off",
                 event("startEvent", "a_s", "Called off", "message") + node("endEvent", "a_e") + chain("a_s", "a_e"),
                 triggeredByEvent="true")  # fmt: skip
    outer = node("subProcess", "outer", "Outer", inner + innermost + flow("i_t", "deep") + aside)
    body = node("startEvent", "s") + outer + node("transaction", "pay", "Pay", inner.replace("i_", "k_"))
    body += node(
        "adHocSubProcess", "hoc", "In any order", node("task", "h1", "One") + node("task", "h2", "Two")
    )
    body += event("boundaryEvent", "failed", "It failed", "error", attachedToRef="outer")
    body += node("subProcess", "empty", "Nothing in it yet") + node("endEvent", "e") + node("endEvent", "x")
    body += aside.replace("aside", "beside").replace("a_", "c_") + aside.replace("aside", "by").replace(
        "a_", "d_"
    )
    return process(body + chain("s", "outer", "pay", "hoc", "empty", "e") + flow("failed", "x"))


def compensation() -> bytes:
    body = node("startEvent", "s") + node("serviceTask", "book", "Book") + node("userTask", "go", "Go there")
    body += event("boundaryEvent", "undo", "", "compensate", attachedToRef="book")
    body += node("serviceTask", "unbook", "Take the booking back", isForCompensation="true")
    body += event("endEvent", "e", "All taken back", "compensate")
    return process(body + chain("s", "book", "go", "e") + tie("undo", "unbook"))


def notes_and_data() -> bytes:
    reading = '<dataInputAssociation id="r"><sourceRef>file</sourceRef></dataInputAssociation>'
    writing = '<dataOutputAssociation id="w"><targetRef>file</targetRef></dataOutputAssociation>'
    body = (
        node("startEvent", "s")
        + node("userTask", "write", "Write", writing)
        + node("userTask", "wait", "Wait")
    )
    body += (
        node("userTask", "read", "Read", reading)
        + node("endEvent", "e")
        + chain("s", "write", "wait", "read", "e")
    )
    body += '<dataObjectReference id="file" name="What was written down"/>'
    body += '<dataStoreReference id="store" name="Store"/>'
    for number, of in enumerate(("write", "wait", "wait", "s", "write_to_wait")):
        text = f"A note about {of} that is longer than one line"
        body += f'<textAnnotation id="n{number}"><text>{text}</text></textAnnotation>'
        body += tie(f"n{number}", of)
    return process(body + '<textAnnotation id="free"><text>A note about everything</text></textAnnotation>')


def long_names() -> bytes:
    name = "Ask the customer which of the seven addresses is the right one"
    body = node("startEvent", "s", name) + node("userTask", "t", name) + node("exclusiveGateway", "g", name)
    body += event("boundaryEvent", "b", name, "timer", attachedToRef="t") + node("endEvent", "e", name)
    body += node("endEvent", "x", "Rechtsschutzversicherungsgesellschaften") + node(
        "callActivity", "c", "D" * 40
    )
    return process(
        body + flow("s", "t", name) + flow("t", "g") + flow("g", "c", name) + flow("c", "e") + flow("b", "x")
    )


def loose() -> bytes:
    body = "".join(node("task", f"t{number}", f"Alone {number}") for number in range(4))
    return process(body + node("startEvent", "s") + node("endEvent", "e") + flow("s", "e"))


def pools() -> bytes:
    lanes = (
        '<laneSet id="ls"><lane id="front" name="Front"><childLaneSet id="cl">'
        '<lane id="desk" name="Desk"><flowNodeRef>s</flowNodeRef><flowNodeRef>ask</flowNodeRef></lane>'
        '<lane id="phone" name="Phone"><flowNodeRef>call</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>'
        '</childLaneSet></lane><lane id="back" name="Back"><flowNodeRef>find</flowNodeRef>'
        "<flowNodeRef>found</flowNodeRef><flowNodeRef>aside</flowNodeRef></lane>"
        '<lane id="idle" name="Idle"/></laneSet>'
    )
    aside = node("subProcess", "aside", "Called off", node("startEvent", "a_s") + node("task", "a_t", "Stop"),
                 triggeredByEvent="true")  # fmt: skip
    body = (
        lanes
        + node("startEvent", "s", "Asked")
        + node("userTask", "ask", "Ask back")
        + node("userTask", "find", "Find")
    )
    body += event("boundaryEvent", "late", "Not found in time", "timer", attachedToRef="find") + aside
    body += (
        node("exclusiveGateway", "found", "Found?")
        + node("userTask", "call", "Call")
        + node("endEvent", "e", "Told")
    )
    body += (
        chain("s", "ask", "find", "found")
        + flow("found", "call", "yes")
        + flow("found", "ask", "no")
        + flow("call", "e")
    )
    body += flow("late", "call") + node("manualTask", "homeless", "In no lane")
    other = (
        node("startEvent", "o_s")
        + node("task", "o_t", "Wonder")
        + node("endEvent", "o_e")
        + chain("o_s", "o_t", "o_e")
    )
    pools = '<participant id="us" name="Us" processRef="p"/><participant id="them" name="Them"/>'
    pools += '<participant id="others" name="Others" processRef="o"/>'
    for source, target in (("them", "s"), ("call", "them"), ("o_t", "find"), ("others", "them")):
        pools += f'<messageFlow id="{source}_tells_{target}" name="word" sourceRef="{source}" targetRef="{target}"/>'
    return (
        f'{HEAD}<collaboration id="c">{pools}</collaboration><process id="p">{body}</process>'
        f'<process id="o">{other}</process></definitions>'
    ).encode()


def lanes_alone() -> bytes:
    return process(
        '<laneSet id="ls"><lane id="a" name="A"><flowNodeRef>s</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>'
        '<lane id="b" name="B"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        + node("startEvent", "s") + node("task", "t", "Do") + node("endEvent", "e") + chain("s", "t", "e")
    )  # fmt: skip


def anything(seed: int, with_lanes: bool = False) -> bytes:
    """A process that nobody would draw by hand: any node may lead to any other, boundary events too."""
    chance = random.Random(seed)
    count = chance.randint(8, 22)
    body, tasks = node("startEvent", "s", "Begun"), [f"t{number}" for number in range(count)]
    flows = {("s", "t0")} | {(tasks[chance.randrange(number)], tasks[number]) for number in range(1, count)}
    for id in tasks:
        kind = chance.choice(["userTask", "exclusiveGateway", "serviceTask", "intermediateThrowEvent"])
        body += node(kind, id, chance.choice(["", "Short", "A name of some more words"]))
        if kind.endswith("Task") and chance.random() < 0.4:
            body += event("boundaryEvent", f"b_{id}", "Late", "timer", attachedToRef=id)
            flows.add((f"b_{id}", chance.choice(tasks)))
    flows |= {(chance.choice(tasks), chance.choice(tasks)) for _ in range(count // 3)}
    written = "".join(flow(a, b, chance.choice(["", "", "if so"])) for a, b in sorted(flows))
    return process((_lanes(["s", *tasks], chance) if with_lanes else "") + body + written)


def _lanes(ids: list[str], chance: random.Random) -> str:
    lanes: dict[int, str] = dict.fromkeys(range(3), "")
    for id in ids:
        lanes[chance.randrange(3)] += f"<flowNodeRef>{id}</flowNodeRef>"
    written = "".join(
        f'<lane id="l{number}" name="Lane {number}">{refs}</lane>' for number, refs in lanes.items()
    )
    return f'<laneSet id="ls">{written}</laneSet>'


NAMED: Mapping[str, bytes] = {
    make.__name__: make()
    for make in (every_task, every_gateway, every_event, loops, boundaries, sub_processes, compensation,
                 notes_and_data, long_names, loose, pools, lanes_alone)
}  # fmt: skip
