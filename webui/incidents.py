"""Incidents: what needs a human before it can go on, one whole with what was seen there, and its repairs.

Each repair is one form on the incident's page. A form that is refused comes back with everything that was typed
into any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import repairs
from engine.errors import InvalidInput, NotFound, Refused
from engine.reads import Incident
from webui import access, frame, headers, identity, notices, timeline, times, tracing
from webui.forms import block, command_id, line, new_command_id, summary
from webui.plain import plain

bp = Blueprint("incidents", __name__, url_prefix="/incidents")

BEFORE, AFTER = 10, 6  # events of the trail that are shown around the incident's beginning
ABOUT = {
    "element": "A step that could not be done",
    "timer": "A timer that could not be fired",
    "overdue": "A timer that nobody fires",
    "goal": "A goal without a target",
    "service": "A service that does not answer",
    "mail": "A mail that could not be sent",
    "text": "A mail that could not be written",
    "message": "A message that could not be handed over",
    "signal": "A signal that could not be handed over",
    "assignee": "A task for somebody who is not there",
    "stuck": "A process that can't go on",
    "lost": "Something that waits and that nobody can find",
    "state": "A ticket that can't be read",
}
PHASES = {
    "enter": "When it began",
    "finish": "When its results were written",
    "leave": "When its way on was chosen",
}
HOW = {
    "retried": "Tried again",
    "skipped": "Skipped",
    "moved": "The token was moved",
    "cancelled": "The ticket was cancelled",
    "over": "Over by itself",
}
_TYPED = ("variables", "skip_reason", "target", "move_reason", "cancel_reason")


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
                "about": ABOUT.get(it.kind, it.kind),
                "since": times.short(it.opened_at, now, place),
                "exact": times.exact(it.opened_at, place),
                "command_id": new_command_id(),
                "may_retry": repairs.may_retry(it),
            }
            for it in found
        ],
        may_repair=access.may(identity.who().roles, access.LEAD),
    )


@bp.get("/<uuid:incident_id>")
@access.only(*access.LEAD, *access.DESIGN)
def incident(incident_id: UUID) -> ResponseReturnValue:
    """Show an incident: what happened, what is visible there, the trail around it, and what can be done."""
    return _page(_find(incident_id))


@bp.post("/<uuid:incident_id>/retry")
@access.only(*access.LEAD)
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Try again what the incident stopped, with changed variables where some were typed."""
    return _repair(
        incident_id, "retried", "variables", lambda it, **common: repairs.retry(it, _variables(), **common)
    )


@bp.post("/<uuid:incident_id>/skip")
@access.only(*access.LEAD)
def skip(incident_id: UUID) -> ResponseReturnValue:
    """Count what the incident stopped as done, with a reason."""
    return _repair(
        incident_id,
        "skipped",
        "skip_reason",
        lambda it, **common: repairs.skip(it, line("skip_reason"), **common),
    )


@bp.post("/<uuid:incident_id>/move")
@access.only(*access.LEAD)
def move(incident_id: UUID) -> ResponseReturnValue:
    """Move the incident's token to another element, with a reason."""
    return _repair(
        incident_id,
        "moved",
        "move_reason",
        lambda it, **common: repairs.move(it, line("target"), line("move_reason"), **common),
    )


@bp.post("/<uuid:incident_id>/cancel")
@access.only(*access.LEAD)
def cancel(incident_id: UUID) -> ResponseReturnValue:
    """End the incident's ticket where it stands, with a reason."""
    return _repair(
        incident_id,
        "cancelled",
        "cancel_reason",
        lambda it, **common: repairs.cancel(it, line("cancel_reason"), **common),
    )


def _repair(incident_id: UUID, notice: str, needed: str, command: Callable[..., Any]) -> ResponseReturnValue:
    who, found = identity.who(), _find(incident_id)
    if needed == "variables" and not repairs.may_change(found):
        needed = ""
    wrong = _missing(needed)
    if wrong:
        return _page(found, wrong)
    try:
        common = {"id": command_id(), "desk_id": who.desk_id, "actor": who.actor}
        outcome = identity.casepath().engine.handle(command(found, **common))
    except InvalidInput as refusal:
        wrong = {needed: " ".join([str(refusal), *_named(refusal.fields)])}
        return _page(found, wrong)
    except (Refused, NotFound) as refusal:
        return _page(found, {needed: str(refusal)})
    again = repairs.stands_again(outcome)
    if again is not None:
        there = url_for("incidents.incident", incident_id=again.data["incident"])
        return notices.after(redirect(there), "stands_again")
    return notices.after(redirect(url_for("incidents.incidents")), notice)


