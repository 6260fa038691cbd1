"""What the delivery of a stored message means for its row."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement

# A message that doesn't wait any more becomes NULL, which stops the step: whoever was quicker has delivered it, or
# its time was over. The row's lock makes two deliveries of one message come one after the other.
_DELIVERED = """
UPDATE message SET state = CASE WHEN state = 'waiting' AND expires_at > %s THEN 'delivered' END, ended_at = %s,
    ticket_number = %s, next_at = NULL, error = NULL
WHERE desk_id = %s AND id = %s
"""


def message_received(event: Event, instance: Instance) -> Iterator[Statement]:
    """One that was addressed to the ticket itself was never stored."""
    message = row_id(event.data.get("message"))
    if message is not None:
        now = instance.last_event_at
        yield _DELIVERED, (now, now, instance.ticket_number, instance.desk_id, message)
