"""Rules about activities that are done several times: how often must be clear, and where the results go."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element, Loop
from engine.spiff.rules.drawing import Drawing, said

_OWN = "loopCounter"


def loops(drawing: Drawing) -> Iterator[Finding]:
    """A loop says how often, once, and collects what it names."""
    for node in drawing.nodes:
        if node.loop is None:
            continue
        wrong = _standard(node.loop) if node.loop.kind == "standard" else _multi_instance(node.loop)
        for what, remedy in wrong:
            yield said("loop", node, f"Expected the loop of {node.title!r} to {what}.", remedy)
        if node.triggered_by_event:
            message = f"Expected the event sub-process {node.title!r} without a loop, but it has one."
            yield said("loop", node, message, "Put a sub-process with the loop inside of it.")
        yield from _names(node, node.loop)


def _standard(loop: Loop) -> Iterator[tuple[str, str]]:
    if loop.condition is None and loop.maximum is None:
        yield "say when it ends, but it has no condition and no maximum", "Give it a condition or a maximum."
    if loop.maximum is not None and loop.maximum < 1:
        yield f"be done once at least, but its maximum is {loop.maximum}", "Give it a maximum of 1 or more."


def _multi_instance(loop: Loop) -> Iterator[tuple[str, str]]:
    how_often = "Give it an input collection or a loop cardinality."
    if not (loop.collection or loop.cardinality):
        yield "say how often, but it has no collection and no cardinality", how_often
    if loop.collection and loop.cardinality:
        yield "have a collection or a cardinality, but it has both", "Remove one of them."
    if loop.item and not loop.collection:
        yield f"have a collection for its item {loop.item!r}, but it has none", how_often
    if bool(loop.results) != bool(loop.result):
        given, missing = (
            ("output collection", "element") if loop.results else ("output element", "collection")
        )
        yield f"have an output {missing} for its {given}, but it has none", "Give it both, or none."


def _names(node: Element, loop: Loop) -> Iterator[Finding]:
    for name in filter(None, (loop.item, loop.results)):
        if not name.isidentifier():
            message = f"Expected the name of a variable, but the loop of {node.title!r} writes to {name!r}."
            yield said("variable-names", node, message, "Use letters, digits and underscores.")
        elif name == _OWN:
            message = f"Expected another name than {_OWN}, which counts, but the loop of {node.title!r} writes to it."
            yield said("variable-names", node, message, "Use another name.")


RULES = (loops,)
