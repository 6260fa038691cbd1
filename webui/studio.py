"""The studio: processes and their versions, the modeler, findings while one draws, and the page before a deployment.

Deploying takes two steps. The first changes nothing: it says what would change and for whom. Only the second, with
the number of the version it was begun on, deploys; running tickets keep theirs.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.catalog.compare import compare
from engine.catalog.findings import PackRefused
from engine.catalog.pack import PackSource
from engine.catalog.paths import home_of
from engine.errors import InvalidInput, NotFound
from webui import access, deploying, frame, headers, identity, notices, opening, timers, times, tracing
from webui.api.answers import json_response
from webui.forms import line, new_command_id, summary

bp = Blueprint("studio", __name__, url_prefix="/studio")


@bp.get("")
@access.only(*access.DESIGN)
def processes() -> ResponseReturnValue:
    """List the desk's processes with their versions."""
    found = identity.casepath().reads.processes(identity.desk_id())
    return render_template("studio/index.html", processes=[_process(it) for it in found])


@bp.get("/<key>")
@access.only(*access.DESIGN)
def edit(key: str) -> ResponseReturnValue:
    """Show the modeler with the version in force."""
    headers.draws()
    current = _current(key)
    return render_template(
        "studio/edit.html",
        process=_head(current) | {"file": f"{key}.bpmn"},
        bpmn_url=url_for("studio.diagram", key=key, version=current.version),
        lint_url=url_for("studio.lint", key=key),
        timer_url=url_for("studio.timer", key=key),
        deploy_url=url_for("studio.prepare", key=key),
        index_url=url_for("studio.processes"),
        choices=_choices(),
    )


@bp.get("/<key>/<int:version>.bpmn")
@access.only(*access.DIAGRAMS)
def diagram(key: str, version: int) -> Response:
    """Return the diagram of a version as a file."""
    return tracing.bpmn(identity.casepath().reads.diagram(identity.desk_id(), key, version), f"{key}.bpmn")


@bp.post("/<key>/lint")
@access.only(*access.DESIGN)
def lint(key: str) -> ResponseReturnValue:
    """Say what is wrong with the diagram in the body; deploys nothing."""
    found = deploying.findings_of(key, request.get_data())
    return json_response({"findings": [deploying.finding_shown(it) for it in found]})


@bp.post("/<key>/timer")
@access.only(*access.DESIGN)
def timer(key: str) -> ResponseReturnValue:
    """Say when a timer of this kind and text would fire, with the calendars of the pack as deployed last."""
    kind, text = request.form.get("kind", ""), request.form.get("text", "").strip()
    if kind not in timers.KINDS or not text:
        raise InvalidInput(f"Expected the text of a {', '.join(timers.KINDS)}, but there is none.")
    files = identity.casepath().deployments.files(identity.desk_id(), key)
    now = identity.casepath().clock.now()
    return json_response(timers.told(PackSource.from_files(files), kind, text, now))


@bp.post("/<key>/deploy")
@access.only(*access.DESIGN)
def prepare(key: str) -> ResponseReturnValue:
    """Say what a deployment of this diagram would change, and for whom; nothing happens yet."""
    return _deploy_page(key, _diagram_sent())


@bp.post("/<key>/deploy/confirm")
@access.only(*access.DESIGN)
def deploy(key: str) -> ResponseReturnValue:
    """Deploy the diagram as the next version, unless somebody did since the page was shown."""
    bpmn, began, current = _diagram_sent(), _base_version(), _current(key)
    if began not in (None, current.version):
        wrong = {"": f"Expected version {began} to be in force, but it is version {current.version} now."}
        return make_response(_deploy_page(key, bpmn, wrong), 409)
    try:
        deploying.deploy_diagram(key, bpmn, line("note"))
    except PackRefused:
        return make_response(_deploy_page(key, bpmn), 422)
    return notices.after(redirect(url_for("studio.processes")), "deployed")


def _deploy_page(key: str, bpmn: bytes, wrong: dict[str, str] | None = None) -> str:
    current = _current(key)
    return render_template(
        "studio/deploy.html",
        process=_head(current),
        next_version=current.version + 1,
        changes=compare(_source(current), bpmn),
        findings=[deploying.finding_shown(it) for it in deploying.findings_of(key, bpmn)],
        open_tickets=[{"version": it.version, "count": it.open_tickets} for it in _versions(key)],
        moved_since=_moved_since(current),
        inherited_from=home_of(current.path)[0],
        inherited=deploying.inherited(key),
        bpmn=bpmn.decode("utf-8", "replace"),
        confirm_url=url_for("studio.deploy", key=key),
        edit_url=url_for("studio.edit", key=key),
        command_id=new_command_id(),
        note=line("note"),
        errors=summary(wrong or {}),
    )


def _current(key: str) -> Any:
    """Return the newest version of a process. Raises NotFound."""
    versions = _versions(key)
    if not versions:
        raise NotFound(f"Expected a process of this desk, but it has none with the key {key!r}.")
    return versions[0]


def _versions(key: str) -> list[Any]:
    found: list[Any] = identity.casepath().reads.process_history(identity.desk_id(), key)
    return found


def _source(current: Any) -> bytes:
    source: bytes = identity.casepath().reads.diagram(identity.desk_id(), current.key, current.version)
    return source


def _head(current: Any) -> dict[str, Any]:
    return {"key": current.key, "title": current.title, "version": current.version}


def _process(found: Any) -> dict[str, Any]:
    now, place = identity.casepath().clock.now(), frame.place()
    versions = _versions(found.key)
    return _head(found) | {
        "pack": found.pack,
        "inherited_from": home_of(found.path)[0],
        "open_tickets": sum(it.open_tickets for it in versions),
        "edit_href": url_for("studio.edit", key=found.key),
        "bpmn_href": url_for("studio.diagram", key=found.key, version=found.version),
        "versions": [
            {
                "number": it.version,
                "when": times.short(it.deployed_at, now, place),
                "by": it.deployed_by,
                "note": it.note,
                "open_tickets": it.open_tickets,
                "bpmn_href": url_for("studio.diagram", key=found.key, version=it.version),
            }
            for it in versions
        ],
    }


def _moved_since(current: Any) -> dict[str, Any] | None:
    """Return who deployed after this draft was begun, or None."""
    if _base_version() in (None, current.version):
        return None
    now, place = identity.casepath().clock.now(), frame.place()
    return {
        "version": current.version,
        "by": current.deployed_by,
        "when": times.short(current.deployed_at, now, place),
    }


def _base_version() -> int | None:
    text = request.form.get("base_version", "")
    return int(text) if text.isdecimal() else None


def _diagram_sent() -> bytes:
    upload = request.files.get("file")
    sent = upload.read() if upload else request.form.get("bpmn", "").encode()
    if not sent.strip():
        raise InvalidInput("Expected a diagram, but nothing was sent.", {"file": "Choose a BPMN file."})
    return sent


def _choices() -> dict[str, list[dict[str, str]]]:
    pack = opening.pack_of(identity.desk_id())
    states = [{"value": key, "label": label} for key, label in pack.states.items()]
    names = sorted(path.rsplit("/", 1)[-1].removesuffix(".md") for path in pack.under("templates"))
    return {
        "states": states,
        "goals": [{"value": key, "label": goal.title} for key, goal in pack.goals.items()],
        "forms": [{"value": key, "label": key} for key in opening.forms(identity.desk_id())],
        "templates": [{"value": name, "label": name} for name in names],
    }
