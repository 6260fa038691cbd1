"""The audit pages: find a ticket, read its timeline beside its path, verify it, and take it away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui import access, frame, headers, identity, sentences, times, tracing
from webui.saying import Words, who
from webui.scopes import written

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE_SIZE = 25
COLUMNS = (
    "Case ID",
    "Activity",
    "Resource",
    "Complete Timestamp",
    "Sequence",
    "Kind",
    "Element",
    "Recorded",
    "What",
    "Hash",
    "Scope",
)


@bp.get("")
@access.only(*access.AUDIT)
def search() -> ResponseReturnValue:
    """Find a ticket by its number, its subject or its customer; a number leads straight to it."""
    query, casepath = request.args.get("q", "").strip(), identity.casepath()
    if query.lstrip("#").isdecimal():
        return redirect(url_for("audit.ticket", number=int(query.lstrip("#"))))
    page = casepath.reads.tickets(
        identity.desk_id(), q=query or None, limit=PAGE_SIZE, cursor=request.args.get("cursor")
    )
    now, place = casepath.clock.now(), frame.place()
    return render_template(
        "audit/search.html",
        query=query,
        tickets=page.items,
        processes=_processes(page.items),
        when={ticket.number: times.short(ticket.updated_at, now, place) for ticket in page.items},
        more=url_for("audit.search", q=query or None, cursor=page.next) if page.next else "",
    )


@bp.get("/<int:number>")
@access.only(*access.AUDIT)
def ticket(number: int) -> ResponseReturnValue:
    """Show what happened to a ticket, beside its path on the diagram of its version."""
    return _page(number, None)


@bp.post("/<int:number>/verify")
@access.only(*access.AUDIT)
def verify(number: int) -> ResponseReturnValue:
    """Compute the chain of this ticket's trail anew and say whether it holds."""
    return _page(number, identity.casepath().reads.verify(identity.desk_id(), number))


@bp.get("/<int:number>/trail.csv")
@access.only(*access.AUDIT)
def export(number: int) -> ResponseReturnValue:
    """Return a ticket's trail as CSV: case, activity, resource and moment first, then the rest."""
    told = tracing.tell(identity.casepath().reads.ticket(identity.desk_id(), number))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in told.events:
        writer.writerow(_safe(_cells(number, event, told.say)))
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="ticket-{number}.csv"'
    return response


def _processes(tickets: Iterable[Any]) -> dict[int, str]:
    """Return by ticket what its process is called, with the version that it runs on."""
    desk_id, version = identity.desk_id(), cache(identity.casepath().reads.version)
    return {
        it.number: f"{version(desk_id, it.process, it.version).title}, version {it.version}" for it in tickets
    }


def _page(number: int, verdict: Any) -> str:
    headers.draws()
    found = identity.casepath().reads.ticket(identity.desk_id(), number)
    told = tracing.tell(found)
    return render_template(
        "audit/ticket.html",
        ticket=found,
        process=told.say.scopes.outline("").title,
        blocks=told.blocks,
        last=len(told.events),
        verdict=verdict,
        bpmn_url=tracing.file_shown(told),
        trace_url=url_for("tickets.trace", number=number),
    )


def _cells(number: int, event: Any, say: Words) -> list[str]:
    told = sentences.parts(event, say)
    return [
        str(number),
        event.data.get("name") or event.kind,
        who(event),
        event.at.isoformat(),
        str(event.seq),
        event.kind,
        next((it.elements[0] for it in told if it.elements), ""),
        event.recorded_at.isoformat(),
        sentences.of(event, say),
        event.hash.hex(),
        " ".join(written(it.path) for it in told if it.path),
    ]


def _safe(cells: list[str]) -> list[str]:
    """Keep spreadsheets from taking a customer's words for a formula."""
    return [f"'{cell}" if cell[:1] in "=+-@\t\r" and cell[:1] else cell for cell in cells]
