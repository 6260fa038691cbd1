"""Tasks by the API: list, read, claim, release, assign, complete."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.runtime.commands import AssignTask, ClaimTask, CompleteTask, ReleaseTask
from webui import access, identity
from webui.api import asking, records
from webui.api.declare import operation
from webui.api.schemas import ID, LINE, NUMBER, PAGING

_FILTERS = {
    "mine": {"type": "boolean", "description": "Only those in the hands of the token's person."},
    "queue": LINE,
    "state": {"type": "string", "enum": ["open", "completed", "cancelled"]},
    "ticket": NUMBER,
    "assignee": ID,
    **PAGING,
}


@operation("GET", "/tasks", "List tasks, the oldest first", roles=access.READ, answer="Tasks", query=_FILTERS)
def list_tasks(query: dict[str, Any]) -> Any:
    who = identity.who()
    assignee = who.person_id if query.get("mine") else _uuid(query.get("assignee"))
    page = identity.casepath().reads.tasks(
        who.desk_id,
        queue=query.get("queue"),
        state=query.get("state", "open"),
        ticket=query.get("ticket"),
        assignee=assignee,
        **asking.page_limits(query),
    )
    return {"items": [records.task(it) for it in page.items], "next": page.next}


@operation("GET", "/tasks/{id}", "Read a task", roles=access.READ, answer="Task")
def read_task(id: UUID) -> Any:
    return records.task(_task(id))


@operation("POST", "/tasks/{id}/claim", "Claim a task", roles=access.WORK, body="TaskStep", answer="Task")
def claim_task(id: UUID, body: dict[str, Any]) -> Any:
    asking.handle(ClaimTask(**asking.common(), task_id=id, revision=body.get("revision")))
    return records.task(_task(id))


@operation("POST", "/tasks/{id}/release", "Release a task", roles=access.WORK, body="TaskStep", answer="Task")
def release_task(id: UUID, body: dict[str, Any]) -> Any:
    asking.handle(ReleaseTask(**asking.common(), task_id=id, revision=body.get("revision")))
    return records.task(_task(id))


@operation(
    "POST",
    "/tasks/{id}/assign",
    "Put a task into a person's hands",
    roles=access.LEAD,
    body="Assignment",
    answer="Task",
)
def assign_task(id: UUID, body: dict[str, Any]) -> Any:
    person = identity.casepath().reads.person(identity.desk_id(), UUID(body["person"]))
    command = AssignTask(
        **asking.common(),
        task_id=id,
        revision=body.get("revision"),
        assignee_id=person.id,
        assignee_name=person.name,
    )
    asking.handle(command)
    return records.task(_task(id))


@operation(
    "POST",
    "/tasks/{id}/complete",
    "Complete a task with the fields of its form",
    roles=access.WORK,
    body="Completion",
    answer="Task",
)
def complete_task(id: UUID, body: dict[str, Any]) -> Any:
    command = CompleteTask(
        **asking.common(), task_id=id, revision=body.get("revision"), fields=body.get("fields", {})
    )
    asking.handle(command)
    return records.task(_task(id))


def _task(id: UUID) -> Any:
    return identity.casepath().reads.task(identity.desk_id(), id)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
