"""The two RQ queues, and the wake-up call.

Jobs are JSON (a pickle from a Redis that lies would be code) and carry ids only. The wake-up call is a list of at
most one item, so that calls while nobody listens don't pile up.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

TIMERS = "casepath-timers"
OUTBOX = "casepath-outbox"
QUEUES = (TIMERS, OUTBOX)
JOB_TIMEOUT_SECONDS = 120
_RESULT_SECONDS = 60
_FAILURE_SECONDS = 24 * 3600
_WAKE = "casepath:wake"

log = logging.getLogger(__name__)


def connect(redis_url: str) -> Redis:
    """Return a connection to Redis or Valkey; nothing is sent yet."""
    return Redis.from_url(redis_url, socket_connect_timeout=2, health_check_interval=30)


def queue(name: str, connection: Redis) -> Queue:
    """Return one of our queues."""
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT_SECONDS)


def enqueue(
    name: str,
    connection: Redis,
    function: str,
    rows: Sequence[Sequence[Any]],
    seconds: int = JOB_TIMEOUT_SECONDS,
) -> None:
    """Hand a batch of rows to a job function, named by its import path; it may take so many seconds."""
    queue(name, connection).enqueue_call(
        func=function, args=(rows,), timeout=seconds, result_ttl=_RESULT_SECONDS, failure_ttl=_FAILURE_SECONDS
    )


class WakeUp:
    """Calls the scheduler, and waits for such calls. Redis being away costs at most the scheduler's sweep."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection

    def __call__(self) -> None:
        """Call the scheduler; never raises for a Redis that is away."""
        try:
            with self._connection.pipeline(transaction=False) as calls:
                calls.lpush(_WAKE, 1)
                calls.ltrim(_WAKE, 0, 0)
                calls.execute()
        except RedisError as error:
            log.warning("Redis is away, the next sweep will find the work: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait for a call, at most some seconds; returns whether one came. Raises RedisError when away."""
        return self._connection.blpop([_WAKE], timeout=max(seconds, 0.01)) is not None
