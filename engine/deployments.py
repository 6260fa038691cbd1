"""Deploying a pack: check it, snapshot it whole, number the processes that changed, and chain that it happened.

Running tickets keep the snapshot they began with; a new one is for tickets opened after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from engine.catalog.check import check_pack, read_contents
from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.pack import PackSource
from engine.catalog.paths import home_of
from engine.catalog.pins import Pin, pins
from engine.catalog.settings import CHANGES, carried, changes_file, read_changes
from engine.clock import WallClock
from engine.errors import NotFound
from engine.flow import lint
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import Actor
from engine.spiff import Finding, read_deployed
from engine.store import Store
from engine.store.catalogue import ProcessVersion, Snapshot
from engine.store.tickets import open_by_version


@dataclass(frozen=True)
class Change:
    """What deploying would do to one process: from which version to which, and how many
    open tickets stay on which version."""

    key: str
    title: str
    version: int | None
    next_version: int
    paths: tuple[str, ...]
    open_tickets: Mapping[int, int]


@dataclass(frozen=True)
class Checked:
    """A pack without errors, what each of its processes pins, and what should be looked at: ready to be deployed."""

    pack: PackSource
    pins: Mapping[str, Pin]
    warnings: tuple[PackFinding, ...] = ()


@dataclass(frozen=True)
class Deployed:
    """A finished deployment: the snapshot, and the versions that it made (none where nothing changed).

    `lost` are the settings that people had changed and that this pack can no longer have, each with why.
    """

    snapshot_id: UUID
    number: int
    versions: Mapping[str, int]
    lost: Mapping[str, str] = field(default_factory=dict)


class Deployments:
    """Checks, plans and deploys packs of a desk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Never a virtual clock: which deployment a step finds is judged by when the step was recorded.
        self._clock = WallClock()

    def lint(self, source: bytes, name: str) -> tuple[Finding, ...]:
        """Return what is wrong with one BPMN file, its flow included."""
        return lint(source, name)

    def files(self, desk_id: int, process: str) -> dict[str, bytes]:
        """Return the files of a process's pack as it was deployed last. Raises NotFound."""
        return self._newest(desk_id, process)[1]

    def made_of(self, desk_id: int, process: str) -> tuple[str, ...]:
        """Return the paths of all files that a process leads to, as its pack was deployed last. Raises NotFound."""
        pack = PackSource.from_files(self.files(desk_id, process))
        pin = pins(pack, read_contents(pack).diagrams).get(process)
        return pin.paths if pin else ()

    def with_diagram(self, desk_id: int, process: str, source: bytes) -> dict[str, bytes]:
        """Return the newest pack of a process with its diagram replaced: what the studio deploys."""
        return _with_diagram(self.files(desk_id, process), process, source)

    def deploy_diagram(
        self, desk_id: int, process: str, source: bytes, by: Actor, *, note: str = ""
    ) -> Deployed:
        """Deploy the newest pack of a process with its diagram replaced.

        Raises PackRefused, and then nothing is deployed; Conflict when somebody deploys the pack meanwhile, so
        that nobody's change is taken back unseen.
        """
        number, files = self._newest(desk_id, process)
        return self.deploy(desk_id, _with_diagram(files, process, source), by, note=note, after=number)

    def plan(self, desk_id: int, files: Mapping[str, bytes]) -> list[Change]:
        """Return which processes a deployment would change. Raises PackRefused with everything that is wrong."""
        found = checked(files)
        return [self._change(desk_id, pin, number) for pin, number in self._changed(desk_id, found.pins)]

    def deploy(
        self, desk_id: int, files: Mapping[str, bytes], by: Actor, *, note: str = "", origin: str = "owner",
        after: int | None = None,
    ) -> Deployed:  # fmt: skip
        """Deploy a pack's files. Raises PackRefused, and then nothing is deployed; Conflict for two at once.

        `after` is the number of the deployment that the files were made from, where they were made from one: when
        somebody has deployed since, it is a Conflict, too.
        """
        return self.deploy_checked(desk_id, checked(files), by, note=note, origin=origin, after=after)

    def deploy_checked(
        self, desk_id: int, found: Checked, by: Actor, *, note: str = "", origin: str = "owner",
        after: int | None = None, for_open: bool | None = None, facts: Mapping[str, Any] | None = None,
    ) -> Deployed:  # fmt: skip
        """Deploy a pack that was checked already, as `deploy` does.

        What people changed of its settings at the desk stays changed. `for_open` and further `facts` are of a
        deployment that changes them.
        """
        if after is None:
            latest = self._store.catalogue.latest(desk_id, found.pack.id)
            after = latest.number if latest else 0
        found, lost = self._with_changes(desk_id, found)
        pack, files = found.pack, found.pack.files
        number, now = after + 1, self._clock.now()
        snapshot = Snapshot(
            desk_id,
            Ids(fresh_seed(), now).uuid(),
            pack.id,
            number,
            files_hash(files),
            now,
            by.name,
            note,
            origin,
            for_open,
        )
        versions = [
            ProcessVersion(
                desk_id, pin.key, version, snapshot.id, pin.hash, pin.title, pin.path, now, pin.tag
            )
            for pin, version in self._changed(desk_id, found.pins)
        ]
        with self._store.desk_unit(desk_id) as unit:
            unit.catalogue.add_snapshot(snapshot, files)
            unit.catalogue.add_versions(versions)
            told = {**_facts(snapshot, versions), **(facts or {})}
            unit.note("deployed", by, told, at=now, recorded_at=now, values={"note": note})
        return Deployed(snapshot.id, number, {it.key: it.version for it in versions}, lost)

    def _with_changes(self, desk_id: int, found: Checked) -> tuple[Checked, dict[str, str]]:
        """Return a pack with what people changed of its settings at the desk, and what is lost of that.

        Files that hold changes already were made from a deployment of this desk, and say it themselves.
        """
        latest = self._store.catalogue.latest(desk_id, found.pack.id)
        source = self._store.catalogue.file(desk_id, latest.id, CHANGES) if latest else None
        if source is None or CHANGES in found.pack.files:
            return found, {}
        kept, lost = carried(found.pack.settings, read_changes(source))
        return checked({**found.pack.files, CHANGES: changes_file(kept)}), lost

    def deploy_bundle(self, desk_id: int, files: Mapping[str, bytes], by: Actor) -> Deployed | None:
        """Deploy a bundled pack if it is absent, or if the bundle changed since; never over an owner's version."""
        if not self.is_behind(desk_id, PackSource.from_files(files)):
            return None
        return self.deploy(desk_id, files, by, note="Bundled with Casepath", origin="bundle")

    def is_behind(self, desk_id: int, pack: PackSource) -> bool:
        """Say whether a desk lacks a bundle or has an older one; an owner's version is never behind."""
        latest = self._store.catalogue.latest(desk_id, pack.id)
        if latest is None or latest.origin == "owner":
            return latest is None
        changes = self._store.catalogue.file(desk_id, latest.id, CHANGES)
        beside = {} if changes is None else {CHANGES: changes}
        return latest.hash != files_hash({**pack.files, **beside})

    def _newest(self, desk_id: int, process: str) -> tuple[int, dict[str, bytes]]:
        """Return number and files of the newest deployment of a process's pack.

        Not those of the snapshot that made its newest version: since then the rest of the pack may have moved on.
        """
        catalogue = self._store.catalogue
        snapshot_id = catalogue.latest_snapshot(desk_id, process)
        made_by = next((it for it in catalogue.snapshots(desk_id) if it.id == snapshot_id), None)
        newest = catalogue.latest(desk_id, made_by.pack) if made_by else None
        if newest is None:
            raise NotFound(f"Expected a deployed process, but the desk has none with the key '{process}'.")
        return newest.number, catalogue.snapshot(desk_id, newest.id)[0]

    def _changed(self, desk_id: int, found: Mapping[str, Pin]) -> list[tuple[Pin, int]]:
        """Return the processes that differ from their newest version, with the number they would get."""
        changed = []
        for pin in found.values():
            newest = next(iter(self._store.catalogue.versions(desk_id, pin.key)), None)
            if newest is None or newest.hash != pin.hash:
                changed.append((pin, newest.version + 1 if newest else 1))
        return changed

    def _change(self, desk_id: int, pin: Pin, number: int) -> Change:
        open_tickets = open_by_version(self._store, desk_id, pin.key)
        return Change(pin.key, pin.title, number - 1 or None, number, pin.paths, open_tickets)


