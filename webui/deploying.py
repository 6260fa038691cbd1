"""What studio and API share: what is wrong with a diagram, and deploying it with the rest of its pack."""

from __future__ import annotations

from typing import Any

from engine.catalog.findings import PackRefused
from engine.catalog.paths import home_of, shown_path
from engine.flow import arrows
from webui import identity


def deploy_diagram(key: str, bpmn: bytes, note: str) -> None:
    """Deploy the newest pack with this diagram in it. Raises PackRefused, and then nothing is deployed."""
    who, deployments = identity.who(), identity.casepath().deployments
    deployments.deploy_diagram(who.desk_id, key, bpmn, who.actor, note=note)


def inherited(key: str) -> list[dict[str, Any]]:
    """Return what a process inherits, as deployed last: the packs that it is built on, each with its files."""
    by_pack: dict[str, list[str]] = {}
    for path in identity.casepath().deployments.made_of(identity.desk_id(), key):
        parent, inner = home_of(path)
        if parent is not None:
            by_pack.setdefault(parent, []).append(inner)
    return [{"pack": pack, "paths": paths} for pack, paths in sorted(by_pack.items())]


def findings_of(key: str, bpmn: bytes) -> list[Any]:
    """Return what is wrong with a diagram, alone and together with the rest of its pack."""
    desk_id, deployments = identity.desk_id(), identity.casepath().deployments
    found = list(deployments.lint(bpmn, f"{key}.bpmn"))
    if any(it.severity == "error" for it in found):
        return found
    try:
        deployments.plan(desk_id, deployments.with_diagram(desk_id, key, bpmn))
    except PackRefused as refusal:
        return found + [it for it in refusal.findings if str(it) not in {str(known) for known in found}]
    return found


def finding_shown(finding: Any) -> dict[str, Any]:
    """Return a finding as pages show it: its path as one line."""
    return finding_record(finding) | {"way": arrows(finding.path)}


def finding_record(finding: Any) -> dict[str, Any]:
    """Return a finding as the API has it."""
    file = getattr(finding, "file", None)
    return {
        "file": shown_path(file) if file else None,
        "rule": finding.rule,
        "severity": finding.severity,
        "element": finding.element,
        "line": finding.line,
        "message": finding.message,
        "remedy": finding.remedy,
        "path": list(finding.path),
    }
