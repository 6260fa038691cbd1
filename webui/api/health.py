"""For machines that look after machines: alive, ready, and figures as Prometheus reads them."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from engine.errors import NotFound
from webui import access, identity
from webui.api.answers import KINDS, json_response, problem
from webui.api.declare import OPERATIONS, PREFIX
from webui.api.openapi import document

bp = Blueprint("health", __name__)
VERSION = "0.1.0"


@bp.get("/healthz")
@access.public
def healthz() -> Response:
    """Say that this process answers."""
    return json_response({"status": "ok"})


@bp.get("/readyz")
@access.public
def readyz() -> Response:
    """Say whether the database answers too."""
    try:
        identity.casepath().reads.desks()
    except Exception as error:  # whatever it is, traffic must go elsewhere
        return problem("unavailable", f"Expected the database to answer, but: {type(error).__name__}.")
    return json_response({"status": "ok"})


@bp.get("/metrics")
@access.public
def metrics() -> Response:
    """Return figures in Prometheus' text format; numbers only, nothing about anybody."""
    lines: list[str] = []
    casepath = identity.casepath()
    for name, value in asdict(casepath.reads.counts(now=casepath.clock.now())).items():
        lines += [f"# TYPE casepath_{name} gauge", f"casepath_{name} {value}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


@bp.get(f"{PREFIX}/openapi.json")
@access.public
def openapi() -> Response:
    """Return the description of the API."""
    server = identity.casepath().settings.base_url
    return json_response(document(OPERATIONS, server, VERSION))


@bp.get(f"{PREFIX}/problems/<kind>")
@access.public
def problem_kind(kind: str) -> Response:
    """Say what a kind of problem is: where the `type` of a problem leads."""
    if kind not in KINDS:
        raise NotFound(f"Expected a kind of problem, but there is none named {kind!r}.")
    return json_response({"type": kind, "title": KINDS[kind].title, "status": KINDS[kind].status})
