"""Targets: how much time a goal allows for one ticket, how it is counted, and who said so."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from engine.errors import CasepathError
from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration

Counted = Literal["elapsed", "working", "business_days", "rolled_forward"]
COUNTED: Mapping[Counted, str] = {
    "elapsed": "every hour counts",
    "working": "only hours in which the calendar is open count",
    "business_days": "only working days count, each as a whole",
    "rolled_forward": "every hour counts, and what falls into closed hours is due at the next opening",
}
"""How the time of a target can be counted."""

_KEYS = ("target", "counted", "calendar", "source")


class TargetUnclear(CasepathError):
    """A decision's answer is no target."""


@dataclass(frozen=True)
class Target:
    """So much time, counted so. An empty `calendar` is open around the clock; `source` says where the number is from.

    `rule` names the rules of the decision that matched. For business days a day of `amount` is one of them.
    """

    amount: timedelta
    counted: Counted = "elapsed"
    calendar: str = ""
    source: str = ""
    rule: str = ""

    def allows_as(self, other: Target | None) -> bool:
        """Say whether another target allows the same time, whoever said so."""
        mine = (self.amount, self.counted, self.calendar)
        return other is not None and mine == (other.amount, other.counted, other.calendar)


def read_target(goal: str, answer: Any, rule: str, calendars: Container[str]) -> Target | None:
    """Return the target that a decision's answer names for a goal; None for none.

    The answer is a duration, a context of `target`, `counted`, `calendar` and `source`, or a context with one of
    these for each goal. Raises TargetUnclear.
    """
    if isinstance(answer, Mapping) and "target" not in answer:
        answer = answer.get(goal)
    facts = answer if isinstance(answer, Mapping) else {"target": answer}
    if facts.get("target") is None:
        return None
    unknown = sorted(map(str, set(facts) - {*_KEYS, "goal"}))
    if unknown:
        raise TargetUnclear(
            f"Expected {', '.join(_KEYS)} of goal “{goal}”, but the decision says {unknown[0]!r}."
        )
    counted: Any = facts.get("counted") or "elapsed"
    calendar = facts.get("calendar") or ""
    if counted not in COUNTED:
        raise TargetUnclear(
            f"Expected goal “{goal}” to be counted as one of {', '.join(COUNTED)}, but it says {counted!r}."
        )
    if calendar and calendar not in calendars:
        raise TargetUnclear(f"Expected a calendar of the pack for goal “{goal}”, but it names {calendar!r}.")
    return Target(_amount(goal, facts["target"]), counted, calendar, str(facts.get("source") or ""), rule)


def _amount(goal: str, value: Any) -> timedelta:
    duration = read_duration(value.strip()) if isinstance(value, str) else value
    if not isinstance(duration, DaysTimeDuration):
        raise TargetUnclear(
            f"Expected the target of goal “{goal}” in days, hours and less, such as PT4H or P3D, but it is {value}."
        )
    if duration.microseconds <= 0:
        raise TargetUnclear(f"Expected the target of goal “{goal}” to be above zero, but it is {value}.")
    return duration.timedelta
