"""Timers that hang on a goal: what they wait for is asked anew whenever the goal's clock changes.

Such a timer names a moment of its goal, `=goal.due` or `=goal.warning - duration("PT10M")`. While the clock stands
still there is none, and the timer is suspended.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.spiff import arming, catching
from engine.spiff.errors import RunRefused
from engine.spiff.waits import TimerWait

if TYPE_CHECKING:
    from engine.spiff.stepping import Stepper


def follow(stepper: Stepper) -> None:
    """Date every timer that hangs on a goal by what the goals' clocks say now."""
    waiting = [
        (owner, wait)
        for owner in stepper.root.owners()
        for wait in owner.waits.values()
        if isinstance(wait, TimerWait) and wait.goal is not None
    ]
    for owner, wait in waiting:
        try:
            due = arming.goal_moment(stepper, owner, catching.waiting_spec(owner, wait.element))
            after = arming.dated(wait, due)
        except RunRefused as error:
            after = replace(wait, due=None)
            told = {"message": str(error)}
            stepper.tell("timer_unclear", wait.element, owner.scope, {"timer": str(wait.id)}, told)
        if after.due != wait.due:
            arming.tell_dated(stepper, owner, after)
