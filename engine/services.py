"""The contract of a pack's `services.py`: handlers that answer service tasks, registered by type name.

    from engine.services import Job, handler

    @handler("log_for_development")
    def log_for_development(job: Job) -> dict:
        return {"reference": ...}

A handler is trusted code of the pack. It may be called more than once for the same job (a worker can die after the
outside system answered), so whatever moves money or goods passes `job.key` on as its idempotency key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

from engine.errors import NotFound


@dataclass(frozen=True)
class Job:
    """What a handler is asked: the service's type, its inputs, and a key that is the same at each try."""

    key: UUID
    type: str
    ticket_number: int | None
    inputs: Mapping[str, Any]


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
    """Ask the handler of a job's type. Raises NotFound when the pack has none."""
    if job.type not in handlers:
        raise NotFound(f"Expected a service handler '{job.type}' in the pack's services.py, but it has none.")
    return dict(handlers[job.type](job) or {})