def _missing(needed: str) -> dict[str, str]:
    wrong = {}
    if needed == "move_reason" and not line("target"):
        wrong["target"] = "Choose where the token goes."
    if needed.endswith("reason") and not line(needed):
        wrong[needed] = "Say why; it is kept in the trail."
    return wrong


def _named(fields: Any) -> list[str]:
    return [f"{name}: {sentence}" for name, sentence in fields.items()]


def _variables() -> dict[str, Any]:
    """Return the variables that were typed as a JSON object. Raises InvalidInput saying what is wrong with it."""
    typed = block("variables")
    if not typed:
        return {}
    try:
        value = orjson.loads(typed)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f'Expected JSON such as {{"amount": 12}}, but line {error.lineno} can\'t be read'
            f" from character {error.colno} on."
        ) from error
    if not isinstance(value, dict):
        raise InvalidInput('Expected names with values, such as {"amount": 12}, but got a single value.')
    return value


def _find(incident_id: UUID) -> Incident:
    return identity.casepath().reads.incident(identity.desk_id(), incident_id)


def _page(found: Incident, wrong: dict[str, str] | None = None) -> ResponseReturnValue:
    headers.draws()
    casepath, desk_id, place = identity.casepath(), identity.desk_id(), frame.place()
    ticket = casepath.reads.ticket(desk_id, found.ticket_number)
    told, sight = tracing.tell(ticket), casepath.looks.incident(desk_id, found)
    is_open = found.closed_at is None
    page = render_template(
        "incidents/incident.html",
        it=found,
        ticket=ticket,
        facts=_facts(found, told, place),
        variables=[(name, _json(value)) for name, value in sight.variables.items()],
        unreadable=sight.unreadable,
        targets=[{"value": it.id, "label": _target(it, found)} for it in sight.targets],
        blocks=timeline.blocks(_around(found, told.events), told.say),
        bpmn_url=tracing.file_shown(told),
        may_repair=is_open and access.may(identity.who().roles, access.LEAD),
        may_audit=access.may(identity.who().roles, access.AUDIT),
        may={name: getattr(repairs, f"may_{name}")(found) for name in ("retry", "change", "skip", "move")},
        typed={name: request.form.get(name, "") for name in _TYPED},
        wrong=wrong or {},
        errors=summary(wrong or {}),
        command_ids={name: new_command_id() for name in ("retry", "skip", "move", "cancel")},
    )
    return make_response(page, 422 if wrong else 200)


def _json(value: Any) -> str:
    """A value as it can be typed to change it."""
    return orjson.dumps(plain(value)).decode()


def _facts(found: Incident, told: tracing.Told, place: Any) -> list[tuple[str, str]]:
    scopes, now = told.say.scopes, identity.casepath().clock.now()
    where = scopes.name(found.element, found.scope) if found.element else ""
    inside = scopes.say(found.scope, told.events[-1].seq) if found.scope else ""
    pairs = [
        ("What", ABOUT.get(found.kind, found.kind)),
        ("Where", f"“{where}” ({found.element})" if where else ""),
        ("Inside", inside),
        ("Failed", PHASES.get(found.phase or "", "")),
        ("Since", f"{times.exact(found.opened_at, place)} ({times.short(found.opened_at, now, place)})"),
        ("Closed", _closed(found, place)),
    ]
    return [(term, text) for term, text in pairs if text]


def _closed(found: Incident, place: Any) -> str:
    if found.closed_at is None:
        return ""
    how = HOW.get(found.how or "", "")
    return f"{times.exact(found.closed_at, place)}, by {found.closed_by}. {how}".rstrip()


def _target(element: Any, found: Incident) -> str:
    again = ", once more" if element.id == found.element else ""
    return f"{element.title} ({element.id}{again})" if element.name else f"{element.id}{again}"


def _around(found: Incident, events: list[Any]) -> list[Any]:
    """Return the events of the trail just before and after the incident was opened."""
    at = next(
        (
            place
            for place, event in enumerate(events)
            if event.kind == "incident_opened" and event.data["incident"] == str(found.id)
        ),
        len(events),
    )
    return events[max(0, at - BEFORE) : at + AFTER + 1]
