"""A ticket's path, drawn: one sheet for the root process and one for each call of another process.

A sheet holds what was passed of its process, with all its sub-processes, event sub-processes and items; a called
process stands on a sheet of its own, behind the call activity that leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from webui.saying import Words
from webui.scopes import activity, between, body, inner, outer, outwards

MOVES = ("entered", "left", "taken", "cancelled")
_INCIDENTS = {"incident_opened": "halted", "incident_closed": "freed"}


@dataclass
class Sheet:
    """One process of the ticket in the version that ran: where it was called, what was passed of it (in the order
    of the first time), and where tokens are (`current`) or were taken away (`cancelled`)."""

    at: str
    parent: str
    element: str
    where: str
    process: str
    version: int
    title: str
    done: dict[str, None] = field(default_factory=dict)
    flows: dict[str, None] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    tokens: dict[str, int] = field(default_factory=dict)

    @property
    def current(self) -> list[str]:
        """The elements that hold a token."""
        return sorted(element for element, number in self.tokens.items() if number > 0)

    def follow(self, what: str, element: str) -> None:
        """Take one movement."""
        if what == "taken":
            self.flows[element] = None
            return
        self.tokens[element] = self.tokens.get(element, 0) + (1 if what == "entered" else -1)
        if what == "cancelled":
            self.cancelled.add(element)
        else:
            self.done[element] = None
            self.cancelled.discard(element)


@dataclass(frozen=True)
class Stand:
    """A place where the ticket is now: an element, the scope in words, the sheet to see it on, and whether an
    incident holds it there."""

    element: str
    where: str
    sheet: str
    halted: bool


class Drawing:
    """All sheets of a ticket, and the steps in which they were drawn: (event, what, scope, element)."""

    def __init__(self, events: Iterable[Any], say: Words, *, closed: bool) -> None:
        self._say = say
        self._closed = closed
        self._tokens: dict[tuple[str, str], int] = {}
        self._halted: dict[tuple[str, str], int] = {}
        self._last = 0
        self.sheets: dict[str, Sheet] = {}
        self.steps: list[tuple[int, str, str, str]] = []
        self._open("", 0)
        for number, event in enumerate(events):
            self._draw(number, event)
        if closed:
            for sheet in self.sheets.values():
                sheet.tokens.clear()

    def stands(self) -> list[Stand]:
        """Return where the ticket is, each place once; what only holds something further in is left out."""
        if self._closed:
            return []
        open_ = [it for it, number in self._tokens.items() if number > 0]
        around = {body(part) for path, _ in open_ for part in outwards(path) if part}
        scopes = self._say.scopes
        return [
            Stand(
                scopes.name(element, path),
                scopes.say_near(path, self._last),
                scopes.sheet(path),
                self._halted.get((path, element), 0) > 0,
            )
            for path, element in open_
            if inner(path, element) not in around
        ]

    def _draw(self, number: int, event: Any) -> None:
        self._last = event.seq
        for what, element, path in self._say.scopes.moves(event):
            self._step(number, event.seq, what, path, element)
        if event.kind in _INCIDENTS:
            path, element = self._say.scopes.place(event)
            if element:
                self._step(number, event.seq, _INCIDENTS[event.kind], path, element)

    def _step(self, number: int, seq: int, what: str, path: str, element: str) -> None:
        sheet = self._open(self._say.scopes.sheet(path), seq)
        self.steps.append((number, what, path, element))
        place = path, element
        if what in MOVES:
            sheet.follow(what, element)
            if what != "taken":
                self._tokens[place] = self._tokens.get(place, 0) + (1 if what == "entered" else -1)
        else:
            self._halted[place] = self._halted.get(place, 0) + (1 if what == "halted" else -1)

    def _open(self, at: str, seq: int) -> Sheet:
        if at not in self.sheets:
            scopes = self._say.scopes
            it = scopes.outline(at)
            parent = scopes.sheet(outer(at)) if at else ""
            where = ", ".join(scopes.say_inner(it, seq) for it in between(parent, at))
            self.sheets[at] = Sheet(at, parent, activity(at), where, it.key, it.version, it.title)
        return self.sheets[at]
