"""Everything that can change an instance, as data.

A click, a JSON call, a due timer, an answer of a mail server and a row of a replayed log all become one of these
and go through `Engine.handle`. Each carries its own id: the same id is done once, wherever it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid5

ActorKind = Literal["person", "customer", "system", "token", "log"]


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a customer, Casepath itself, an API token, or a resource named in a replayed log.

    `id` stands in the chain, `name` is for pages only. `roles` and `queues` are what the edge knows about a
    person; the core uses them to judge who may take a task.
    """

    kind: ActorKind
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()


SYSTEM = Actor("system", "casepath", "Casepath")

AddressKind = Literal["task", "ticket", "timer", "job", "subscription", "instance", "incident", "new"]


@dataclass(frozen=True)
class Address:
    """Where a command's instance is found: by the row it names."""

    kind: AddressKind
    id: UUID | int | None = None


@dataclass(frozen=True, kw_only=True)
class Command:
    """One wish to change one instance. `id` makes it happen once; `actor` stands in the trail."""

    id: UUID
    desk_id: int
    actor: Actor

    @property
    def address(self) -> Address:
        """Where the instance is found that this command is for."""
        raise TypeError(f"Expected a command with an address, but {type(self).__name__} has none.")


def derived_id(cause: UUID, what: str) -> UUID:
    """Return the id of a command that follows from another thing, the same each time it is asked for."""
    return uuid5(cause, what)


@dataclass(frozen=True)
class Requester:
    """The customer on whose behalf a ticket is opened; `id` is filled in by the engine (found or made)."""

    name: str
    email: str | None = None
    phone: str | None = None
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OpenTicket(Command):
    """Open a ticket and start its root process.

    `number` and `requester.id` are given by the engine before the step, so that they stand in the kept command.
    `start_message` or `start_signal` names what the start event waits for; neither is the plain start. `message_id`
    is the stored message that opens the ticket, `start_key` its key: while a ticket runs that it opened, no other is.
    `mail` and `attachments` are as in `engine.runtime.mailed`.
    `follows` is an earlier ticket from which this one goes on.
    """

    process: str
    channel: str
    subject: str
    description: str
    requester: Requester
    category: str | None = None
    priority: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    start_message: str | None = None
    start_signal: str | None = None
    start_key: str | None = None
    message_id: UUID | None = None
    number: int | None = None
    external_ref: str | None = None
    mail: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    follows: int | None = None

    @property
    def address(self) -> Address:
        return Address("new")


@dataclass(frozen=True, kw_only=True)
class _TaskCommand(Command):
    task_id: UUID
    revision: int | None = None  # the task as the person saw it; None asks for no such check

    @property
    def address(self) -> Address:
        return Address("task", self.task_id)


@dataclass(frozen=True, kw_only=True)
class CompleteTask(_TaskCommand):
    """Complete an open task with the fields of its form, as typed (they are validated by the step)."""

    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ClaimTask(_TaskCommand):
    """Take an open task into one's own hands."""


@dataclass(frozen=True, kw_only=True)
class ReleaseTask(_TaskCommand):
    """Give a claimed task back to its queue."""


@dataclass(frozen=True, kw_only=True)
class AssignTask(_TaskCommand):
    """Put an open task into a named person's hands; `reason` says why Casepath chose them."""

    assignee_id: UUID
    assignee_name: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeaveTask(_TaskCommand):
    """Leave an open task in its queue, because Casepath could choose nobody for it; `reason` says why."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class _TicketCommand(Command):
    ticket: int

    @property
    def address(self) -> Address:
        return Address("ticket", self.ticket)


@dataclass(frozen=True, kw_only=True)
class AddEntry(_TicketCommand):
    """Add a reply, note or call to a ticket's conversation.

    A public entry is also offered to the process: as message `customer_reply` when a customer wrote it and
    `agent_reply` otherwise. Nobody needs to wait for it, but with `only_if_heard` it is refused on a closed ticket
    where nobody does. `mail` and `attachments` are as in `engine.runtime.mailed`.
    """

    kind: Literal["reply", "note", "call"]
    public: bool
    body: str
    only_if_heard: bool = False
    mail: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LinkTicket(_TicketCommand):
    """Say what a ticket is to another one: it `follows` it, is a `duplicate_of` it or is `caused_by` it."""

    kind: str
    other: int


@dataclass(frozen=True, kw_only=True)
class DeliverMessage(_TicketCommand):
    """Deliver a BPMN message to the one catcher of a ticket that waits for it; refused where none does.

    `entry` are words that came with it. They join the conversation before the message is heard, and are no
    `customer_reply` of their own: a catcher of that which opens because of the message doesn't hear them.
    """

    name: str
    key: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    entry: str | None = None


@dataclass(frozen=True, kw_only=True)
class CorrelateMessage(Command):
    """Bring a stored message to the one catcher that was chosen for it.

    `subscription_id` names the catcher, `message_id` the stored message. Refused where that catcher is gone.
    """

    subscription_id: UUID
    message_id: UUID
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return Address("subscription", self.subscription_id)


@dataclass(frozen=True, kw_only=True)
class TakeAction(Command):
    """Do what the diagram offers now: fill in the action's form, and hand it to the catcher that waits for it."""

    subscription_id: UUID
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return Address("subscription", self.subscription_id)


