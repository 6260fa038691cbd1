"""What happens to a ticket and its conversation."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection import mails
from engine.store.projection.common import row_id
from engine.store.statements import Statement, feel_json

# Only these properties of a ticket may be changed by an event that names its column.
_COLUMNS = frozenset({"queue", "category", "priority", "subject"})


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
            values.get("category"),
            values.get("priority"),
            values["subject"],
            values["description"],
            data["channel"],
            row_id(data.get("requester")),
            feel_json(values.get("fields", {})),
            instance.last_event_at,
            instance.last_event_at,
            values.get("external_ref"),
        ),
    )
    yield from mails.mail_taken(event, instance)


def state_changed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A ticket in state `closed` is closed, also while its process still waits: for a survey, say.

    One in state `resolved` is resolved, and stays so when it is closed; any other state opens it again.
    """
    state, now = event.data["to"], instance.last_event_at
    yield (
        """UPDATE ticket SET status = %s, label = %s, updated_at = %s,
               closed_at = CASE WHEN %s = 'closed' THEN %s WHEN status = 'closed' THEN NULL ELSE closed_at END,
               resolved_at = CASE WHEN %s = 'resolved' THEN %s WHEN %s = 'closed' THEN resolved_at END
           WHERE desk_id = %s AND number = %s""",
        (state, event.data["label"], now, state, now, state, now, state, *_ticket(instance)),
    )


def ticket_changed(event: Event, instance: Instance) -> Iterator[Statement]:
    column = event.data["field"]
    if column not in _COLUMNS:
        raise ValueError(f"Expected a property of a ticket, but got {column!r}.")
    yield (
        f"UPDATE ticket SET {column} = %s, updated_at = %s WHERE desk_id = %s AND number = %s",
        (event.values["to"], instance.last_event_at, *_ticket(instance)),
    )


def entry_added(event: Event, instance: Instance) -> Iterator[Statement]:
    data, actor = event.data, event.actor
    yield (
        """INSERT INTO entry (desk_id, id, ticket_number, at, kind, public, author_kind, author_id, author_name, body)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            row_id(data["entry"]),
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
    yield from mails.mail_taken(event, instance)


def instance_ended(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        """UPDATE ticket SET closed_at = COALESCE(closed_at, %s), updated_at = %s
           WHERE desk_id = %s AND number = %s""",
        (instance.last_event_at, instance.last_event_at, *_ticket(instance)),
    )


def _ticket(instance: Instance) -> tuple[int, int]:
    return instance.desk_id, instance.ticket_number
