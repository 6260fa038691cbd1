"""Compensation: completed work is taken back, the last first, each by its handler.

The throwing event waits, with a scope over its level, until everything is done. In it one handler runs after the
other and sees the variables of the time when the activity was done; what it writes goes to the scopes of today.
A sub-process or called process without a handler of its own is opened again, and compensated from within.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.util.task import TaskState

from engine.spiff.memory import Done
from engine.spiff.tokens import Token

if TYPE_CHECKING:
    from engine.spiff.scopes import InnerScope, Scope
    from engine.spiff.stepping import Stepper


def begin(stepper: Stepper, thrower: Token) -> bool | None:
    """Compensate what the thrower's scope remembers, or the one activity it names; True where that is nothing."""
    scope = stepper.root.open_over(thrower)
    scope.level, scope.todo = thrower.scope, _recalled(thrower)
    if next_one(stepper, scope):
        return None
    stepper.root.close(thrower)
    return True


def next_one(stepper: Stepper, scope: Scope) -> bool:
    """Begin to compensate what was done before that which is now compensated; False where nothing is left."""
    if not scope.todo:
        return False
    levels, done = scope.todo.pop()
    if scope.level is not None:
        place(scope, level_around(cast("InnerScope", scope).parent_token.scope, levels))
    spec = scope.spec.task_specs[done.element]
    scope.snapshot = {} if spec.handler is None else done.variables
    if spec.handler is not None:
        data = {"activity": done.element, "handler": spec.handler}
        stepper.tell("compensating", done.element, scope, data)
        stepper.start(scope, scope.spec.task_specs[spec.handler])
    else:
        _open_again(stepper, scope, spec, done)
    return True


def place(scope: Scope, level: Scope) -> None:
    """Let a scope of compensation stand over the nodes of a level."""
    scope.level = level
    scope.spec, scope.process, scope.path, scope.outer = level.spec, level.process, level.path, level


def levels_out(scope: Scope) -> int:
    """Return how many event sub-processes further out than its thrower a scope of compensation stands."""
    level, count = cast("InnerScope", scope).parent_token.scope, 0
    while level is not scope.level:
        level, count = cast("InnerScope", level).parent_token.scope, count + 1
    return count


def level_around(scope: Scope, levels: int) -> Scope:
    """Return the scope that is so many event sub-processes further out."""
    for _ in range(levels):
        scope = cast("InnerScope", scope).parent_token.scope
    return scope


def _recalled(thrower: Token) -> list[tuple[int, Done]]:
    """Take from the scopes what they remember, in order of completion, with how many levels further out that was.

    An event sub-process speaks for the scope around it as well.
    """
    named, level, levels = thrower.task_spec.element.compensates, thrower.scope, 0
    found: list[tuple[int, Done]] = []
    while True:
        found += [(levels, it) for it in level.done if named in (None, it.element)]
        level.done = [it for it in level.done if named not in (None, it.element)]
        opener = None if level is level.top else cast("InnerScope", level).parent_token
        if opener is None or not opener.task_spec.is_event_sub_process:
            return sorted(found, key=lambda it: it[1].number)
        level, levels = opener.scope, levels + 1


def _open_again(stepper: Stepper, scope: Scope, spec: Any, done: Done) -> None:
    """Open a finished sub-process or called process as it was, and compensate what was done in it."""
    token = Token(scope, spec, TaskState.STARTED)
    inner = spec.open_inside(stepper, token, done.pack)
    inner.path = (*scope.path, done.part)
    inner.data.update(done.data or {})
    inner.todo = []
    handler = next(
        (it for it in inner.spec.event_subprocesses if it.begin.element.event == "compensate"), None
    )
    data = {"activity": done.element, "handler": handler and handler.name}
    stepper.tell("compensating", done.element, scope, data)
    if handler is None:
        inner.todo = [(0, it) for it in done.inner]
        next_one(stepper, inner)
    else:
        inner.done = list(done.inner)
        inner.snapshot = {**done.variables, **inner.data}  # for the event sub-process, when it opens
        stepper.start(inner, handler, {})
