"""A ticket's trail as a page shows it: a sentence for each event, and the path on the diagram."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response

from webui import frame, identity, opening, sentences, times
from webui.api.answers import json_response


@dataclass(frozen=True)
class Row:
    """One event on the timeline: its sentence, its moments, and the elements of the diagram it is about."""

    seq: int
    kind: str
    at: str
    when: str
    text: str
    elements: tuple[str, ...]
    recorded: str
    hash: str


def diagram(ticket: Any) -> Response:
    """Return the BPMN file of the version that a ticket runs on."""
    source = identity.casepath().reads.diagram(ticket.desk_id, ticket.process, ticket.version)
    return bpmn(source, f"{ticket.process}-{ticket.version}.bpmn")


def bpmn(source: bytes, name: str) -> Response:
    """Return a diagram as a file."""
    response = Response(source, mimetype="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def trace(ticket: Any) -> Response:
    """Return a ticket's path as `components/trace.html` takes it."""
    return json_response(path_of(ticket))


def path_of(ticket: Any) -> dict[str, Any]:
    """Return the events, and which elements and flows were passed, are cancelled, or hold a token now."""
    events = identity.casepath().reads.trace(ticket.desk_id, ticket.number)
    say, path = words_for(ticket), Path()
    for event in events:
        path.follow(event.data.get("steps", ()) if event.kind == "elements_passed" else ())
    return {
        "ticket": ticket.number,
        "process": ticket.process,
        "version": ticket.version,
        "events": [_for_diagram(event, part, say) for event in events for part in _parts(event)],
        "current": sorted(path.current) if ticket.closed_at is None else [],
        "done": path.done,
        "flows": path.flows,
        "cancelled": sorted(path.cancelled),
    }


class Path:
    """Elements and flows that were passed, in the order of their first time; tokens that are there now."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.flows: list[str] = []
        self.cancelled: set[str] = set()
        self._tokens: dict[str, int] = {}

    def follow(self, steps: Iterable[Any]) -> None:
        """Take the movements of one event."""
        for what, element, *_ in steps:
            if what == "taken":
                _append_once(self.flows, element)
                continue
            self._tokens[element] = self._tokens.get(element, 0) + (1 if what == "entered" else -1)
            if what == "cancelled":
                self.cancelled.add(element)
            else:
                _append_once(self.done, element)
                self.cancelled.discard(element)

    @property
    def current(self) -> set[str]:
        """The elements that hold a token."""
        return {element for element, number in self._tokens.items() if number > 0}


def words_for(ticket: Any) -> sentences.Words:
    """Return how to tell a ticket's trail: by the names on its diagram, in the desk's zone."""
    names = identity.casepath().reads.element_names(ticket.desk_id, ticket.process, ticket.version)
    return sentences.Words(names, frame.place(), opening.label)


def timeline(events: Iterable[Any], say: sentences.Words) -> list[Row]:
    """Return the events that a person reads, in order, with a sentence each."""
    return [
        Row(
            event.seq,
            event.kind,
            event.at.isoformat(),
            times.precise(event.at, say.place),
            sentences.of(event, say),
            _elements(event),
            times.precise(event.recorded_at, say.place),
            event.hash.hex(),
        )
        for event in events
    ]


def _for_diagram(event: Any, part: tuple[str, tuple[str, ...]], say: sentences.Words) -> dict[str, Any]:
    kind, elements = part
    return {
        "seq": event.seq,
        "kind": kind,
        "at": event.at.isoformat(),
        "text": sentences.of(event, say),
        "elements": list(elements),
    }


def _parts(event: Any) -> list[tuple[str, tuple[str, ...]]]:
    """One event of movements is several for the diagram: each kind of movement in a row is one."""
    if event.kind != "elements_passed":
        return [(event.kind, _elements(event))]
    parts: list[tuple[str, list[str]]] = []
    for what, element, *_ in event.data.get("steps", ()):
        if not parts or parts[-1][0] != what:
            parts.append((what, []))
        parts[-1][1].append(element)
    return [(what, tuple(elements)) for what, elements in parts]


def _elements(event: Any) -> tuple[str, ...]:
    if event.kind == "elements_passed":
        return tuple(dict.fromkeys(element for _, element, *_ in event.data.get("steps", ())))
    element = event.data.get("element")
    return (element,) if element else ()


def _append_once(found: list[str], element: str) -> None:
    if element not in found:
        found.append(element)
