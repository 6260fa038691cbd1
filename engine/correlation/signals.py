"""Signals: everybody who listens at the moment hears them, each in a transaction of its own, and hears them once.

Within the instance that throws a signal its own catchers hear it in the same step; here are the others of the desk,
and the processes that begin with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.correlation.judging import judged
from engine.correlation.pausing import pause
from engine.correlation.starting import opening
from engine.errors import CasepathError, Conflict
from engine.runtime.commands import SYSTEM, Actor, Command, DeliverSignal, derived_id
from engine.runtime.instance import Timeline
from engine.store import Store
from engine.store.signals import NewSignal, SignalRow
from engine.worlds import Worlds

MOST_TRIES = 8
NOTED_EVERY = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Broadcast:
    """A signal that somebody wishes to send at a desk; `sender` is the instance that threw it, None from outside."""

    id: UUID
    desk_id: int
    actor: Actor
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    sender: UUID | None = None

    @classmethod
    def thrown(cls, job: UUID, desk_id: int, thrown: Mapping[str, Any], sender: UUID) -> Broadcast:
        """Return the signal that an instance threw, from its row in the outbox, whose id is the signal's too."""
        name, payload = thrown["name"], thrown["payload"]
        return cls(id=job, desk_id=desk_id, actor=SYSTEM, name=name, payload=payload, sender=sender)


@dataclass(frozen=True)
class Heard:
    """How many tickets listened when a signal was sent, and whether its id had been used before."""

    id: UUID
    reached: int
    repeated: bool = False


class Signals:
    """Sends and tells the signals of one timeline; `handle` is the engine's door, `wake` calls the scheduler."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        worlds: Worlds,
        handle: Callable[[Command], object],
        timeline: Timeline = "live",
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._worlds = worlds
        self._handle = handle
        self._timeline: Timeline = timeline
        self._wake = wake

    def send(self, signal: Broadcast) -> Heard:
        """Keep a signal with those who listen now; workers tell them.

        Raises InvalidInput for what can't be sent, Conflict for other words under an id that was used.
        """
        payload = judged(signal.payload, name=signal.name)
        added = self._store.signals.add(
            NewSignal(
                desk_id=signal.desk_id,
                id=signal.id,
                name=signal.name,
                payload=payload,
                actor=signal.actor,
                timeline=self._timeline,
                sent_at=self._clock.now(),
                starts=self._worlds.begun_by(signal.desk_id, "signal", signal.name),
                sender=signal.sender,
            )
        )
        row = self._store.signals.get(signal.desk_id, signal.id)
        assert row is not None
        if not added and (row.name, row.payload) != (signal.name, payload):
            raise Conflict(
                f"Expected the same signal under the same id, but '{row.name}' was sent with other words by it."
            )
        self._wake()
        return Heard(row.id, row.reached, repeated=not added)

    def tell(self, desk_id: int, signal_id: UUID) -> None:
        """Tell everybody who is still to be told; one who can't be told doesn't stop the others."""
        row = self._store.signals.get(desk_id, signal_id)
        if row is None or row.state != "pending":
            return
        failed: list[tuple[UUID, CasepathError]] = []
        for told, instance in enumerate(row.instances, 1):
            if (error := self._try(self._to(row, instance))) is not None:
                failed.append((instance, error))
            if told % NOTED_EVERY == 0:  # a worker that is stopped here goes on from here
                self._store.signals.left(row, [it for it, _ in failed] + row.instances[told:], row.starts)
        not_begun = [(key, error) for key in row.starts if (error := self._begin(row, key)) is not None]
        self._store.signals.left(row, [it for it, _ in failed], [key for key, _ in not_begun])
        errors = [error for _, error in (*failed, *not_begun)]
        if errors:
            self._store.signals.try_later(row, str(errors[0]), pause(row.attempts + 1), MOST_TRIES)
        else:
            self._store.signals.done(row)

    def _to(self, row: SignalRow, instance: UUID) -> Command:
        return DeliverSignal(
            id=derived_id(row.id, f"to {instance}"),
            desk_id=row.desk_id,
            actor=row.actor,
            instance_id=instance,
            signal_id=row.id,
            name=row.name,
            payload=row.payload,
        )

    def _begin(self, row: SignalRow, process: str) -> CasepathError | None:
        try:
            command = opening(
                "signal",
                row.name,
                row.payload,
                id=derived_id(row.id, f"begin {process}"),
                desk_id=row.desk_id,
                actor=row.actor,
                process=process,
            )
        except CasepathError as error:
            return error
        return self._try(command)

    def _try(self, command: Command) -> CasepathError | None:
        try:
            self._handle(command)
        except CasepathError as error:
            log.warning("%s %s could not bring its signal: %s", type(command).__name__, command.id, error)
            return error
        return None
