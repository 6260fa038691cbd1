"""Roaming through a process: at each step something happens that can happen there, at random but by seed.

Whatever the process is, what happens is taken: what can't be done for it waits for help. Only a repair may be
refused, with a sentence, and is forgotten then, as its caller would. After each step the run can be saved and loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from engine.errors import CasepathError
from engine.feel.values import normalise
from engine.ids import Ids
from engine.spiff import (
    ConditionWait,
    Env,
    FailureWait,
    MessageWait,
    Program,
    Run,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)

from .playing import NOON

VALUES = (None, True, False, 0, 1, 7, -1, 1.5, "", "x", "PT1H", [], [1, 2], ["a", None], {"a": 1}, {})


def roam(program: Program, process: str, seed: int, steps: int) -> Run | None:
    """Begin a process and let so many things happen in it; None where it can't begin."""
    random = Random(seed)
    names = sorted(_names(program)) or ["x"]
    env = _environment(random, 0)
    begun = _by_one_of_its_starts(program, process, random)
    run = _tried(lambda: Run.begin(program, process, _values(random, names), env, **begun))
    for step in range(1, steps):
        if run is None or run.ended:
            break
        state = json.dumps(run.dump())
        run = Run.load(program, json.loads(state), _environment(random, step))
        assert json.dumps(run.dump()) == state
        do, is_repair = _something(run, random, program, names)
        if not is_repair:
            do()
        elif _tried(lambda do=do: [do()]) is None:  # type: ignore[misc]
            run = Run.load(program, json.loads(state), _environment(random, step))
    return run


def _tried(do: Callable[[], Any]) -> Any:
    """Return what something gives, or None where it is refused with a sentence."""
    try:
        return do()
    except CasepathError as error:
        assert "Expected" in str(error), str(error)
        return None


def _something(
    run: Run, random: Random, program: Program, names: list[str]
) -> tuple[Callable[[], Any], bool]:
    """Return what happens next, and whether it is a repair, which may be refused."""
    waits = list(run.waits.values())
    if not waits or random.random() < 0.1:
        if run.stuck and random.random() < 0.5:
            return lambda: run.move_parked(run.stuck[0], (), random.choice(_elements(program))), True
        return random.choice((lambda: run.broadcast("x", {}), run.cancel)), False
    wait = random.choice(waits)
    happens = _by_kind(run, wait, random, names)
    if happens and random.random() < 0.7:
        return random.choice(happens), False
    return random.choice(
        (lambda: run.skip(wait.id), lambda: run.move(wait.id, random.choice(_elements(program))))
    ), True


def _by_kind(run: Run, wait: Wait, random: Random, names: list[str]) -> list[Callable[[], Any]]:
    values = _values(random, names)
    match wait:
        case TaskWait():
            return [lambda: run.complete(wait.id, values)]
        case TimerWait():
            return [lambda: run.fire(wait.id)]
        case MessageWait():
            return [lambda: run.deliver(wait.id, values)]
        case SignalWait():
            return [lambda: run.broadcast(wait.name, values), lambda: run.deliver(wait.id, values)]
        case ServiceWait():
            code = random.choice(("E1", "E2", ""))
            return [
                lambda: run.complete(wait.id, values),
                lambda: run.throw_error(wait.id, code, "said", values),
                lambda: run.retry(wait.id, values),
            ]
        case FailureWait():
            return [lambda: run.retry(wait.id, values)]
    assert isinstance(wait, ConditionWait)
    return []


def _by_one_of_its_starts(program: Program, process: str, random: Random) -> dict[str, str]:
    begins = [event.element for event in program.process(process).spec.bpmn_start_events]
    begin = random.choice(begins)
    if begin.message is not None:
        return {"message": begin.message}
    return {} if begin.signal is None else {"signal": begin.signal}


def _names(program: Program) -> set[str]:
    """Return the variables that the expressions of a program ask for."""
    formulas = (
        formula
        for bodies in program.bodies.values()
        for body in bodies.values()
        for spec in body.spec.task_specs.values()
        if hasattr(spec, "formulas")
        for formula in (
            *spec.formulas.texts.values(),
            *(flow.condition for flow in spec.outgoing if flow.condition is not None),
            *(formula for _, formula in (*spec.formulas.inputs, *spec.formulas.outputs)),
        )
    )
    return {name for formula in formulas for name in formula.expression.names}


def _elements(program: Program) -> list[str]:
    return [element for diagram in program.diagrams for element in diagram.elements]


def _values(random: Random, names: list[str]) -> dict[str, Any]:
    chosen = random.sample(names, min(len(names), random.randrange(4)))
    return {name: normalise(random.choice(VALUES)) for name in chosen}


def _environment(random: Random, step: int) -> Env:
    now = NOON + timedelta(hours=step)
    return Env(now, Ids(step.to_bytes(4, "big"), now), lambda *_: normalise(random.choice(VALUES)))
