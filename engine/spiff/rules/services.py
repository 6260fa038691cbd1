"""Rules about what is called: the patience of a service task, the version that a call activity takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration
from engine.spiff.errors import Finding
from engine.spiff.rules.drawing import Drawing, said


def patience(drawing: Drawing) -> Iterator[Finding]:
    """How long a service may take, and how long to wait before each further try, are durations."""
    for node in drawing.nodes:
        pauses = (node.back_off or "").split(",") if node.back_off is not None else []
        texts = [("casepath:backOff", it.strip()) for it in pauses]
        texts += [("casepath:timeOut", node.time_out.strip())] if node.time_out is not None else []
        for name, text in texts:
            if not _goes_forward(text):
                message = f"Expected {name} of {node.title!r} to be a duration of days and time, but found {text!r}."
                remedy = "Write ISO 8601 such as PT30S"
                yield said(
                    "patience", node, message, f"{remedy}, or PT10S,PT1M,PT10M for one pause after the other."
                    if name.endswith("backOff") else f"{remedy}."
                )  # fmt: skip


def _goes_forward(text: str) -> bool:
    """Days and time only: how long a month is depends on when it begins, and a worker counts seconds."""
    found = read_duration(text)
    return isinstance(found, DaysTimeDuration) and found.timedelta > timedelta(0)


def bindings(drawing: Drawing) -> Iterator[Finding]:
    """A call that asks for a tagged version says which tag, and any other names none."""
    for node in drawing.nodes:
        if node.binding == "versionTag" and not node.version_tag:
            message = f"Expected {node.title!r} to name a version tag, but it names none."
            yield said("binding", node, message, "Give it the tag of the version to call.")
        elif node.type == "callActivity" and node.version_tag and node.binding != "versionTag":
            message = f"Expected no version tag at {node.title!r}, but it has {node.version_tag!r} and takes another."
            yield said("binding", node, message, "Bind the call by version tag, or remove the tag.")


RULES = (patience, bindings)
