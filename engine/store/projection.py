"""What events mean for the tables: one small function for each kind that has a meaning there.

The tables are for questions; the instance's state and the trail are the truth. Each function turns one event into
statements, which go out together with the rest of the step. Kinds without a row of their own (movements of tokens,
variables, decisions) live in the trail alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.statements import Statement, feel_json

Projector = Callable[[Event, Instance], Iterable[Statement]]

MAIL_TRIES = 8
SERVICE_TRIES = 3

# Only these properties of a ticket may be changed by an event that names its column.
_TICKET_COLUMNS = frozenset({"queue", "category", "priority", "subject"})


def project(events: Iterable[Event], instance: Instance) -> Iterator[Statement]:
    """Yield the statements that write what the events mean, at the moment of the instance's last event."""
    for event in events:
        projector = PROJECTORS.get(event.kind)
        if projector:
            yield from projector(event, instance)


def ticket_opened(event: Event, instance: Instance) -> Iterator[Statement]:
    data, values = event.data, event.values
    yield (
        """INSERT INTO ticket (desk_id, number, instance_id, status, label, queue, category, priority, subject,
               description, channel, requester_id, fields, opened_at, updated_at, external_ref)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            instance.ticket_number,
            instance.id,
            data["status"],
            data["label"],
            data.get("queue"),
            data.get("category"),
            data.get("priority"),
            values["subject"],
            values["description"],
            data["channel"],
            _uuid(data.get("requester")),
            feel_json(values.get("fields", {})),
            instance.last_event_at,
            instance.last_event_at,
            data.get("external_ref"),
        ),
    )


def state_changed(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE ticket SET status = %s, label = %s, updated_at = %s WHERE desk_id = %s AND number = %s",
        (event.data["to"], event.data["label"], instance.last_event_at, *_ticket(instance)),
    )


def ticket_changed(event: Event, instance: Instance) -> Iterator[Statement]:
    column = event.data["field"]
    if column not in _TICKET_COLUMNS:
        raise ValueError(f"Expected a property of a ticket, but got {column!r}.")
    yield (
        f"UPDATE ticket SET {column} = %s, updated_at = %s WHERE desk_id = %s AND number = %s",
        (event.data["to"], instance.last_event_at, *_ticket(instance)),
    )


def entry_added(event: Event, instance: Instance) -> Iterator[Statement]:
    data, actor = event.data, event.actor
    yield (
        """INSERT INTO entry (desk_id, id, ticket_number, at, kind, public, author_kind, author_id, author_name, body)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            _uuid(data["entry"]),
            instance.ticket_number,
            instance.last_event_at,
            data["kind"],
            data["public"],
            actor.kind,
            actor.id,
            actor.name,
            event.values["body"],
        ),
    )
    yield (
        "UPDATE ticket SET updated_at = %s WHERE desk_id = %s AND number = %s",
        (instance.last_event_at, *_ticket(instance)),
    )


def instance_ended(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE ticket SET closed_at = %s, updated_at = %s WHERE desk_id = %s AND number = %s",
        (instance.last_event_at, instance.last_event_at, *_ticket(instance)),
    )


