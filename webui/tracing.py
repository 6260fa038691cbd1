"""A ticket's trail for its pages: what happened, in sentences, and the path on the diagrams that it ran through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from engine.deadlines import names_in
from engine.errors import CasepathError
from engine.goals.telling import reason
from engine.reads import Outline
from webui import frame, identity, opening, sentences, sheets, timeline
from webui.api.answers import json_response
from webui.saying import Words
from webui.scopes import Scopes, written


@dataclass(frozen=True)
class Told:
    """The events of a ticket's trail, and how to say them."""

    ticket: Any
    events: list[Any]
    say: Words

    @cached_property
    def drawing(self) -> sheets.Drawing:
        """The path, drawn."""
        return sheets.Drawing(self.events, self.say, closed=self.ticket.instance_status == "ended")

    @cached_property
    def blocks(self) -> list[timeline.Block]:
        """The trail as a list."""
        return timeline.blocks(self.events, self.say)


def tell(ticket: Any) -> Told:
    """Read a ticket's trail; it is told by the names on the diagrams that ran, in the desk's zone."""
    reads = identity.casepath().reads
    events = reads.trace(ticket.desk_id, ticket.number)

    @cache
    def outline(process: str, pack: str | None) -> Outline:
        found: Outline = reads.outline(ticket.desk_id, UUID(pack) if pack else ticket.snapshot_id, process)
        return found

    def cause(text: str) -> str:
        try:
            world = identity.casepath().worlds.of(ticket.desk_id, ticket.snapshot_id)
        except CasepathError:  # a trail is told also where its pack can't be read any more
            return reason(text, {})
        return reason(text, names_in(world, [text]))

    scopes = Scopes(ticket.process, outline, events)
    return Told(ticket, events, Words(scopes, frame.place(), opening.label, cause))


def diagram(ticket: Any) -> Response:
    """Return the BPMN file of the version that a ticket runs on."""
    source = identity.casepath().reads.diagram(ticket.desk_id, ticket.process, ticket.version)
    return bpmn(source, f"{ticket.process}-{ticket.version}.bpmn")


def bpmn(source: bytes, name: str) -> Response:
    """Return a diagram as a file."""
    response = Response(source, mimetype="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def file_shown(told: Told) -> str:
    """Return where the diagram lies of the sheet that the address asks for; of the root where there is no such."""
    found = told.drawing.sheets
    return _file(told.ticket, found.get(request.args.get("at", ""), found[""]))


def trace(ticket: Any) -> Response:
    """Return a ticket's path as `components/trace.html` takes it."""
    told = tell(ticket)
    drawing = told.drawing
    paths = list(dict.fromkeys(path for _, _, path, _ in drawing.steps))
    number = {path: place for place, path in enumerate(paths)}
    return json_response(
        {
            "closed": ticket.instance_status == "ended",
            "sheets": [_for_script(ticket, it) for it in drawing.sheets.values()],
            "scopes": [[path, told.say.scopes.sheet(path)] for path in paths],
            "events": [_event(it, told.say) for it in told.events],
            "steps": [[event, what, number[path], element] for event, what, path, element in drawing.steps],
        }
    )


def path_of(told: Told) -> dict[str, Any]:
    """Return which elements and flows were passed, are cancelled, or hold a token now: of the ticket's process, and
    of each call of another one."""
    root, *called = told.drawing.sheets.values()
    return {
        "ticket": told.ticket.number,
        **_path(root),
        "called": [{"scope": written(it.at), "element": it.element, **_path(it)} for it in called],
    }


def _path(sheet: sheets.Sheet) -> dict[str, Any]:
    return {
        "process": sheet.process,
        "version": sheet.version,
        "current": sheet.current,
        "done": list(sheet.done),
        "flows": list(sheet.flows),
        "cancelled": sorted(sheet.cancelled),
    }


def _for_script(ticket: Any, sheet: sheets.Sheet) -> dict[str, Any]:
    return {
        "at": sheet.at,
        "parent": sheet.parent,
        "element": sheet.element,
        "where": sheet.where,
        "process": sheet.process,
        "title": sheet.title,
        "version": sheet.version,
        "bpmn": _file(ticket, sheet),
    }


def _file(ticket: Any, sheet: sheets.Sheet) -> str:
    if not sheet.at:
        return url_for("tickets.diagram", number=ticket.number)
    return url_for("studio.diagram", key=sheet.process, version=sheet.version)


def _event(event: Any, say: Words) -> dict[str, Any]:
    return {"seq": event.seq, "at": event.at.isoformat(), "text": sentences.of(event, say)}
