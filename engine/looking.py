"""Looking into an instance without moving it: the variables that an open task or an incident sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.errors import NotFound
from engine.forms import Form
from engine.ids import Ids
from engine.reads import Incident
from engine.runtime.state import load
from engine.runtime.step import environment
from engine.runtime.targets import targets
from engine.spiff import Element, Offer, Run, RunRefused, UnreadableState
from engine.store import Store
from engine.store.repository import Repository
from engine.worlds import Worlds


@dataclass(frozen=True)
class Sight:
    """What an incident's place looks like: the variables that are visible there, and where its token may go.

    `waits` is the id of what the token waits for (a failure, a service's answer), None where it is parked at a join
    or nothing waits. `unreadable` says why nothing can be seen.
    """

    variables: dict[str, Any]
    targets: tuple[Element, ...]
    waits: UUID | None = None
    unreadable: str | None = None


@dataclass(frozen=True)
class Prospect:
    """What an action would do, for whom it is to be confirmed.

    `form` is None for an action without one; `preview` what the diagram says of it, `taken_back` each completed
    activity that would be compensated, with its handler, in that order. `until` is what makes it too late.
    """

    offer: Offer
    ticket_number: int
    form: Form | None
    variables: dict[str, Any]
    preview: tuple[str, ...]
    taken_back: tuple[tuple[Element, Element], ...]
    until: Element | None


@dataclass(frozen=True)
class _Kept:
    state: bytes
    snapshot_id: UUID
    process: str


@dataclass(frozen=True)
class _KeptForTicket(_Kept):
    ticket_number: int


_STATE = """
SELECT i.state, i.snapshot_id, i.process FROM task t JOIN instance i ON i.desk_id = t.desk_id AND i.id = t.instance_id
WHERE t.desk_id = %s AND t.id = %s AND t.state = 'open'
"""
_STATE_OF_SUBSCRIPTION = """
SELECT i.state, i.snapshot_id, i.process, s.ticket_number
FROM subscription s JOIN instance i ON i.desk_id = s.desk_id AND i.id = s.instance_id
WHERE s.desk_id = %s AND s.id = %s
"""
_STATE_OF_TICKET = """
SELECT i.state, i.snapshot_id, i.process
FROM ticket k JOIN instance i ON i.desk_id = k.desk_id AND i.id = k.instance_id WHERE k.desk_id = %s AND k.number = %s
"""


class Looks(Repository):
    """Answers from an instance's state, read as it stands; nothing is locked and nothing can change."""

    def __init__(self, store: Store, worlds: Worlds, clock: Clock) -> None:
        super().__init__(store.database.borrowed)
        self._worlds = worlds
        self._clock = clock

    def task_variables(self, desk_id: int, task_id: UUID) -> dict[str, Any]:
        """Return all variables that an open task sees, its own over those around it; none for a closed one."""
        kept = self._one(_Kept, _STATE, desk_id, task_id)
        if kept is None:
            return {}
        return self._loaded(desk_id, kept).variables(task_id)

    def offers(self, desk_id: int, number: int) -> list[Offer]:
        """Return the actions that a ticket offers now, to whomever; none where its state can't be read."""
        kept = self._one(_Kept, _STATE_OF_TICKET, desk_id, number)
        try:
            return [] if kept is None else self._loaded(desk_id, kept).offers
        except UnreadableState:  # the ticket's incident tells it
            return []

    def prospect(self, desk_id: int, subscription_id: UUID) -> Prospect:
        """Return what an action would do. Raises NotFound where it is offered no more."""
        kept = self._one(_KeptForTicket, _STATE_OF_SUBSCRIPTION, desk_id, subscription_id)
        run = None if kept is None else self._loaded(desk_id, kept)
        offers = () if run is None else run.offers
        offer = next((it for it in offers if it.subscription == subscription_id), None)
        if kept is None or run is None or offer is None:
            raise NotFound("Expected an action that is offered still, but the ticket went on meanwhile.")
        world, action = self._worlds.of(desk_id, kept.snapshot_id).of(offer.pack), offer.action
        elements = (diagram.elements.get(action.until or "") for diagram in world.program.diagrams)
        return Prospect(
            offer=offer,
            ticket_number=kept.ticket_number,
            form=world.form(action.form) if action.form else None,
            variables=run.variables(subscription_id),
            preview=_preview(run, subscription_id),
            taken_back=tuple(run.taken_back(subscription_id)),
            until=next((it for it in elements if it is not None), None),
        )

    def incident(self, desk_id: int, incident: Incident) -> Sight:
        """Return what the place of an open incident looks like now."""
        kept = self._one(_Kept, _STATE_OF_TICKET, desk_id, incident.ticket_number)
        if kept is None or incident.closed_at is not None:
            return Sight({}, ())
        try:
            run = self._loaded(desk_id, kept)
        except UnreadableState as error:
            return Sight({}, (), unreadable=str(error))
        wait = incident.subject_id if incident.subject_id in run.waits else None
        return Sight(
            variables=run.variables(wait),
            targets=self._targets(desk_id, kept, incident) if incident.element and not run.ended else (),
            waits=wait,
        )

    def _targets(self, desk_id: int, kept: _Kept, incident: Incident) -> tuple[Element, ...]:
        program = self._worlds.of(desk_id, kept.snapshot_id).program
        return tuple(targets(program, kept.process, incident.scope))

    def _loaded(self, desk_id: int, kept: _Kept) -> Run:
        now, world, state = self._clock.now(), self._worlds.of(desk_id, kept.snapshot_id), load(kept.state)
        return Run.load(world.program, state.run, environment(world, now, Ids(b"", now), state))


def _preview(run: Run, subscription_id: UUID) -> tuple[str, ...]:
    """Return what the diagram says of an action, or that it can't say it; the action may be taken all the same."""
    try:
        return run.preview(subscription_id)
    except RunRefused as error:
        return (str(error),)
