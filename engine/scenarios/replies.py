"""What services do in a rehearsal: answer, fail, raise a BPMN error, stay silent; else the pack's handler is asked.

A call is one try: what fails here has failed for the last time, as if production had tried it as often as it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bookkeeping import Bookkeeping
from engine.errors import InvalidInput
from engine.runtime.commands import (
    SYSTEM,
    Command,
    CompleteService,
    FailService,
    ThrowServiceError,
    derived_id,
)
from engine.scenarios.looking import PendingJob
from engine.services import BpmnError, Handler, Job, call

KINDS = ("answer", "fail", "error", "silent")


@dataclass(frozen=True)
class Reply:
    """What a service of a type does: an answer, a failure with its sentence, a BPMN error, or nothing at all."""

    type: str
    answer: Mapping[str, Any] | None = None
    fail: str | None = None
    error: BpmnError | None = field(default=None, compare=False)

    @property
    def silent(self) -> bool:
        """Whether calls are left unanswered."""
        return self.answer is None and self.fail is None and self.error is None


def reply_of(said: Mapping[str, Any]) -> Reply:
    """Return the reply that a scenario says. Raises InvalidInput for none or several, and KeyError without a type."""
    kinds = [kind for kind in KINDS if kind in said]
    others = set(said) - {"type", *KINDS}
    if len(kinds) != 1 or others:
        found = ", ".join(sorted({*kinds, *others})) or "none"
        raise InvalidInput(f"Expected a type and one of {', '.join(KINDS)}, but found {found}.")
    type, kind, value = str(said["type"]), kinds[0], said[kinds[0]]
    if kind == "fail":
        return Reply(type, fail=str(value))
    if kind == "silent":
        return Reply(type)
    if not isinstance(value, Mapping):
        raise InvalidInput(f"Expected names with values in “{kind}”, but found {value!r}.")
    if kind == "answer":
        return Reply(type, answer=value)
    return Reply(
        type, error=BpmnError(str(value["code"]), str(value.get("message", "")), value.get("variables"))
    )


def answered(
    job: PendingJob,
    replies: Mapping[str, Reply],
    answers: Mapping[str, Any],
    handlers: Mapping[str, Handler],
    desk_id: int,
    keeping: Bookkeeping,
) -> Command:
    """Return the command that tells what came of a call."""
    type = str(job.payload["type"])
    reply = replies.get(type) or (Reply(type, answer=answers[type]) if type in answers else None)
    try:
        result = _said(reply) if reply else call(handlers, _asked(job, type, desk_id, keeping))
    except BpmnError as error:
        common = _common(job, "thrown", desk_id)
        return ThrowServiceError(**common, code=error.code, message=error.message, variables=error.variables)
    except Exception as error:  # a pack's handler may raise anything; production would open an incident
        return failed(job, str(error) if reply else f"{error.__class__.__name__}: {error}", desk_id)
    return CompleteService(**_common(job, "answered", desk_id), result=result)


def failed(job: PendingJob, error: str, desk_id: int) -> Command:
    """Return the command that tells that a call has failed for the last time."""
    return FailService(**_common(job, "failed", desk_id), error=error)


def _common(job: PendingJob, what: str, desk_id: int) -> dict[str, Any]:
    return {
        "id": derived_id(job.id, f"{what} {job.chain}"),
        "desk_id": desk_id,
        "actor": SYSTEM,
        "job_id": job.id,
    }


def _said(reply: Reply) -> Mapping[str, Any]:
    if reply.error is not None:
        raise reply.error
    if reply.fail is not None:
        raise InvalidInput(reply.fail)
    return reply.answer or {}


def _asked(job: PendingJob, type: str, desk_id: int, keeping: Bookkeeping) -> Job:
    key = derived_id(job.id, f"chain {job.chain}") if job.chain else job.id
    records = keeping.for_job(desk_id, job.id, job.ticket_number)
    return Job(key, type, job.ticket_number, job.payload["inputs"], records)
