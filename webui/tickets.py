"""Tickets: find them, read one whole, reply, note, note a call, cancel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import InvalidInput
from engine.runtime.commands import AddEntry, CancelTicket
from webui import (
    access,
    actions,
    conversation,
    frame,
    goals,
    headers,
    identity,
    notices,
    opening,
    related,
    times,
    tracing,
    uploading,
)
from webui.forms import block, command_id, line, new_command_id, summary

bp = Blueprint("tickets", __name__, url_prefix="/tickets")
PAGE_SIZE = 50
_TIMERS = {"timer_armed", "timer_suspended"}
VIEWS = {"open": "Open", "closed": "Closed", "all": "All"}
ENTRIES = {"reply": ("reply", True), "note": ("note", False), "call": ("call", False)}


@bp.get("")
@access.only(*access.READ)
def tickets() -> ResponseReturnValue:
    """List tickets, newest first, by number, words of the subject, or customer."""
    view = request.args.get("view", "open")
    view = view if view in VIEWS else "open"
    query, casepath = request.args.get("q", "").strip(), identity.casepath()
    page = casepath.reads.tickets(
        identity.desk_id(),
        q=query or None,
        open={"open": True, "closed": False}.get(view),
        cursor=request.args.get("cursor"),
        limit=PAGE_SIZE,
    )
    now, place = casepath.clock.now(), frame.place()
    return render_template(
        "ticket/tickets.html",
        tickets=page.items,
        query=query,
        view=view,
        may_open=access.may(identity.who().roles, access.WORK),
        tabs=[
            {
                "label": label,
                "href": url_for("tickets.tickets", view=key, q=query or None),
                "active": key == view,
            }
            for key, label in VIEWS.items()
        ],
        when={ticket.number: times.short(ticket.updated_at, now, place) for ticket in page.items},
        more=url_for("tickets.tickets", view=view, q=query or None, cursor=page.next) if page.next else "",
    )


@bp.get("/<int:number>")
@access.only(*access.READ)
def ticket(number: int) -> ResponseReturnValue:
    """Show one ticket whole: conversation, deadlines, tasks, and where it stands on its diagram."""
    return _page(number)


@bp.post("/<int:number>/entries")
@access.only(*access.WORK)
@uploading.welcome
def add_entry(number: int) -> ResponseReturnValue:
    """Add a reply, a note or a call to the conversation."""
    kind = request.form.get("kind", "")
    if kind not in ENTRIES:
        raise InvalidInput(
            f"Expected one of {', '.join(ENTRIES)}, but got {kind!r}.", {"kind": "Choose one."}
        )
    body, who = block("body"), identity.who()
    form = uploading.sent(who.desk_id)
    wrong = ({} if body else {"body": "Write something first."}) | form.wrong()
    if wrong:
        return _page(number, {"kind": kind, "body": body}, wrong, form)
    identity.casepath().engine.handle(
        AddEntry(
            id=form.id,
            desk_id=who.desk_id,
            actor=who.actor,
            ticket=number,
            kind=ENTRIES[kind][0],  # type: ignore[arg-type]
            public=ENTRIES[kind][1],
            body=body,
            attachments=form.attachments,
        )
    )
    return notices.after(redirect(url_for("tickets.ticket", number=number, _anchor="last-entry")), kind)


@bp.post("/<int:number>/cancel")
@access.only(*access.LEAD)
def cancel(number: int) -> ResponseReturnValue:
    """End a ticket where it stands, with a reason."""
    reason = line("reason")
    if not reason:
        return _page(number, {}, {"reason": "Say why; it is kept in the trail."})
    who = identity.who()
    command = CancelTicket(
        id=command_id(), desk_id=who.desk_id, actor=who.actor, ticket=number, reason=reason
    )
    identity.casepath().engine.handle(command)
    return notices.after(redirect(url_for("tickets.ticket", number=number)), "cancelled")


@bp.get("/<int:number>/diagram.bpmn")
@access.only(*access.DIAGRAMS)
def diagram(number: int) -> Response:
    """Return the diagram of the version that the ticket runs on."""
    return tracing.diagram(identity.casepath().reads.ticket(identity.desk_id(), number))


@bp.get("/<int:number>/trace.json")
@access.only(*access.DIAGRAMS)
def trace(number: int) -> Response:
    """Return the ticket's path for the diagram."""
    return tracing.trace(identity.casepath().reads.ticket(identity.desk_id(), number))


