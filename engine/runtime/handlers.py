"""What each command does to an instance: one function a command."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, TypeVar
from uuid import UUID

from engine.errors import Conflict, Forbidden, InvalidInput, Refused
from engine.runtime.commands import (
    AddEntry,
    AssignTask,
    CancelTicket,
    ClaimTask,
    Command,
    CompleteService,
    CompleteTask,
    DeliverMessage,
    FailService,
    FireTimer,
    RecordSent,
    RecordUndelivered,
    ReleaseTask,
    ReportIncident,
    RetryIncident,
)
from engine.runtime.keeping import kept
from engine.runtime.state import Hold
from engine.runtime.step import Step
from engine.spiff import MessageWait, ServiceWait, TaskWait, TimerWait, Wait

_W = TypeVar("_W", bound=Wait)


class TaskNotOpen(Conflict):
    """The task was completed or taken back before this command came; the engine tells by whom."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(f"Expected task {task_id} to be open, but it is not.")
        self.task_id = task_id


@singledispatch
def apply(command: Command, step: Step) -> None:
    """Let a step take a command. Raises Refused (or a kind of it) when it may not be done."""
    raise TypeError(f"Expected a command that an instance can take, but got {type(command).__name__}.")


@apply.register
def _fire_timer(command: FireTimer, step: Step) -> None:
    """Whatever was due has fired before this; a timer no longer armed, or not yet due, changes nothing."""


