"""User tasks: who may take one, give it back, hand it over and complete it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.errors import Conflict, Forbidden
from engine.runtime.commands import AssignTask, ClaimTask, Command, CompleteTask, LeaveTask, ReleaseTask
from engine.runtime.handlers.applying import apply, find
from engine.runtime.handlers.links import link
from engine.runtime.handlers.rights import demand_right, is_lead
from engine.runtime.keeping import kept
from engine.runtime.state import Hold
from engine.runtime.step import Step
from engine.spiff import TaskWait


class TaskNotOpen(Conflict):
    """The task was completed or taken back before this command came; the engine tells by whom."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(f"Expected task {task_id} to be open, but it is not.")
        self.task_id = task_id


class TaskHeld(Conflict):
    """The task is not in the hands it was expected in; the engine tells in whose. `expected` says "to be free"."""

    def __init__(self, wait: TaskWait, expected: str, but: str) -> None:
        super().__init__(f"Expected task '{wait.name}' {expected}, but {but}.")
        self.task_id = wait.id
        self.expected = expected


@apply.register
def _claim(command: ClaimTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee == command.actor.id:
        return
    if hold.assignee is not None:
        raise TaskHeld(wait, "to be free", "somebody has claimed it")
    demand_right(wait.name, wait.candidate_groups, command.actor)
    _hand_to(step, wait, command.actor.id, "task_claimed", command)


@apply.register
def _release(command: ReleaseTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee is None:
        return
    if hold.assignee != command.actor.id and not is_lead(command.actor):
        raise Forbidden(f"Expected task '{wait.name}' to be yours, but somebody else holds it.")
    _hand_to(step, wait, None, "task_released", command)


@apply.register
def _assign(command: AssignTask, step: Step) -> None:
    wait, _ = _open_task(step, command)
    if not is_lead(command.actor):  # to oneself neither: that would take it out of somebody's hands
        raise Forbidden(f"Expected a lead to put task '{wait.name}' into somebody's hands, but you are none.")
    _hand_to(step, wait, str(command.assignee_id), "task_assigned", command, command.reason)


@apply.register
def _leave(command: LeaveTask, step: Step) -> None:
    wait, _ = _open_task(step, command)
    data = {"task": str(wait.id), "element": wait.element, "reason": command.reason}
    step.emit("task_left", command.actor, data)


@apply.register
def _complete(command: CompleteTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee not in (None, command.actor.id):
        raise TaskHeld(wait, "to be free or yours", "somebody else holds it")
    if (
        hold.assignee is None
    ):  # who holds it has claimed it by right, or was given it by a lead or the diagram
        demand_right(wait.name, wait.candidate_groups, command.actor)
    fields = _fields(step, wait, command)
    data = {"task": str(wait.id), "element": wait.element, "name": wait.name}
    step.emit("task_completed", command.actor, data, fields)
    _link(step, wait, command, fields)
    by = command.actor.id if command.actor.kind == "person" else None
    step.run.complete(wait.id, fields, by=by)
    step.settle(command.actor)


def _open_task(
    step: Step, command: ClaimTask | ReleaseTask | AssignTask | LeaveTask | CompleteTask
) -> tuple[TaskWait, Hold]:
    wait = find(step, command.task_id, TaskWait)
    if wait is None:
        raise TaskNotOpen(command.task_id)
    hold = step.hold(wait.id)
    if command.revision is not None and command.revision != hold.revision:
        raise TaskHeld(wait, "as you saw it", "it has changed hands since")
    return wait, hold


def _hand_to(
    step: Step, wait: TaskWait, person: str | None, kind: str, command: Command, reason: str | None = None
) -> None:
    hold = step.hold(wait.id).taken_by(person)
    step.state.holds[wait.id] = hold
    data = {"task": str(wait.id), "element": wait.element, "person": person, "revision": hold.revision}
    step.emit(kind, command.actor, {**data, **({"reason": reason} if reason else {})})


def _link(step: Step, wait: TaskWait, command: CompleteTask, fields: dict[str, Any]) -> None:
    """Link the ticket to those that the form's fields name."""
    if wait.form:
        form = step.world.of(wait.pack).form(wait.form)
        for field, kind, other in form.links(fields):
            link(step, command.actor, kind, other, field)


def _fields(step: Step, wait: TaskWait, command: CompleteTask) -> dict[str, Any]:
    """Return the fields as values: judged by the task's form, or taken as they are where it has none."""
    if wait.form:
        world = step.world.of(wait.pack)
        surroundings = world.surroundings(step.now)
        return world.form(wait.form).validate(command.fields, step.run.variables(wait.id), surroundings)
    return kept(command.fields)
