"""Answers from outside: of service handlers, of the mail server, and of nobody at all.

An answer to a service task that no longer waits changes nothing; the trail only says that it came.
"""

from __future__ import annotations

from engine.runtime.commands import (
    CompleteService,
    FailService,
    RecordSent,
    RecordUndelivered,
    ReportLostJob,
    ThrowServiceError,
)
from engine.runtime.handlers.applying import apply, find
from engine.runtime.keeping import kept
from engine.runtime.step import Step
from engine.spiff import ServiceWait


@apply.register
def _complete(command: CompleteService, step: Step) -> None:
    wait = _waiting(command, step, "completed")
    if wait is None:
        return
    result = kept(command.result)
    step.emit("service_completed", command.actor, {"job": str(wait.id), "element": wait.element}, result)
    step.close_troubles_about(wait.id, command.actor)
    step.run.complete(wait.id, result)
    step.settle(command.actor)


@apply.register
def _fail(command: FailService, step: Step) -> None:
    wait = _waiting(command, step, "failed")
    if wait is None:
        return
    data = {"job": str(wait.id), "element": wait.element}
    step.emit("service_failed", command.actor, data, {"error": command.error})
    step.close_troubles_about(wait.id, command.actor)
    step.open_trouble("service", wait.id, command.error, command.actor, wait.element, wait.scope)


@apply.register
def _throw(command: ThrowServiceError, step: Step) -> None:
    wait = _waiting(command, step, "error")
    if wait is None:
        return
    variables = kept(command.variables)
    data = {"job": str(wait.id), "element": wait.element, "code": command.code}
    step.emit("service_error", command.actor, data, {"message": command.message, "variables": variables})
    step.close_troubles_about(wait.id, command.actor)
    step.run.throw_error(wait.id, command.code, command.message, variables)
    step.settle(command.actor)


@apply.register
def _record_sent(command: RecordSent, step: Step) -> None:
    sent = {} if command.message_id is None else {"message_id": command.message_id}
    step.emit("mail_sent", command.actor, {"job": str(command.job_id), **sent})
    step.close_troubles_about(command.job_id, command.actor)


@apply.register
def _record_undelivered(command: RecordUndelivered, step: Step) -> None:
    step.emit("mail_failed", command.actor, {"job": str(command.job_id)}, {"error": command.error})
    step.close_troubles_about(command.job_id, command.actor)
    step.open_trouble("mail", command.job_id, command.error, command.actor)


@apply.register
def _report_lost(command: ReportLostJob, step: Step) -> None:
    """Only a service's job has a wait in the instance; of the others the outbox alone knows that they are open.

    A task for which nobody could be chosen needs no incident: it lies in its queue, where people see it.
    """
    wait = find(step, command.job_id, ServiceWait)
    if step.has_trouble(command.job_id) or (command.kind == "service" and wait is None):
        return
    element, scope = (wait.element, wait.scope) if wait else (None, ())
    if command.given_up:
        data = {"job": str(command.job_id), "kind": command.kind, "element": element}
        step.emit("job_lost", command.actor, data, {"error": command.error})
    if command.kind == "assignment":
        return
    step.open_trouble(command.kind, command.job_id, command.error, command.actor, element, scope)


def _waiting(
    command: CompleteService | FailService | ThrowServiceError, step: Step, what: str
) -> ServiceWait | None:
    wait = find(step, command.job_id, ServiceWait)
    if wait is None:
        step.emit("service_ignored", command.actor, {"job": str(command.job_id), "what": what})
    return wait
