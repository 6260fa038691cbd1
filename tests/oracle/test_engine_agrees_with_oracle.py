"""Engine and oracle see the same after every step, whatever is drawn, in memory and through JSON.

`CASEPATH_ORACLE_EXAMPLES` says how many models are drawn (200 by default), `--hypothesis-seed` repeats a run.
A failure is shrunk and prints the model, the history and what each side saw.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, event, given, note, settings
from hypothesis import strategies as st

from .interpreter import Endless, Instance
from .model import Model, Value
from .orders import Story, TooManyOrders, explain, outcomes
from .runner import Runner, link
from .strategies import BEGIN, beginnings, models, writes
from .views import Action, View, labelled, oracle_view

EXAMPLES = int(os.environ.get("CASEPATH_ORACLE_EXAMPLES", "200"))
MOST_STEPS = 12
MOST_WAITS = 15
MOST_TRIES = 1000
PAUSES = [timedelta(0), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=7)]


class Comparison:
    """The oracle and two runs of the engine, kept side by side through one history."""

    def __init__(self, model: Model, variables: dict[str, Value]) -> None:
        self.first = Instance(model, variables, BEGIN)
        self.oracle = self.first
        self.now: datetime = BEGIN
        self.story: Story = []
        program = link(model)
        self.runners = [Runner(program, model.processes[0].id, reloads) for reloads in (False, True)]
        self.started = self._agree(None, [runner.begin(variables, BEGIN) for runner in self.runners])

    def act(self, action: Action) -> None:
        self._agree(action, [runner.act(action) for runner in self.runners])

    def _agree(self, action: Action | None, seen: list[View | None]) -> bool:
        """Find an order in which the oracle sees what the engine shows; say whether the step was done."""
        kept, reloaded = seen
        assert kept == reloaded, f"{action}\n  kept in memory: {kept}\n  through JSON: {reloaded}"
        self.story.append((action, kept))
        expected = next(outcomes(self.oracle, action))
        if kept == (None if expected is None else oracle_view(expected)):
            self.oracle = expected or self.oracle
        else:
            self._explain(action, kept, expected)
        return kept is not None

    def _explain(self, action: Action | None, seen: View | None, expected: Instance | None) -> None:
        event("another order than first come, first served")
        found = explain(self.first, self.story, [MOST_TRIES])
        shown = None if expected is None else oracle_view(expected)
        assert found, (
            f"{action}\n  the oracle expects: {shown or 'a refusal'}\n  the engine has: {seen or 'a refusal'}"
        )
        self.oracle = found


def next_action(draw: Callable[..., Any], comparison: Comparison) -> Action:
    """Draw what happens next: time passes; then timers that are due fire in order, else a person or a message."""
    labels = sorted(labelled(comparison.oracle), key=repr)
    comparison.now += draw(st.sampled_from(PAUSES))
    timers = sorted((label for label in labels if label[0] == "timer"), key=lambda label: label[-1])
    others = [label for label in labels if label[0] != "timer"]
    if timers and (timers[0][-1] <= comparison.now or not others):
        comparison.now = max(comparison.now, timers[0][-1])
        return Action(timers[0], comparison.now)
    return Action(draw(st.sampled_from(others)), comparison.now, draw(writes))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(models(), beginnings, st.data())
def test_engine_agrees_with_oracle(model: Model, variables: dict[str, Value], data: st.DataObject) -> None:
    note(describe(model))
    try:
        comparison = Comparison(model, variables)
        for _ in range(MOST_STEPS):
            waits = labelled(comparison.oracle)
            if not comparison.started or not waits or len(waits) > MOST_WAITS:
                break
            action = next_action(data.draw, comparison)
            note(f"{action}")
            comparison.act(action)
    except (Endless, TooManyOrders) as reason:
        event(type(reason).__name__)
        assume(False)


def describe(model: Model) -> str:
    """Return a model's nodes and flows, one a line."""
    lines = []
    for process in model.processes:
        lines.append(f"process {process.id}")
        lines += [f"  {node}" for node in process.body.nodes]
        lines += [f"  {flow}" for flow in process.body.flows]
    return "\n".join(lines)
