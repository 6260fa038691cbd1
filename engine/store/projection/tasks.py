"""What happens to user tasks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement


def task_opened(event: Event, instance: Instance) -> Iterator[Statement]:
    data = event.data
    priority = data.get("priority")
    yield (
        """INSERT INTO task (desk_id, id, instance_id, ticket_number, element, name, form, queue, candidate_groups,
               assignee, state, priority, opened_at, due_at, claimed_at, timeline, snapshot_id, skills)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, %s, %s)""",
        (
            instance.desk_id,
            row_id(data["task"]),
            instance.id,
            instance.ticket_number,
            data["element"],
            data["name"],
            data.get("form"),
            data.get("queue"),
            list(data.get("candidate_groups") or ()),
            row_id(data.get("assignee")),
            None if priority is None else str(priority),
            instance.last_event_at,
            data.get("due"),
            instance.last_event_at if data.get("assignee") else None,
            instance.timeline,
            row_id(data.get("pack")),
            list(data.get("skills") or ()),
        ),
    )


def task_held(event: Event, instance: Instance) -> Iterator[Statement]:
    """A task was claimed, released (no person) or assigned."""
    person = row_id(event.data.get("person"))
    yield (
        "UPDATE task SET assignee = %s, claimed_at = %s, revision = %s, reason = %s WHERE desk_id = %s AND id = %s",
        (
            person,
            instance.last_event_at if person else None,
            event.data["revision"],
            event.data.get("reason"),
            instance.desk_id,
            row_id(event.data["task"]),
        ),
    )


def task_left(event: Event, instance: Instance) -> Iterator[Statement]:
    """Nobody was chosen; why stands beside the task."""
    yield (
        "UPDATE task SET reason = %s WHERE desk_id = %s AND id = %s",
        (event.data["reason"], instance.desk_id, row_id(event.data["task"])),
    )


def task_completed(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _close_task(event, instance, "completed")


def task_cancelled(event: Event, instance: Instance) -> Iterator[Statement]:
    yield _close_task(event, instance, "cancelled")


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
            row_id(event.data["task"]),
        ),
    )
