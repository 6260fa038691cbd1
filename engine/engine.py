"""The one door: everything that can change an instance comes through `Engine.handle`. Read this file first.

A click, a JSON call, a due timer, an answer of a mail server and a row of a replayed log are all a `Command`. One
command is one transaction: the root instance is locked, `take` (pure) says what follows, and the instance, its
trail, its tasks and timers and what must be told to the world are saved together or not at all. Nothing is told
to anybody before the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from engine.audit.trail import Link, genesis, link
from engine.clock import Clock, WallClock
from engine.errors import CasepathError, Conflict, Refused
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import (
    SYSTEM,
    Command,
    FireTimer,
    Inspect,
    OpenTicket,
    ReportIncident,
    derived_id,
)
from engine.runtime.events import Event
from engine.runtime.handlers import TaskHeld, TaskNotOpen
from engine.runtime.instance import Instance, Timeline
from engine.runtime.masking import masked
from engine.runtime.opening import check_ticket
from engine.runtime.take import Advanced, set_aside, start, take
from engine.spiff import UnreadableState
from engine.store import Store, UnitOfWork
from engine.store.commands import Done
from engine.worlds import Worlds

_WORK_FOR_OTHERS = frozenset(
    {
        "timer_armed",
        "mail_requested",
        "service_requested",
        "assignment_wanted",
        "message_thrown",
        "signal_thrown",
        "incident_closed",
    }
)


class InstanceUnreadable(UnreadableState, Refused):
    """An instance's state can't be loaded, so it takes no command; an incident tells somebody."""

    def __init__(self, instance: Instance, error: UnreadableState) -> None:
        super().__init__(f"Expected ticket {instance.ticket_number} to be readable, but: {error}")
        self.instance_id = instance.id
        self.revision = instance.revision


@dataclass(frozen=True)
class Outcome:
    """What a command came to. `repeated` is true when the same command id had been done before."""

    command_id: UUID
    instance_id: UUID
    ticket_number: int
    revision: int
    events: tuple[Event, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Seen:
    """What a command saw of the world beside its instance; kept with it, so that it can be run again."""

    seed: bytes
    now: datetime
    recorded_at: datetime

    @property
    def ids(self) -> Ids:
        """The ids of the step."""
        return Ids(self.seed, self.now)

    @property
    def salts(self) -> Ids:
        """The salts of the trail, drawn apart from the ids."""
        return Ids(self.seed + b"trail", self.now)


class Engine:
    """Applies commands to instances, one command in one transaction.

    `wake` is called after a commit that left work for the workers; losing that call costs a second, nothing else.
    `timeline` is `live` for everything but rehearsals and replays, whose `clock` is a virtual one; `recorder` is the
    clock that says when something was written down.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        worlds: Worlds,
        *,
        wake: Callable[[], None] = lambda: None,
        timeline: Timeline = "live",
        recorder: Clock | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._worlds = worlds
        self._wake = wake
        self._timeline: Timeline = timeline
        self._recorder = recorder or WallClock()

    def handle(self, command: Command) -> Outcome:
        """Apply one command; return what came of it.

        The same command id is done once: a second call returns the first outcome. Raises NotFound, or Refused
        (InvalidInput, Conflict; also where somebody wishes something else under the same id), and then nothing has
        changed. Raises InstanceUnreadable where the instance can't be loaded, and opens an incident for that.
        """
        command = masked(command)
        try:
            return self._handle(command)
        except InstanceUnreadable as error:
            if not isinstance(
                command, FireTimer
            ):  # whoever fires it sets the timer aside, which tells of it too
                self._tell_unreadable(command.desk_id, error)
            raise

    def _handle(self, command: Command) -> Outcome:
        with self._store.unit_of_work(command.desk_id) as work:
            opened = work.open(command.address, command.id)
            if opened.done is not None:
                return _repeated(command, opened.done)
            if opened.instance is None:
                outcome = self._start(command, opened.number, work)
            else:
                outcome = self._take(command, opened.instance, work)
        if any(map(_leaves_work, outcome.events)):
            self._wake()
        return outcome

    def _take(self, command: Command, instance: Instance, work: UnitOfWork) -> Outcome:
        now = max(self._clock.now(), instance.last_event_at)  # read after the lock; time never goes back
        seen = Seen(fresh_seed(), now, self._recorder.now())
        try:
            world = self._worlds.of(command.desk_id, instance.snapshot_id).until(seen.recorded_at)
            advanced = take(instance, command, now, world, seen.ids)
        except TaskNotOpen as refusal:
            raise self._who_was_quicker(command.desk_id, refusal) from refusal
        except TaskHeld as refusal:
            raise self._who_holds_it(command, refusal) from refusal
        except CasepathError as error:  # its state or its pack can't be read
            if isinstance(command, ReportIncident | Inspect):
                advanced = set_aside(instance, command, error, seen.ids, now)
            elif isinstance(error, UnreadableState):
                raise InstanceUnreadable(instance, error) from error
            else:
                raise
        return _keep(command, instance.revision, advanced, seen, work)

    def _start(self, command: Command, number: int | None, work: UnitOfWork) -> Outcome:
        if not isinstance(command, OpenTicket):
            raise TypeError(f"Expected an instance for {type(command).__name__}, but its address is new.")
        check_ticket(command)
        now = self._clock.now()
        seen = Seen(fresh_seed(), now, self._recorder.now())
        requester = replace(command.requester, id=work.customer(command.requester, now))
        actor = command.actor
        if actor.kind == "customer":  # the chain keeps an id for ever, so it must not be a name
            actor = replace(actor, id=str(requester.id))
        command = replace(command, number=number, requester=requester, actor=actor)
        world = self._worlds.latest(command.desk_id, command.process).until(seen.recorded_at)
        return _keep(command, None, start(command, now, world, seen.ids, self._timeline), seen, work)

    def _tell_unreadable(self, desk_id: int, error: InstanceUnreadable) -> None:
        self._handle(
            Inspect(
                id=derived_id(error.instance_id, f"unreadable {error.revision}"),
                desk_id=desk_id,
                actor=SYSTEM,
                instance_id=error.instance_id,
                revision=error.revision,
            )
        )

    def _who_was_quicker(self, desk_id: int, refusal: TaskNotOpen) -> Conflict:
        """Return the sentence that tells a person who did the task, and when."""
        task = self._store.tasks.closed(desk_id, refusal.task_id)
        if task is None or task.closed_at is None:
            return refusal
        when = f"at {_moment(task.closed_at)}"
        if task.state == "cancelled":
            return Conflict(
                f"Expected task '{task.name}' to be open, but its ticket went another way {when}."
            )
        return Conflict(
            f"Expected task '{task.name}' to be open, but {task.closed_by_name} completed it {when}."
        )

    def _who_holds_it(self, command: Command, refusal: TaskHeld) -> Conflict:
        """Return the sentence that tells a person who has the task, and since when."""
        task = self._store.tasks.held(command.desk_id, refusal.task_id)
        if task is None or str(task.assignee) == command.actor.id:
            return refusal
        since = _moment(task.claimed_at)
        return Conflict(
            f"Expected task '{task.name}' {refusal.expected}, but {task.assignee_name} has held it since {since}."
        )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M} UTC on {at.astimezone(UTC):%d %B %Y}"


