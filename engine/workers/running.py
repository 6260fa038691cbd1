"""The worker process: RQ's simple worker over our two queues, jobs as JSON.

Jobs run in the worker's own process, because forking for each costs half the throughput; what a job does is one
transaction, so a worker that dies in it leaves nothing half done.
"""

from __future__ import annotations

import logging

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from engine.bootstrap import Casepath
from engine.workers import jobs
from engine.workers.queues import QUEUES, connect, queue


def work(casepath: Casepath, *, burst: bool = False) -> None:
    """Work on jobs until told to stop; with `burst`, until the queues are empty."""
    jobs.use(casepath)
    connection = connect(casepath.settings.redis_url)
    worker = SimpleWorker(
        [queue(name, connection) for name in QUEUES], connection=connection, serializer=JSONSerializer
    )
    worker.work(burst=burst, logging_level=logging.getLevelName(logging.WARNING))
