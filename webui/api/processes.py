"""Processes by the API."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.catalog.findings import PackRefused
from engine.errors import InvalidInput
from webui import access, deploying, identity, tracing
from webui.api import records
from webui.api.declare import operation


@operation(
    "GET", "/processes", "List processes and their versions", roles=access.DIAGRAMS, answer="Processes"
)
def list_processes() -> Any:
    found = identity.casepath().reads.processes(identity.desk_id())
    return {"items": [_process(it) for it in found]}


@operation(
    "GET",
    "/processes/{key}/versions/{version}/bpmn",
    "Download the diagram of a version",
    roles=access.DIAGRAMS,
    answer=None,
    media="application/xml",
)
def download_diagram(key: str, version: int) -> Response:
    source = identity.casepath().reads.diagram(identity.desk_id(), key, version)
    return tracing.bpmn(source, f"{key}-{version}.bpmn")


@operation(
    "POST",
    "/processes/{key}/lint",
    "Check a diagram; nothing is deployed",
    roles=access.DESIGN,
    body="Diagram",
    answer="Findings",
)
def lint_diagram(key: str, body: dict[str, Any]) -> Any:
    found = deploying.findings_of(key, body["bpmn"].encode())
    return {"items": [deploying.finding_record(it) for it in found]}


@operation(
    "POST",
    "/processes/{key}/versions",
    "Deploy a diagram as the next version; running tickets keep theirs",
    roles=access.DESIGN,
    body="Deployment",
    answer="Process",
    status=201,
)
def deploy_diagram(key: str, body: dict[str, Any]) -> Any:
    try:
        deploying.deploy_diagram(key, body["bpmn"].encode(), body.get("note", ""))
    except PackRefused as refusal:
        wrong: dict[str, str] = {}
        for it in refusal.findings:  # one place may have several
            place = f"{it.element or 'bpmn'} line {it.line}"
            wrong[place] = " ".join(filter(None, (wrong.get(place), it.message, it.remedy)))
        raise InvalidInput("Expected a diagram that can be deployed, but it has errors.", wrong) from refusal
    return next(
        _process(it) for it in identity.casepath().reads.processes(identity.desk_id()) if it.key == key
    )


def _process(found: Any) -> dict[str, Any]:
    return records.process(found, identity.casepath().reads.versions(identity.desk_id(), found.key))
