"""Deadlocks: joins that wait in vain, and that nothing which is still open can end.

A join that can't complete is no matter for a person yet while a timer on the border, a message for an event
sub-process or another token on its way to a terminate end may still end the scope around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.spiff import catching, joining
from engine.spiff.scopes import InnerScope
from engine.spiff.waits import ConditionWait, MessageWait, SignalWait, TimerWait

if TYPE_CHECKING:
    from engine.spiff.scopes import Scope
    from engine.spiff.tokens import Token

_COMES_FROM_OUTSIDE = (TimerWait, MessageWait, SignalWait, ConditionWait)
_ENDS_ITS_SCOPE = frozenset({"terminate", "error", "escalation", "cancel"})


def deadlocks(root: Scope) -> Iterator[tuple[Scope, Any]]:
    """Yield the joins, with their scopes, at which tokens wait for ever if nobody helps."""
    for scope, join in joining.stuck(root):
        if not _may_be_ended(scope):
            yield scope, join


def _may_be_ended(scope: Scope) -> bool:
    inside: Token | None = None
    while True:
        others = [token.task_spec.name for token in scope.tokens if token is not inside]
        if _is_interruptible(scope) or joining.may_reach(scope, others, _ENDS_ITS_SCOPE):
            return True
        if not isinstance(scope, InnerScope):
            return False
        inside = scope.parent_token
        if _is_interruptible(inside):
            return True
        scope = inside.scope


def _is_interruptible(owner: Scope | Token) -> bool:
    """Whether it waits for an event that would end what is inside it."""
    return any(
        isinstance(wait, _COMES_FROM_OUTSIDE)
        and catching.waiting_spec(owner, wait.element).element.interrupting
        for wait in owner.waits.values()
    )
