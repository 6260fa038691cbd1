"""What the task page shows, gathered in one place for showing it, refusing it and being second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from engine.forms import Form
from webui import access, conversation, frame, goals, identity, offering, opening, times
from webui.forms import new_command_id
from webui.plain import plain

LAST_ENTRIES = 6


def form_of(task: Any) -> Form | None:
    """Return the form of a task in the version it runs on, or None for a task without one."""
    if not task.form:
        return None
    world = identity.casepath().worlds.of(task.desk_id, task.snapshot_id)
    form: Form = world.form(task.form)
    return form


def values(
    task: Any, typed: Mapping[str, Any] | None = None, wrong: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return the values of `task/task.html`; `typed` is what was just refused, `wrong` its errors by field."""
    who, casepath = identity.who(), identity.casepath()
    form, now, place = form_of(task), casepath.clock.now(), frame.place()
    draft = typed if typed is not None else casepath.drafts.of(task.desk_id, task.id, who.person_id)
    ticket = casepath.reads.ticket(task.desk_id, task.ticket_number)
    variables = casepath.looks.task_variables(task.desk_id, task.id)
    return {
        "task": task,
        "ticket": ticket,
        "doc": _documentation(task),
        "wanted": [opening.label("skills", it) for it in task.skills],
        "schema": offering.schema_of(form, variables),
        "data": {**plain(variables), **(draft or {})},
        "has_draft": bool(draft) and typed is None,
        "errors": wrong or {},
        "goal": goals.nearest([ticket.number], now, place).get(ticket.number),
        "deadline": times.deadline(task.due_at, now, place, task.opened_at),
        "closed_when": times.exact(task.closed_at, place),
        "mine": task.assignee == who.person_id,
        "may_work": access.may(who.roles, access.WORK),
        "hidden": {"command_id": new_command_id(), "revision": task.revision},
        "steps": {name: new_command_id() for name in ("claim", "release", "assign")},
        "people": _people(who),
        "entries": conversation.shown(ticket, place, now)[-LAST_ENTRIES:],
        "earlier": casepath.reads.earlier_tickets(task.desk_id, ticket.number, ticket.requester_id),
        "bpmn_url": url_for("tickets.diagram", number=ticket.number),
        "trace_url": url_for("tickets.trace", number=ticket.number),
    }


def _documentation(task: Any) -> str:
    """Return what the diagram says about the task, for the person who does it."""
    world = identity.casepath().worlds.of(task.desk_id, task.snapshot_id)
    found = (diagram.elements.get(task.element) for diagram in world.program.diagrams)
    return next((element.documentation for element in found if element and element.documentation), "")


def _people(who: identity.Who) -> list[dict[str, str]]:
    if not access.may(who.roles, access.LEAD):
        return []
    people = identity.casepath().reads.people(who.desk_id)
    workers = [person for person in people if person.active and access.may(person.roles, access.WORK)]
    now = identity.casepath().clock.now()
    away = {person.id: " (away)" if person.is_away(now) else "" for person in workers}
    return [{"value": str(person.id), "label": f"{person.name}{away[person.id]}"} for person in workers]
