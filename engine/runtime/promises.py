"""The goals of a ticket during a step: what its events mean for their clocks, and what the clocks then say.

The clocks follow the events of the step, in order, before anything else is fired: a timer of the diagram that hangs
on a goal must never see yesterday's due moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.errors import CasepathError
from engine.goals import Goal, GoalClock, Keeper, Occasion, Target, read_target
from engine.runtime.commands import SYSTEM
from engine.runtime.events import Event

if TYPE_CHECKING:
    from engine.runtime.step import Step
    from engine.runtime.world import World

_PERCENT = Decimal(100)


class Promises:
    """The clocks of one step's ticket."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._followed = len(step.events)

    @property
    def clocks(self) -> dict[str, GoalClock]:
        """The ticket's clocks by goal."""
        return self._step.state.goals

    def follow(self) -> None:
        """Let the clocks follow what happened since the last call."""
        events, self._followed = self._step.events[self._followed :], len(self._step.events)
        if not self.clocks and not self._step.world.terms.goals:
            return
        keeper = self._keeper()
        for event in events:
            follow = _FOLLOWED.get(event.kind)
            if follow:
                follow(self, keeper, event)
        self._tell(keeper)

    def next_due(self, before: datetime | None, until: datetime | None) -> GoalClock | None:
        """Return the clock that must be looked at first, before a moment or until and including one."""
        waiting = [
            (moment, clock.goal, clock)
            for clock in self.clocks.values()
            if (moment := clock.next_moment) is not None
            and (before is None or moment < before)
            and (until is None or moment <= until)
        ]
        return min(waiting)[2] if waiting else None

    def look(self, clock: GoalClock) -> None:
        """Say that a goal's warning, or the goal itself, was due."""
        keeper = self._keeper()
        keeper.look(clock)
        self._tell(keeper)

    def reconsider(self, why: str) -> None:
        """Ask anew what the targets are."""
        keeper = self._keeper()
        keeper.reconsider(why)
        self._tell(keeper)

    def adopt(self, world: World, why: str) -> None:
        """Let the calendars and settings of a world hold from now on; what is used was counted by the old ones."""
        keeper = self._keeper()
        self._step.world = world
        keeper.adopt(world.terms, why)
        self._tell(keeper)

    def _keeper(self) -> Keeper:
        step = self._step
        return Keeper(self.clocks, step.world.terms, self, step.now, step.ticket.status, step.ids.uuid)

    def _tell(self, keeper: Keeper) -> None:
        for change in keeper.changes:
            self._step.emit(f"goal_{change.kind}", SYSTEM, change.facts)
        self._followed = len(self._step.events)
        if keeper.changes and not self._step.run.ended:
            self._step.run.follow_goals()
            self._step.settle(SYSTEM)

    # --- what the pack says ------------------------------------------------------------------------------

    def target(self, goal: Goal) -> Target | None:
        """Ask the decision; where it gives no target, somebody is told, and what held so far goes on."""
        step, clock = self._step, self.clocks[goal.key]
        try:
            answer = step.world.decide(goal.decision, {**step.run.variables(), "goal": goal.key}, step.now)
            rule = ", ".join(rule for rules in answer.matched.values() for rule in rules)
            target = read_target(goal.key, answer.value, rule, step.world.terms.meter.calendars)
        except CasepathError as error:
            if not step.has_trouble(clock.id):
                step.open_trouble("goal", clock.id, str(error), SYSTEM)
            return clock.target
        step.close_troubles_about(clock.id, SYSTEM)
        return target

    def share(self, goal: Goal) -> Decimal | None:
        """Return after which share of the target to warn, 0 to 1."""
        said = self._step.world.settings.get(goal.warn_at) if isinstance(goal.warn_at, str) else goal.warn_at
        return said / _PERCENT if isinstance(said, Decimal) else None

    def counts(self, occasion: Occasion) -> bool:
        """Say whether an occasion counts by the settings."""
        return occasion.setting is None or self._step.world.settings.get(occasion.setting) is True

    # --- what events mean --------------------------------------------------------------------------------

    def _opened(self, keeper: Keeper, event: Event) -> None:
        keeper.state = event.data["status"]
        keeper.begin()

    def _spoken(self, keeper: Keeper, event: Event) -> None:
        """A public word of the desk; what a customer says, or Casepath itself, is nobody's answer."""
        if event.data["public"] and event.data["author"] not in ("customer", "system"):
            keeper.occur("reply")

    def _mailed(self, keeper: Keeper, event: Event) -> None:
        keeper.occur("mail", event.data["template"])

    def _passed(self, keeper: Keeper, event: Event) -> None:
        named = self._step.world.terms.elements
        for move, element, *_ in event.data["steps"] if named else ():
            if move == "entered" and element in named:
                keeper.occur("element", element)

    def _moved(self, keeper: Keeper, event: Event) -> None:
        keeper.enter(event.data["to"])

    def _written(self, keeper: Keeper, event: Event) -> None:
        """Only what a target hangs on is reason to ask again; a value itself is nobody's business here."""
        asked = sorted(self._step.world.terms.inputs & set(event.values))
        if asked and not event.data.get("scope"):
            keeper.reconsider(f"variable {', '.join(asked)}")

    def _over(self, keeper: Keeper, event: Event) -> None:
        keeper.end()


_FOLLOWED: Mapping[str, Callable[[Promises, Keeper, Event], None]] = {
    "ticket_opened": Promises._opened,
    "entry_added": Promises._spoken,
    "mail_requested": Promises._mailed,
    "elements_passed": Promises._passed,
    "state_changed": Promises._moved,
    "variables_written": Promises._written,
    "instance_ended": Promises._over,
}
