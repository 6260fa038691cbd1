"""The clock of a goal: what has been used of its target, in one small row of the instance's state.

Closed intervals are kept as sums, one for each way of counting that the pack knows, so that a ticket which changes
from one to another (a new priority, say) knows what it has used by either. The intervals themselves stand in the
trail and in a table; here they would grow with the ticket's life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from engine.goals.target import Target

Status = Literal["running", "paused", "met", "ended"]
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class GoalClock:
    """One goal of one ticket. It has no due moment while it is paused, or while no target is known.

    `began` is when it was started, or went on after a pause; `since` when its present interval began, which may be
    later, because new terms begin a new one. `spent` holds the sums of the closed ones in microseconds, `version` is
    that of the calendar it counts by. `warned` and `breached` are the moments at which that was due.
    """

    id: UUID
    goal: str
    status: Status
    began: datetime
    since: datetime
    round: int = 1
    target: Target | None = None
    version: str = ""
    spent: dict[str, int] = field(default_factory=dict)
    due: datetime | None = None
    warn: datetime | None = None
    warned: datetime | None = None
    breached: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be met in time, or late."""
        return self.status in ("running", "paused")

    @property
    def next_moment(self) -> datetime | None:
        """Return when it must be looked at: the warning's moment, then the due one; None where nothing is to come."""
        if self.status != "running" or self.breached:
            return None
        return self.warn if self.warn and not self.warned else self.due

    @property
    def moments(self) -> dict[str, Any]:
        """Return what a diagram may ask of the goal: when it is due, when it warns, and how it stands."""
        return {"due": self.due, "warning": self.warn, "status": self.status}

    def dump(self) -> list[Any]:
        """Return the row. Who set the target, and why the interval began, stand in the trail."""
        target = self.target
        kept = target and [target.amount // MICROSECOND, target.counted, target.calendar]
        moments = [
            _number(it) for it in (self.began, self.since, self.due, self.warn, self.warned, self.breached)
        ]
        return [str(self.id), self.goal, self.status, self.round, kept, self.version, self.spent, moments]

    @classmethod
    def load(cls, row: list[Any]) -> GoalClock:
        """Return the clock of a row."""
        id, goal, status, round, kept, version, spent, moments = row
        target = kept and Target(kept[0] * MICROSECOND, kept[1], kept[2])
        began, since, *others = (_moment(it) for it in moments)
        assert began is not None and since is not None
        return cls(UUID(id), goal, status, began, since, round, target, version, spent, *others)


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // MICROSECOND


def _moment(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + number * MICROSECOND
