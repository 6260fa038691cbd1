"""What tickets are to each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.statements import Statement


def ticket_linked(event: Event, instance: Instance) -> Iterator[Statement]:
    """A link that is named again stays as it is."""
    yield (
        """INSERT INTO ticket_link (desk_id, ticket_number, kind, other_number, linked_at)
           VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (
            instance.desk_id,
            instance.ticket_number,
            event.data["kind"],
            event.data["other"],
            instance.last_event_at,
        ),
    )
