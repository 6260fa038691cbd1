"""What a desk promises about time: goals, and for each ticket their clocks, which can say why they show it.

A `Goal` is a pack's promise, a `Target` what a decision makes of it for one ticket, a `GoalClock` what has been used
of that. `Keeper` moves the clocks of one ticket at one moment, `explain` says from their record
why they stand so. Everything here is pure; moments are aware, in UTC.
"""

from __future__ import annotations

from engine.goals.clock import GoalClock
from engine.goals.explaining import Explanation, Line, Round, explain
from engine.goals.goal import Goal, Occasion, read_occasion
from engine.goals.keeper import Change, Keeper
from engine.goals.meter import Meter
from engine.goals.recorded import Interval, Reading, Standing, nearest
from engine.goals.target import COUNTED, Target, TargetUnclear, read_target
from engine.goals.terms import Terms

__all__ = [
    "COUNTED",
    "Change",
    "Explanation",
    "Goal",
    "GoalClock",
    "Interval",
    "Keeper",
    "Line",
    "Meter",
    "Occasion",
    "Reading",
    "Round",
    "Standing",
    "Target",
    "TargetUnclear",
    "Terms",
    "explain",
    "nearest",
    "read_occasion",
    "read_target",
]
