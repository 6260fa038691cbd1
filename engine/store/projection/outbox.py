"""What must be told to the world, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration
from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement, feel_json

MAIL_TRIES = 8
SERVICE_TRIES = 3
CROSSING_TRIES = 8


def service_requested(event: Event, instance: Instance) -> Iterator[Statement]:
    data = event.data
    payload = {
        "type": data["type"],
        "inputs": dict(event.values),
        **({"pack": data["pack"]} if "pack" in data else {}),
    }
    tries = SERVICE_TRIES if data.get("retries") is None else max(1, int(data["retries"]))
    limits = (data.get("back_off"), seconds(data.get("time_out")))
    yield _outbox(event, instance, "service", payload, tries, limits)


def mail_requested(event: Event, instance: Instance) -> Iterator[Statement]:
    entry = {"entry": event.data["entry"]} if "entry" in event.data else {}
    payload = {"template": event.data.get("template"), **entry, **event.values}
    yield _outbox(event, instance, "mail", payload, MAIL_TRIES)


def message_thrown(event: Event, instance: Instance) -> Iterator[Statement]:
    """A message that a process sends goes where those from outside go, for any catcher of the desk."""
    payload = {"name": event.data["name"], **event.values}
    yield _outbox(event, instance, "message", payload, CROSSING_TRIES)


def signal_thrown(event: Event, instance: Instance) -> Iterator[Statement]:
    """The instance itself has heard its signal by now; the others of the desk hear it from the outbox."""
    payload = {"name": event.data["name"], **event.values}
    yield _outbox(event, instance, "signal", payload, CROSSING_TRIES)


def assignment_wanted(event: Event, instance: Instance) -> Iterator[Statement]:
    """Who has least to do is known only across tickets; whoever knows it hands the task over by a command."""
    payload = {name: event.data[name] for name in ("task", "queue", "skills")}
    yield _outbox(event, instance, "assignment", payload, CROSSING_TRIES)


def job_done(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail was accepted or a service answered."""
    yield (
        """UPDATE outbox SET state = 'done', done_at = %s, last_error = NULL
           WHERE desk_id = %s AND id = %s""",
        (instance.last_event_at, instance.desk_id, row_id(event.data["job"])),
    )


def job_failed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail or a service was given up after its last try."""
    yield (
        "UPDATE outbox SET state = 'failed', last_error = %s WHERE desk_id = %s AND id = %s",
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


def seconds(duration: Any) -> int | None:
    """Return a time-out in whole seconds; None where none is said, or no duration that could be one."""
    found = read_duration(str(duration or ""))
    if not isinstance(found, DaysTimeDuration) or found.timedelta <= timedelta(0):
        return None
    return math.ceil(found.timedelta.total_seconds())


def _outbox(
    event: Event,
    instance: Instance,
    kind: str,
    payload: Mapping[str, Any],
    tries: int,
    limits: tuple[str | None, int | None] = (None, None),
) -> Statement:
    """The next try is by the database's clock: how long a mail server stays away is no matter of process time."""
    return (
        """INSERT INTO outbox (desk_id, id, instance_id, ticket_number, element, kind, payload, state, max_attempts,
               next_at, created_at, timeline, back_off, time_out)
           VALUES (%s, %s, %s, %s, %s, %s, %s, 'pending', %s, now(), %s, %s, %s, %s)""",
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
            *limits,
        ),
    )
