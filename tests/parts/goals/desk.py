"""A desk of one goal, told what happens when: the clock of that goal, moment by moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from engine.calendars import ALWAYS, WorkingCalendar, read_calendars
from engine.goals import Change, Goal, GoalClock, Keeper, Meter, Occasion, Target, Terms, read_occasion

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = {"zone": "UTC", "mon_fri": ["09:00-17:00"]}


class Lines:
    def line(self, *path: str) -> int | None:
        return 1


def calendar(facts: Mapping[str, Any] = OFFICE, name: str = "office") -> WorkingCalendar:
    """Return a calendar by what calendars.toml says of it."""
    found, wrong = read_calendars({name: dict(facts)}, Lines())
    assert not wrong, wrong
    return found[name]


def goal(met_by: str = "state resolved", **facts: Any) -> Goal:
    occasions = [read_occasion(text) for text in met_by.split(", ")]
    return Goal("resolution", "Resolution", "sla", tuple(it for it in occasions if it), **facts)


def elapsed(hours: float) -> Target:
    return Target(timedelta(hours=hours))


def working(hours: float) -> Target:
    return Target(timedelta(hours=hours), "working", "office")


class Desk:
    """One ticket of it; `at` is hours after Monday 9:00 UTC, or a moment."""

    def __init__(self, promise: Goal, target: Target | None, share: int | None = None) -> None:
        self.promise = promise
        self.says = target
        self.percent = share
        self.calendars = {"office": calendar()}
        self.clocks: dict[str, GoalClock] = {}
        self.changes: list[Change] = []
        self.state = "new"
        self.settings: set[str] = set()

    # --- what the pack says ------------------------------------------------------------------------------

    def target(self, goal: Goal) -> Target | None:
        return self.says

    def share(self, goal: Goal) -> Decimal | None:
        return None if self.percent is None else Decimal(self.percent) / 100

    def counts(self, occasion: Occasion) -> bool:
        return occasion.setting is None or occasion.setting in self.settings

    # --- what happens ------------------------------------------------------------------------------------

    def keeper(self, at: float | datetime) -> Keeper:
        terms = Terms({self.promise.key: self.promise}, Meter(self.calendars))
        kept = {key: GoalClock.load(clock.dump()) for key, clock in self.clocks.items()}
        assert kept == {
            key: replace(it, target=it.target and plain(it.target)) for key, it in self.clocks.items()
        }
        self.clocks = kept
        return Keeper(self.clocks, terms, self, moment(at), self.state, uuid4)

    def opens(self, at: float | datetime = 0) -> Desk:
        return self._done(at, lambda keeper: keeper.begin())

    def enters(self, at: float | datetime, state: str) -> Desk:
        self.state = state
        return self._done(at, lambda keeper: keeper.enter(state))

    def occurs(self, at: float | datetime, kind: str, name: str = "") -> Desk:
        return self._done(at, lambda keeper: keeper.occur(kind, name))

    def changes_its_mind(self, at: float | datetime, target: Target | None) -> Desk:
        self.says = target
        return self._done(at, lambda keeper: keeper.reconsider("variable priority"))

    def changes_its_hours(self, at: float | datetime, hours: WorkingCalendar) -> Desk:
        terms = Terms({self.promise.key: self.promise}, Meter({"office": hours}))
        self._done(at, lambda keeper: keeper.adopt(terms, "calendar office"))
        self.calendars = {"office": hours}
        return self

    def looks(self, at: float | datetime) -> Desk:
        """Look at the clock as often as something is due by then."""
        while (due := self.clock.next_moment) and due <= moment(at):
            self._done(at, lambda keeper: keeper.look(keeper.clocks[self.promise.key]))
        return self

    def ends(self, at: float | datetime) -> Desk:
        return self._done(at, lambda keeper: keeper.end())

    def _done(self, at: float | datetime, act: Any) -> Desk:
        keeper = self.keeper(at)
        act(keeper)
        self.changes += keeper.changes
        return self

    # --- what is seen ------------------------------------------------------------------------------------

    @property
    def clock(self) -> GoalClock:
        return self.clocks[self.promise.key]

    @property
    def due(self) -> float | None:
        """When the goal is due, in hours after Monday 9:00."""
        return hours(self.clock.due)

    def told(self, kind: str) -> list[Mapping[str, Any]]:
        return [it.facts for it in self.changes if it.kind == kind]

    @property
    def story(self) -> list[str]:
        return [it.kind for it in self.changes]


def plain(target: Target) -> Target:
    """A target as a clock keeps it: who said so stands in the trail."""
    return replace(target, source="", rule="")


def moment(at: float | datetime) -> datetime:
    return at if isinstance(at, datetime) else MONDAY + timedelta(hours=at)


def hours(at: datetime | None) -> float | None:
    return None if at is None else (at - MONDAY) / timedelta(hours=1)


assert ALWAYS.always
