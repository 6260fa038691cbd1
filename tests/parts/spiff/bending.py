"""Bent diagrams: still well formed and often still accepted, but they mean something else. Repeatable by seed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

from engine.spiff.describe import FLOW_NODES
from engine.spiff.reading import BPMN, bpmn_tag, local_name

_TEXTS = (
    "x", "=x", "null", "true", "false", "1 + 1", '"a"', "[1, 2, 3]", "[]", "{a: 1}", "x > 1", "loopCounter < 3",
    "count(x)",
    "for i in 1..9999, j in 1..9999 return i", "PT1H", "PT0S", "R/PT1H", "R2/PT1H", "2026-12-04T19:30:00Z",
)  # fmt: skip
_SAID_IN = (
    "source",
    "expression",
    "inputCollection",
    "outputElement",
    "correlationKey",
    "dueDate",
    "assignee",
)
_FLAGS = ("cancelActivity", "isInterrupting", "isSequential", "testBefore")
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
_TASKS = ("userTask", "receiveTask", "sendTask", "scriptTask")


def bent(source: bytes, seed: int) -> bytes:
    """Return a file in which one to four things mean something else."""
    random = Random(seed)
    root = etree.fromstring(source)
    for _ in range(random.randrange(1, 5)):
        random.choice(_BENDS)(random, root)
    return etree.tostring(root)


def _say(random: Random, root: Any) -> None:
    spoken = [node for node in root.iter() if (node.text or "").strip() and len(node) == 0]
    if spoken:
        random.choice(spoken).text = random.choice(_TEXTS)


def _map(random: Random, root: Any) -> None:
    places = [(node, name) for node in root.iter() for name in _SAID_IN if node.get(name)]
    if places:
        node, name = random.choice(places)
        node.set(name, "=" + random.choice(_TEXTS).removeprefix("="))


def _flag(random: Random, root: Any) -> None:
    tags = ("boundaryEvent", "startEvent", "multiInstanceLoopCharacteristics")
    nodes = list(root.iter(*(BPMN + tag for tag in tags)))
    if nodes:
        random.choice(nodes).set(random.choice(_FLAGS), random.choice(("true", "false")))


def _redirect(random: Random, root: Any) -> None:
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    flow = random.choice(flows)
    level = [node for node in flow.getparent() if bpmn_tag(node) in FLOW_NODES]
    flow.set(random.choice(("sourceRef", "targetRef")), random.choice(level).get("id"))


def _rename(random: Random, root: Any) -> None:
    alike = random.choice((_GATEWAYS, _TASKS))
    nodes = [node for node in root.iter() if local_name(node) in alike and node.tag.startswith(BPMN)]
    if nodes:
        random.choice(nodes).tag = BPMN + random.choice(alike)


def _swap_events(random: Random, root: Any) -> None:
    events = [node for node in root.iter() if str(node.tag).endswith("EventDefinition")]
    if len(events) > 1:
        one, other = random.sample(events, 2)
        copy = deepcopy(other)
        copy.attrib.pop("id", None)
        one.getparent().replace(one, copy)


def _attach(random: Random, root: Any) -> None:
    events = list(root.iter(f"{BPMN}boundaryEvent"))
    if events:
        event = random.choice(events)
        level = [node.get("id") for node in event.getparent() if bpmn_tag(node) in FLOW_NODES]
        event.set("attachedToRef", random.choice(level))


def _drop_a_flow(random: Random, root: Any) -> None:
    flow = random.choice(list(root.iter(f"{BPMN}sequenceFlow")))
    flow.getparent().remove(flow)


def _loop(random: Random, root: Any) -> None:
    loops = list(root.iter(f"{BPMN}multiInstanceLoopCharacteristics", f"{BPMN}standardLoopCharacteristics"))
    nodes = [node for node in root.iter() if local_name(node) in (*_TASKS, "subProcess", "callActivity")]
    if loops and nodes:
        random.choice(nodes).append(deepcopy(random.choice(loops)))


_BENDS: tuple[Callable[[Random, Any], None], ...] = (
    _say, _say, _map, _map, _flag, _redirect, _redirect, _rename, _swap_events, _attach, _drop_a_flow, _loop,
)  # fmt: skip
