"""The state of a run as a small JSON value, and back. Format 1.

`{"v": 1, "p": process, "e": how it ended, "q": how many completions were remembered, …scope}`. A scope holds what is
not empty of: `d` its variables, `a` what waits at joins, `w` what a called process has written, `t` its tokens, `s`
what its event sub-processes wait for, `i` that one of them interrupted it, `m` what may be compensated, `x` the pack
of a called process of another version; of a repeated activity `r` its rounds; of a scope of compensation `c` what is
still to be done, `n` the variables of the time, `l` over which level it stands (how many event sub-processes further
out; none: it was opened again) and `k` its part of the path. A token is `[element, waits, inputs, inner scope, own
variables]` with what is empty at the end left out. Names of the diagram stand as they are; moments are microseconds
since 1970 in UTC. Nothing else that is done is kept, so the size follows what is open, not what has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.errors import CasepathError
from engine.feel.codec import encode, from_json
from engine.spiff import catching, compensating
from engine.spiff.errors import UnreadableState
from engine.spiff.memory import Done
from engine.spiff.model import Element
from engine.spiff.program import Program
from engine.spiff.repeating import Rounds
from engine.spiff.scopes import InnerScope, RootScope, Scope
from engine.spiff.stepping import Env, Stepper
from engine.spiff.tokens import Token
from engine.spiff.waits import (
    ConditionWait,
    Cycle,
    FailureWait,
    MessageWait,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)

FORMAT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TASK, _TIMER, _MESSAGE, _SERVICE, _SIGNAL, _CONDITION, _FAILURE = "u", "t", "m", "s", "g", "c", "f"


def dump(stepper: Stepper) -> dict[str, Any]:
    """Return the state of a run that has come to rest."""
    state: dict[str, Any] = {"v": FORMAT, "p": stepper.root.process, **_dump_scope(stepper.root)}
    if stepper.ended is not None:
        state["e"] = stepper.ended
    if stepper.root.completions:
        state["q"] = stepper.root.completions
    return state


def load(program: Program, state: Any, env: Env) -> Stepper:
    """Return a stepper in a saved state. Raises UnreadableState, so that the instance can become an incident."""
    if not isinstance(state, dict) or state.get("v") != FORMAT:
        found = state.get("v") if isinstance(state, dict) else type(state).__name__
        raise UnreadableState(f"Expected a run of format {FORMAT}, but this one is {found!r}.")
    try:
        body = program.process(state["p"])
        root = RootScope(body.spec, body.key)
        stepper = Stepper(program, root, env)
        stepper.ended = state.get("e")
        root.completions = state.get("q", 0)
        _load_scope(stepper, root, state)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, CasepathError) as error:
        message = f"Expected a run of this process version, but it has another shape: {error}"
        raise UnreadableState(message) from error
    return stepper


def _dump_scope(scope: Scope) -> dict[str, Any]:
    parts = {
        "d": _values(scope.data),
        "a": dict(scope.arrivals),
        "w": sorted(scope.written) if scope.outer is None and scope.path else [],
        "s": [_dump_wait(wait, None) for wait in scope.waits.values()],
        "i": int(scope.interrupted),
        "x": "" if scope.path and scope.outer is not None else scope.pack,
        "m": [_dump_done(it) for it in scope.done],
        "n": _values(scope.snapshot),
        "t": [_dump_token(token) for token in scope.tokens],
    }
    return {**{name: part for name, part in parts.items() if part}, **_dump_kind(scope)}


def _dump_kind(scope: Scope) -> dict[str, Any]:
    if scope.rounds is not None:
        return {"r": _dump_rounds(scope.rounds)}
    if scope.todo is None:
        return {}
    kind = {"c": [[levels, _dump_done(it)] for levels, it in scope.todo]}
    if scope.level is None:
        return {**kind, "k": scope.path[-1]}
    return {**kind, "l": compensating.levels_out(scope)}


def _dump_done(done: Done) -> list[Any]:
    row = [
        done.element,
        done.number,
        _values(done.variables),
        None if done.data is None else _values(done.data),
        [_dump_done(it) for it in done.inner],
        done.part,
        done.pack,
    ]
    return _trimmed(row)


def _dump_token(token: Token) -> list[Any]:
    inner = token.scope.inner(token)
    row = [
        token.task_spec.name,
        [_dump_wait(wait, token) for wait in token.waits.values()],
        _values(token.data),
        None if inner is None else _dump_scope(inner) or {"d": {}},  # an empty one is there all the same
        _values(token.own),
    ]
    return _trimmed(row)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encode(value) for name, value in values.items()}


def _read_values(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: from_json(value) for name, value in (values or {}).items()}


def _dump_wait(wait: Wait, token: Token | None) -> list[Any]:
    element = None if token is not None and wait.element == token.task_spec.name else wait.element
    kind, particulars = _particulars(wait)
    return [kind, wait.id.hex, _micros(wait.since), element, *_trimmed(particulars)]


def _particulars(wait: Wait) -> tuple[str, list[Any]]:
    match wait:
        case TaskWait():
            due = None if wait.due is None else _micros(wait.due)
            return _TASK, [wait.assignee, list(wait.candidate_groups), due, wait.priority]
        case TimerWait(cycle=cycle):
            rounds = cycle and [_micros(cycle.anchor), cycle.interval, cycle.number, cycle.last]
            return _TIMER, [wait.due and _micros(wait.due), rounds, wait.fired and _micros(wait.fired)]
        case MessageWait():
            return _MESSAGE, [wait.key]
        case SignalWait():
            return _SIGNAL, []
        case ConditionWait():
            return _CONDITION, [int(wait.held)]
        case FailureWait():
            results = None if wait.results is None else [_values(wait.results)]
            return _FAILURE, [wait.message, wait.phase, results]
    assert isinstance(wait, ServiceWait)
    return _SERVICE, [wait.retries]


def _load_scope(stepper: Stepper, scope: Scope, state: Mapping[str, Any]) -> None:
    scope.data.update(_read_values(state.get("d")))
    scope.arrivals.update(state.get("a", {}))
    scope.written.update(state.get("w", ()))
    scope.interrupted = bool(state.get("i"))
    scope.done = [_load_done(row) for row in state.get("m", ())]
    scope.snapshot = _read_values(state.get("n"))
    _ask_for_places(scope)
    for saved in state.get("s", ()):
        wait = _load_wait(scope, saved)
        scope.waits[wait.id] = wait
    for row in state.get("t", ()):
        _load_token(stepper, scope, row)


def _ask_for_places(scope: Scope) -> None:
    """Raise KeyError where something is saved at a flow or an activity that the diagram doesn't have."""
    specs = scope.spec.task_specs
    gone = [done.element for done in scope.done if done.element not in specs]
    if scope.arrivals:
        flows = {flow.id for spec in specs.values() for flow in getattr(spec, "incoming", ())}
        gone += [flow for flow in scope.arrivals if flow not in flows]
    if gone:
        raise KeyError(gone[0])


