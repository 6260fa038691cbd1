"""Links between tickets, judged before they are written: the other ticket is there, and doesn't lead back."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import InvalidInput
from engine.runtime.events import Event
from engine.store.database import Connection

# One at a time at a desk: two that link each other at once would each not see the other's link. The lock is the
# last that a step takes, and goes with its COMMIT.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('ticket_link', %s))"
_JUDGE = """
WITH RECURSIVE led AS (
    SELECT %(other)s::int AS number
    UNION SELECT l.other_number FROM ticket_link l JOIN led ON l.ticket_number = led.number
    WHERE l.desk_id = %(desk)s AND l.kind = %(kind)s
)
SELECT EXISTS (SELECT FROM ticket WHERE desk_id = %(desk)s AND number = %(other)s),
    EXISTS (SELECT FROM led WHERE number = %(own)s)
"""


def judge(connection: Connection, desk_id: int, number: int, events: Iterable[Event]) -> None:
    """Judge the links that a step of ticket `number` makes. Raises InvalidInput naming the field that asked."""
    links = [event.data for event in events if event.kind == "ticket_linked"]
    if links:
        connection.execute(_ONE_AT_A_TIME, (desk_id,))
    for link in links:
        values = {"desk": desk_id, "own": number, "kind": link["kind"], "other": link["other"]}
        known, leads_back = connection.execute(_JUDGE, values).fetchone() or (False, False)
        if not known:
            sentence = (
                f"Expected the number of a ticket of this desk, but there is no ticket {link['other']}."
            )
        elif leads_back:
            sentence = (
                f"Expected a ticket that doesn't lead back to this one, but ticket {link['other']} does."
            )
        else:
            continue
        raise InvalidInput(sentence, {link["field"]: sentence})
