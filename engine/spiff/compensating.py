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
    _place_over(scope, thrower.scope)
    if next_one(stepper, scope):
        return None
    stepper.root.close(thrower)
    return True


def next_one(stepper: Stepper, scope: Scope) -> bool:
    """Begin to compensate what was done before that which is now compensated; False where nothing is left."""
    while not scope.todo:
        around = _around(scope)
        if around is None:
            return False
        _place_over(scope, around)
    done = scope.todo.pop()
    spec = scope.spec.task_specs[done.element]
    scope.snapshot = done.variables
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


def _place_over(scope: Scope, level: Scope) -> None:
    """Take up what a level remembers: all of it, or the one activity that the throwing event names."""
    place(scope, level)
    named = cast("InnerScope", scope).parent_token.task_spec.element.compensates
    scope.todo = [it for it in level.done if named in (None, it.element)]
    level.done = [it for it in level.done if named not in (None, it.element)]


def _around(scope: Scope) -> Scope | None:
    """Return the level around an event sub-process, for whose work it speaks as well."""
    if scope.level is None or scope.level is scope.top:
        return None
    opener = cast("InnerScope", scope.level).parent_token
    return opener.scope if opener.task_spec.is_event_sub_process else None


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
        inner.todo = list(done.inner)
        next_one(stepper, inner)
    else:
        inner.done = list(done.inner)
        stepper.start(inner, handler, {})
