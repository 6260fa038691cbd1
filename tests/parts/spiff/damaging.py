"""Damaged diagrams: what editors, mergers and hands do to a file, at random but repeatable by seed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

from engine.spiff.allowed import _PICTURE, _READ
from engine.spiff.reading import BPMN

_TAGS = [*sorted(_READ | _PICTURE), "task", "complexGateway", "adHocSubProcess", "ioSpecification"]
_ATTRIBUTES = (
    "id", "isForCompensation", "triggeredByEvent", "isInterrupting", "cancelActivity", "attachedToRef", "default",
    "sourceRef", "targetRef", "messageRef", "signalRef", "errorRef", "activityRef", "processRef", "loopMaximum",
    "isSequential",
)  # fmt: skip
_VALUES = ("", "true", "false", "1", "0", "-1", "²", "=x", "PT1H", "R/PT0S", "a b", "'", '"', "]]>")
_TEXTS = ("", "=", "= (", "null", "true", "x", "R/PT1H", "²", "import os", '{"a":', "9**9", "PT")


def damaged(source: bytes, seed: int) -> bytes:
    """Return a file with one to three things broken in it."""
    random = Random(seed)
    root = etree.fromstring(source)
    for _ in range(random.choice((1, 1, 2, 3))):
        nodes = list(root.iter())[1:]
        random.choice(_DAMAGES)(random, nodes, random.choice(nodes))
    return etree.tostring(root)


def _drop(random: Random, nodes: list[Any], node: Any) -> None:
    node.getparent().remove(node)


def _double(random: Random, nodes: list[Any], node: Any) -> None:
    node.addnext(deepcopy(node))


def _forget(random: Random, nodes: list[Any], node: Any) -> None:
    if node.attrib:
        del node.attrib[random.choice(list(node.attrib))]


def _change(random: Random, nodes: list[Any], node: Any) -> None:
    if node.attrib:
        node.set(random.choice(list(node.attrib)), _value(random, nodes))


def _add(random: Random, nodes: list[Any], node: Any) -> None:
    node.set(random.choice(_ATTRIBUTES), _value(random, nodes))


def _say(random: Random, nodes: list[Any], node: Any) -> None:
    node.text = random.choice(_TEXTS)


def _rename(random: Random, nodes: list[Any], node: Any) -> None:
    node.tag = BPMN + random.choice(_TAGS)


def _swap(random: Random, nodes: list[Any], node: Any) -> None:
    other = random.choice(nodes)
    node.tag, other.tag = other.tag, node.tag


def _move(random: Random, nodes: list[Any], node: Any) -> None:
    other = random.choice(nodes)
    if node is not other and node not in other.iterancestors():
        other.append(node)


def _value(random: Random, nodes: list[Any]) -> str:
    ids = [node.get("id") for node in nodes if node.get("id")]
    return random.choice([*ids, *_VALUES])


_DAMAGES: tuple[Callable[[Random, list[Any], Any], None], ...] = (
    _drop, _double, _forget, _change, _add, _say, _rename, _swap, _move,
)  # fmt: skip
