"""A step in progress: one loaded instance, the events it has caused so far, and what may be done to it.

`take.py` decides what is done; this file knows how: how the fence's happenings become events of the vocabulary, and
what must hold afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import CasepathError, Refused
from engine.goals import GoalClock
from engine.ids import Ids
from engine.runtime import translate, troubles
from engine.runtime.commands import SYSTEM, Actor
from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.runtime.promises import Promises
from engine.runtime.state import Hold, Property, State, TicketFacts, Trouble, load
from engine.runtime.world import World
from engine.spiff import Env, Run, TimerWait

MOST_TIMERS_IN_ONE_STEP = 10_000


class TimerNotFired(Refused):
    """A timer is due and can't be fired, and so nothing after it can be done until it is set aside."""

    def __init__(self, timer: TimerWait, error: CasepathError) -> None:
        super().__init__(f"Expected timer '{timer.element}' to fire, but: {error}")
        self.timer_id = timer.id
        self.due = moment_of(timer)


class Step:
    """One instance being moved; `events` grows, `close` returns the instance after it."""

    def __init__(
        self, instance: Instance, run: Run, state: State, world: World, now: datetime, ids: Ids
    ) -> None:
        self.instance = instance
        self.run = run
        self.state = state
        self.world = world
        self.now = now
        self.ids = ids
        self.events: list[Event] = []
        self.promises = Promises(self)

    @classmethod
    def resume(cls, instance: Instance, world: World, now: datetime, ids: Ids) -> Step:
        """Load a running instance. Raises UnreadableState for one that can't be."""
        state, world = load(instance.state), world.under(instance.terms_id, instance.settings_id)
        run = Run.load(world.program, state.run, environment(world, now, ids, state))
        return cls(instance, run, state, world, now, ids)

    @property
    def ticket(self) -> TicketFacts:
        """The ticket as it is at this point of the step."""
        return self.state.ticket

    def emit(
        self, kind: str, actor: Actor, data: Mapping[str, Any], values: Mapping[str, Any] | None = None
    ) -> None:
        """Note that something happened."""
        self.events.append(Event(kind, actor, data, values or {}))

    def settle(self, actor: Actor, why_ended: Mapping[str, Any] | None = None) -> None:
        """Turn what the process did since the last call into events, and the ticket after them."""
        happenings, self.run.happenings = self.run.happenings, []
        self.events.extend(translate.events(happenings, self, actor))
        self._follow_properties(actor)
        if self.run.ended and not self.instance.ended_at:
            self._end(actor, why_ended or {})
        self.promises.follow()

    def adopt(self, snapshot_id: UUID, settings_id: UUID | None, actor: Actor) -> None:
        """Let the calendars of a deployment hold from now on, and its settings or those of another one."""
        kept = {} if settings_id is None else {"settings": str(settings_id)}
        self.emit("terms_adopted", actor, {"snapshot": str(snapshot_id), **kept})
        self.promises.follow()
        self.instance = replace(self.instance, terms_id=snapshot_id, settings_id=settings_id)
        world = self.world.under(snapshot_id, settings_id)
        self.run.env = environment(world, self.now, self.ids, self.state)
        self.promises.adopt(world, "deployment")
        self.settle(actor)

    def ticket_change(self, field: Property, value: str | None, actor: Actor) -> list[Event]:
        """Set a property of the ticket if it differs; return the event of that, if any."""
        before = getattr(self.ticket, field)
        if before == value:
            return []
        self.state.ticket = self.ticket.with_property(field, value)
        return [Event("ticket_changed", actor, {"field": field}, {"from": before, "to": value})]

    def fire_due(self, *, before: datetime | None = None, until: datetime | None = None) -> None:
        """Fire armed timers due before a moment, or until and including one, in due order.

        What a firing arms may itself be due; a process that keeps arming timers for the past is stopped.
        """
        for _ in range(MOST_TIMERS_IN_ONE_STEP):
            self.promises.follow()
            clock, timer = self.promises.next_due(before, until), self._next_due(before, until)
            if clock and (timer is None or moment_of(clock) <= moment_of(timer)):
                self.promises.look(clock)
            elif timer:
                self._fire(timer)
            else:
                return
        raise Refused(
            f"Expected the timers of instance {self.instance.id} to come to rest,"
            f" but {MOST_TIMERS_IN_ONE_STEP} fired in one step."
        )

    def open_trouble(
        self,
        about: str,
        subject: UUID,
        message: str,
        actor: Actor,
        element: str | None = None,
        scope: tuple[str, ...] = (),
    ) -> None:
        """Open an incident: the instance stays where it is until somebody helps."""
        trouble = Trouble(about, str(subject), element, "/".join(scope))
        self.events.append(troubles.opened(self.state, self.ids.uuid(), trouble, message, actor))

    def has_trouble(self, subject: UUID) -> bool:
        """Whether an incident about one thing is open."""
        return bool(troubles.about(self.state, subject))

    def close_trouble(self, incident: UUID, actor: Actor, how: str, reason: str | None = None) -> None:
        """Close an incident; `how` says what became of it (`retried`, `skipped`, `over`, …)."""
        self.events.append(troubles.closed(self.state, incident, actor, how, reason))

    def close_troubles_about(self, subject: UUID, actor: Actor) -> None:
        """Close the incidents about one thing, because it was done after all."""
        for incident in troubles.about(self.state, subject):
            self.close_trouble(incident, actor, "over")

    def close_what_is_over(self, actor: Actor, how: str = "over", reason: str | None = None) -> None:
        """Close the incidents about what the process no longer waits for."""
        for incident in troubles.over(self.state, self.run):
            self.close_trouble(incident, actor, how, reason)

    def judge(self) -> None:
        """Open an incident where tokens wait for others that can never come, or nothing waits at all."""
        for path, join, message in troubles.deadlocks(self.state, self.run):
            self.open_trouble("stuck", self.instance.id, message, SYSTEM, join, path)

    def close(self) -> Instance:
        """Return the instance after the step; the trail's head is set by whoever links the events."""
        self.promises.follow()
        self.judge()
        self.close_what_is_over(SYSTEM)
        waits = self.run.waits
        self.state.holds = {id: hold for id, hold in self.state.holds.items() if id in waits}
        self.state.run = self.run.dump()
        return replace(
            self.instance,
            status=self._status(),
            state=self.state.dump(),
            revision=self.instance.revision + 1,
            last_event_at=self.now,
        )

    def _fire(self, timer: TimerWait) -> None:
        data = {"timer": str(timer.id), "element": timer.element, "due": timer.due, "fired": self.now}
        self.emit("timer_fired", SYSTEM, data)
        self.close_troubles_about(timer.id, SYSTEM)
        try:
            self.run.fire(timer.id)
            self.settle(SYSTEM)
        except CasepathError as error:
            raise TimerNotFired(timer, error) from error

    def _next_due(self, before: datetime | None, until: datetime | None) -> TimerWait | None:
        set_aside = {it.subject for it in self.state.troubles.values() if it.about == "timer"}
        due = [
            wait
            for wait in self.run.waits.values()
            if isinstance(wait, TimerWait)
            and wait.due is not None
            and (before is None or wait.due < before)
            and (until is None or wait.due <= until)
            and str(wait.id) not in set_aside
        ]
        return min(due, key=lambda wait: (moment_of(wait), wait.id), default=None)

    def _follow_properties(self, actor: Actor) -> None:
        variables = self.run.variables()
        properties: tuple[Property, ...] = ("category", "priority")
        for name in properties:
            value = variables.get(name)
            if value is None or isinstance(value, str):
                self.events.extend(self.ticket_change(name, value, actor))

    def _end(self, actor: Actor, why: Mapping[str, Any]) -> None:
        self.emit("instance_ended", actor, {"how": self.run.ended}, why)
        self.instance = replace(self.instance, ended_at=self.now)

    def _status(self) -> Any:
        if self.run.ended:
            return "ended"
        return "incident" if self.state.troubles else "running"

    def hold(self, task: UUID) -> Hold:
        """Return who holds an open task."""
        return self.state.holds.get(task, Hold())


def environment(world: World, now: datetime, ids: Ids, state: State) -> Env:
    """Return what the fence may ask from outside during one step."""
    return Env(now, ids, world.decide, world.shelf, state.goal, world.surroundings(now))


def moment_of(it: TimerWait | GoalClock) -> datetime:
    """Return when a timer or a goal's clock is due that is due at all."""
    moment = it.due if isinstance(it, TimerWait) else it.next_moment
    assert moment is not None
    return moment
