"""What a step may ask: an immutable snapshot of a deployed pack and of the settings in force.

A world belongs to one snapshot of one desk. It is built once by `engine.catalog` and shared by every step of every
instance that the snapshot pins.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from engine.catalog.assigning import Assign
from engine.errors import NotFound
from engine.feel import Surroundings
from engine.goals import Terms
from engine.spiff import Library

if TYPE_CHECKING:
    from engine.catalog.templates import Template
    from engine.decisions import Model
    from engine.forms import Form
    from engine.spiff import Program

_T = TypeVar("_T")


class Shelf(Library, Protocol):
    """The other deployed packs of a desk, by the reference that an instance keeps of them."""

    def world(self, reference: str) -> World:
        """Return the world of a pack. Raises NotFound."""
        ...

    def newest(self, pack: str) -> str:
        """Return the newest deployment of a pack. Raises NotFound."""
        ...

    def until(self, moment: datetime) -> Shelf:
        """Return the shelf as it was at a moment (UTC) of the wall clock."""
        ...


@dataclass(frozen=True)
class World:
    """One deployed pack: programs, forms, decisions, templates, labels, and the settings in force.

    `versions` gives the version number of each process key; `decisions` the DMN model that holds a decision id,
    `vocabularies` the keys that a property of a ticket may have (none named: any), `assigns` how the tasks of each
    queue find people, `labels` what people read for a key of a vocabulary, `terms` what is promised. `shelf` leads to
    the other packs, for what isn't called as deployed here.
    """

    snapshot_id: UUID
    program: Program
    versions: Mapping[str, int]
    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, Model] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    vocabularies: Mapping[str, Collection[str]] = field(default_factory=dict)
    assigns: Mapping[str, Assign] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms, repr=False)
    zone: tzinfo = UTC
    pack: str = ""
    shelf: Shelf | None = field(default=None, repr=False, compare=False)

    def until(self, moment: datetime) -> World:
        """Return the same world with the other packs as they were deployed by a moment (UTC) of the wall clock.

        A step that is run again must find the versions that it found then.
        """
        return self if self.shelf is None else replace(self, shelf=self.shelf.until(moment))

    def newest(self) -> UUID | None:
        """Return the newest deployment of the pack where that isn't this one."""
        newest = None if self.shelf is None else UUID(self.shelf.newest(self.pack))
        return None if newest == self.snapshot_id else newest

    def under(self, terms_id: UUID | None, settings_id: UUID | None = None) -> World:
        """Return the same world with the calendars and settings of another deployment of its pack.

        `settings_id` names the deployment of the settings where it is one more.
        """
        if terms_id in (None, self.snapshot_id) and settings_id is None:
            return self
        other = self._deployed(terms_id)
        settings = other.settings if settings_id is None else self._deployed(settings_id).settings
        terms = Terms(self.terms.goals, other.terms.meter, self.terms.inputs)
        return replace(self, settings=settings, assigns=other.assigns, terms=terms)

    def _deployed(self, id: UUID | None) -> World:
        return self if id in (None, self.snapshot_id) else self.of(str(id))

    def of(self, pack: str) -> World:
        """Return the world of another pack that an instance has called; itself where none is named."""
        if not pack:
            return self
        if self.shelf is None:
            raise NotFound("Expected other deployed packs, but none are at hand here.")
        return self.shelf.world(pack)

    def form(self, form_id: str) -> Form:
        """Return a form by its id; raises NotFound."""
        return _pinned(self.forms, "form", form_id)

    def template(self, name: str) -> Template:
        """Return a message template by its name; raises NotFound."""
        return _pinned(self.templates, "template", name)

    def decide(self, decision_id: str, variables: Mapping[str, Any], now: datetime) -> Any:
        """Return the result of a pinned decision over the visible variables, with the rules that matched."""
        model = _pinned(self.decisions, "decision", decision_id)
        return model.evaluate(decision_id, variables, self.surroundings(now))

    def surroundings(self, now: datetime) -> Surroundings:
        """Return what the pack's expressions may ask for at a moment beside variables."""
        return Surroundings(now, self.terms.meter.calendars, self.settings, self.zone, self.labels)

    def assigns_by_load(self, queue: str | None) -> bool:
        """Say whether Casepath chooses who gets a task of a queue."""
        assign = self.assigns.get(queue or "")
        return assign is not None and assign.by_load(self.settings)

    def label(self, state: str) -> str:
        """Return the pack's own word for a ticket state."""
        return self.labels.get("state", {}).get(state, state.replace("_", " "))


def _pinned(things: Mapping[str, _T], what: str, name: str) -> _T:
    try:
        return things[name]
    except KeyError:
        raise NotFound(f"Expected a {what} named {name!r} in the pack, but it has none.") from None
