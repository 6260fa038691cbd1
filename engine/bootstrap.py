"""The composition root: from settings to an installation whose parts know each other."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from engine.clock import Clock, WallClock
from engine.deployments import Deployments
from engine.engine import Engine
from engine.errors import NotFound
from engine.people import People
from engine.reads import Desk, Reads
from engine.runtime.commands import Actor
from engine.settings import Settings
from engine.store import Store
from engine.store.test_clock import TestClock
from engine.worlds import Worlds

OPERATOR = Actor("system", "operator", "Operator", frozenset({"owner", "admin", "lead"}))


@dataclass(frozen=True)
class Casepath:
    """One opened installation; its parts may be shared between threads."""

    settings: Settings
    clock: Clock
    store: Store
    worlds: Worlds
    engine: Engine
    people: People
    deployments: Deployments
    reads: Reads
    operator: Actor = OPERATOR

    def desk(self, key: str | None = None) -> Desk:
        """Return a desk by its key, or the only one there is. Raises NotFound."""
        desks = [it for it in self.reads.desks() if key in (None, it.key)]
        if len(desks) == 1:
            return desks[0]
        known = ", ".join(it.key for it in self.reads.desks()) or "none"
        raise NotFound(f"Expected one desk named {key or '(none given)'}, but there is: {known}.")

    def close(self) -> None:
        """Give connections back."""
        self.store.close()
