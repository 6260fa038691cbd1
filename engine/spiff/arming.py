"""Arming timers: from their text, from a goal of the ticket, and again for a further round."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.spiff.errors import RunRefused
from engine.spiff.timers import NEVER, NotATimer, is_cron, schedule
from engine.spiff.tokens import Token
from engine.spiff.waits import Cycle, TimerWait

if TYPE_CHECKING:
    from engine.spiff.scopes import Scope
    from engine.spiff.stepping import Stepper


def arm_timer(stepper: Stepper, owner: Token | Scope, spec: Any) -> None:
    """Arm a timer from its text, by ISO 8601 or FEEL; not one whose date says never, unless its token waits in it."""
    element = spec.element
    if element.goal is not None:
        arm_for_goal(stepper, owner, spec)
        return
    kind, text = element.timer
    formula = spec.formulas.texts.get("timer")
    around = stepper.surroundings(owner.scope)
    value, warnings = (text, ()) if formula is None else formula.checked(seen_by(spec, owner), around)
    if kind == "date" and value == NEVER and not _holds(owner, spec):
        return
    try:
        due, cycle = schedule(kind, value, stepper.env.now, around.zone)
    except NotATimer as error:
        if formula is not None:
            raise formula.unexpected(str(error).partition(", but")[0], value, warnings) from error
        raise RunRefused(element.id, f"Expected {error}.") from error
    arm(stepper, owner, spec, due, cycle)


def arm(stepper: Stepper, owner: Token | Scope, spec: Any, due: datetime, cycle: Cycle | None) -> None:
    """Arm a timer for a moment."""
    wait = timer(stepper, owner, spec, due, cycle=cycle)
    data = {"timer": str(wait.id), "due": due, "goal": wait.goal, "cycle": cycle_text(wait)}
    stepper.await_(owner, wait, "timer_armed", data)


def timer(
    stepper: Stepper,
    owner: Token | Scope,
    spec: Any,
    due: datetime | None,
    *,
    cycle: Cycle | None = None,
    fired: datetime | None = None,
) -> TimerWait:
    """Return the wait of a timer that is armed now."""
    return TimerWait(
        id=stepper.env.ids.uuid(),
        element=spec.element.id,
        name=spec.element.title,
        scope=owner.scope.path,
        since=stepper.env.now,
        due=due,
        goal=spec.element.goal,
        cycle=cycle,
        fired=fired,
    )


def cycle_text(wait: TimerWait) -> str | None:
    """Return what is left of a repetition as ISO 8601 or cron, or None for a timer that fires once."""
    if wait.cycle is None:
        return None
    if is_cron(wait.cycle.interval):
        return wait.cycle.interval
    left = "" if wait.cycle.last is None else str(wait.cycle.last - wait.cycle.number + 1)
    return f"R{left}/{wait.cycle.interval}"


def arm_for_goal(stepper: Stepper, owner: Token | Scope, spec: Any, fired: datetime | None = None) -> None:
    """Let a timer wait for its goal, or for the next moment of that after the one at which it has fired.

    Like a message, a moment of a goal counts only for who waits by then: what was over before the timer was armed
    doesn't fire it, or a loop would be escalated again in each round.
    """
    due = goal_moment(stepper, owner, spec)
    wait = timer(stepper, owner, spec, due, fired=fired)
    tell_dated(stepper, owner, dated(wait, due))


def goal_moment(stepper: Stepper, owner: Token | Scope, spec: Any) -> datetime | None:
    """Return the moment (UTC) that the timer names, or None where its goal has none. Raises RunRefused."""
    formula = spec.formulas.texts["timer"]
    seen = ChainMap({"goal": stepper.env.goal(spec.element.goal)}, seen_by(spec, owner))  # type: ignore[arg-type]
    value, warnings = formula.checked(seen, stepper.surroundings(owner.scope))
    if value is None:
        return None
    try:
        return schedule("date", value, stepper.env.now)[0]
    except NotATimer as error:
        raise formula.unexpected(str(error).partition(", but")[0], value, warnings) from error


def dated(wait: TimerWait, due: datetime | None) -> TimerWait:
    """Return the timer with its moment; with none where that was over when it was armed, or when it fired."""
    over = due is not None and (due < wait.since or (wait.fired is not None and due <= wait.fired))
    return replace(wait, due=None if over else due)


def tell_dated(stepper: Stepper, owner: Token | Scope, wait: TimerWait) -> None:
    """Let a timer wait as it is dated: armed, or suspended."""
    data = {"timer": str(wait.id), "goal": wait.goal}
    if wait.due is None:
        stepper.await_(owner, wait, "timer_suspended", data)
    else:
        stepper.await_(owner, wait, "timer_armed", {**data, "due": wait.due, "cycle": None})


def seen_by(spec: Any, owner: Token | Scope) -> Mapping[str, Any]:
    """Return what an event sees; one on the boundary stands outside of its activity and of its inputs."""
    return owner.visible() if _holds(owner, spec) else owner.scope.visible()


def _holds(owner: Token | Scope, spec: Any) -> bool:
    """Whether the event itself has the token that waits: it stands in the flow, and not beside something."""
    return isinstance(owner, Token) and spec is owner.task_spec
