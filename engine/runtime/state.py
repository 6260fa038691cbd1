"""The one compact blob of an instance: what the fence keeps, and what the runtime keeps beside it.

The format carries its number; a blob of an unknown format is refused, and the instance becomes an incident.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

import orjson

from engine.goals import GoalClock
from engine.spiff import UnreadableState

FORMAT = 1
Property = Literal["category", "priority", "queue"]


@dataclass(frozen=True)
class TicketFacts:
    """What a step must know of its ticket."""

    number: int
    status: str
    category: str | None = None
    priority: str | None = None
    queue: str | None = None

    def with_property(self, name: Property, value: str | None) -> TicketFacts:
        """Return the ticket with one property set."""
        changes: dict[str, Any] = {name: value}
        return replace(self, **changes)


@dataclass(frozen=True)
class Hold:
    """Who holds an open task, and how often that changed."""

    assignee: str | None = None
    revision: int = 1

    def taken_by(self, person: str | None) -> Hold:
        """Return the hold after it went to a person, or back to the queue with None."""
        return replace(self, assignee=person, revision=self.revision + 1)


@dataclass(frozen=True)
class Trouble:
    """An open incident: what kind of thing it is about, that thing's id, and where; `scope` is a path with `/`."""

    about: str
    subject: str
    element: str | None = None
    scope: str = ""


@dataclass
class State:
    """An instance's state taken apart. `run` is the fence's own JSON value."""

    run: Any
    ticket: TicketFacts
    holds: dict[UUID, Hold] = field(default_factory=dict)
    troubles: dict[UUID, Trouble] = field(default_factory=dict)
    goals: dict[str, GoalClock] = field(default_factory=dict)

    def goal(self, name: str) -> dict[str, Any]:
        """Return what the clock of a goal says now; nothing where the ticket has no such goal."""
        return self.goals[name].moments if name in self.goals else {}

    def dump(self) -> bytes:
        """Return the blob."""
        ticket = self.ticket
        return orjson.dumps(
            {
                "v": FORMAT,
                "run": self.run,
                "ticket": [ticket.number, ticket.status, ticket.category, ticket.priority, ticket.queue],
                "holds": {str(id): [hold.assignee, hold.revision] for id, hold in self.holds.items()},
                "troubles": {str(id): _row(it) for id, it in self.troubles.items()},
                **({"goals": [clock.dump() for clock in self.goals.values()]} if self.goals else {}),
            }
        )


def load(blob: bytes) -> State:
    """Take a blob apart; raises UnreadableState where its format is not ours."""
    document = _document(blob)
    if document.get("v") != FORMAT:
        raise UnreadableState(
            f"Expected an instance state of format {FORMAT}, but this one is {document.get('v')!r}."
        )
    try:
        return State(
            run=document["run"],
            ticket=TicketFacts(*document["ticket"]),
            holds={UUID(id): Hold(*row) for id, row in document["holds"].items()},
            troubles={UUID(id): Trouble(*row) for id, row in document["troubles"].items()},
            goals={clock.goal: clock for clock in map(GoalClock.load, document.get("goals", ()))},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableState(f"Expected a whole instance state, but: {error!r}.") from error


def with_trouble(blob: bytes, incident: UUID, trouble: Trouble) -> bytes:
    """Return a blob with an incident added, whatever else is in it; one that can't be taken apart stays as it is."""
    try:
        document = _document(blob)
    except UnreadableState:
        return blob
    _troubles(document)[str(incident)] = _row(trouble)
    return orjson.dumps(document)


def says_trouble(blob: bytes, about: str) -> bool | None:
    """Say whether a blob that may be of an unknown format knows of an incident; None where nobody can tell."""
    try:
        troubles = _troubles(_document(blob))
    except UnreadableState:
        return None
    return any(row[:1] == [about] for row in troubles.values() if isinstance(row, list))


def _row(trouble: Trouble) -> list[str | None]:
    return [trouble.about, trouble.subject, trouble.element, trouble.scope]


def _troubles(document: dict[str, Any]) -> dict[str, Any]:
    """The incidents of a blob, whatever its format; those that are no longer understood are left out of it."""
    if not isinstance(document.get("troubles"), dict):
        document["troubles"] = {}
    troubles: dict[str, Any] = document["troubles"]
    return troubles


def _document(blob: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(blob)
    except orjson.JSONDecodeError as error:
        raise UnreadableState(f"Expected an instance state in JSON, but: {error}.") from error
    if not isinstance(document, dict):
        raise UnreadableState("Expected an instance state to be a JSON object, but it is none.")
    return document
