"""The adopter: lets open tickets count by the calendars and settings of a newer deployment.

A deployment changes no instance by itself. After one that brings other calendars or settings, every open instance of
the pack gets a command of its own, in small parts, so that nobody's click waits for all of them.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from engine.engine import Engine
from engine.errors import CasepathError
from engine.runtime.commands import SYSTEM, AdoptTerms, derived_id
from engine.store import Store
from engine.store.watch import Behind

PART = 500

log = logging.getLogger(__name__)


class Adopter:
    """Looks after each deployment; several at once, or one that is stopped midway, do nothing twice."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store
        self._done: datetime | None = None

    def __call__(self) -> None:
        """Look, if something was deployed since the last look."""
        deployed = self._store.watch.last_deployment()
        if deployed != self._done:
            self.look()
            self._done = deployed

    def look(self) -> int:
        """Tell every instance that is behind; return how many those were."""
        told = 0
        refused: set[UUID] = set()
        while behind := [it for it in self._store.watch.behind(PART + len(refused)) if it.id not in refused]:
            for it in behind:
                try:
                    self._engine.handle(_command(it))
                except CasepathError as refusal:  # it can't be loaded, say; its incident tells somebody
                    log.warning("Instance %s keeps its terms: %s", it.id, refusal)
                    refused.add(it.id)
            told += len(behind)
        return told


def _command(it: Behind) -> AdoptTerms:
    return AdoptTerms(
        id=derived_id(it.id, f"terms {it.newest_id}"),
        desk_id=it.desk_id,
        actor=SYSTEM,
        instance_id=it.id,
        snapshot_id=it.newest_id,
        settings_id=it.settings_id,
    )
