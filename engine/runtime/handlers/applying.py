"""From a command to the function that does it, and what these functions share."""

from __future__ import annotations

from functools import singledispatch
from typing import TypeVar
from uuid import UUID

from engine.errors import InvalidInput, Refused
from engine.runtime.commands import Command
from engine.runtime.step import Step
from engine.spiff import Wait

W = TypeVar("W", bound=Wait)


@singledispatch
def apply(command: Command, step: Step) -> None:
    """Let a step take a command. Raises Refused (or a kind of it) when it may not be done."""
    raise TypeError(f"Expected a command that an instance can take, but got {type(command).__name__}.")


def find(step: Step, id: UUID, kind: type[W]) -> W | None:
    """Return what the process waits for under an id, or None where it is no longer of that kind."""
    wait = step.run.waits.get(id)
    return wait if isinstance(wait, kind) else None


def demand_running(step: Step) -> None:
    """Refuse what only a running process can take."""
    if step.run.ended:
        raise Refused(over(step))


def demand_reason(reason: str) -> None:
    """Refuse a repair without its reason: the trail must say why somebody stepped in."""
    if not reason.strip():
        sentence = "Expected a reason, but it is empty."
        raise InvalidInput(sentence, {"reason": sentence})


def over(step: Step) -> str:
    """Return the sentence for a ticket that has ended, and when."""
    ended = step.instance.ended_at
    when = f" at {ended:%H:%M} UTC on {ended:%d %B %Y}" if ended else ""
    return f"Expected ticket {step.ticket.number} to be running, but it ended{when}."
