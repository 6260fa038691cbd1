"""What can happen, as data: the closed vocabulary of the trail.

An event's `data` is plain (ids, element ids, kinds, moments) and stands in the chain as it is. Its `values` may be
about a person (variables, texts, names): the chain holds only a salted commitment of each, the value lies beside
it and can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.runtime.commands import Actor

EVENT_KINDS: Mapping[str, str] = {
    "ticket_opened": "A ticket was opened: number, channel, process; values: subject, description, requester, …",
    "instance_started": "A process version was started for the ticket: process, version.",
    "elements_passed": "Tokens moved: `steps`, each [entered|left|taken|cancelled, element, scope path].",
    "variables_written": "Variables were written into a scope; values: the variables.",
    "decided": "A decision was asked: decision and, per table, the rules that matched.",
    "task_opened": "A task waits for a person: task, element, name, form, queue, groups, due, skills.",
    "assignment_wanted": "Casepath is to choose who gets a task: job, task, element, queue, skills.",
    "task_claimed": "A person took a task: task, person.",
    "task_released": "A person gave a task back: task.",
    "task_assigned": "A task was put into a person's hands: task, person, reason (where Casepath chose).",
    "task_left": "Casepath found nobody for a task, and it stays in its queue: task, element, reason.",
    "task_completed": "A task was completed: task, element, name; values: the fields.",
    "task_cancelled": "A task ended because the process went another way: task, element.",
    "timer_armed": "A timer waits: timer, element, due.",
    "timer_suspended": "A timer waits for a goal that has no due moment at present: timer, element, goal.",
    "timer_fired": "A timer fired: timer, element, due (when it should), fired (when it did).",
    "timer_cancelled": "A timer is no longer needed: timer, element.",
    "timer_failed": "A timer could not be fired and was set aside: timer, element.",
    "goal_started": "The clock of a goal runs: goal, clock, round, target, counted, calendar, version, source, due.",
    "goal_paused": "The clock of a goal stands still: goal, clock, round, by, used.",
    "goal_resumed": "The clock of a goal goes on: goal, clock, round, by, used, due.",
    "goal_retargeted": "A goal has another target from now on: goal, clock, round, by, used, target, due.",
    "goal_warned": "So much of a goal is used that somebody is warned: goal, clock, round, warned, noticed.",
    "goal_breached": "A goal was not met in time: goal, clock, round, breached (the missed moment), noticed.",
    "goal_met": "A goal was met: goal, clock, round, by, used, breached (if it is late).",
    "goal_ended": "The ticket is over, and its goal with it: goal, clock, round, used.",
    "terms_adopted": "The calendars and settings of another deployment hold from now on: snapshot.",
    "message_awaited": "The process waits for a message: subscription, element, name; values: key.",
    "message_received": "A message reached its catcher: subscription, element, name; values: the payload.",
    "message_ended": "The process no longer waits for a message: subscription, element, name.",
    "message_thrown": "The process sent a message: job, element, name; values: key, payload.",
    "signal_awaited": "The process listens for a signal: subscription, element, name.",
    "signal_received": "A signal reached this instance's catchers: element, name; values: the payload.",
    "signal_ended": "The process no longer listens for a signal: subscription, element.",
    "signal_thrown": "The process sent a signal: job, element, name; values: the payload.",
    "condition_met": "A condition that the process waited for became true: element.",
    "error_thrown": "An error was thrown: element, code, caught_by (the catcher, or null).",
    "escalation_thrown": "An escalation was thrown: element, code, caught_by (the catcher, or null).",
    "compensating": "What an activity did is undone: element, activity, handler.",
    "service_requested": "A service handler is asked: job, element, type, retries; values: the inputs.",
    "service_completed": "A service handler answered: job, element; values: the result.",
    "service_failed": "A service handler failed for the last time: job, element; values: error.",
    "service_cancelled": "An answer of a service is no longer needed: job, element.",
    "service_error": "A service handler raised a BPMN error: job, element, code; values: message, variables.",
    "service_ignored": "An answer came for a service task that no longer waits: job, what.",
    "mail_requested": "A mail is to be sent: job, element, template, entry; values: to, subject, body.",
    "mail_omitted": "A mail had nobody to go to, and was not sent: element, template.",
    "mail_sent": "A mail server accepted a mail: job.",
    "mail_failed": "A mail was given up after its last try: job; values: error.",
    "state_changed": "The ticket's state changed: from, to, label, element.",
    "ticket_changed": "A property of the ticket changed: field; values: from, to.",
    "ticket_linked": "The ticket was linked to another one: kind, other, field (of the form that named it).",
    "entry_added": "The conversation grew: entry, kind, public; values: body.",
    "job_lost": "A job of the outbox was never done and is set aside: job, kind, element; values: error.",
    "incident_opened": "Somebody must look: incident, about, subject, element, scope, phase; values: message.",
    "incident_closed": "An incident is over: incident, about, subject, how; values: reason.",
    "token_moved": "Somebody moved a token: from, to, scope; values: reason.",
    "instance_ended": "The process ended: how (completed, terminated, cancelled); values: reason.",
    "desk_event": "Something without an instance: what (deployed, person_added, logged_in …) and its facts.",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `actor` is who caused it; a timer's events are Casepath's own."""

    kind: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in EVENT_KINDS:
            raise ValueError(f"Expected an event of the vocabulary, but got {self.kind!r}.")
