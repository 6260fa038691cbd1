"""How an instance takes a command: the timers due before it, the command, the timers due exactly now.

So a reply at the due moment is met, and a reply one microsecond later is late, in production as in scenarios.
This is the whole story of a step; each command has one function in `handlers.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.ids import Ids
from engine.runtime import handlers, opening
from engine.runtime.commands import Command, FireTimer, OpenTicket
from engine.runtime.events import Event
from engine.runtime.instance import Instance, Timeline
from engine.runtime.step import Step
from engine.runtime.world import World


@dataclass(frozen=True)
class Advanced:
    """The instance after a command, and what happened, in order. No events means nothing changed."""

    instance: Instance
    events: tuple[Event, ...]


def take(instance: Instance, command: Command, now: datetime, world: World, ids: Ids) -> Advanced:
    """Let a running instance take a command at `now` (UTC). Pure; raises Refused and leaves nothing behind."""
    step = Step.resume(instance, world, now, ids)
    if instance.ended_at is None:
        step.fire_due(until=now) if isinstance(command, FireTimer) else step.fire_due(before=now)
    handlers.apply(step, command)
    return _finish(step)


def start(
    command: OpenTicket, now: datetime, world: World, ids: Ids, timeline: Timeline = "live"
) -> Advanced:
    """Open a ticket at `now` (UTC): a new instance of its process. Pure; raises Refused."""
    return _finish(opening.open_ticket(command, now, world, ids, timeline))


def _finish(step: Step) -> Advanced:
    if not step.run.ended:
        step.fire_due(until=step.now)
    return Advanced(step.close() if step.events else step.instance, tuple(step.events))
