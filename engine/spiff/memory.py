"""What an instance remembers of completed work, so that it can be compensated later.

Only what somebody may still compensate is kept: an activity with a compensation handler, and a sub-process or
called process in which something of that kind was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.spiff.scopes import InnerScope
    from engine.spiff.tokens import Token


@dataclass(frozen=True, slots=True)
class Done:
    """One completed activity: `variables` as they were seen when it was done; `number` counts completions in a run.

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
    from_within = inner is not None and inner.is_plain and (inner.done or _compensates_itself(inner))
    if spec.handler is None and not from_within:
        return
    done = Done(spec.name, scope.top.next_completion(), _seen(token, inner))
    if spec.handler is None and inner is not None:
        data, part = dict(inner.data), inner.path[-1]
        done = replace(done, data=data, inner=tuple(inner.done), part=part, pack=inner.pack)
    scope.done.append(done)


def _seen(token: Token, inner: InnerScope | None) -> dict[str, Any]:
    """Return what an activity saw when it was done; the inputs of a sub-process are variables of its scope."""
    if inner is not None and inner.outer is token.scope:
        return dict(token.scope.visible(inner.data, token.own))
    return dict(token.visible())


def _compensates_itself(inner: InnerScope) -> bool:
    return any(it.begin.element.event == "compensate" for it in inner.spec.event_subprocesses)
