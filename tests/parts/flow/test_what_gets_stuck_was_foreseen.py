"""Random models, played at random by the engine: what gets stuck had a finding, and what is dead never runs.

Nothing is asked of a model with too many states, nor of a join on a level that something can still end as a whole:
the engine calls it stuck at once, the lint waits whether the end comes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.flow import check_flow, game
from engine.spiff import Diagram, RunRefused, check_diagram
from engine.spiff.waits import FailureWait, MessageWait, ServiceWait, SignalWait, TimerWait, Wait
from tests.oracle import bpmn
from tests.oracle.model import Model
from tests.oracle.runner import Runner, link
from tests.oracle.strategies import beginnings_of, models
from tests.oracle.values import BEGIN, beginnings

LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
VALUES: dict[str, list[Any]] = {"x": [0, 1, 2, 3], "y": [0, 1, 2], "b": [True, False], "s": ["k1", "k2"]}
MOST_STEPS = 20
MOST_WAITS = 15


@pytest.mark.parametrize(
    "theme", ["gateways", "inclusive", "implicit", "races", "links", "event_subs", "errors", "multi_instance"]
)
def test_a_join_that_gets_stuck_had_a_finding_and_what_is_dead_is_never_entered(theme: str) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=LARGE)
    @given(models(theme), st.data(), st.randoms(use_true_random=False))
    def foreseen(model: Model, data: st.DataObject, chance: random.Random) -> None:
        diagrams = {name: _read(source) for name, source in bpmn.files(model).items()}
        with patch.object(game, "MOST_TOKENS", 12), patch.object(game, "MOST_BESIDE", 6):
            found = [it for some in check_flow(diagrams).values() for it in some]
        assume(not any(it.rule == "explored" for it in found))
        told = {it.element for it in found if it.rule == "deadlock"} | set(_on_levels_that_end(diagrams))
        dead = {it.element for it in found if it.rule == "dead"}
        runner = Runner(link(model), model.processes[0], reloads=False)
        view = runner.begin(data.draw(beginnings), BEGIN, data.draw(beginnings_of(model)))
        for _ in range(MOST_STEPS):
            if view is None or runner.run is None:
                return
            assert set(view.stuck) <= told
            assert dead.isdisjoint(element for kind, element, *_ in view.trail if kind == "entered")
            view = _step(runner, chance)

    foreseen()


def _read(source: bytes) -> Diagram:
    diagram, findings = check_diagram(source, "model.bpmn")
    assert diagram is not None, [str(it) for it in findings]
    return diagram


def _on_levels_that_end(diagrams: dict[str, Diagram]) -> Iterator[str]:
    """Yield the nodes of every level that an end event in it, or something thrown inside it, can end as a whole."""
    for diagram in diagrams.values():
        nodes = diagram.elements.values()
        ending = {
            (it.process, it.parent)
            for it in nodes
            if it.event in ("terminate", "error", "cancel")
            or it.type in ("subProcess", "transaction", "callActivity")
        }
        yield from (it.id for it in nodes if (it.process, it.parent) in ending)


def _step(runner: Runner, chance: random.Random) -> Any:
    """Let one of the open waits have what it waits for; None where nothing waits any more."""
    waits = list(runner.run.waits.values())
    if not waits or len(waits) > MOST_WAITS:
        return None
    wait = chance.choice(waits)
    now = BEGIN + timedelta(hours=runner.steps)
    before = runner.run.dump()
    runner.run.env = runner._env(now)
    try:
        _answer(
            runner,
            wait,
            {name: chance.choice(some) for name, some in VALUES.items() if chance.random() < 0.5},
        )
    except (RunRefused, NotFound):
        runner.run = type(runner.run).load(runner.program, before, runner._env(now))
    return runner._view()


def _answer(runner: Runner, wait: Wait, values: dict[str, Any]) -> None:
    run = runner.run
    match wait:
        case FailureWait():
            run.retry(wait.id, values)
        case TimerWait():
            run.fire(wait.id)
        case MessageWait() | SignalWait():
            run.deliver(wait.id, values)
        case ServiceWait() if "x" not in values:
            run.throw_error(wait.id, "E1", "It went wrong.", {})
        case _:
            run.complete(wait.id, values)
