"""One drawn history, played by the oracle and by others beside it, who must show the same after every step.

Hypothesis draws each step from what the oracle then waits for, so a failure shrinks to a short history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from hypothesis import event, note, reject

from .actions import next_action
from .expressions import Value
from .interpreter import Instance
from .model import Model
from .orders import Story, TooManyOrders, explain, outcomes
from .state import Endless
from .triggers import Message, Signal
from .values import BEGIN
from .views import Action, View, difference, labelled, oracle_view

MOST_STEPS = 12
MOST_WAITS = 20
MOST_TRIES = 1000


class Player(Protocol):
    """Whoever plays a process; each method returns what is seen after it, None for a refusal."""

    def begin(
        self, variables: Mapping[str, Value], now: datetime, by: Message | Signal | None
    ) -> View | None: ...

    def act(self, action: Action) -> View | None: ...


def play(
    model: Model,
    variables: Mapping[str, Value],
    players: Sequence[Player],
    draw: Callable[..., Any],
    by: Message | Signal | None = None,
    tries: int = MOST_TRIES,
) -> None:
    """Draw a history and play it; AssertionError tells the first step after which someone sees another thing.

    Of an example that never comes to rest, or in which too many orders are possible, nothing is said.
    """
    try:
        comparison = Comparison(model, variables, players, by, tries)
        for _ in range(MOST_STEPS):
            waits = labelled(comparison.oracle)
            if not comparison.started or not waits or len(waits) > MOST_WAITS:
                return
            action = next_action(draw, comparison.oracle, comparison.now)
            if action is None:
                return
            note(f"{action}")
            comparison.act(action)
    except (Endless, TooManyOrders):
        reject()


class Comparison:
    """The oracle and the players that must agree with it, side by side through one history."""

    def __init__(
        self,
        model: Model,
        variables: Mapping[str, Value],
        players: Sequence[Player],
        by: Message | Signal | None = None,
        tries: int = MOST_TRIES,
    ) -> None:
        self.tries = tries
        self.first = Instance(model, variables, BEGIN, by)
        self.oracle = self.first
        self.now = BEGIN
        self.story: Story = []
        self.players = players
        self.started = self._agree(None, lambda player: player.begin(variables, BEGIN, by))

    def act(self, action: Action) -> None:
        self.now = action.now
        self._agree(action, lambda player: player.act(action))

    def _agree(self, action: Action | None, do: Callable[[Player], View | None]) -> bool:
        """Find an order in which the oracle sees what the players show; say whether the step was done.

        The oracle goes first: it soon gives up where tokens don't come to rest.
        """
        expected = next(outcomes(self.oracle, action))
        seen, *others = (do(player) for player in self.players)
        for other in others:
            assert seen == other, "between two players:\n" + difference(seen, other)
        self.story.append((action, seen))
        if seen == (None if expected is None else oracle_view(expected)):
            self.oracle = expected or self.oracle
        else:
            self._explain(seen, expected)
        return seen is not None

    def _explain(self, seen: View | None, expected: Instance | None) -> None:
        event("another order than first come, first served")
        found = explain(self.first, self.story, [self.tries])
        assert found, difference(None if expected is None else oracle_view(expected), seen)
        self.oracle = found
