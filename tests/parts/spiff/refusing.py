"""Diagrams with one thing wrong, at the element `it`, and what is said of it."""

from __future__ import annotations

from engine.spiff import Finding, check_diagram

from .drawing import declared, draw, level, message, node

DECLARED = (
    message("m"),
    declared("signal", "sg"),
    declared("error", "er", code="E1"),
    declared("escalation", "ec", code="C1"),
)
INSIDE = level("start si; end ei", "si>ei", prefix="g")


def findings(source: bytes) -> list[Finding]:
    """Return the errors of a file; warnings alone would let it pass."""
    diagram, found = check_diagram(source, "test.bpmn")
    errors = [it for it in found if it.severity == "error"]
    assert (diagram is None) == bool(errors)
    return errors


def warnings(source: bytes) -> list[Finding]:
    """Return the warnings of a file that passes, but for that it has no picture."""
    diagram, found = check_diagram(source, "test.bpmn")
    assert diagram is not None, [str(it) for it in found]
    return [it for it in found if it.rule != "drawn"]


def assert_refused(source: bytes, rule: str, sentence: str) -> None:
    """Expect one error of a rule at `it`, with its line and a remedy."""
    found = findings(source)
    mine = [it for it in found if it.rule == rule and sentence in it.message]
    assert len(mine) == 1, [str(it) for it in found]
    assert mine[0].element == "it"
    assert b'id="it"' in source.splitlines()[(mine[0].line or 0) - 1] or b"id='it'" in source
    assert mine[0].message.startswith("Expected ")
    assert mine[0].remedy.endswith((".", ")")) or ": " in mine[0].remedy


def with_task(inside: str = "", kind: str = "user", **attributes: str) -> bytes:
    """Return a process of one task, `it`."""
    return draw(f"start s; {node(kind, 'it', inside, **attributes)}; end e", "s>it>e", *DECLARED)


def with_end(inside: str) -> bytes:
    """Return a process that ends in `it`."""
    return draw(f"start s; {node('end', 'it', inside)}", "s>it", *DECLARED)


def with_boundary(event: str, host: str = "user a") -> bytes:
    """Return a process with an event `it` on the border of an activity `a`."""
    return draw(f"start s; {host}; {event}; end e", "s>a>e it>e", *DECLARED)


def with_sub(inside: str, kind: str = "sub", **attributes: str) -> bytes:
    """Return a process with a sub-process `it`."""
    return draw(f"start s; {node(kind, 'it', inside, **attributes)}; end e", "s>it>e", *DECLARED)


def beside(nodes: str, flows: str = "", main: str = "user a") -> bytes:
    """Return a process of one activity `a`, with further nodes beside it."""
    return draw(f"start s; {main}; end e; {nodes}", f"s>a>e {flows}", *DECLARED)
