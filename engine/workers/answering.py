"""Who answers a service: the outside system that a connector names for its area, else a handler of the pack.

A connector's address follows the newest deployment of its pack, as settings do: a ticket that waits for an answer
must not go on asking a system that has moved. Its key stays that of the job when a person retries an incident,
because what was never answered may have been done.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from engine.catalog.connectors import Connector, area_of
from engine.desk_services import desk_handlers
from engine.services import Job, call
from engine.workers.limiting import TookTooLong, limited
from engine.workers.outside import NoAnswer, ask
from engine.workers.queues import JOB_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from engine.bootstrap import Casepath
    from engine.store import OutboxRow

USUAL_TIME_OUT = JOB_TIMEOUT_SECONDS - 30


def answer_of(casepath: Casepath, row: OutboxRow) -> dict[str, Any]:
    """Return what the service of an outbox row answers.

    Raises BpmnError where it refuses, NoAnswer where the outside system could not be asked, TookTooLong for a handler
    that hangs, and whatever a handler raises.
    """
    connector = _connector(casepath, row)
    if connector is not None:
        return _outside(casepath, row, connector)
    own = desk_handlers(casepath.store, row.desk_id, casepath.clock.now())
    handlers = {**casepath.worlds.handlers(row.desk_id, row.snapshot_id), **own}
    records = casepath.records.for_job(row.desk_id, row.id, row.ticket_number)
    job = Job(row.key, row.payload["type"], row.ticket_number, row.payload["inputs"], records)
    with limited(limit_of(row)):
        return call(handlers, job)


def limit_of(row: OutboxRow) -> int:
    """Return how many seconds a handler may take: as many as the diagram says, else as usual."""
    return row.time_out or USUAL_TIME_OUT


def _connector(casepath: Casepath, row: OutboxRow) -> Connector | None:
    area = area_of(row.payload["type"])
    if not area:
        return None
    pack = casepath.worlds.pack(row.desk_id, row.snapshot_id).id
    return casepath.worlds.newest_pack(row.desk_id, pack).connectors.get(area)


def _outside(casepath: Casepath, row: OutboxRow, connector: Connector) -> dict[str, Any]:
    secret, type = os.environ.get(connector.secret), str(row.payload["type"])
    if not secret:
        raise NoAnswer(
            f"Expected the secret of {connector.area} in the environment variable {connector.secret} of the worker,"
            " but it is not set."
        )
    seconds = row.time_out or connector.time_out.total_seconds()
    desk = casepath.store.desks.get(row.desk_id)
    body = {
        "inputs": row.payload["inputs"],
        "ticket": row.ticket_number,
        "desk": desk.key if desk is not None else None,
    }
    try:
        with limited(seconds):
            verb = type.partition(".")[2]
            return ask(connector, secret, verb, body, key=row.id, now=casepath.clock.now())
    except TookTooLong as error:
        raise NoAnswer(
            f"Expected an answer of {connector.url} within {seconds:g} seconds, but it took longer."
        ) from error
