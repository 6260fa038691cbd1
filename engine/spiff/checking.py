"""From the bytes of a BPMN file to a `Diagram`, or to every reason why it can't be run.

Read within limits, describe, hold against the allow-list and the schema, compile the FEEL, and only then let the
library parse. Bad input never raises.
"""

from __future__ import annotations

from collections.abc import Iterable

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.remembering import remembered
from engine.spiff.allowed import not_allowed
from engine.spiff.describe import describe, processes
from engine.spiff.errors import DiagramRefused, Finding
from engine.spiff.expressions import Formulas, compile_element
from engine.spiff.model import Diagram, Element, ProcessModel
from engine.spiff.parser import Parser
from engine.spiff.program import Body
from engine.spiff.reading import Node, read, refusal
from engine.spiff.rules import broken
from engine.spiff.schema import against_schema


@remembered(most=64)
def check_diagram(source: bytes, name: str) -> tuple[Diagram | None, tuple[Finding, ...]]:
    """Check a BPMN file; return the diagram and its warnings, or None and all findings, in order of lines.

    `name` is what messages call the file. Never raises on bad input. Packs that share a process are judged one after
    the other, so what was found of a file is kept for a while; nobody changes a diagram.
    """
    root, findings = read(source)
    if root is None:
        return None, tuple(findings)
    elements = describe(root)
    formulas, uncompiled = _compile(elements)
    findings = [*not_allowed(root), *broken(root, elements), *uncompiled]
    findings = _in_order([*findings, *_news(against_schema(root), findings)])
    if any(finding.severity == "error" for finding in findings):
        return None, tuple(findings)
    try:
        return _laid_out(root, name, source, elements, formulas), tuple(findings)
    except DiagramRefused as refused:
        return None, (*findings, *refused.findings)


def read_deployed(source: bytes, name: str) -> Diagram:
    """Read a diagram that was checked when it was deployed. Raises DiagramRefused where it can't even be parsed.

    It is not judged again: what runs must go on running in a Casepath that has learned new findings since.
    """
    root, findings = read(source)
    if root is None:
        raise DiagramRefused(findings)
    elements = describe(root)
    return _laid_out(root, name, source, elements, _compile(elements)[0])


def _laid_out(
    root: Node, name: str, source: bytes, elements: dict[str, Element], formulas: dict[str, Formulas]
) -> Diagram:
    try:
        return Diagram(name, source, _models(root, name, elements, formulas), elements)
    except ValidationException as error:
        message = f"Expected a diagram that SpiffWorkflow can parse, but: {error}."
        refused = refusal("library", message, "Draw the element again.", element=error.id or None)
        raise DiagramRefused([refused]) from error


def _compile(elements: dict[str, Element]) -> tuple[dict[str, Formulas], list[Finding]]:
    formulas: dict[str, Formulas] = {}
    findings: list[Finding] = []
    for id_, element in elements.items():
        formulas[id_], found = compile_element(element)
        findings += found
    return formulas, findings


def _news(of_schema: Iterable[Finding], findings: list[Finding]) -> list[Finding]:
    """Return what the schema adds; where a rule has spoken of the same place, it has said it better."""
    said = {(finding.element, finding.line) for finding in findings if finding.severity == "error"}
    return [finding for finding in of_schema if (finding.element, finding.line) not in said]


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.line or 0, finding.element or "", finding.rule))


def _models(
    root: Node, name: str, elements: dict[str, Element], formulas: dict[str, Formulas]
) -> dict[str, ProcessModel]:
    specs = Parser(elements, formulas).parse(root, name)
    models = {}
    for node in processes(root):
        key = node.get("id")
        inner = [id_ for id_ in specs if id_ in elements and elements[id_].process == key]
        program = {id_: Body(id_, key, specs[id_]) for id_ in inner}
        models[key] = ProcessModel(key, node.get("name") or key, program)
    return models
