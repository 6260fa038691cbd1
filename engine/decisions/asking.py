"""Asking FEEL and DMN with JSON, as the command line does: text and files in, JSON out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.decisions.model import Model
from engine.decisions.reading import imported_namespaces, read_dmn
from engine.feel import compile_expression, literal_text


def ask_expression(text: str, context: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return `{"value": the value as FEEL text, "warnings": […]}`; raises FeelSyntaxError, FeelLimitError."""
    evaluation = compile_expression(text).evaluate_checked(context, now=now)
    return {"value": literal_text(evaluation.value), "warnings": list(evaluation.warnings)}


def ask_decisions(
    file: Path, inputs: Mapping[str, Any], *, now: datetime, decision: str | None = None
) -> dict[str, Any]:
    """Return `{"decisions": {name: {"value", "rules", "warnings"}}}` of one decision, or of all.

    Models that the file imports are looked for beside it. Raises DmnRefused with all findings.
    """
    model = read_with_imports(file)
    asked = [model.find(decision).name] if decision is not None else [each.name for each in model.decisions]
    return {"decisions": {name: _answer(model, name, inputs, now) for name in asked}}


def _answer(model: Model, name: str, inputs: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    result = model.evaluate(name, inputs, now=now)
    rules = {table: list(matched) for table, matched in result.matched.items()}
    return {"value": literal_text(result.value), "rules": rules, "warnings": list(result.warnings)}


def read_with_imports(file: Path) -> Model:
    """Return the model of a file; what it imports is read from the files beside it."""
    source = file.read_bytes()
    wanted = imported_namespaces(source, file.name)
    return read_dmn(source, file.name, _beside(file) if wanted else {})


def _beside(file: Path) -> dict[str, Model]:
    """Read the models beside a file, those first that import nothing which is not yet read."""
    pending = {other: other.read_bytes() for other in sorted(file.parent.glob("*.dmn")) if other != file}
    read: dict[str, Model] = {}
    while pending:
        ready = [
            other
            for other, source in pending.items()
            if imported_namespaces(source, other.name) <= read.keys()
        ]
        if not ready:
            return read
        for other in ready:
            model = read_dmn(pending.pop(other), other.name, read)
            read[model.namespace] = model
    return read
