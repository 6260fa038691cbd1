"""Deploying what packs are built on: every desk that inherits from a pack is deployed anew, each by itself.

A snapshot holds all that its pack inherits, so a desk sees nothing of a changed base until it is deployed with it.
What a desk has changed since, in the studio say, stays: only the inherited files are exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.catalog.findings import PackRefused
from engine.catalog.layers import exchanged
from engine.catalog.pack import MANIFEST, PackSource
from engine.catalog.paths import inherited_path
from engine.catalog.settings import CHANGES
from engine.deployments import Deployed, Deployments
from engine.errors import CasepathError, Conflict
from engine.runtime.commands import Actor
from engine.store import Desk, Store


@dataclass(frozen=True)
class Heir:
    """A desk whose pack, as deployed last (`number`), is built on another one."""

    desk: Desk
    pack: str
    number: int


@dataclass(frozen=True)
class Outcome:
    """What came of deploying one heir: the deployment, or why it was refused and keeps what it had."""

    heir: Heir
    deployed: Deployed | None
    refusal: CasepathError | None = None


class Heirs:
    """Finds the desks that are built on a pack, and deploys them with a newer one of it."""

    def __init__(self, store: Store, deployments: Deployments) -> None:
        self._store = store
        self._deployments = deployments

    def of(self, pack: str) -> list[Heir]:
        """Return the desks whose packs are built on this one, directly or not, the oldest desk first."""
        return [
            Heir(desk, it.pack, it.number)
            for desk in self._store.desks.all()
            for it in self._store.catalogue.newest_with(desk.id, inherited_path(pack, MANIFEST))
        ]

    def deploy(
        self, heirs: list[Heir], parent: PackSource, by: Actor, *, note: str = ""
    ) -> Iterator[Outcome]:
        """Deploy each heir anew with a pack that it is built on; one that is refused does not keep the next one.

        Each is one transaction of its own. It is a Conflict for a desk that somebody deployed since it was found.
        """
        for heir in heirs:
            try:
                yield Outcome(heir, self._anew(heir, parent, by, note))
            except (PackRefused, Conflict) as refusal:
                yield Outcome(heir, None, refusal)

    def _anew(self, heir: Heir, parent: PackSource, by: Actor, note: str) -> Deployed:
        catalogue = self._store.catalogue
        latest = catalogue.latest(heir.desk.id, heir.pack)
        assert latest is not None  # snapshots are never removed
        files, _ = catalogue.snapshot(heir.desk.id, latest.id)
        newer = exchanged(files, parent.id, parent.files)
        newer.pop(
            CHANGES, None
        )  # deploying carries them over, and tells which of them the pack can't have any more
        return self._deployments.deploy(heir.desk.id, newer, by, note=note, after=heir.number)
