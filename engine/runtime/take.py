"""How an instance takes a command: the timers due before it, the command, the timers due exactly now.

So a reply at the due moment is met, and a reply one microsecond later is late, in production as in scenarios.
This is the whole story of a step; each command has one function in `handlers/`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine.errors import CasepathError
from engine.ids import Ids
from engine.runtime import handlers, opening
from engine.runtime.commands import Command, FireTimer, Inspect, OpenTicket, ReportIncident, ReportLostJob
from engine.runtime.events import Event
from engine.runtime.instance import Instance, Timeline
from engine.runtime.state import Trouble, says_trouble, with_trouble
from engine.runtime.step import Step
from engine.runtime.world import World

Report = ReportIncident | ReportLostJob | Inspect


@dataclass(frozen=True)
class Advanced:
    """The instance after a command, and what happened, in order. No events means nothing changed."""

    instance: Instance
    events: tuple[Event, ...]


def take(instance: Instance, command: Command, now: datetime, world: World, ids: Ids) -> Advanced:
    """Let a running instance take a command at `now` (UTC). Pure; raises Refused and leaves nothing behind.

    A report about an instance fires no timer on the way: one that can't be fired would refuse it for ever.
    """
    step = Step.resume(instance, world, now, ids)
    if isinstance(command, Report):
        handlers.apply(command, step)
        return _closed(step)
    if instance.ended_at is None:
        step.fire_due(until=now) if isinstance(command, FireTimer) else step.fire_due(before=now)
    handlers.apply(command, step)
    return _finish(step)


def set_aside(
    instance: Instance, command: ReportIncident | Inspect, error: CasepathError, ids: Ids, now: datetime
) -> Advanced:
    """Give an instance that can't be loaded an incident: about the timer that can't be fired, or about its state.

    Its state is left as it is, but for the incident, which a later Casepath that can load it may retry. One that
    was told of already is left alone.
    """
    if isinstance(command, ReportIncident):
        trouble, message = Trouble("timer", str(command.timer_id)), command.error
        events = [Event("timer_failed", command.actor, {"timer": trouble.subject, "element": None})]
    elif _is_told(instance):
        return Advanced(instance, ())
    else:
        trouble, message, events = Trouble("state", str(instance.id)), str(error), []
    incident = ids.uuid()
    facts = {"incident": str(incident), "about": trouble.about, "subject": trouble.subject, "element": None}
    events.append(Event("incident_opened", command.actor, facts, {"message": message}))
    after = replace(
        instance,
        state=with_trouble(instance.state, incident, trouble),
        status="incident",
        revision=instance.revision + 1,
        last_event_at=now,
    )
    return Advanced(after, tuple(events))


def _is_told(instance: Instance) -> bool:
    told = says_trouble(instance.state, "state")
    return instance.status == "incident" if told is None else told


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