def _with_diagram(files: Mapping[str, bytes], process: str, source: bytes) -> dict[str, bytes]:
    diagrams = PackSource.from_files(files).under("bpmn")
    path = next((it for it, held in diagrams.items() if process in read_deployed(held, it).processes), None)
    if path is None:
        raise NotFound(f"Expected the pack to hold the process '{process}', but as deployed last it doesn't.")
    return {**files, home_of(path)[1]: source}  # an inherited diagram is not changed: the pack gets its own


def root_process(pack: PackSource) -> str:
    """Return the key of the process that a pack's tickets start with: the one it names, or its only one."""
    if pack.process:
        return pack.process
    keys = [key for diagram in read_contents(pack).diagrams.values() for key in diagram.processes]
    if len(keys) != 1:
        raise NotFound(
            f"Expected pack '{pack.id}' to name its process, but it has {len(keys)} and names none."
        )
    return keys[0]


def files_hash(files: Mapping[str, bytes]) -> bytes:
    """Return the hash of a pack: over its paths and what is in them."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return digest.digest()


def checked(files: Mapping[str, bytes]) -> Checked:
    """Return a pack without errors, and its pins. Raises PackRefused with everything that is wrong."""
    return _checked(tuple(sorted(files.items())))


@lru_cache(maxsize=4)
def _checked(files: tuple[tuple[str, bytes], ...]) -> Checked:
    """What is right stays right: the same files are read and played once, however many desks take them."""
    pack = PackSource.from_files(dict(files))
    found = check_pack(pack)
    errors = [it for it in found if it.severity == "error"]
    if errors:
        raise PackRefused(errors)
    return Checked(pack, pins(pack, read_contents(pack).diagrams), tuple(found))


def _facts(snapshot: Snapshot, versions: Sequence[ProcessVersion]) -> dict[str, Any]:
    return {
        "pack": snapshot.pack,
        "snapshot": str(snapshot.id),
        "number": snapshot.number,
        "hash": snapshot.hash.hex(),
        "origin": snapshot.origin,
        "versions": {it.key: it.version for it in versions},
    }
