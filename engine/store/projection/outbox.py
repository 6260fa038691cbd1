"""What must be told to the world, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement, feel_json

MAIL_TRIES = 8
SERVICE_TRIES = 3


def service_requested(event: Event, instance: Instance) -> Iterator[Statement]:
    payload = {"type": event.data["type"], "inputs": dict(event.values)}
    tries = event.data.get("retries")
    yield _outbox(event, instance, "service", payload, SERVICE_TRIES if tries is None else max(1, int(tries)))


def mail_requested(event: Event, instance: Instance) -> Iterator[Statement]:
    payload = {"template": event.data.get("template"), **event.values}
    yield _outbox(event, instance, "mail", payload, MAIL_TRIES)


def job_done(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail was accepted or a service answered."""
    yield (
        """UPDATE outbox SET state = 'done', done_at = %s, attempts = attempts + 1, last_error = NULL
           WHERE desk_id = %s AND id = %s""",
        (instance.last_event_at, instance.desk_id, row_id(event.data["job"])),
    )


def job_failed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail or a service was given up after its last try."""
    yield (
        """UPDATE outbox SET state = 'failed', attempts = attempts + 1, last_error = %s
           WHERE desk_id = %s AND id = %s""",
        (event.values.get("error"), instance.desk_id, row_id(event.data["job"])),
    )


def job_lost(event: Event, instance: Instance) -> Iterator[Statement]:
    """A job that nobody is at; one that was done in the meantime stays done."""
    yield (
        "UPDATE outbox SET state = 'failed', last_error = %s WHERE desk_id = %s AND id = %s AND state = 'pending'",
        (event.values.get("error"), instance.desk_id, row_id(event.data["job"])),
    )


def service_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE outbox SET state = 'cancelled' WHERE desk_id = %s AND id = %s",
        (instance.desk_id, row_id(event.data["job"])),
    )


def _outbox(event: Event, instance: Instance, kind: str, payload: Mapping[str, Any], tries: int) -> Statement:
    """The next try is by the database's clock: how long a mail server stays away is no matter of process time."""
    return (
        """INSERT INTO outbox (desk_id, id, instance_id, ticket_number, element, kind, payload, state, max_attempts,
               next_at, created_at, timeline) VALUES (%s, %s, %s, %s, %s, %s, %s, 'pending', %s, now(), %s, %s)""",
        (
            instance.desk_id,
            row_id(event.data["job"]),
            instance.id,
            instance.ticket_number,
            event.data.get("element"),
            kind,
            feel_json(payload),
            tries,
            instance.last_event_at,
            instance.timeline,
        ),
    )
