"""Engine and oracle see the same after every step, whatever is drawn, in memory and through JSON.

`CASEPATH_ORACLE_EXAMPLES` says how many models are drawn (300 by default), `--hypothesis-seed` repeats a run. A
failure is shrunk and prints the model, the history, what each side saw, and how to repeat it.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from .comparison import play
from .model import Model, Value
from .runner import Runner, link
from .strategies import beginnings, models

EXAMPLES = int(os.environ.get("CASEPATH_ORACLE_EXAMPLES", "300"))
LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=LARGE)
@given(models(), beginnings, st.data())
def test_engine_agrees_with_oracle(model: Model, variables: dict[str, Value], data: st.DataObject) -> None:
    note(describe(model))
    program = link(model)
    kept, reloaded = (Runner(program, model.processes[0], reloads) for reloads in (False, True))
    play(model, variables, [kept, reloaded], data.draw)


def describe(model: Model) -> str:
    """Return a model's nodes and flows, one a line."""
    lines = []
    for process in model.processes:
        lines.append(f"process {process.id}")
        lines += [f"  {node}" for node in process.body.nodes]
        lines += [f"  {flow}" for flow in process.body.flows]
    return "\n".join(lines)
