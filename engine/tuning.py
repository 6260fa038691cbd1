"""Tuning a desk: changing the numbers and words of its pack without touching the pack's files.

A change is a deployment of its own, with author and note, checked like any other; it makes no process version.
Running tickets keep what they were promised unless whoever changes it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

from engine.catalog.check import read_contents
from engine.catalog.pack import PackSource
from engine.catalog.paths import MANIFEST
from engine.catalog.settings import CHANGES, Setting, as_value, changes_file, changes_of, objection, unknown
from engine.catalog.used import Use, settings_used
from engine.deployments import Deployed, Deployments, checked
from engine.errors import InvalidInput, NotFound
from engine.runtime.commands import Actor
from engine.store import Store
from engine.store.catalogue import Snapshot
from engine.store.tickets import open_tickets

MOST_CHANGES = 100


@dataclass(frozen=True)
class Tuned:
    """One setting of a desk, and where its pack uses it."""

    setting: Setting
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Change:
    """One change of settings: when, by whom, why, and from what to what, by key."""

    number: int
    at: datetime
    by: str
    note: str
    for_open: bool
    values: Mapping[str, tuple[Any, Any]]


class Tuning:
    """Reads and changes the settings of desks."""

    def __init__(self, store: Store, deployments: Deployments) -> None:
        self._store = store
        self._deployments = deployments
        self._uses = lru_cache(16)(
            self._read_uses
        )  # a snapshot never changes, and reading its diagrams takes a second

    def settings(self, desk_id: int, pack: str) -> list[Tuned]:
        """Return the settings of a desk's newest pack, in its order. Raises NotFound where none is deployed."""
        snapshot_id = self._newest(desk_id, pack).id
        used, found = self._uses(desk_id, snapshot_id), self._settings(desk_id, [snapshot_id])[snapshot_id]
        return [Tuned(it, tuple(used.get(key, ()))) for key, it in found.items()]

    def open_tickets(self, desk_id: int) -> int:
        """Return how many tickets a change could reach."""
        return open_tickets(self._store, desk_id)

    def changes(self, desk_id: int, pack: str) -> list[Change]:
        """Return the latest changes of settings, the newest first."""
        deployed = pairwise(self._store.catalogue.snapshots(desk_id, pack))
        pairs = list(
            islice(((it, before) for it, before in deployed if it.for_open is not None), MOST_CHANGES)
        )
        found = self._settings(desk_id, {each.id for pair in pairs for each in pair})
        values = {id: {key: it.value for key, it in settings.items()} for id, settings in found.items()}
        return [
            Change(it.number, it.deployed_at, it.deployed_by, it.note, bool(it.for_open), differences)
            for it, before in pairs
            if (differences := _between(values[before.id], values[it.id]))
        ]

    def change(
        self, desk_id: int, pack: str, wanted: Mapping[str, Any], by: Actor, *, note: str, for_open: bool
    ) -> Deployed:
        """Change settings by key; None takes the pack's own value again.

        Raises InvalidInput with a sentence for each key that can't have its value, PackRefused where the pack would
        no longer fit together, Conflict where somebody deploys meanwhile.
        """
        newest = self._newest(desk_id, pack)
        found = self._pack(desk_id, newest)
        before = changes_of(found.settings)
        after = _after(found.settings, before, _judged(found.settings, wanted, note))
        if after == before:
            raise InvalidInput("Expected another value, but it is the present one.", _each(wanted))
        told = {key: list(map(_told, pair)) for key, pair in _differences(found.settings, after).items()}
        return self._deployments.deploy_checked(
            desk_id,
            checked({**found.files, CHANGES: changes_file(after)}),
            by,
            note=note,
            origin=newest.origin,
            after=newest.number,
            for_open=for_open,
            facts={"settings": told, "for_open": for_open},
        )

    def _newest(self, desk_id: int, pack: str) -> Snapshot:
        newest = self._store.catalogue.latest(desk_id, pack)
        if newest is None:
            raise NotFound(f"Expected the pack '{pack}' to be deployed, but the desk has no such pack.")
        return newest

    def _pack(self, desk_id: int, snapshot: Snapshot) -> PackSource:
        return PackSource.from_files(self._store.catalogue.snapshot(desk_id, snapshot.id)[0])

    def _settings(self, desk_id: int, snapshot_ids: Iterable[UUID]) -> dict[UUID, Mapping[str, Setting]]:
        """Return the settings of some snapshots, read from what says them and nothing else."""
        files = self._store.catalogue.files_named(desk_id, snapshot_ids, (MANIFEST, CHANGES))
        return {id: PackSource.from_files(held).settings for id, held in files.items()}

    def _read_uses(self, desk_id: int, snapshot_id: UUID) -> dict[str, list[Use]]:
        found = PackSource.from_files(self._store.catalogue.snapshot(desk_id, snapshot_id)[0])
        return settings_used(found, read_contents(found))


def _judged(settings: Mapping[str, Setting], wanted: Mapping[str, Any], note: str) -> dict[str, Any]:
    """Return wanted values as settings have them. Raises InvalidInput for those that can't be, and without a note."""
    values = {key: None if raw is None else as_value(raw) for key, raw in wanted.items()}
    wrong = {key: sentence for key, raw in wanted.items() if (sentence := _objection(settings, key, raw))}
    if not note.strip():
        wrong["note"] = "Expected a note that says why, but it is empty."
    if wrong:
        raise InvalidInput("Expected other values; each field says which.", wrong)
    return values


def _objection(settings: Mapping[str, Setting], key: str, raw: Any) -> str | None:
    if key not in settings:
        return unknown(settings, key)
    value = as_value(raw)
    if raw is None:
        return None
    return f"Expected a value, but found {raw!r}." if value is None else objection(settings[key], value)


def _after(
    settings: Mapping[str, Setting], before: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all changes after these: what is as the pack has it is no change."""
    merged = {**before, **values}
    return {key: value for key, value in merged.items() if value is not None and value != _own(settings[key])}


def _own(setting: Setting) -> Any:
    return setting.given if setting.is_changed else setting.value


def _differences(settings: Mapping[str, Setting], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return _between(
        {key: it.value for key, it in settings.items()},
        {key: after.get(key, _own(it)) for key, it in settings.items()},
    )


def _between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    keys = [*after, *(key for key in before if key not in after)]
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _told(value: Any) -> Any:
    """Return a value as the chain keeps it: numbers as texts."""
    return value if value is None or isinstance(value, bool | str) else format(value, "f")


def _each(wanted: Mapping[str, Any]) -> dict[str, str]:
    return dict.fromkeys(wanted, "Expected another value, but it is the present one.")
