"""What an instance remembers of completed work, so that it can be compensated later.

Only what somebody may still compensate is kept: an activity with a compensation handler, and a sub-process or
called process in which something of that kind was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.spiff.scopes import InnerScope
    from engine.spiff.tokens import Token


@dataclass(frozen=True, slots=True)
class Done:
    """One completed activity: `number` counts completions in a run, `variables` are those that its handler sees.

    Of a sub-process or called process that is compensated from within, `data` are its own variables, `inner` what
    was done in it, `part` is its place in scope paths, and `pack` where its diagram is from.
    """

    element: str
    number: int
    variables: Mapping[str, Any]
    data: Mapping[str, Any] | None = None
    inner: tuple[Done, ...] = field(default=())
    part: str = ""
    pack: str = ""


def remember(token: Token, inner: InnerScope | None) -> None:
    """Note a completed activity in the scope that could compensate it, if anything could.

    `inner` is the scope that it had opened. A child of a repeated activity is remembered by itself.
    """
    scope = token.scope if token.scope.rounds is None else token.scope.outer
    spec = token.task_spec
    if scope is None or scope.todo is not None or (spec.element.loop is not None and not token.is_child):
        return
    if spec.handler is not None:
        scope.done.append(Done(spec.name, scope.top.next_completion(), _seen(token, inner)))
    elif inner is not None and inner.is_plain and (inner.done or _compensates_itself(inner)):
        seen = _seen(token, inner) if _compensates_itself(inner) and inner.outer is not None else {}
        data, number, part = dict(inner.data), scope.top.next_completion(), inner.path[-1]
        scope.done.append(Done(spec.name, number, seen, data, tuple(inner.done), part, inner.pack))


def _seen(token: Token, inner: InnerScope | None) -> dict[str, Any]:
    """Return what an activity saw when it was done; the inputs of a sub-process are variables of its scope."""
    if inner is not None and inner.outer is token.scope:
        return dict(token.scope.visible(inner.data, token.own))
    return dict(token.visible())


def _compensates_itself(inner: InnerScope) -> bool:
    return any(it.begin.element.event == "compensate" for it in inner.spec.event_subprocesses)