@apply.register
def _claim(command: ClaimTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee == command.actor.id:
        return
    if hold.assignee is not None:
        raise Conflict(f"Expected task '{wait.name}' to be free, but somebody has claimed it.")
    _demand_right(wait, command)
    _hand_to(step, wait, command.actor.id, "task_claimed", command)


@apply.register
def _release(command: ReleaseTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee is None:
        return
    if hold.assignee != command.actor.id and not _leads(command):
        raise Forbidden(f"Expected task '{wait.name}' to be yours, but somebody else holds it.")
    _hand_to(step, wait, None, "task_released", command)


@apply.register
def _assign(command: AssignTask, step: Step) -> None:
    wait, _ = _open_task(step, command)
    if not _leads(command):  # to oneself neither: that would take it out of somebody's hands
        raise Forbidden(f"Expected a lead to put task '{wait.name}' into somebody's hands, but you are none.")
    _hand_to(step, wait, str(command.assignee_id), "task_assigned", command)


@apply.register
def _complete(command: CompleteTask, step: Step) -> None:
    wait, hold = _open_task(step, command)
    if hold.assignee not in (None, command.actor.id):
        raise Conflict(f"Expected task '{wait.name}' to be free or yours, but somebody else holds it.")
    if (
        hold.assignee is None
    ):  # who holds it has claimed it by right, or was given it by a lead or the diagram
        _demand_right(wait, command)
    fields = _fields(step, wait, command)
    data = {"task": str(wait.id), "element": wait.element, "name": wait.name}
    step.emit("task_completed", command.actor, data, fields)
    step.run.complete(wait.id, fields)
    step.settle(command.actor)


@apply.register
def _add_entry(command: AddEntry, step: Step) -> None:
    if not command.body.strip():
        raise InvalidInput(
            "Expected some text, but it is empty.", {"body": "Expected some text, but it is empty."}
        )
    entry = step.ids.uuid()
    data = {"entry": str(entry), "kind": command.kind, "public": command.public, "author": command.actor.kind}
    step.emit("entry_added", command.actor, data, {"body": command.body, "author_name": command.actor.name})
    if command.public and not step.run.ended:
        name = "customer_reply" if command.actor.kind == "customer" else "agent_reply"
        waiting = _catchers(step, name, None)
        if waiting:
            _deliver(step, waiting[0], {"body": command.body, "entry": str(entry)}, command)


@apply.register
def _deliver_message(command: DeliverMessage, step: Step) -> None:
    waiting = _catchers(step, command.name, command.key)
    if not waiting:
        raise Refused(_nobody_waits(step, command.name))
    if len(waiting) > 1 and command.key is None:
        raise Refused(
            f"Expected one catcher of message '{command.name}', but {len(waiting)} wait; name its key."
        )
    _deliver(step, waiting[0], kept(command.payload), command)


@apply.register
def _cancel(command: CancelTicket, step: Step) -> None:
    if step.run.ended:
        raise Refused(f"Expected ticket {command.ticket} to be running, but it has ended.")
    step.run.cancel()
    step.settle(command.actor, {"reason": command.reason})


@apply.register
def _complete_service(command: CompleteService, step: Step) -> None:
    wait = _find(step, command.job_id, ServiceWait)
    if wait is None:
        return  # the process went another way meanwhile; the late answer is kept as a command, nothing moves
    result = kept(command.result)
    data = {"job": str(wait.id), "element": wait.element}
    step.emit("service_completed", command.actor, data, result)
    _close_troubles_about(step, str(wait.id), command)
    step.run.complete(wait.id, result)
    step.settle(command.actor)


@apply.register
def _fail_service(command: FailService, step: Step) -> None:
    wait = _find(step, command.job_id, ServiceWait)
    if wait is None:
        return
    data = {"job": str(wait.id), "element": wait.element}
    step.emit("service_failed", command.actor, data, {"error": command.error})
    step.open_trouble("service", wait.id, wait.element, command.error, command.actor)


@apply.register
def _record_sent(command: RecordSent, step: Step) -> None:
    step.emit("mail_sent", command.actor, {"job": str(command.job_id)})
    _close_troubles_about(step, str(command.job_id), command)


@apply.register
def _record_undelivered(command: RecordUndelivered, step: Step) -> None:
    step.emit("mail_failed", command.actor, {"job": str(command.job_id)}, {"error": command.error})
    step.open_trouble("mail", command.job_id, None, command.error, command.actor)


@apply.register
def _report_incident(command: ReportIncident, step: Step) -> None:
    wait = _find(step, command.timer_id, TimerWait)
    if wait is None or any(it.subject == str(wait.id) for it in step.state.troubles.values()):
        return
    step.emit("timer_failed", command.actor, {"timer": str(wait.id), "element": wait.element})
    step.open_trouble("timer", wait.id, wait.element, command.error, command.actor)


@apply.register
def _retry(command: RetryIncident, step: Step) -> None:
    trouble = step.state.troubles.get(command.incident_id)
    if trouble is None:
        raise Refused("Expected an open incident, but it is closed.")
    if trouble.about == "stuck":
        raise Refused(
            "Expected something to try again, but the process waits for tokens that can't come; cancel it."
        )
    step.close_trouble(command.incident_id, command.actor, retry=True)


def _open_task(
    step: Step, command: ClaimTask | ReleaseTask | AssignTask | CompleteTask
) -> tuple[TaskWait, Hold]:
    wait = _find(step, command.task_id, TaskWait)
    if wait is None:
        raise TaskNotOpen(command.task_id)
    hold = step.hold(wait.id)
    if command.revision is not None and command.revision != hold.revision:
        raise Conflict(f"Expected task '{wait.name}' as you saw it, but it has changed hands since.")
    return wait, hold


def _find(step: Step, id: UUID, kind: type[_W]) -> _W | None:
    wait = step.run.waits.get(id)
    return wait if isinstance(wait, kind) else None


def _hand_to(step: Step, wait: TaskWait, person: str | None, kind: str, command: Command) -> None:
    hold = step.hold(wait.id).taken_by(person)
    step.state.holds[wait.id] = hold
    data = {"task": str(wait.id), "element": wait.element, "person": person, "revision": hold.revision}
    step.emit(kind, command.actor, data)


def _leads(command: Command) -> bool:
    return bool(command.actor.roles & {"lead", "admin"}) or command.actor.kind in ("system", "log")


def _demand_right(wait: TaskWait, command: Command) -> None:
    """A task is no customer's; one with candidate groups is for people of these queues (or roles), and for leads."""
    if _leads(command):
        return
    if command.actor.kind == "customer":
        raise Forbidden(f"Expected someone of the desk to do '{wait.name}', but you are a customer.")
    groups = set(wait.candidate_groups)
    if groups and not groups & (command.actor.queues | command.actor.roles):
        raise Forbidden(
            f"Expected someone of {', '.join(wait.candidate_groups)} to do '{wait.name}', but you are none."
        )


def _fields(step: Step, wait: TaskWait, command: CompleteTask) -> dict[str, Any]:
    """Return the fields as values: judged by the task's form, or taken as they are where it has none."""
    if wait.form:
        return step.world.form(wait.form).validate(command.fields, step.run.variables(wait.id), now=step.now)
    return kept(command.fields)


def _catchers(step: Step, name: str, key: str | None) -> list[MessageWait]:
    waits = (wait for wait in step.run.waits.values() if isinstance(wait, MessageWait))
    return [wait for wait in waits if wait.name == name and key in (None, wait.key)]


def _deliver(step: Step, wait: MessageWait, payload: dict[str, Any], command: Command) -> None:
    data = {"subscription": str(wait.id), "element": wait.element, "name": wait.name}
    step.emit("message_received", command.actor, data, payload)
    step.run.deliver(wait.id, payload)
    step.settle(command.actor)


def _nobody_waits(step: Step, name: str) -> str:
    names = sorted({wait.name for wait in step.run.waits.values() if isinstance(wait, MessageWait)})
    waited = ", ".join(f"'{it}'" for it in names) or "no message"
    return f"Expected ticket {step.ticket.number} to wait for message '{name}', but it waits for {waited}."


def _close_troubles_about(step: Step, subject: str, command: Command) -> None:
    for incident, trouble in list(step.state.troubles.items()):
        if trouble.subject == subject:
            step.close_trouble(incident, command.actor)
