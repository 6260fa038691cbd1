"""Findings as text and as SARIF 2.1.0 (OASIS), which code hosts show beside the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.spiff import Finding

_LEVELS = {"error": "error", "warning": "warning"}


def as_text(path: str, finding: Finding) -> str:
    """Return a finding as one line: place, severity, sentence, remedy, rule."""
    place = f"{path}:{finding.line}" if finding.line else path
    element = f" [{finding.element}]" if finding.element else ""
    return f"{place}: {finding.severity}:{element} {finding.message} {finding.remedy} ({finding.rule})"


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
        place["logicalLocations"] = [{"name": finding.element, "kind": "element"}]
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}"},
        "locations": [place],
    }
