"""The stage of a rehearsal: one desk with a deployed pack, the real engine, and a clock that only we move.

Timers fire exactly at their due moments, in due order, by the same command that production uses; mails are
collected instead of sent; services are answered by what the rehearsal gives, else by the pack's own handlers;
messages and signals go from ticket to ticket as in production, at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from engine.assignment import Assigning, Wanted
from engine.bookkeeping import Bookkeeping
from engine.clock import VirtualClock
from engine.correlation import Broadcast, Messages, Sending, Signals
from engine.desk_services import desk_handlers
from engine.engine import Engine, Outcome
from engine.errors import CasepathError, InvalidInput, Refused
from engine.looking import Looks
from engine.replying import Replies
from engine.runtime.commands import (
    SYSTEM,
    Actor,
    AddEntry,
    Command,
    FireTimer,
    RecordSent,
    ReportLostJob,
    derived_id,
)
from engine.runtime.events import Event
from engine.runtime.instance import Timeline
from engine.scenarios import looking
from engine.scenarios.recorded import stand_ins
from engine.scenarios.replies import Reply, answered, failed
from engine.spiff import Offer
from engine.store import Store
from engine.store.people import Person
from engine.worlds import Worlds

MOST_FIRINGS = 100_000
MOST_ROUNDS = 10_000
_WORK_FOR_OTHERS = frozenset(
    {
        "mail_requested",
        "service_requested",
        "assignment_wanted",
        "message_awaited",
        "message_thrown",
        "signal_thrown",
        "incident_closed",
    }
)
_NAMES = UUID("6f1d6f0e-3f0b-5b55-9e0f-0a4f7a3b9c11")


class StageStuck(Exception):
    """Timers that arm timers for the same moment, or messages that lead to messages, for ever."""


@dataclass(frozen=True)
class Notice:
    """A mail that would have left."""

    ticket: int
    at: datetime
    template: str
    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Presence:
    """Somebody goes away, until a moment (UTC) or for good, or comes back."""

    name: str
    away: bool
    until: datetime | None = None


@dataclass
class Stage:
    """One desk under our clock.

    `events` are all events so far, by ticket number, with their moments; `opened` the tickets, in order. With
    `remember` false none of these are kept, nor mails: a replay has too many of them. `replies` say by type what
    services do from now on, before `answers`, their results from the beginning. Without `assigns` nobody is chosen
    for tasks: the people of a replay are those of its log. Without `changes_records` services may only read the
    desk's records: those of a replay are those of real customers.
    """

    store: Store
    worlds: Worlds
    desk_id: int
    clock: VirtualClock
    timeline: Timeline = "virtual"
    answers: Mapping[str, Any] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    remember: bool = True
    assigns: bool = True
    changes_records: bool = True
    notices: list[Notice] = field(default_factory=list)
    events: dict[int, list[tuple[datetime, Event]]] = field(default_factory=dict)
    opened: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        crossing = (self.store, self.clock, self.worlds, self._handle, self.timeline)
        self.engine = Engine(self.store, self.clock, self.worlds, timeline=self.timeline)
        self.messages, self.signals = Messages(*crossing), Signals(*crossing)
        self.records = Bookkeeping(self.store, self.clock, changes=self.changes_records)
        self.assigning = Assigning(self.store, self.clock, self._handle, self.timeline)

    def handle(self, command: Command) -> Outcome:
        """Let a command through the one door, then do what it asked of the world and of other tickets."""
        outcome = self._handle(command)
        if any(event.kind in _WORK_FOR_OTHERS for event in outcome.events):
            self._do_the_rest()
        return outcome

    def say(self, words: AddEntry) -> Outcome:
        """Bring a customer's words to their ticket, or to one that follows it."""
        return Replies(self.store, self.worlds, self.handle).take(words, "web_form")

    def send(self, message: Sending) -> None:
        """Send a message to whoever waits for its key. Raises InvalidInput, Conflict."""
        self.messages.send(message)
        self._do_the_rest()

    def broadcast(self, signal: Broadcast) -> None:
        """Send a signal to every ticket that listens. Raises InvalidInput, Conflict."""
        self.signals.send(signal)
        self.signals.tell(self.desk_id, signal.id)
        self._do_the_rest()

    def reply(self, reply: Reply) -> None:
        """Let a service do something else from now on; calls that it has left unanswered are answered so too."""
        self.replies[reply.type] = reply
        self._do_the_rest()

    def offers(self, number: int) -> list[Offer]:
        """Return the actions that a ticket offers now."""
        return Looks(self.store, self.worlds, self.clock).offers(self.desk_id, number)

    def advance_to(self, moment: datetime) -> None:
        """Move the clock; what is due before `moment` fires on the way.

        What is due exactly at `moment` waits for `settle`, so that a step at the due moment comes first, as in
        production.
        """
        self._fire(before=moment)
        self.clock.advance_to(moment)

    def settle(self) -> None:
        """Fire what is due at this very moment: the moment is over."""
        self._fire(until=self.clock.now())

    def person(self, name: str, roles: Iterable[str], queues: Iterable[str]) -> Actor:
        """Return an actor for a name; the same name is always the same person."""
        return Actor("person", str(uuid5(_NAMES, name)), name, frozenset(roles), frozenset(queues))

    def hire(self, name: str, facts: Mapping[str, Any], queues: Iterable[str]) -> None:
        """Let a person work at the desk, so that tasks can be assigned to them by load.

        `facts` are roles (agent unless said), queues (else these), skills, and since when they are `away` (yes, or a
        moment at which they are back).
        """
        actor = self.person(name, facts.get("roles", ["agent"]), facts.get("queues", queues))
        until = facts.get("away")
        away = (bool(until), until if isinstance(until, datetime) else None)
        person = Person(
            self.desk_id, UUID(actor.id), name, name, None, None, None, sorted(actor.roles), sorted(actor.queues),
            True, self.clock.now(), 1, list(facts.get("skills", [])), *away,
        )  # fmt: skip
        self.store.people.add(person)

    def be(self, presence: Presence) -> None:
        """Let somebody go away, or come back."""
        person = self.store.people.get(self.desk_id, UUID(self.person(presence.name, (), ()).id))
        if person is None:
            raise Refused(f"Expected {presence.name} among the scenario's people, but they are not there.")
        self.store.people.change(replace(person, away=presence.away, away_until=presence.until))

    def _handle(self, command: Command) -> Outcome:
        outcome = self.engine.handle(command)
        if self.remember:
            if any(event.kind == "ticket_opened" for event in outcome.events):
                self.opened.append(outcome.ticket_number)
            kept = self.events.setdefault(outcome.ticket_number, [])
            kept.extend((self.clock.now(), event) for event in outcome.events)
        return outcome

    def _fire(self, *, before: datetime | None = None, until: datetime | None = None) -> None:
        for _ in range(MOST_FIRINGS):
            timer = looking.next_timer(self.store, self.desk_id, self.timeline, before=before, until=until)
            if timer is None:
                return
            self.clock.advance_to(timer.due_at)
            id = derived_id(timer.id, f"fire {timer.due_at.isoformat()}")
            self.handle(FireTimer(id=id, desk_id=self.desk_id, actor=SYSTEM, timer_id=timer.id))
        raise StageStuck(f"Expected the timers to come to rest, but {MOST_FIRINGS} fired on one way.")

    def _do_the_rest(self) -> None:
        """Until nothing is asked any more: an answer may lead to the next question, a message to the next message."""
        for _ in range(MOST_ROUNDS):
            if not (self._empty_outbox() or self.messages.deliver_waiting(self.desk_id)):
                return
        raise StageStuck(
            f"Expected services and messages to come to rest, but {MOST_ROUNDS} rounds did not do."
        )

    def _empty_outbox(self) -> bool:
        jobs = [
            job
            for job in looking.pending_jobs(self.store, self.desk_id, self.timeline)
            if not self._is_silent(job)
        ]
        for job in jobs:
            if job.kind in ("message", "signal"):
                self._cross(job)
            elif job.kind == "assignment":
                self._assign(job)
            elif job.kind == "service":
                self._serve(job)
            else:
                self._deliver(job)
        return bool(jobs)

    def _is_silent(self, job: looking.PendingJob) -> bool:
        reply = self.replies.get(str(job.payload.get("type"))) if job.kind == "service" else None
        return reply is not None and reply.silent

    def _cross(self, job: looking.PendingJob) -> None:
        """Let other tickets have what one has thrown; where that can't be sent, the thrower is told."""
        try:
            if job.kind == "message":
                self.messages.send(Sending.thrown(job.id, self.desk_id, job.payload))
            else:
                self.signals.send(Broadcast.thrown(job.id, self.desk_id, job.payload, job.instance_id))
                self.signals.tell(self.desk_id, job.id)
        except CasepathError as error:
            self._handle(
                ReportLostJob(
                    id=derived_id(job.id, f"lost {job.chain}"),
                    desk_id=self.desk_id,
                    actor=SYSTEM,
                    job_id=job.id,
                    kind=job.kind,
                    error=str(error),
                )
            )
        else:
            self.store.outbox.done(self.desk_id, job.id)

    def _assign(self, job: looking.PendingJob) -> None:
        if self.assigns:
            self.assigning.assign(Wanted.by(job.id, self.desk_id, job.payload))
        self.store.outbox.done(self.desk_id, job.id)

    def _serve(self, job: looking.PendingJob) -> None:
        own = desk_handlers(self.store, self.desk_id, self.clock.now(), self.timeline)
        inside = stand_ins(self.worlds.pack(self.desk_id, job.snapshot_id).connectors)
        handlers = {**inside, **self.worlds.handlers(self.desk_id, job.snapshot_id), **own}
        try:
            self._handle(answered(job, self.replies, self.answers, handlers, self.desk_id, self.records))
        except InvalidInput as error:  # an answer that no variable can hold
            self._handle(failed(job, str(error), self.desk_id))

    def _deliver(self, job: looking.PendingJob) -> None:
        if self.remember:
            words = (str(job.payload[name]) for name in ("template", "to", "subject", "body"))
            self.notices.append(Notice(job.ticket_number, self.clock.now(), *words))
        sent = derived_id(job.id, "sent")
        self._handle(RecordSent(id=sent, desk_id=self.desk_id, actor=SYSTEM, job_id=job.id))
