"""What a test of the flow sees: findings of small drawn diagrams, short enough to write down."""

from __future__ import annotations

from engine.flow import check_flow, lint
from engine.spiff import Diagram, Finding, check_diagram

ABOUT_FLOW = ("deadlock", "dead", "runs-twice", "endless-loop", "never-ends", "explored")


def flow(source: bytes) -> list[Finding]:
    """Return the findings about the flow of one diagram, which must be without other errors."""
    found = lint(source, "p.bpmn")
    others = [it for it in found if it.rule not in ABOUT_FLOW and it.severity == "error"]
    assert others == [], [str(it) for it in others]
    return [it for it in found if it.rule in ABOUT_FLOW]


def seen(source: bytes) -> list[tuple[str, str, str | None]]:
    """Return severity, rule and element of each finding about the flow."""
    return [(it.severity, it.rule, it.element) for it in flow(source)]


def path(source: bytes, rule: str) -> str:
    """Return the path of the one finding of a rule, with arrows."""
    (found,) = [it for it in flow(source) if it.rule == rule]
    return " ".join(found.path)


def pack(*sources: bytes) -> list[tuple[str, str, str, str | None]]:
    """Return file, severity, rule and element of the findings of diagrams that may call each other."""
    diagrams = {str(number): _diagram(source) for number, source in enumerate(sources, 1)}
    return [
        (name, it.severity, it.rule, it.element)
        for name, found in check_flow(diagrams).items()
        for it in found
    ]


def _diagram(source: bytes) -> Diagram:
    diagram, findings = check_diagram(source, "p.bpmn")
    assert diagram is not None, [str(it) for it in findings]
    return diagram
