"""What events mean for the tables: one small function for each kind that has a meaning there.

The tables are for questions; the instance's state and the trail are the truth. Each function turns one event into
statements, which go out together with the rest of the step. Kinds without a row of their own (movements of tokens,
variables, decisions) live in the trail alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection import goals, incidents, links, mails, messages, outbox, tasks, tickets, waits
from engine.store.projection.common import Projector
from engine.store.statements import Statement

PROJECTORS: Mapping[str, Projector] = {
    "ticket_opened": tickets.ticket_opened,
    "state_changed": tickets.state_changed,
    "ticket_changed": tickets.ticket_changed,
    "entry_added": tickets.entry_added,
    "ticket_linked": links.ticket_linked,
    "instance_ended": tickets.instance_ended,
    "task_opened": tasks.task_opened,
    "task_claimed": tasks.task_held,
    "task_released": tasks.task_held,
    "task_assigned": tasks.task_held,
    "task_left": tasks.task_left,
    "task_completed": tasks.task_completed,
    "task_cancelled": tasks.task_cancelled,
    "timer_armed": waits.timer_armed,
    "timer_suspended": waits.timer_armed,
    "timer_fired": waits.timer_fired,
    "timer_cancelled": waits.timer_cancelled,
    "timer_failed": waits.timer_failed,
    **dict.fromkeys(
        ("goal_started", "goal_paused", "goal_resumed", "goal_retargeted", "goal_met", "goal_ended"),
        goals.goal_moved,
    ),
    "goal_warned": goals.goal_looked_at,
    "goal_breached": goals.goal_looked_at,
    "message_awaited": waits.message_awaited,
    "message_received": messages.message_received,
    "message_ended": waits.no_longer_awaited,
    "message_thrown": outbox.message_thrown,
    "signal_awaited": waits.signal_awaited,
    "signal_ended": waits.no_longer_awaited,
    "signal_thrown": outbox.signal_thrown,
    "assignment_wanted": outbox.assignment_wanted,
    "service_requested": outbox.service_requested,
    "service_completed": outbox.job_done,
    "service_failed": outbox.job_failed,
    "service_error": outbox.job_done,
    "job_lost": outbox.job_lost,
    "service_cancelled": outbox.service_cancelled,
    "mail_requested": outbox.mail_requested,
    "mail_sent": mails.mail_sent,
    "mail_failed": outbox.job_failed,
    "incident_opened": incidents.incident_opened,
    "incident_closed": incidents.incident_closed,
}


def project(events: Iterable[Event], instance: Instance) -> Iterator[Statement]:
    """Yield the statements that write what the events mean, at the moment of the instance's last event."""
    for event in events:
        projector = PROJECTORS.get(event.kind)
        if projector:
            yield from projector(event, instance)
