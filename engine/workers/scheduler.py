"""The scheduler: claims due timers, outbox rows, messages, signals and mails whose handling was cut off by lease, and
hands them to RQ in batches.

Any number of schedulers may run; `SKIP LOCKED` shares the rows among them. A claimed row that nobody finished
(Redis flushed, worker killed) becomes claimable again when its lease ends.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from redis import Redis
from redis.exceptions import RedisError

from engine.clock import Clock, WallClock
from engine.store import Store
from engine.store.register import register_instances
from engine.workers.queues import JOB_TIMEOUT_SECONDS, OUTBOX, TIMERS, WakeUp, enqueue

SWEEP_SECONDS = 1.0
LEASE = timedelta(seconds=30)
# A firing that two workers have is done once all the same; a service that two workers call is called twice. So
# nobody else gets an outbox row before the job that has it was stopped.
OUTBOX_LEASE = timedelta(seconds=JOB_TIMEOUT_SECONDS) + LEASE
KEPT = timedelta(days=30)
UPLOADS_KEPT = timedelta(days=2)
BATCH = 50
MOST_BATCHES_A_ROUND = 40

log = logging.getLogger(__name__)


class Scheduler:
    """Claims what is due and enqueues it until told to stop."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        redis: Redis,
        lease: timedelta = LEASE,
        beside: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._redis = redis
        self._lease = lease
        self._beside = beside
        self._wake_up = WakeUp(redis)
        self._stopped = threading.Event()
        self._recorder = WallClock()
        self._tidied: date | None = None

    def run(self) -> None:
        """Work until `stop` is called. A server that is away is waited for, not died of."""
        while not self._stopped.is_set():
            try:
                self.round()
                self.tidy()
            except Exception:  # a database or Redis that restarts: say it, wait a sweep, go on
                log.exception("The scheduler could not finish its round and tries again")
            self._rest()

    def stop(self) -> None:
        """Let `run` return after its round."""
        self._stopped.set()

    def round(self) -> int:
        """Claim and enqueue everything that is due now; return how many rows that were."""
        return self._timers() + self._outbox() + self._messages() + self._signals() + self._mails()

    def tidy(self) -> None:
        """Write new instances into their desk's register, and do what is to be done beside; once a day make
        partitions and forget what is old.

        That is log-ins that ended, messages and signals that were done with long ago, and files that were sent with
        no words.
        """
        now = self._recorder.now()
        register_instances(self._store, now)
        for look in self._beside:
            look()
        if self._tidied != now.date():
            self._store.installation.make_partitions(now)
            self._store.sessions.sweep(now)
            self._store.messages.tidy(self._clock.now() - KEPT)
            self._store.signals.tidy(self._clock.now() - KEPT)
            self._store.uploads.tidy(UPLOADS_KEPT)
            self._tidied = now.date()

    def _timers(self) -> int:
        claimed = 0
        for _ in range(MOST_BATCHES_A_ROUND):
            due = self._store.timers.claim_due(self._clock.now(), limit=BATCH, lease=self._lease)
            if due:
                rows = [[timer.desk_id, str(timer.id), timer.due_at.isoformat()] for timer in due]
                try:
                    enqueue(TIMERS, self._redis, "engine.workers.jobs.fire_timers", rows)
                except RedisError:  # back in time for the first round that finds Redis again
                    self._store.timers.release(due)
                    raise
            claimed += len(due)
            if len(due) < BATCH:
                break
        return claimed

    def _outbox(self) -> int:
        claimed = 0
        for _ in range(MOST_BATCHES_A_ROUND):
            waiting = self._store.outbox.claim(limit=BATCH, lease=OUTBOX_LEASE)
            for row in waiting:  # one job each: a slow mail server must not hold up the others' leases
                claim = [row.desk_id, str(row.id), row.next_at.isoformat()]
                seconds = JOB_TIMEOUT_SECONDS + (row.time_out or 0)
                enqueue(OUTBOX, self._redis, "engine.workers.jobs.relay", [claim], seconds)
            claimed += len(waiting)
            if len(waiting) < BATCH:
                break
        return claimed

    def _messages(self) -> int:
        """Those whose time is over are set aside first; then the others look for whoever has begun to wait."""
        messages = self._store.messages
        for _ in range(MOST_BATCHES_A_ROUND):
            expired, woken = messages.expire(self._clock.now(), limit=BATCH), messages.wake(limit=BATCH)
            if max(expired, woken) < BATCH:
                break
        due = messages.claim(limit=BATCH * MOST_BATCHES_A_ROUND, lease=OUTBOX_LEASE)
        for start in range(0, len(due), BATCH):
            rows = [[it.desk_id, str(it.id)] for it in due[start : start + BATCH]]
            enqueue(OUTBOX, self._redis, "engine.workers.jobs.deliver_messages", rows)
        return len(due)

    def _signals(self) -> int:
        due = self._store.signals.claim(limit=BATCH, lease=OUTBOX_LEASE)
        for it in due:
            enqueue(OUTBOX, self._redis, "engine.workers.jobs.tell_signals", [[it.desk_id, str(it.id)]])
        return len(due)

    def _mails(self) -> int:
        """One job each: what cut a mail's handling off may do so again, and must not keep the others from theirs."""
        unfinished = self._store.mails.claim_unfinished(limit=BATCH, lease=OUTBOX_LEASE)
        for it in unfinished:
            enqueue(OUTBOX, self._redis, "engine.workers.jobs.finish_mails", [[it.desk_id, str(it.id)]])
        return len(unfinished)

    def _rest(self) -> None:
        try:
            self._wake_up.wait(self._seconds_to_rest())
        except RedisError:
            self._stopped.wait(SWEEP_SECONDS)

    def _seconds_to_rest(self) -> float:
        try:
            due = self._store.timers.next_due()
        except Exception:
            return SWEEP_SECONDS
        if due is None:
            return SWEEP_SECONDS
        return min(SWEEP_SECONDS, max(0.01, (due - self._clock.now()).total_seconds()))
