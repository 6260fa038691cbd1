"""The composition root: from settings to an installation whose parts know each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from engine import reads
from engine.clock import Clock, WallClock
from engine.deployments import Deployments
from engine.engine import Engine
from engine.errors import NotFound
from engine.people import People, operator
from engine.runtime.commands import Actor
from engine.settings import Settings
from engine.store import Desk, Store
from engine.workers.queues import WakeUp, connect
from engine.worlds import Worlds


class TestClock:
    """The clock row of the database; only processes started with `--test-clock` look at it."""

    __test__ = False  # a name that pytest would take for a test

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wall = WallClock()

    def now(self) -> datetime:
        """Return the row's moment, or the wall clock's while nobody has set it."""
        return self._store.installation.read_test_clock() or self._wall.now()


class Reads:
    """The questions of `engine.reads` with the store already given."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, question: str) -> Any:
        return partial(getattr(reads, question), self._store)


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

    @property
    def operator(self) -> Actor:
        """Who acts when the command line names nobody."""
        return operator()

    def desk(self, key: str | None = None) -> Desk:
        """Return a desk by its key, or the only one there is. Raises NotFound."""
        desks = self.store.desks.all()
        found = [it for it in desks if key in (None, it.key)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(it.key for it in desks) or "none"
        raise NotFound(f"Expected to find one desk by {key or 'no name'}, but there are: {known}.")

    def close(self) -> None:
        """Give connections back."""
        self.store.close()


def open_casepath(settings: Settings) -> Casepath:
    """Put an installation together; the settings must leave nothing open. Nothing is connected yet."""
    store = Store(settings.database_url)
    clock: Clock = TestClock(store) if settings.test_clock else WallClock()
    worlds = Worlds(store)
    wake = WakeUp(connect(settings.redis_url)) if settings.redis_url else lambda: None
    return Casepath(
        settings=settings,
        clock=clock,
        store=store,
        worlds=worlds,
        engine=Engine(store, clock, worlds, wake=wake),
        people=People(store),
        deployments=Deployments(store),
        reads=Reads(store),
    )