@dataclass(frozen=True, kw_only=True)
class DeliverSignal(Command):
    """Tell one instance of a signal that was thrown elsewhere; all its catchers of that name hear it, or none."""

    instance_id: UUID
    signal_id: UUID
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return Address("instance", self.instance_id)


@dataclass(frozen=True, kw_only=True)
class CancelTicket(_TicketCommand):
    """End a ticket's process where it stands, with a reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class FireTimer(Command):
    """Tell the instance that a timer is due. A timer that is no longer armed changes nothing."""

    timer_id: UUID

    @property
    def address(self) -> Address:
        return Address("timer", self.timer_id)


@dataclass(frozen=True, kw_only=True)
class _JobCommand(Command):
    job_id: UUID

    @property
    def address(self) -> Address:
        return Address("job", self.job_id)


@dataclass(frozen=True, kw_only=True)
class CompleteService(_JobCommand):
    """The handler of a service task answered with these values."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FailService(_JobCommand):
    """The handler of a service task failed for the last time; the instance stays there with an incident."""

    error: str


@dataclass(frozen=True, kw_only=True)
class ThrowServiceError(_JobCommand):
    """The handler of a service task raised a BPMN error: the innermost catcher of `code` goes on from it.

    One that nobody catches stays at the service task as an incident.
    """

    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordSent(_JobCommand):
    """A mail was accepted by the mail server; `message_id` is what answers to it refer to."""

    message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordUndelivered(_JobCommand):
    """A mail was given up after its last try; an incident tells somebody."""

    error: str


@dataclass(frozen=True, kw_only=True)
class ReportLostJob(_JobCommand):
    """A job of the outbox of this `kind` was not done and nobody is at it; an incident tells somebody.

    Where it was not given up, it is done all the same as soon as somebody can, and the incident is over then.
    """

    kind: str
    error: str
    given_up: bool = True


@dataclass(frozen=True, kw_only=True)
class ReportIncident(Command):
    """A timer could not be fired; it is set aside and somebody is told, instead of trying for ever."""

    timer_id: UUID
    error: str

    @property
    def address(self) -> Address:
        return Address("timer", self.timer_id)


@dataclass(frozen=True, kw_only=True)
class Inspect(Command):
    """Look at an instance that seems to be forgotten, and open an incident where it is; nothing in it is moved.

    `timer_id` names a timer that is overdue and that nobody fires. Without it nothing of the instance was found for
    which anybody could do something. An instance that went on since `revision` isn't forgotten.
    """

    instance_id: UUID
    revision: int
    timer_id: UUID | None = None

    @property
    def address(self) -> Address:
        return Address("instance", self.instance_id)


@dataclass(frozen=True, kw_only=True)
class AdoptTerms(Command):
    """Let the calendars and settings of a deployment hold for an instance from now on.

    Where a change of settings was for new tickets only, `settings_id` is the deployment whose settings still hold.
    """

    instance_id: UUID
    snapshot_id: UUID
    settings_id: UUID | None = None

    @property
    def address(self) -> Address:
        return Address("instance", self.instance_id)


@dataclass(frozen=True, kw_only=True)
class _IncidentCommand(Command):
    incident_id: UUID

    @property
    def address(self) -> Address:
        return Address("incident", self.incident_id)


@dataclass(frozen=True, kw_only=True)
class RetryIncident(_IncidentCommand):
    """Try again what an incident stopped, after writing `variables` as they are seen from its element."""

    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SkipIncident(_IncidentCommand):
    """Count what an incident stopped as done without results, with a reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class MoveToken(_TicketCommand):
    """Take a token away from where it is and put it before another element of the same level, with a reason.

    `wait_id` names one thing that the token waits for; without it the one token that stands at `element` is meant.
    `scope` is the path of that level (element ids with `/` between, empty for the process itself), and narrows down
    what stands at `element`.
    """

    element: str
    target: str
    reason: str
    wait_id: UUID | None = None
    scope: str = ""


COMMANDS: Mapping[str, type[Command]] = {
    kind.__name__: kind
    for kind in (
        OpenTicket,
        CompleteTask,
        ClaimTask,
        ReleaseTask,
        AssignTask,
        LeaveTask,
        AddEntry,
        LinkTicket,
        DeliverMessage,
        CorrelateMessage,
        DeliverSignal,
        CancelTicket,
        FireTimer,
        CompleteService,
        FailService,
        ThrowServiceError,
        RecordSent,
        RecordUndelivered,
        ReportLostJob,
        ReportIncident,
        Inspect,
        AdoptTerms,
        RetryIncident,
        SkipIncident,
        MoveToken,
    )
}
