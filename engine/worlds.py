"""Worlds: the deployed packs, built once from their stored files and kept in memory.

A snapshot never changes, so a built world is good for ever, in every process; only which snapshot is a process's
newest is asked anew each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.catalog.pack import PackSource, template_name
from engine.catalog.paths import home_of
from engine.catalog.templates import Template
from engine.decisions import Model, read_dmn
from engine.errors import NotFound
from engine.feel import Surroundings
from engine.forms import Form
from engine.goals import Meter, Terms
from engine.remembering import remembered
from engine.runtime.world import Shelf, World
from engine.services import Handler, load_handlers
from engine.spiff import Diagram, Program, read_deployed
from engine.store import Store

MOST_KEPT = 64


class Deployed:
    """One snapshot with what was built from it: the world, and, only where workers ask, the handlers."""

    def __init__(
        self,
        snapshot_id: UUID,
        versions: Mapping[str, int],
        pack: PackSource,
        shelf: Shelf,
        settings: Mapping[str, Any],
    ) -> None:
        self.snapshot_id = snapshot_id
        self.pack = pack
        self.world = build_world(snapshot_id, versions, pack, shelf, settings)

    @cached_property
    def handlers(self) -> dict[str, Handler]:
        """The pack's service handlers by type; empty where it has no `services.py`.

        Of a type for which several of the packs have one, the nearest pack's handler counts.
        """
        found: dict[str, Handler] = {}
        for path in self.pack.services:
            found |= load_handlers(self.pack.files[path], home_of(path)[0] or self.pack.id)
        return found

    @cached_property
    def starts(self) -> frozenset[tuple[str, str, str]]:
        """What begins a process from outside: its key, `message` or `signal`, and the name of that."""
        return frozenset(
            (it.process, it.event, it.message or it.signal or "")
            for diagram in self.world.program.diagrams
            for it in diagram.elements.values()
            if it.type == "startEvent" and it.parent is None and it.event in ("message", "signal")
        )


class Worlds:
    """Gives each instance its world. Safe to share between threads."""

    def __init__(self, store: Store, settings: Mapping[str, Any] | None = None) -> None:
        """`settings` are those of a rehearsal that are not as the packs say."""
        self._store = store
        self._settings = settings or {}
        self._kept: OrderedDict[tuple[int, UUID], Deployed] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, desk_id: int, snapshot_id: UUID) -> World:
        """Return the world of a snapshot. Raises NotFound."""
        return self.deployed(desk_id, snapshot_id).world

    def latest(self, desk_id: int, process: str) -> World:
        """Return the world of the newest version of a process. Raises NotFound."""
        snapshot_id = self._store.catalogue.latest_snapshot(desk_id, process)
        if snapshot_id is None:
            raise NotFound(f"Expected a deployed process, but the desk has none with the key '{process}'.")
        return self.of(desk_id, snapshot_id)

    def begun_by(self, desk_id: int, event: str, name: str) -> list[str]:
        """Return the keys of the processes whose newest version begins with a `message` or `signal` of a name."""
        newest = self._store.catalogue.newest_snapshots(desk_id)
        return [
            key
            for key, snapshot_id in newest.items()
            if (key, event, name) in self.deployed(desk_id, snapshot_id).starts
        ]

    def snapshot_until(
        self, desk_id: int, process: str, tag: str | None, until: datetime | None
    ) -> UUID | None:
        """Return the snapshot with the newest version (of a tag) of a process deployed until a moment, or None."""
        return self._store.catalogue.snapshot_until(desk_id, process, tag, until)

    def newest_of(self, desk_id: int, pack: str, until: datetime | None) -> UUID:
        """Return the newest snapshot of a pack that was deployed until a moment. Raises NotFound."""
        found = self._store.catalogue.newest_of(desk_id, pack, until)
        if found is None:
            raise NotFound(f"Expected the pack '{pack}' to be deployed, but the desk has no such pack.")
        return found

    def pack(self, desk_id: int, snapshot_id: UUID) -> PackSource:
        """Return a deployed pack as it was."""
        return self.deployed(desk_id, snapshot_id).pack

    def newest_pack(self, desk_id: int, pack: str) -> PackSource:
        """Return a pack as it was deployed last. Raises NotFound."""
        snapshot = self._store.catalogue.latest(desk_id, pack)
        if snapshot is None:
            raise NotFound(f"Expected the pack '{pack}' to be deployed, but the desk has no such pack.")
        return self.pack(desk_id, snapshot.id)

    def handlers(self, desk_id: int, snapshot_id: UUID) -> dict[str, Handler]:
        """Return the service handlers that a snapshot pins."""
        return self.deployed(desk_id, snapshot_id).handlers

    def deployed(self, desk_id: int, snapshot_id: UUID) -> Deployed:
        """Return a snapshot with what was built from it, building it at the first call."""
        key = (desk_id, snapshot_id)
        with self._lock:
            if key not in self._kept:
                files, versions = self._store.catalogue.snapshot(desk_id, snapshot_id)
                shelf = DeskShelf(self, desk_id)
                pack = PackSource.from_files(files)
                self._kept[key] = Deployed(snapshot_id, versions, pack, shelf, self._settings)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


class DeskShelf:
    """All deployed packs of a desk, for calls of the newest version of a process, or of one with a tag.

    A shelf `until` a moment doesn't know what was deployed later.
    """

    def __init__(self, worlds: Worlds, desk_id: int, until: datetime | None = None) -> None:
        self._worlds = worlds
        self._desk_id = desk_id
        self._until = until

    def until(self, moment: datetime) -> DeskShelf:
        """Return the shelf as it was at a moment (UTC) of the wall clock."""
        return DeskShelf(self._worlds, self._desk_id, moment)

    def find(self, process: str, tag: str | None) -> str:
        """Return the snapshot with the newest version of a process (of a tag). Raises NotFound."""
        found = self._worlds.snapshot_until(self._desk_id, process, tag, self._until)
        if found is None:
            of = f" with the tag {tag!r}" if tag else ""
            raise NotFound(f"Expected a deployed version{of} of the process {process!r}, but there is none.")
        return str(found)

    def newest(self, pack: str) -> str:
        """Return the newest snapshot of a pack, whatever changed in it. Raises NotFound."""
        return str(self._worlds.newest_of(self._desk_id, pack, self._until))

    def world(self, reference: str) -> World:
        """Return the world of a snapshot. Raises NotFound."""
        return self._worlds.of(self._desk_id, UUID(reference))

    def program(self, reference: str) -> Program:
        """Return the program of a snapshot. Raises NotFound."""
        return self.world(reference).program

    def decide(self, reference: str, decision: str, variables: Mapping[str, Any], now: datetime) -> Any:
        """Return what a decision of a snapshot answers. Raises NotFound."""
        return self.world(reference).decide(decision, variables, now)

    def surroundings(self, reference: str, now: datetime) -> Surroundings:
        """Return what the expressions of a snapshot may ask for beside variables. Raises NotFound."""
        return self.world(reference).surroundings(now)


def build_world(
    snapshot_id: UUID,
    versions: Mapping[str, int],
    pack: PackSource,
    shelf: Shelf | None = None,
    settings: Mapping[str, Any] | None = None,
) -> World:
    """Build a world from a pack's files, and settings that are not as it says.

    Raises DiagramRefused, DmnRefused or FormRefused for a bad one.
    """
    diagrams = [_diagram(source, path) for path, source in pack.under("bpmn").items()]
    forms = [Form.read(source, path) for path, source in pack.under("forms").items()]
    models = [read_dmn(source, path) for path, source in pack.under("dmn").items()]
    templates = {template_name(path): source for path, source in pack.under("templates").items()}
    return World(
        snapshot_id=snapshot_id,
        program=Program.link(diagrams),
        versions=versions,
        forms={form.id: form for form in forms},
        decisions={
            name: model for model in models for it in model.decisions for name in (it.id, it.name) if name
        },
        templates={name: Template.read(source, name) for name, source in templates.items()},
        labels=pack.labels,
        settings={**{name: setting.value for name, setting in pack.settings.items()}, **(settings or {})},
        vocabularies={"category": tuple(pack.categories), "priority": tuple(pack.priorities)},
        assigns={key: queue.assign for key, queue in pack.queues.items()},
        terms=_terms(pack, models),
        zone=ZoneInfo(pack.time_zone),
        pack=pack.id,
        shelf=shelf,
    )


@remembered(most=256)
def _diagram(source: bytes, path: str) -> Diagram:
    """Read a diagram once for all desks on the same pack; nothing writes into it, and instances share it anyway."""
    return read_deployed(source, path)


def _terms(pack: PackSource, models: Iterable[Model]) -> Terms:
    decisions = {goal.decision for goal in pack.goals.values()}
    asked = [model for model in models if any({it.id, it.name} & decisions for it in model.decisions)]
    inputs = frozenset(it.name for model in asked for it in model.inputs)
    return Terms(pack.goals, Meter(pack.calendars), inputs)