def _page(
    number: int,
    typed: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
    form: uploading.Form | None = None,
) -> ResponseReturnValue:
    headers.draws()
    form = form or uploading.blank()
    casepath, desk_id = identity.casepath(), identity.desk_id()
    found = casepath.reads.ticket(desk_id, number)
    told, now, place = tracing.tell(found), casepath.clock.now(), frame.place()
    page = render_template(
        "ticket/ticket.html",
        ticket=found,
        entries=conversation.shown(found, place, now),
        tasks=_tasks(told, now, place),
        actions=actions.offered(number),
        goals=goals.of_ticket(number, now, place),
        deadlines=_deadlines(told, now, place),
        stands=told.drawing.stands(),
        bpmn_url=tracing.file_shown(told),
        earlier=casepath.reads.earlier_tickets(desk_id, number, found.requester_id),
        links=related.of_desk(desk_id, number),
        facts=_facts(found, told.say.scopes.outline("").title, place),
        may_work=access.may(identity.who().roles, access.WORK),
        may_cancel=access.may(identity.who().roles, access.LEAD) and found.instance_status != "ended",
        may_audit=access.may(identity.who().roles, access.AUDIT),
        incidents=_incidents(desk_id, number),
        kind=(typed or {}).get("kind", "reply"),
        typed=typed or {},
        wrong=wrong or {},
        errors=summary(wrong or {}),
        files=form.files,
        command_ids={"entry": form.id, "cancel": new_command_id()},
    )
    return make_response(page, 422 if wrong else 200)


def _incidents(desk_id: int, number: int) -> list[Any]:
    """Return the open incidents of a ticket, for people who may look at them."""
    if not access.may(identity.who().roles, access.LEAD + access.DESIGN):
        return []
    return list(identity.casepath().reads.incidents(desk_id, ticket=number))


def _tasks(told: tracing.Told, now: Any, place: Any) -> list[dict[str, Any]]:
    ticket, scopes = told.ticket, told.say.scopes
    open_tasks = identity.casepath().reads.tasks(
        ticket.desk_id, ticket=ticket.number, state="open", limit=PAGE_SIZE
    )
    return [
        {
            "task": task,
            "where": scopes.say_near(scopes.path_of(str(task.id)), len(told.events)),
            "deadline": times.deadline(task.due_at, now, place, task.opened_at),
        }
        for task in open_tasks.items
    ]


def _deadlines(told: tracing.Told, now: Any, place: Any) -> list[dict[str, Any]]:
    """Return what is due, each wait once: a timer on the border of a task or wait stands with it.

    One that is bound to a goal isn't shown beside it: its line tells when it is due, and why.
    """
    ticket, scopes = told.ticket, told.say.scopes
    bound = {
        UUID(it.data["timer"]) for it in told.events if it.kind in _TIMERS and it.data.get("goal") is not None
    }
    waits: dict[tuple[str, str], dict[str, Any]] = {}
    for it in identity.casepath().reads.deadlines(ticket.desk_id, ticket.number):
        if it.id in bound:
            continue
        path, host = scopes.path_of(str(it.id)), scopes.host_of(str(it.id), it.element)
        name = scopes.name(host or it.element, path)
        wait = waits.setdefault((path, host or it.element), {"name": name, "shown": None, "timers": []})
        shown = times.deadline(it.due_at, now, place, it.since)
        if host:
            wait["timers"].append({"name": scopes.name(it.element, path), "shown": shown})
        else:
            wait |= {"name": it.name or name, "shown": shown}
    return list(waits.values())


def _facts(ticket: Any, process: str, place: Any) -> list[tuple[str, str]]:
    pairs = [
        ("Status", ticket.label),
        ("Queue", opening.label("queues", ticket.queue)),
        ("Priority", opening.label("priorities", ticket.priority)),
        ("Category", opening.label("categories", ticket.category)),
        ("Channel", opening.label("channels", ticket.channel)),
        ("Opened", times.exact(ticket.opened_at, place)),
        ("Closed", times.exact(ticket.closed_at, place)),
        ("Process", f"{process}, version {ticket.version}"),
    ]
    return [(term, text) for term, text in pairs if text]
