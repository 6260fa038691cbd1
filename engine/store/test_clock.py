"""The clock of processes started with --test-clock: a row that a test moves, the same for all of them."""

from __future__ import annotations

from datetime import datetime

from engine.clock import Clock, WallClock
from engine.store.store import Store


class TestClock:
    """Reads the shared row at every question; as long as nobody set it, it is the machine's clock."""

    def __init__(self, store: Store, before: Clock | None = None) -> None:
        self._store = store
        self._before = before or WallClock()

    def now(self) -> datetime:
        """Return the moment that was set, in UTC."""
        return self._store.installation.read_test_clock() or self._before.now()