def _load_done(row: list[Any]) -> Done:
    element, number, variables, data, inner, part, pack = (*row, None, None, None, None, None)[:7]
    own = None if data is None else _read_values(data)
    return Done(
        element,
        number,
        _read_values(variables),
        own,
        tuple(map(_load_done, inner or ())),
        part or "",
        pack or "",
    )


def _load_token(stepper: Stepper, scope: Scope, row: list[Any]) -> None:
    element, waits, inputs, inside, own = (*row, None, None, None, None)[:5]
    token = Token(scope, scope.spec.task_specs[element], TaskState.STARTED)
    token.data, token.own = _read_values(inputs), _read_values(own)
    for saved in waits or ():
        wait = _load_wait(token, saved)
        token.waits[wait.id] = wait
    if inside is not None:
        _load_scope(stepper, _open(stepper, token, inside), inside)


def _open(stepper: Stepper, token: Token, state: Mapping[str, Any]) -> InnerScope:
    if "r" in state:
        inner = stepper.root.open_over(token)
        inner.rounds = _load_rounds(state["r"])
        return inner
    spec = token.task_spec
    inner = (
        stepper.root.open_over(token)
        if "l" in state
        else spec.open_inside(stepper, token, state.get("x", ""))
    )
    if "c" in state:
        inner.todo = [(levels, _load_done(row)) for levels, row in state["c"]]
        if "l" in state:
            compensating.place(inner, compensating.level_around(token.scope, state["l"]))
        else:
            inner.path = (*token.scope.path, state["k"])
    return inner


def _load_wait(owner: Token | Scope, saved: list[Any]) -> Wait:
    kind, id_, since, event, *rest = saved
    own = owner.task_spec.name if isinstance(owner, Token) else ""
    element = catching.waiting_spec(owner, event or own).element
    common = {
        "id": UUID(hex=id_),
        "element": element.id,
        "name": element.title,
        "scope": owner.scope.path,
        "since": _moment(since),
    }
    return _LOADERS[kind](common, element, owner, [*rest, *[None] * 4])


def _load_task(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    assignee, groups, due, priority = row[:4]
    return TaskWait(
        **common,
        form=element.form,
        assignee=assignee,
        candidate_groups=tuple(groups or ()),
        due=None if due is None else _moment(due),
        priority=priority,
        variables=owner.variables,
        pack=owner.scope.pack,
    )


def _load_timer(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    due, rounds, fired = row[:3]
    cycle = rounds and Cycle(_moment(rounds[0]), *rounds[1:])
    due, fired = (None if it is None else _moment(it) for it in (due, fired))
    return TimerWait(**common, due=due, goal=element.goal, cycle=cycle, fired=fired)


def _load_message(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    return MessageWait(**{**common, "name": element.message or ""}, key=row[0])


def _load_signal(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    return SignalWait(**{**common, "name": element.signal or ""})


def _load_condition(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    return ConditionWait(**common, held=bool(row[0]))


def _load_failure(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    message, phase, results = row[:3]
    return FailureWait(**common, message=message, phase=phase, results=results and _read_values(results[0]))


def _load_service(common: Any, element: Element, owner: Any, row: list[Any]) -> Wait:
    return ServiceWait(**common, type=element.service or "", inputs=owner.variables, retries=row[0])


_LOADERS = {
    _TASK: _load_task,
    _TIMER: _load_timer,
    _MESSAGE: _load_message,
    _SIGNAL: _load_signal,
    _CONDITION: _load_condition,
    _FAILURE: _load_failure,
    _SERVICE: _load_service,
}


def _dump_rounds(rounds: Rounds) -> list[Any]:
    items = None if rounds.items is None else [encode(item) for item in rounds.items]
    results = [encode(result) for result in rounds.results]
    return [rounds.total, rounds.started, rounds.completed, items, results, int(rounds.over)]


def _load_rounds(row: list[Any]) -> Rounds:
    total, started, completed, items, results, over = row
    left = None if items is None else [from_json(item) for item in items]
    return Rounds(total, left, started, completed, [from_json(it) for it in results], bool(over))


def _trimmed(row: list[Any]) -> list[Any]:
    """Leave out what is empty at the end."""
    last = next((i for i in range(len(row), 0, -1) if row[i - 1] not in (None, "", [], {})), 0)
    return row[:last]


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
