"""What needs a human, and its being tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement

# A person's retry begins a new chain of tries, with a new key for the handler: whatever the old chain did outside was
# looked at by then. Attempts are never counted from zero again, so that all tries of a job can be seen.
_RETRY_JOB = """
UPDATE outbox SET state = 'pending', max_attempts = attempts + 3, chain = chain + 1, next_at = now()
WHERE desk_id = %s AND id = %s AND state = 'failed'
"""
_RETRY_TIMER = """
UPDATE timer SET state = 'armed', leased_until = NULL WHERE desk_id = %s AND id = %s AND state = 'failed'
"""
_RETRIES: Mapping[str, str] = {
    "timer": _RETRY_TIMER,
    **dict.fromkeys(("service", "mail", "message", "signal"), _RETRY_JOB),
}


def incident_opened(event: Event, instance: Instance) -> Iterator[Statement]:
    data, values = event.data, event.values
    yield (
        """INSERT INTO incident (desk_id, id, instance_id, ticket_number, element, kind, message, detail, subject_id,
               opened_at, scope, phase) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            row_id(data["incident"]),
            instance.id,
            instance.ticket_number,
            data.get("element"),
            data["about"],
            values["message"],
            values.get("detail") or "",
            row_id(data.get("subject")),
            instance.last_event_at,
            data.get("scope", ""),
            data.get("phase"),
        ),
    )


def incident_closed(event: Event, instance: Instance) -> Iterator[Statement]:
    """The row closes; where it was retried, what waits in a table is done again at once."""
    data = event.data
    yield (
        "UPDATE incident SET closed_at = %s, closed_by = %s, how = %s WHERE desk_id = %s AND id = %s",
        (instance.last_event_at, event.actor.name, data["how"], instance.desk_id, row_id(data["incident"])),
    )
    if data["how"] == "retried" and data["about"] in _RETRIES:
        yield _RETRIES[data["about"]], (instance.desk_id, row_id(data["subject"]))
