"""The composition root: from settings to an installation whose parts know each other."""

from __future__ import annotations

from dataclasses import dataclass

from engine.assignment import Assigning
from engine.bookkeeping import Bookkeeping
from engine.clock import Clock, WallClock
from engine.correlation import Messages, Signals
from engine.deployments import Deployments
from engine.engine import Engine
from engine.errors import NotFound
from engine.looking import Looks
from engine.mailroom import ByHand, Mailroom
from engine.people import People, operator
from engine.reads import Reads
from engine.replying import Replies
from engine.runtime.commands import Actor
from engine.settings import Settings
from engine.store import Desk, Store
from engine.store.test_clock import TestClock
from engine.store.work import Drafts
from engine.tuning import Tuning
from engine.uploads import Uploads
from engine.workers.queues import WakeUp, connect
from engine.worlds import Worlds


@dataclass(frozen=True)
class Casepath:
    """One opened installation; its parts may be shared between threads."""

    settings: Settings
    clock: Clock
    store: Store
    worlds: Worlds
    engine: Engine
    messages: Messages
    signals: Signals
    replies: Replies
    records: Bookkeeping
    assigning: Assigning
    people: People
    deployments: Deployments
    tuning: Tuning
    reads: Reads
    looks: Looks
    mailroom: Mailroom
    mail_by_hand: ByHand
    uploads: Uploads

    @property
    def operator(self) -> Actor:
        """Who acts when the command line names nobody."""
        return operator()

    @property
    def drafts(self) -> Drafts:
        """What people typed into forms and have not sent yet."""
        return self.store.drafts

    def desk(self, key: str | None = None) -> Desk:
        """Return a desk by its key, or the only one there is. Raises NotFound."""
        desks = self.store.desks.all()
        found = [it for it in desks if key in (None, it.key)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(it.key for it in desks) or "none"
        if key is None and desks:
            raise NotFound(
                f"Expected the key of a desk, as there are several ({known}), but got none; "
                "a command names it by --desk."
            )
        raise NotFound(f"Expected to find the desk {key or 'of this installation'}, but there are: {known}.")

    def close(self) -> None:
        """Give connections back."""
        self.store.close()


def open_casepath(settings: Settings) -> Casepath:
    """Put an installation together; the settings must leave nothing open. Nothing is connected yet."""
    store = Store(settings.database_url)
    clock: Clock = TestClock(store) if settings.test_clock else WallClock()
    worlds = Worlds(store)
    wake = WakeUp(connect(settings.redis_url)) if settings.redis_url else lambda: None
    engine = Engine(store, clock, worlds, wake=wake)
    replies = Replies(store, worlds, engine.handle)
    deployments = Deployments(store)
    mailroom = Mailroom(settings, store, clock, worlds, engine, replies)
    return Casepath(
        settings=settings,
        clock=clock,
        store=store,
        worlds=worlds,
        engine=engine,
        messages=Messages(store, clock, worlds, engine.handle),
        signals=Signals(store, clock, worlds, engine.handle, wake=wake),
        assigning=Assigning(store, clock, engine.handle),
        records=Bookkeeping(store, clock),
        replies=replies,
        people=People(store),
        deployments=deployments,
        tuning=Tuning(store, deployments),
        reads=Reads(store),
        looks=Looks(store, worlds, clock),
        mailroom=mailroom,
        mail_by_hand=ByHand(store, clock, worlds, engine, replies, mailroom.read),
        uploads=Uploads(settings, store),
    )
