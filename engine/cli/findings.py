"""Findings as text and as SARIF 2.1.0 (OASIS), which code hosts show beside the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.flow import arrows
from engine.spiff import Finding

_LEVELS = {"error": "error", "warning": "warning"}


def as_text(path: str, finding: Finding) -> str:
    """Return a finding as one line (place, severity, sentence, remedy, rule), and a second one with its path."""
    place = f"{path}:{finding.line}" if finding.line else path
    element = f" [{finding.element}]" if finding.element else ""
    path = f"\n    path: {arrows(finding.path)}" if finding.path else ""
    return f"{place}: {finding.severity}:{element} {finding.message} {finding.remedy} ({finding.rule}){path}"


def as_sarif(found: Mapping[str, Iterable[Finding]]) -> dict[str, Any]:
    """Return the findings of files, by path, as one SARIF run."""
    results = [_result(path, finding) for path, findings in found.items() for finding in findings]
    rules = sorted({result["ruleId"] for result in results})
    driver = {"name": "casepath lint", "rules": [{"id": rule} for rule in rules]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _result(path: str, finding: Finding) -> dict[str, Any]:
    region = {"region": {"startLine": finding.line}} if finding.line else {}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": path}, **region}}
    if finding.element:
        place["logicalLocations"] = [_element(finding.element)]
    way = [{"location": {"logicalLocations": [_element(id)]}} for id in finding.path]
    flows = {"codeFlows": [{"threadFlows": [{"locations": way}]}]} if way else {}
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}"},
        "locations": [place],
        **flows,
    }


def _element(id: str) -> dict[str, str]:
    return {"name": id, "kind": "element"}
