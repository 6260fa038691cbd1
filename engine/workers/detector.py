"""The detector: finds what nobody looks after, and opens incidents for it.

Three things can be forgotten: an instance for which no table has anything to do, a timer that is due and that nobody
fires, and a job of the outbox that nobody begins. A timer or job counts as forgotten only when this detector has
seen it so for the whole of its patience, by the wall clock: after an outage everything is overdue, and is done
within moments. Its incident sets nothing aside, and is over by itself when somebody does it after all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from engine.clock import Clock, WallClock
from engine.engine import Engine
from engine.errors import CasepathError
from engine.runtime.commands import SYSTEM, Command, Inspect, ReportLostJob, derived_id
from engine.store import Store
from engine.store.watch import BEGINNING, Forgotten, OverdueTimer, WaitingJob
from engine.workers.queues import JOB_TIMEOUT_SECONDS

EVERY = timedelta(seconds=60)
MOST = 1_000
PART = 5_000
# A claimed job is nobody else's for its time-out and the scheduler's lease; looked at with room to spare.
LEASE = timedelta(seconds=2 * JOB_TIMEOUT_SECONDS)

log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Detector:
    """Looks every minute; what it remembers is how long it has seen something undone."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        clock: Clock,
        *,
        patience: timedelta,
        recorder: Clock | None = None,
    ) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._patience = patience
        self._recorder = recorder or WallClock()
        self._looked: datetime | None = None
        self._since: dict[Hashable, datetime] = {}
        self._place = BEGINNING

    def __call__(self) -> None:
        """Look, if the last look is long enough ago."""
        if self._looked is None or self._recorder.now() - self._looked >= EVERY:
            self.look()

    def look(self) -> int:
        """Look once; return how many things were reported."""
        now = self._looked = self._recorder.now()
        timers = self._store.watch.overdue_timers(self._clock.now(), limit=MOST)
        jobs = self._store.watch.waiting_jobs(LEASE, limit=MOST)
        seen = {key: self._since.get(key, now) for key in (*map(_timer, timers), *map(_job, jobs))}
        self._since = seen
        forgotten, self._place = self._store.watch.forgotten(self._place, part=PART)
        return (
            self._report((it for it in timers if self._lasts(_timer(it), now)), self._timer_report)
            + self._report((it for it in jobs if self._lasts(_job(it), now - it.time_out)), self._job_report)
            + self._report(forgotten, _instance_report)
        )

    def _lasts(self, key: Hashable, now: datetime) -> bool:
        return now - self._since[key] >= self._patience

    def _report(self, found: Iterable[_T], report: Callable[[_T], Command]) -> int:
        commands = [report(it) for it in found]
        for command in commands:
            try:
                self._engine.handle(command)
            except CasepathError as refusal:  # it moved on, or can't be loaded, which was told by then
                log.warning("%s could not be reported: %s", command.address, refusal)
        return len(commands)

    def _timer_report(self, it: OverdueTimer) -> Command:
        return Inspect(
            id=self._id(it.id, _timer(it)),
            desk_id=it.desk_id,
            actor=SYSTEM,
            instance_id=it.instance_id,
            revision=it.revision,
            timer_id=it.id,
        )

    def _job_report(self, it: WaitingJob) -> Command:
        return ReportLostJob(
            id=self._id(it.id, _job(it)),
            desk_id=it.desk_id,
            actor=SYSTEM,
            job_id=it.id,
            kind=it.kind,
            error=f"Expected somebody to begin it, but for {_minutes(self._patience)} nobody did.",
            given_up=it.kind in ("message", "signal"),
        )

    def _id(self, thing: UUID, key: Hashable) -> UUID:
        """One report for each time that a thing began to be seen undone."""
        return derived_id(thing, f"forgotten since {self._since[key].isoformat()}")


def _instance_report(it: Forgotten) -> Command:
    return Inspect(
        id=derived_id(it.id, f"forgotten at {it.revision}"),
        desk_id=it.desk_id,
        actor=SYSTEM,
        instance_id=it.id,
        revision=it.revision,
    )


def _timer(it: OverdueTimer) -> Hashable:
    return it.desk_id, it.id, it.due_at


def _job(it: WaitingJob) -> Hashable:
    return it.desk_id, it.id, it.attempts


def _minutes(patience: timedelta) -> str:
    minutes = round(patience.total_seconds() / 60)
    return f"{minutes} minutes" if minutes != 1 else "a minute"