def linked(command: Command, advanced: Advanced, seen: Seen) -> tuple[Instance, list[Link]]:
    """Return the instance with its trail's new end, and the links that a command adds to it."""
    instance = advanced.instance
    links, head, length = link(
        instance.head or genesis(instance.id),
        instance.length,
        advanced.events,
        chain=instance.id,
        command=command.id,
        at=seen.now,
        recorded_at=seen.recorded_at,
        ids=seen.salts,
    )
    return replace(instance, head=head, length=length), links


def _leaves_work(event: Event) -> bool:
    """Messages may lie waiting for a key; where only the ticket is the address, none does."""
    if event.kind == "message_awaited":
        return event.values.get("key") is not None
    return event.kind in _WORK_FOR_OTHERS


def _keep(
    command: Command, revision: int | None, advanced: Advanced, seen: Seen, work: UnitOfWork
) -> Outcome:
    """Save all that a command causes, or nothing."""
    instance, links = linked(command, advanced, seen)
    outcome = Outcome(command.id, instance.id, instance.ticket_number, instance.revision, advanced.events)
    if advanced.events:
        work.judge_links(advanced.events, instance)
        work.save(instance, revision)
        work.append(links)
        work.project(advanced.events, instance)
    elif isinstance(command, FireTimer):
        return outcome  # a scheduler's clock ran ahead of ours; kept as done, this timer would never fire
    work.record(
        command,
        instance=instance,
        seed=seen.seed,
        at=seen.now,
        recorded_at=seen.recorded_at,
        outcome={
            "instance": str(instance.id),
            "ticket": instance.ticket_number,
            "revision": instance.revision,
        },
    )
    work.commit()
    return outcome


def _repeated(command: Command, done: Done) -> Outcome:
    """Return the first outcome. A worker or a log may bring another answer the second time; people may not."""
    kept, exempt = done.outcome, command.actor == SYSTEM or command.actor.kind == "log"
    if not exempt and not done.says(command):
        raise Conflict(
            f"Expected the same wish under the same id, but ticket {kept['ticket']} was given another one by it."
        )
    return Outcome(command.id, UUID(kept["instance"]), kept["ticket"], kept["revision"], repeated=True)
