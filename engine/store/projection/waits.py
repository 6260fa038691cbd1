"""What an instance waits for beside people: timers, messages and signals."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement


def timer_armed(event: Event, instance: Instance) -> Iterator[Statement]:
    """A timer that hangs on a goal is dated again under its own id, so its row may be there already."""
    data = event.data
    yield (
        """INSERT INTO timer (desk_id, id, instance_id, ticket_number, element, due_at, state, armed_at,
               timeline, cycle) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (desk_id, id) DO UPDATE SET due_at = excluded.due_at, leased_until = NULL,
               state = excluded.state, armed_at = excluded.armed_at, cycle = excluded.cycle""",
        (
            instance.desk_id,
            row_id(data["timer"]),
            instance.id,
            instance.ticket_number,
            data["element"],
            data.get("due"),
            "armed" if event.kind == "timer_armed" else "suspended",
            instance.last_event_at,
            instance.timeline,
            data.get("cycle"),
        ),
    )


def timer_fired(event: Event, instance: Instance) -> Iterator[Statement]:
    yield (
        "UPDATE timer SET state = 'fired', fired_at = %s WHERE desk_id = %s AND id = %s",
        (instance.last_event_at, instance.desk_id, row_id(event.data["timer"])),
    )


def timer_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _timer_state(event, instance, "cancelled")


def timer_failed(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _timer_state(event, instance, "failed")


def message_awaited(event: Event, instance: Instance) -> Iterator[Statement]:
    key = event.values.get("key")
    yield _subscription(event, instance, "message", None if key is None else str(key))


def signal_awaited(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _subscription(event, instance, "signal", None)


def no_longer_awaited(event: Event, instance: Instance) -> Iterator[Statement]:
    """A message or signal is no longer waited for."""
    yield (
        "DELETE FROM subscription WHERE desk_id = %s AND id = %s",
        (instance.desk_id, row_id(event.data["subscription"])),
    )


def _subscription(event: Event, instance: Instance, kind: str, key: str | None) -> Statement:
    """Without a key only the instance itself is the address, and no message that lies waiting is for it."""
    return (
        """INSERT INTO subscription (desk_id, id, instance_id, ticket_number, name, key, element, timeline, kind,
               fresh) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            row_id(event.data["subscription"]),
            instance.id,
            instance.ticket_number,
            event.data["name"],
            key,
            event.data["element"],
            instance.timeline,
            kind,
            key is not None,
        ),
    )


def _timer_state(event: Event, instance: Instance, state: str) -> Statement:
    return (
        "UPDATE timer SET state = %s WHERE desk_id = %s AND id = %s",
        (state, instance.desk_id, row_id(event.data["timer"])),
    )
