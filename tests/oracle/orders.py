"""What the standard leaves open: the order of concurrent tokens, and which of several waits that look alike.

The oracle follows the plain order, first come, first served. Where that does not lead to what the engine shows,
`explain` tries every order over the whole history before the engine is held to be wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from .interpreter import Instance
from .state import Refused, Stay, Wait
from .triggers import After, At, Error, Every
from .views import NOTHING, Action, View, labelled, oracle_view

Story = list[tuple[Action | None, View | None]]


class TooManyOrders(Exception):
    """More orders are possible than can be tried; nothing is known then."""


class Orders:
    """Decides which token moves next: by a list of choices, then the first; notes what there was to choose."""

    def __init__(self, choices: tuple[int, ...] = ()) -> None:
        self.choices = choices
        self.counts: list[int] = []

    def __call__(self, count: int) -> int:
        self.counts.append(count)
        step = len(self.counts) - 1
        return self.choices[step] if step < len(self.choices) else 0

    def others(self) -> Iterator[tuple[int, ...]]:
        """Yield the choices that part from this order at one of the steps that it took by itself."""
        taken = (*self.choices, *[0] * (len(self.counts) - len(self.choices)))
        for step in range(len(self.choices), len(self.counts)):
            for choice in range(1, self.counts[step]):
                yield (*taken[:step], choice)


def outcomes(before: Instance, action: Action | None) -> Iterator[Instance | None]:
    """Yield what an action (None is the start) may lead to, the plain order first; a refusal is None."""
    alike = labelled(before)[action.label] if action and action.label != NOTHING else [None]
    for number in range(len(alike)):
        waiting: list[tuple[int, ...]] = [()]
        while waiting:
            orders = Orders(waiting.pop())
            yield _outcome(before, action, number, orders)
            waiting.extend(orders.others())


def explain(before: Instance, story: Story, tries: list[int]) -> Instance | None:
    """Return an instance that actions and what was seen after them (None: refused) may have led to, or None.

    `tries` counts down what may still be tried; TooManyOrders is raised at its end.
    """
    if not story:
        return before
    action, seen = story[0]
    for after in outcomes(before, action):
        tries[0] -= 1
        if tries[0] < 0:
            raise TooManyOrders
        if (None if after is None else oracle_view(after)) == seen:
            found = explain(after or before, story[1:], tries)
            if found:
                return found
    return None


def _outcome(before: Instance, action: Action | None, number: int, orders: Orders) -> Instance | None:
    after = copy.deepcopy(before)
    after.choose = orders
    after.trail = []
    try:
        if action is None:
            after.start()
        else:
            act_on(after, action, number)
    except Refused:
        return None
    finally:
        after.choose = Orders()
    return after


def act_on(instance: Instance, action: Action, number: int) -> None:
    """Do an action upon the `number`th of the waits that its label fits."""
    instance.now = action.now
    if action.kind == "cancel":
        instance.cancel()
    elif action.kind == "signal":
        instance.broadcast(action.name, action.values)
    else:
        _do(instance, action, labelled(instance)[action.label][number])


def _do(instance: Instance, action: Action, target: Stay | Wait) -> None:
    stay = target if isinstance(target, Stay) else target.owner
    match action.kind:
        case "error":
            instance.answer_error(stay, Error(action.name), action.values)
        case "retry":
            instance.retry(stay, action.values)
        case "skip":
            instance.skip(stay)
        case "move":
            instance.move(target, action.name)
        case "go" if isinstance(target, Stay):
            instance.complete(target, action.values)
        case "go" if isinstance(target.trigger, After | At | Every):
            instance.fire(target)
        case _:
            instance.deliver(target, action.values)
