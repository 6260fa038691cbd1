"""What scheduler and worker do, for one desk and without the queue between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from engine.workers import jobs

_MOST, _LEASE = 1000, timedelta(seconds=30)


def work_off(office: Any) -> None:
    """Do all that is due at the desk now (timers, services, mails, messages), and what comes of that.

    Other desks of the installation are left alone: an earlier test may have left what nobody will ever do.
    """
    jobs.use(office.casepath)
    worked = True
    while worked:
        worked = False
        for function, row in _claimed(office):
            if row[0] == office.desk.id:
                function([row])
                worked = True


def _claimed(office: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Return each due row as the scheduler would hand it over, with the job's function that takes it."""
    store = office.casepath.store
    timers = store.timers.claim_due(office.casepath.clock.now(), limit=_MOST, lease=_LEASE)
    outbox = store.outbox.claim(limit=_MOST, lease=_LEASE)
    store.messages.wake(limit=_MOST)
    messages = store.messages.claim(limit=_MOST, lease=_LEASE)
    return chain(
        ((jobs.fire_timers, [it.desk_id, str(it.id), it.due_at.isoformat()]) for it in timers),
        ((jobs.relay, [it.desk_id, str(it.id), it.next_at.isoformat()]) for it in outbox),
        ((jobs.deliver_messages, [it.desk_id, str(it.id)]) for it in messages),
    )
