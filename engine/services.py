"""The contract of a pack's `services.py`: handlers that answer service tasks, registered by type name.

    from engine.services import BpmnError, Job, handler

    @handler("refund")
    def refund(job: Job) -> dict:
        answer = bank.refund(job.inputs["amount"], idempotency_key=str(job.key))
        if answer.refused:
            raise BpmnError("refund_refused", answer.reason)
        return {"reference": answer.id}

A handler is trusted code of the pack. It may be called more than once for the same job (it failed and is tried again,
or a worker died after the outside system had answered), so whatever moves money or goods passes `job.key` on as its
idempotency key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol
from uuid import UUID

from engine.errors import InvalidInput, NotFound


class Records(Protocol):
    """The desk's records (accounts, invoices, stock, …) as a job may use them."""

    def do(self, operation: str, inputs: Mapping[str, Any], part: str = "") -> dict[str, Any]:
        """Do an operation such as `payment.refund`, once for the job, and return its answer.

        However often the job is tried, also by a person who retries its incident, a further try gets the answer of
        the first that did it. A handler that does several operations gives each a `part` of its own. Raises BpmnError
        where the operation refuses.
        """


class _NoRecords:
    """What a job has that was made by hand, as tests of handlers do."""

    def do(self, operation: str, inputs: Mapping[str, Any], part: str = "") -> dict[str, Any]:
        raise NotFound(f"Expected a job with records for {operation}, but this one was made without.")


@dataclass(frozen=True)
class Job:
    """What a handler is asked: the service's type, its inputs, and a key that is the same at each try.

    `records` are those of the desk. A person who retries the incident of a job that was given
    up begins a new chain of tries, with a new key.
    """

    key: UUID
    type: str
    ticket_number: int | None
    inputs: Mapping[str, Any]
    records: Records = field(default=_NoRecords(), repr=False, compare=False)


class BpmnError(Exception):
    """What a handler raises to let the process take another way: the innermost catcher of `code` goes on from it.

    `variables` are what the catcher's process gets to know. An error that nothing catches becomes an incident.
    """

    def __init__(self, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.variables = dict(variables or {})


Handler = Callable[[Job], Mapping[str, Any] | None]
_MARK = "__casepath_service__"


def handler(type_name: str) -> Callable[[Handler], Handler]:
    """Mark a function as the handler of service tasks of this type."""

    def mark(function: Handler) -> Handler:
        setattr(function, _MARK, type_name)
        return function

    return mark


def load_handlers(source: bytes, name: str) -> dict[str, Handler]:
    """Run a pack's `services.py` and return its handlers by type.

    The source comes from a deployment made at the command line, never from the studio.
    """
    module = ModuleType(name)
    exec(compile(source, f"{name}/services.py", "exec"), module.__dict__)
    return {getattr(it, _MARK): it for it in vars(module).values() if hasattr(it, _MARK)}


def call(handlers: Mapping[str, Handler], job: Job) -> dict[str, Any]:
    """Ask the handler of a job's type.

    Raises NotFound when the pack has none, InvalidInput for an answer that is no mapping of names to values or a BPMN
    error without a code, and whatever the handler raises.
    """
    if job.type not in handlers:
        raise NotFound(f"Expected a service handler '{job.type}' in the pack's services.py, but it has none.")
    try:
        answer = handlers[job.type](job)
    except BpmnError as error:
        if not isinstance(error.code, str) or not error.code.strip():
            raise InvalidInput(
                f"Expected handler '{job.type}' to name its BPMN error, but the code is {error.code!r}."
            ) from error
        raise
    if answer is None:
        return {}
    if not isinstance(answer, Mapping) or not all(isinstance(name, str) for name in answer):
        raise InvalidInput(
            f"Expected handler '{job.type}' to answer with names and values, but it gave {_kind(answer)}."
        )
    return dict(answer)


def _kind(answer: object) -> str:
    return "names that are no text" if isinstance(answer, Mapping) else f"a {type(answer).__name__}"
