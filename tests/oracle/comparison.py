"""One drawn history, played by the oracle and by others beside it, who must show the same after every step.

Hypothesis draws each step from what the oracle then waits for, so a failure shrinks to a short history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from hypothesis import event, note, reject
from hypothesis import strategies as st

from .interpreter import Endless, Instance
from .model import Model, Value
from .orders import Story, TooManyOrders, explain, outcomes
from .strategies import BEGIN, writes
from .views import CANCEL, Action, View, difference, labelled, oracle_view

MOST_STEPS = 12
MOST_WAITS = 15
MOST_TRIES = 1000
PAUSES = [timedelta(0), *(timedelta(minutes=minutes) for minutes in (30, 60, 120, 420, 420))]


class Player(Protocol):
    """Whoever plays a process; each method returns what is seen after it, None for a refusal."""

    def begin(self, variables: Mapping[str, Value], now: datetime) -> View | None: ...

    def act(self, action: Action) -> View | None: ...


def play(
    model: Model, variables: Mapping[str, Value], players: Sequence[Player], draw: Callable[..., Any]
) -> None:
    """Draw a history and play it; AssertionError tells the first step after which someone sees another thing.

    Of an example that never comes to rest, or in which too many orders are possible, nothing is said.
    """
    try:
        comparison = Comparison(model, variables, players)
        for _ in range(MOST_STEPS):
            waits = labelled(comparison.oracle)
            if not comparison.started or not waits or len(waits) > MOST_WAITS:
                return
            action = next_action(draw, comparison)
            note(f"{action}")
            comparison.act(action)
    except (Endless, TooManyOrders):
        reject()


class Comparison:
    """The oracle and the players that must agree with it, side by side through one history."""

    def __init__(self, model: Model, variables: Mapping[str, Value], players: Sequence[Player]) -> None:
        self.first = Instance(model, variables, BEGIN)
        self.oracle = self.first
        self.now = BEGIN
        self.story: Story = []
        self.players = players
        self.started = self._agree(None, [player.begin(variables, BEGIN) for player in players])

    def act(self, action: Action) -> None:
        self._agree(action, [player.act(action) for player in self.players])

    def _agree(self, action: Action | None, views: list[View | None]) -> bool:
        """Find an order in which the oracle sees what the players show; say whether the step was done."""
        seen = views[0]
        for other in views[1:]:
            assert seen == other, "between two players:\n" + difference(seen, other)
        self.story.append((action, seen))
        expected = next(outcomes(self.oracle, action))
        if seen == (None if expected is None else oracle_view(expected)):
            self.oracle = expected or self.oracle
        else:
            self._explain(seen, expected)
        return seen is not None

    def _explain(self, seen: View | None, expected: Instance | None) -> None:
        event("another order than first come, first served")
        found = explain(self.first, self.story, [MOST_TRIES])
        assert found, difference(None if expected is None else oracle_view(expected), seen)
        self.oracle = found


def next_action(draw: Callable[..., Any], comparison: Comparison) -> Action:
    """Draw what happens next: time passes; then timers that are due fire in order, else a person or a message."""
    if draw(st.sampled_from([False] * 30 + [True])):
        return Action(CANCEL, comparison.now)
    labels = sorted(labelled(comparison.oracle), key=repr)
    comparison.now += draw(st.sampled_from(PAUSES))
    timers = sorted((label for label in labels if label[0] == "timer"), key=lambda label: label[-1])
    others = [label for label in labels if label[0] != "timer"]
    if timers and (timers[0][-1] <= comparison.now or not others):
        comparison.now = max(comparison.now, timers[0][-1])
        return Action(timers[0], comparison.now)
    return Action(draw(st.sampled_from(others)), comparison.now, draw(writes))
