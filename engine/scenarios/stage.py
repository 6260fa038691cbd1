"""The stage of a rehearsal: one desk with a deployed pack, the real engine, and a clock that only we move.

Timers fire exactly at their due moments, in due order, by the same command that production uses; mails are
collected instead of sent; services are answered by what the rehearsal gives, else by the pack's own handlers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from engine.clock import VirtualClock
from engine.engine import Engine, Outcome
from engine.runtime.commands import (
    SYSTEM,
    Actor,
    Command,
    CompleteService,
    FailService,
    FireTimer,
    RecordSent,
    derived_id,
)
from engine.runtime.events import Event
from engine.runtime.instance import Timeline
from engine.scenarios import looking
from engine.services import Job, call
from engine.store import Store
from engine.worlds import Worlds

MOST_FIRINGS = 100_000
_NAMES = UUID("6f1d6f0e-3f0b-5b55-9e0f-0a4f7a3b9c11")


class StageStuck(Exception):
    """Timers that arm timers for the same moment, for ever."""


@dataclass(frozen=True)
class Notice:
    """A mail that would have left."""

    ticket: int
    at: datetime
    template: str
    to: str
    subject: str
    body: str


@dataclass
class Stage:
    """One desk under our clock. `events` are all events so far, by ticket number, with their moments.

    With `remember` false neither events nor mails are kept: a replay has too many of them.
    """

    store: Store
    worlds: Worlds
    desk_id: int
    clock: VirtualClock
    timeline: Timeline = "virtual"
    answers: Mapping[str, Any] = field(default_factory=dict)
    remember: bool = True
    notices: list[Notice] = field(default_factory=list)
    events: dict[int, list[tuple[datetime, Event]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = Engine(self.store, self.clock, self.worlds, timeline=self.timeline)

    def handle(self, command: Command) -> Outcome:
        """Let a command through the one door, then answer what it asked of the world."""
        outcome = self._handle(command)
        if any(event.kind in ("mail_requested", "service_requested") for event in outcome.events):
            self._empty_outbox()
        return outcome

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

    def _handle(self, command: Command) -> Outcome:
        outcome = self.engine.handle(command)
        if self.remember:
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

    def _empty_outbox(self) -> None:
        """Answer until nothing is asked any more: an answer may lead to the next question."""
        while jobs := looking.pending_jobs(self.store, self.desk_id, self.timeline):
            for job in jobs:
                self._handle(self._answer(job))

    def _answer(self, job: looking.PendingJob) -> Command:
        if job.kind == "mail":
            if self.remember:
                words = (str(job.payload[name]) for name in ("template", "to", "subject", "body"))
                self.notices.append(Notice(job.ticket_number, self.clock.now(), *words))
            return RecordSent(
                id=derived_id(job.id, "sent"), desk_id=self.desk_id, actor=SYSTEM, job_id=job.id
            )
        return self._ask_service(job)

    def _ask_service(self, job: looking.PendingJob) -> Command:
        type_name = str(job.payload["type"])
        common: dict[str, Any] = {"desk_id": self.desk_id, "actor": SYSTEM, "job_id": job.id}
        if type_name in self.answers:
            return CompleteService(id=derived_id(job.id, "given"), result=self.answers[type_name], **common)
        try:
            asked = Job(job.id, type_name, job.ticket_number, job.payload["inputs"])
            result = call(self.worlds.handlers(self.desk_id, job.snapshot_id), asked)
        except Exception as error:  # a pack's handler may raise anything; production would open an incident
            return FailService(
                id=derived_id(job.id, "failed"), error=f"{type(error).__name__}: {error}", **common
            )
        return CompleteService(id=derived_id(job.id, "answered"), result=result, **common)