def task_opened(event: Event, instance: Instance) -> Iterator[Statement]:
    data = event.data
    priority = data.get("priority")
    yield (
        """INSERT INTO task (desk_id, id, instance_id, ticket_number, element, name, form, queue, candidate_groups,
               assignee, state, priority, opened_at, due_at, claimed_at, timeline)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            _uuid(data["task"]),
            instance.id,
            instance.ticket_number,
            data["element"],
            data["name"],
            data.get("form"),
            data.get("queue"),
            list(data.get("candidate_groups") or ()),
            _uuid(data.get("assignee")),
            None if priority is None else str(priority),
            instance.last_event_at,
            data.get("due"),
            instance.last_event_at if data.get("assignee") else None,
            instance.timeline,
        ),
    )


def task_held(event: Event, instance: Instance) -> Iterator[Statement]:
    """A task was claimed, released (no person) or assigned."""
    person = _uuid(event.data.get("person"))
    yield (
        "UPDATE task SET assignee = %s, claimed_at = %s, revision = %s WHERE desk_id = %s AND id = %s",
        (
            person,
            instance.last_event_at if person else None,
            event.data["revision"],
            instance.desk_id,
            _uuid(event.data["task"]),
        ),
    )


def task_completed(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _close_task(event, instance, "completed")


def task_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _close_task(event, instance, "cancelled")


def timer_armed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A repeating timer is armed again under its own id, so its row may be there already."""
    data = event.data
    yield (
        """INSERT INTO timer (desk_id, id, instance_id, ticket_number, element, due_at, state, armed_at,
               timeline, cycle) VALUES (%s, %s, %s, %s, %s, %s, 'armed', %s, %s, %s)
           ON CONFLICT (desk_id, id) DO UPDATE SET due_at = excluded.due_at, leased_until = NULL,
               state = 'armed', armed_at = excluded.armed_at, cycle = excluded.cycle""",
        (
            instance.desk_id,
            _uuid(data["timer"]),
            instance.id,
            instance.ticket_number,
            data["element"],
            data["due"],
            instance.last_event_at,
            instance.timeline,
            data.get("cycle"),
        ),
    )


def timer_fired(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE timer SET state = 'fired', fired_at = %s WHERE desk_id = %s AND id = %s",
        (instance.last_event_at, instance.desk_id, _uuid(event.data["timer"])),
    )


def timer_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _timer_state(event, instance, "cancelled")


def timer_failed(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _timer_state(event, instance, "failed")


def message_awaited(event: Event, instance: Instance) -> Iterator[Statement]:
    key = event.values.get("key")
    yield (
        """INSERT INTO subscription (desk_id, id, instance_id, ticket_number, name, key, element, timeline)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            _uuid(event.data["subscription"]),
            instance.id,
            instance.ticket_number,
            event.data["name"],
            None if key is None else str(key),
            event.data["element"],
            instance.timeline,
        ),
    )


def message_ended(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "DELETE FROM subscription WHERE desk_id = %s AND id = %s",
        (instance.desk_id, _uuid(event.data["subscription"])),
    )


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
        (instance.last_event_at, instance.desk_id, _uuid(event.data["job"])),
    )


def job_failed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail or a service was given up after its last try."""
    yield (
        """UPDATE outbox SET state = 'failed', attempts = attempts + 1, last_error = %s
           WHERE desk_id = %s AND id = %s""",
        (event.values.get("error"), instance.desk_id, _uuid(event.data["job"])),
    )


def service_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE outbox SET state = 'cancelled' WHERE desk_id = %s AND id = %s",
        (instance.desk_id, _uuid(event.data["job"])),
    )


def incident_opened(event: Event, instance: Instance) -> Iterator[Statement]:
    data, values = event.data, event.values
    yield (
        """INSERT INTO incident (desk_id, id, instance_id, ticket_number, element, kind, message, detail, subject_id,
               opened_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            _uuid(data["incident"]),
            instance.id,
            instance.ticket_number,
            data.get("element"),
            data["about"],
            values["message"],
            values.get("detail") or "",
            _uuid(data.get("subject")),
            instance.last_event_at,
        ),
    )


def incident_closed(event: Event, instance: Instance) -> Iterator[Statement]:
    """The row closes; with `retry`, what it stopped is tried again at once."""
    data = event.data
    yield (
        "UPDATE incident SET closed_at = %s, closed_by = %s WHERE desk_id = %s AND id = %s",
        (instance.last_event_at, event.actor.name, instance.desk_id, _uuid(data["incident"])),
    )
    if data.get("retry"):
        yield _RETRIES[data["about"]], (instance.desk_id, _uuid(data["subject"]))


# Attempts are never counted from zero again: the ids of the commands that tell how a try ended are made from them.
_RETRY_JOB = """
UPDATE outbox SET state = 'pending', max_attempts = attempts + 3, next_at = now()
WHERE desk_id = %s AND id = %s AND state = 'failed'
"""
_RETRY_TIMER = """
UPDATE timer SET state = 'armed', leased_until = NULL WHERE desk_id = %s AND id = %s AND state = 'failed'
"""
_RETRIES: Mapping[str, str] = {"timer": _RETRY_TIMER, "service": _RETRY_JOB, "mail": _RETRY_JOB}


PROJECTORS: Mapping[str, Projector] = {
    "ticket_opened": ticket_opened,
    "state_changed": state_changed,
    "ticket_changed": ticket_changed,
    "entry_added": entry_added,
    "instance_ended": instance_ended,
    "task_opened": task_opened,
    "task_claimed": task_held,
    "task_released": task_held,
    "task_assigned": task_held,
    "task_completed": task_completed,
    "task_cancelled": task_cancelled,
    "timer_armed": timer_armed,
    "timer_fired": timer_fired,
    "timer_cancelled": timer_cancelled,
    "timer_failed": timer_failed,
    "message_awaited": message_awaited,
    "message_ended": message_ended,
    "service_requested": service_requested,
    "service_completed": job_done,
    "service_failed": job_failed,
    "service_cancelled": service_cancelled,
    "mail_requested": mail_requested,
    "mail_sent": job_done,
    "mail_failed": job_failed,
    "incident_opened": incident_opened,
    "incident_closed": incident_closed,
}


def _ticket(instance: Instance) -> tuple[int, int]:
    return instance.desk_id, instance.ticket_number


def _uuid(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(value)


def _close_task(event: Event, instance: Instance, state: str) -> Statement:
    return (
        """UPDATE task SET state = %s, closed_at = %s, closed_by_id = %s, closed_by_name = %s, revision = revision + 1
           WHERE desk_id = %s AND id = %s""",
        (
            state,
            instance.last_event_at,
            event.actor.id,
            event.actor.name,
            instance.desk_id,
            _uuid(event.data["task"]),
        ),
    )


def _timer_state(event: Event, instance: Instance, state: str) -> Statement:
    return (
        "UPDATE timer SET state = %s WHERE desk_id = %s AND id = %s",
        (state, instance.desk_id, _uuid(event.data["timer"])),
    )


def _outbox(event: Event, instance: Instance, kind: str, payload: Mapping[str, Any], tries: int) -> Statement:
    """The next try is by the database's clock: how long a mail server stays away is no matter of process time."""
    return (
        """INSERT INTO outbox (desk_id, id, instance_id, ticket_number, element, kind, payload, state, max_attempts,
               next_at, created_at, timeline) VALUES (%s, %s, %s, %s, %s, %s, %s, 'pending', %s, now(), %s, %s)""",
        (
            instance.desk_id,
            _uuid(event.data["job"]),
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
