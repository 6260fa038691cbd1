"""Incidents: what needs a human before it can go on."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.runtime.commands import RetryIncident
from webui import access, frame, identity, notices, times
from webui.forms import command_id, new_command_id

bp = Blueprint("incidents", __name__, url_prefix="/incidents")


@bp.get("")
@access.only(*access.LEAD, *access.DESIGN)
def incidents() -> ResponseReturnValue:
    """List the open incidents, the oldest first."""
    casepath = identity.casepath()
    found, now, place = casepath.reads.incidents(identity.desk_id()), casepath.clock.now(), frame.place()
    return render_template(
        "incidents/incidents.html",
        incidents=[
            {
                "it": it,
                "since": times.short(it.opened_at, now, place),
                "exact": times.exact(it.opened_at, place),
                "command_id": new_command_id(),
            }
            for it in found
        ],
        may_retry=access.may(identity.who().roles, access.LEAD),
    )


@bp.post("/<uuid:incident_id>/retry")
@access.only(*access.LEAD)
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Try again what the incident stopped."""
    who = identity.who()
    command = RetryIncident(id=command_id(), desk_id=who.desk_id, actor=who.actor, incident_id=incident_id)
    identity.casepath().engine.handle(command)
    return notices.after(redirect(url_for("incidents.incidents")), "retried")
