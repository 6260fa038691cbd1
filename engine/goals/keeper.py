"""The keeper of one ticket's clocks at one moment: what happens to the ticket goes in, what it means comes out.

A clock runs from the ticket's opening, also while no target is known yet: what was used until then counts. What is
late stays late: a breach is stamped with the moment that was missed, and the clock goes on until somebody meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from engine.feel.values import DaysTimeDuration
from engine.goals.clock import MICROSECOND, GoalClock
from engine.goals.goal import Goal, Occasion
from engine.goals.target import Target
from engine.goals.terms import Terms


@dataclass(frozen=True)
class Change:
    """What became of a clock: `kind` is started, paused, resumed, retargeted, warned, breached, met or ended."""

    kind: str
    facts: Mapping[str, Any]


class Sayings(Protocol):
    """What the pack says of one ticket at this moment."""

    def target(self, goal: Goal) -> Target | None:
        """Return how much time a goal allows; None for no limit."""
        ...

    def share(self, goal: Goal) -> Decimal | None:
        """Return after which share of its target (0 to 1) a goal warns; None for never."""
        ...

    def counts(self, occasion: Occasion) -> bool:
        """Say whether an occasion counts, by the settings in force."""
        ...


@dataclass
class Keeper:
    """Moves the clocks of one ticket at `now`; `changes` grows. `state` is the ticket's."""

    clocks: dict[str, GoalClock]
    terms: Terms
    sayings: Sayings
    now: datetime
    state: str
    new_id: Callable[[], UUID]
    changes: list[Change] = field(default_factory=list)

    # --- what happens to the ticket ----------------------------------------------------------------------

    def begin(self) -> None:
        """The ticket was opened: every goal begins."""
        for goal in self.terms.goals.values():
            clock = GoalClock(self.new_id(), goal.key, "running", self.now, self.now)
            self.clocks[goal.key] = clock
            self._start(clock, goal, "opened")

    def occur(self, kind: str, name: str = "") -> None:
        """A reply went out, a mail, or a token entered an element: it meets the goals that name it."""
        for goal, clock in self._open():
            occasion = next((it for it in goal.met_by if (it.kind, it.name) == (kind, name)), None)
            if occasion is not None and self.sayings.counts(occasion):
                self._meet(clock, goal, str(occasion))

    def enter(self, state: str) -> None:
        """The ticket changed its state: goals are met, stand still, or go on."""
        self.state = state
        for goal, clock in self._known():
            by = f"state {state}"
            if state in goal.met_in:
                if clock.is_open:
                    self._meet(clock, goal, by)
            elif goal.stands_still(state):
                self._pause(clock, goal, by)
            elif clock.status == "paused" or (clock.status == "met" and goal.met_in):
                self._resume(clock, by)

    def reconsider(self, why: str) -> None:
        """What a target hangs on has changed: the new one counts with what is used up already."""
        for goal, clock in self._open():
            target = self.sayings.target(goal)
            same = target.allows_as(clock.target) if target else clock.target is None
            if not same:
                self._close(clock)
                self._retarget(clock, target, why)

    def adopt(self, terms: Terms, why: str) -> None:
        """Count by other calendars and settings from now on; what is used until now was counted by the old ones."""
        for _, clock in self._open():
            self._close(clock)
        self.terms = terms
        for goal, clock in self._open():
            before = (clock.due, clock.warn)
            target = self.sayings.target(goal)
            same = target.allows_as(clock.target) if target else clock.target is None
            self._date(clock)
            if not same or terms.meter.version(target) != clock.version or (clock.due, clock.warn) != before:
                self._retarget(clock, target, why)

    def end(self) -> None:
        """The ticket is over: no clock runs any more."""
        for _, clock in self._open():
            self._close(clock)
            clock.status, clock.due, clock.warn = "ended", None, None
            self._tell("ended", clock, "ticket ended")

    def look(self, clock: GoalClock) -> None:
        """Warn or say that a goal is breached, whichever is next. What is told lies at the moment it was due."""
        if clock.warn and not clock.warned and clock.next_moment == clock.warn:
            clock.warned = clock.warn
            self._tell("warned", clock, "", warned=clock.warned, noticed=self.now)
        elif clock.due:
            clock.breached = clock.due
            self._tell("breached", clock, "", noticed=self.now)

    # --- one clock ---------------------------------------------------------------------------------------

    def _start(self, clock: GoalClock, goal: Goal, why: str) -> None:
        target = self.sayings.target(goal)
        clock.target, clock.version = target, self.terms.meter.version(target)
        if goal.stands_still(self.state):
            clock.status = "paused"
        self._date(clock)
        self._tell("started", clock, why, target)

    def _pause(self, clock: GoalClock, goal: Goal, why: str) -> None:
        """Let a clock stand still, also one that was met by a state which the ticket has left again."""
        if clock.status == "running" or (clock.status == "met" and goal.met_in):
            self._close(clock)
            clock.status = "paused"
            self._date(clock)
            self._tell("paused", clock, why)

    def _resume(self, clock: GoalClock, why: str) -> None:
        clock.began = clock.since = self.now
        clock.status = "running"
        self._date(clock)
        self._tell("resumed", clock, why)

    def _meet(self, clock: GoalClock, goal: Goal, by: str) -> None:
        self._close(clock)
        clock.status, clock.due, clock.warn = "met", None, None
        self._tell("met", clock, by)
        if goal.restarts:
            clock.round, clock.status, clock.spent, clock.began = clock.round + 1, "running", {}, self.now
            clock.warned = clock.breached = None
            self._start(clock, goal, by)

    def _retarget(self, clock: GoalClock, target: Target | None, why: str) -> None:
        """Let a new target, or a new version of its calendar, hold from now on."""
        clock.target, clock.version = target, self.terms.meter.version(target)
        self._forgive(clock)
        self._date(clock)
        self._tell("retargeted", clock, why, target)

    def _forgive(self, clock: GoalClock) -> None:
        """Begin to count anew towards warning and breach, where the new target is not used up so far, too."""
        target, share = clock.target, self._share(clock)
        used = self.terms.meter.used(target, clock.spent) if target else timedelta()
        if target is None or used < target.amount:
            clock.breached = None
        if target is None or share is None or used < _part(target, share):
            clock.warned = None

    def _close(self, clock: GoalClock) -> None:
        """Add the interval that ends now to the sums."""
        if clock.status == "running":
            for name, spent in self.terms.meter.spent(clock, self.now).items():
                clock.spent[name] = clock.spent.get(name, 0) + spent
        clock.since = self.now

    def _date(self, clock: GoalClock) -> None:
        """Say when the clock's target is over if nothing comes between, and when to warn of it.

        A breach keeps its moment; one that was met, or reopened, isn't breached a second time.
        """
        target = clock.target if clock.status == "running" and not clock.breached else None
        clock.due, clock.warn = clock.breached, None
        if target is None:
            return
        meter, share = self.terms.meter, self._share(clock)
        clock.due = meter.due(clock, target, target.amount)
        if share is not None:
            clock.warn = min(meter.due(clock, target, _part(target, share)), clock.due)

    def _share(self, clock: GoalClock) -> Decimal | None:
        goal = self.terms.goals.get(clock.goal)
        return None if goal is None else self.sayings.share(goal)

    # --- telling -----------------------------------------------------------------------------------------

    def _tell(self, kind: str, clock: GoalClock, by: str, target: Target | None = None, **more: Any) -> None:
        used = self.terms.meter.used(clock.target, clock.spent) if clock.target else None
        facts: dict[str, Any] = {
            "goal": clock.goal,
            "clock": str(clock.id),
            "round": clock.round,
            "status": clock.status,
            "by": by,
            "used": None if used is None else str(DaysTimeDuration(used // MICROSECOND)),
            "due": clock.due,
            "warn": None if clock.warned else clock.warn,
            "breached": clock.breached,
            "next": clock.next_moment,
            **(_described(target, clock.version) if target else {}),
            **more,
        }
        self.changes.append(Change(kind, facts))

    def _open(self) -> list[tuple[Goal, GoalClock]]:
        return [(goal, clock) for goal, clock in self._known() if clock.is_open]

    def _known(self) -> list[tuple[Goal, GoalClock]]:
        """Clocks of goals that the pack still has; a newer pack may promise less."""
        goals = self.terms.goals
        return [(goals[clock.goal], clock) for clock in self.clocks.values() if clock.goal in goals]


def _part(target: Target, share: Decimal) -> timedelta:
    """Return the share of a target after which somebody is warned."""
    return int(target.amount // MICROSECOND * share) * MICROSECOND


def _described(target: Target, version: str) -> dict[str, Any]:
    return {
        "target": str(DaysTimeDuration(target.amount // MICROSECOND)),
        "counted": target.counted,
        "calendar": target.calendar,
        "version": version,
        "source": target.source,
        "rule": target.rule,
    }
