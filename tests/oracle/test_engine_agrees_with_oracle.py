"""Engine and oracle see the same after every step, whatever is drawn, in memory and through JSON.

Each theme has its own share of the models, so that every element surely occurs. `CASEPATH_ORACLE_EXAMPLES` says how
many models are drawn in all (500 by default), `--hypothesis-seed` repeats a run. A failure is shrunk and prints the
model, the history, what each side saw, and how to repeat it.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from .comparison import play
from .model import Model
from .runner import Runner, link
from .strategies import THEMES, beginnings_of, models
from .values import beginnings

EXAMPLES = int(os.environ.get("CASEPATH_ORACLE_EXAMPLES", "500"))
SHARE = -(-EXAMPLES // len(THEMES))
LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize("theme", THEMES)
def test_engine_agrees_with_oracle(theme: str) -> None:
    @settings(max_examples=SHARE, deadline=None, print_blob=True, suppress_health_check=LARGE)
    @given(models(theme), st.data())
    def compare(model: Model, data: st.DataObject) -> None:
        note(describe(model))
        program = link(model)
        variables = data.draw(beginnings)
        kept, reloaded = (Runner(program, model.processes[0], reloads) for reloads in (False, True))
        play(model, variables, [kept, reloaded], data.draw, data.draw(beginnings_of(model)))

    compare()


def describe(model: Model) -> str:
    """Return a model's nodes and flows, one a line."""
    lines = []
    for process in model.processes:
        lines.append(f"process {process.id}")
        lines += [f"  {node}" for node in process.body.nodes]
        lines += [f"  {flow}" for flow in process.body.flows]
    return "\n".join(lines)
