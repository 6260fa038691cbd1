"""When a timer would fire, for whoever draws it: told by the very code that arms timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.errors import CasepathError
from engine.feel import Surroundings, compile_expression
from engine.feel.errors import FeelError
from engine.spiff.timers import NEVER, NotATimer, is_literal, next_round, schedule

MOST_ROUNDS = 3


class Unforeseen(CasepathError):
    """A timer whose moments can't be told before there is a ticket; the message says why."""


def foresee(kind: str, text: str, armed: datetime, surroundings: Surroundings) -> tuple[datetime, ...]:
    """Return when (UTC) a timer armed at a moment would fire: once, or the first three rounds of a cycle.

    `kind` is date, duration or cycle, `surroundings` are those of the armed moment. What would be late already
    fires at once, a date that says never doesn't. Raises Unforeseen.
    """
    value, warnings = (text, ()) if is_literal(text) else _value(text, surroundings)
    if kind == "date" and value == NEVER:
        return ()
    try:
        due, cycle = schedule(kind, value, armed, surroundings.zone)
    except NotATimer as error:
        raise Unforeseen(" ".join((f"Expected {error}.", *warnings))) from error
    fires = [max(due, armed)]
    while cycle is not None and len(fires) < MOST_ROUNDS:
        following = next_round(cycle, fires[-1], surroundings.zone)
        if following is None:
            break
        due, cycle = following
        fires.append(due)
    return tuple(fires)


def _value(text: str, surroundings: Surroundings) -> tuple[Any, tuple[str, ...]]:
    try:
        expression = compile_expression(text)
        asked = sorted(expression.names)
        if asked:
            raise Unforeseen(_depends_on(asked))
        found = expression.evaluate_checked({}, surroundings)
    except FeelError as error:
        raise Unforeseen(str(error)) from error
    return found.value, found.warnings


def _depends_on(names: list[str]) -> str:
    if "goal" in names:
        return "It follows the clock of a goal, which each ticket has its own of."
    return f"It depends on what the ticket holds by then: {', '.join(names)}."
