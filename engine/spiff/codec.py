"""The state of a run as a small JSON value, and back. Format 1.

`{"v": 1, "p": process, "e": how it ended, …scope}`; a scope holds `d` its variables, `a` what waits at joins, `w`
what a called process has written, `t` its tokens. A token is `[element, waits, inputs, inner scope]` with what is
empty at the end left out. Names of the diagram stand as they are; moments are microseconds since 1970 in UTC.
Nothing that is done is kept, so the size follows what is open, not what has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.errors import CasepathError
from engine.feel.values import from_json, to_json
from engine.spiff.errors import UnreadableState
from engine.spiff.program import Body, Program
from engine.spiff.scopes import RootScope, Scope
from engine.spiff.stepping import Env, Stepper
from engine.spiff.tokens import Token
from engine.spiff.waits import Cycle, MessageWait, ServiceWait, TaskWait, TimerWait, Wait

FORMAT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TASK, _TIMER, _MESSAGE, _SERVICE = "u", "t", "m", "s"


def dump(stepper: Stepper) -> dict[str, Any]:
    """Return the state of a run that has come to rest."""
    state: dict[str, Any] = {"v": FORMAT, "p": stepper.root.process, **_dump_scope(stepper.root)}
    if stepper.ended is not None:
        state["e"] = stepper.ended
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
        _load_scope(stepper, root, state)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, CasepathError) as error:
        message = f"Expected a run of this process version, but it has another shape: {error}"
        raise UnreadableState(message) from error
    return stepper


def _dump_scope(scope: Scope) -> dict[str, Any]:
    parts = {
        "d": {name: to_json(value) for name, value in scope.data.items()},
        "a": dict(scope.arrivals),
        "w": sorted(scope.written) if scope.outer is None and scope.path else [],
        "t": [_dump_token(token) for token in scope.tokens],
    }
    return {name: part for name, part in parts.items() if part}


def _dump_token(token: Token) -> list[Any]:
    inner = token.scope.inner(token)
    row = [
        token.task_spec.name,
        [_dump_wait(wait, token) for wait in token.waits.values()],
        {name: to_json(value) for name, value in token.data.items()},
        None if inner is None else _dump_scope(inner),
    ]
    return _trimmed(row)


def _dump_wait(wait: Wait, token: Token) -> list[Any]:
    boundary = None if wait.element == token.task_spec.name else wait.element
    kind, particulars = _particulars(wait)
    return [kind, wait.id.hex, _micros(wait.since), boundary, *_trimmed(particulars)]


def _particulars(wait: Wait) -> tuple[str, list[Any]]:
    if isinstance(wait, TaskWait):
        due = None if wait.due is None else _micros(wait.due)
        return _TASK, [wait.assignee, list(wait.candidate_groups), due, wait.priority]
    if isinstance(wait, TimerWait):
        cycle = wait.cycle
        rounds = cycle and [_micros(cycle.anchor), cycle.interval, cycle.number, cycle.last]
        return _TIMER, [_micros(wait.due), rounds]
    if isinstance(wait, MessageWait):
        return _MESSAGE, [wait.key]
    assert isinstance(wait, ServiceWait)
    return _SERVICE, [wait.retries]


def _load_scope(stepper: Stepper, scope: Scope, state: Mapping[str, Any]) -> None:
    scope.data.update({name: from_json(value) for name, value in state.get("d", {}).items()})
    scope.arrivals.update(state.get("a", {}))
    scope.written.update(state.get("w", ()))
    for row in state.get("t", ()):
        _load_token(stepper, scope, row)


def _load_token(stepper: Stepper, scope: Scope, row: list[Any]) -> None:
    element, waits, inputs, inside = (*row, None, None, None)[:4]
    spec = scope.spec.task_specs[element]
    token = Token(scope, spec, TaskState.STARTED)
    token.data = {name: from_json(value) for name, value in (inputs or {}).items()}
    if inside is not None:
        body, outer = _inside(stepper.program, scope, spec)
        _load_scope(stepper, stepper.root.open(token, body.spec, body.process, outer), inside)
    for saved in waits or ():
        wait = _load_wait(token, saved)
        token.waits[wait.id] = wait


def _inside(program: Program, scope: Scope, spec: Any) -> tuple[Body, Scope | None]:
    if spec.element.type == "callActivity":
        return program.process(spec.element.called), None
    return program.body(scope.process, spec.name), scope


def _load_wait(token: Token, saved: list[Any]) -> Wait:
    kind, id_, since, boundary, *rest = saved
    element = token.scope.spec.task_specs[boundary or token.task_spec.name].element
    common = {"id": UUID(hex=id_), "element": element.id, "scope": token.scope.path, "since": _moment(since)}
    if kind == _TASK:
        assignee, groups, due, priority = (*rest, None, None, None, None)[:4]
        return TaskWait(
            **common, name=element.title, form=element.form, assignee=assignee,
            candidate_groups=tuple(groups or ()), due=None if due is None else _moment(due), priority=priority,
            variables=token.data,
        )  # fmt: skip
    if kind == _TIMER:
        due, rounds = (*rest, None)[:2]
        cycle = rounds and Cycle(_moment(rounds[0]), *rounds[1:])
        return TimerWait(**common, name=element.title, due=_moment(due), goal=element.goal, cycle=cycle)
    if kind == _MESSAGE:
        return MessageWait(**common, name=element.message or "", key=rest[0] if rest else None)
    return ServiceWait(
        **common, name=element.title, type=element.service or "", inputs=token.data, retries=rest[0]
    )


def _trimmed(row: list[Any]) -> list[Any]:
    """Leave out what is empty at the end."""
    last = next((i for i in range(len(row), 0, -1) if row[i - 1] not in (None, [], {})), 0)
    return row[:last]


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
