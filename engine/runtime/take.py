"""How an instance takes a command: the timers due before it, the command, the timers due exactly now.

So a reply at the due moment is met, and a reply one microsecond later is late, in production as in scenarios.
This is the whole story of a step; each command has one function in `handlers.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine.ids import Ids
from engine.runtime import handlers, opening
from engine.runtime.commands import Command, FireTimer, OpenTicket, ReportIncident
from engine.runtime.events import Event
from engine.runtime.instance import Instance, Timeline
from engine.runtime.state import Trouble, with_trouble
from engine.runtime.step import Step
from engine.runtime.world import World


@dataclass(frozen=True)
class Advanced:
    """The instance after a command, and what happened, in order. No events means nothing changed."""

    instance: Instance
    events: tuple[Event, ...]


def take(instance: Instance, command: Command, now: datetime, world: World, ids: Ids) -> Advanced:
    """Let a running instance take a command at `now` (UTC). Pure; raises Refused and leaves nothing behind.

    Setting a timer aside fires none on the way: that timer, or another as broken, would refuse it for ever.
    """
    step = Step.resume(instance, world, now, ids)
    if isinstance(command, ReportIncident):
        handlers.apply(command, step)
        return _closed(step)
    if instance.ended_at is None:
        step.fire_due(until=now) if isinstance(command, FireTimer) else step.fire_due(before=now)
    handlers.apply(command, step)
    return _finish(step)


def set_aside(instance: Instance, command: ReportIncident, ids: Ids, now: datetime) -> Advanced:
    """Give an instance that can't be loaded an incident, so that its timer is not fired for ever in vain.

    Its state is left as it is, but for the incident, which a later Casepath that can load it may retry.
    """
    incident = ids.uuid()
    subject = str(command.timer_id)
    facts = {"incident": str(incident), "about": "timer", "subject": subject, "element": None}
    events = (
        Event("timer_failed", command.actor, {"timer": subject, "element": None}),
        Event("incident_opened", command.actor, facts, {"message": command.error}),
    )
    after = replace(
        instance,
        state=with_trouble(instance.state, incident, Trouble("timer", subject)),
        status="incident",
        revision=instance.revision + 1,
        last_event_at=now,
    )
    return Advanced(after, events)


def start(
    command: OpenTicket, now: datetime, world: World, ids: Ids, timeline: Timeline = "live"
) -> Advanced:
    """Open a ticket at `now` (UTC): a new instance of its process. Pure; raises Refused."""
    return _finish(opening.open_ticket(command, now, world, ids, timeline))


def _finish(step: Step) -> Advanced:
    if not step.run.ended:
        step.fire_due(until=step.now)
    return _closed(step)


def _closed(step: Step) -> Advanced:
    after = step.close() if step.events else step.instance
    return Advanced(after, tuple(step.events))
