"""What people are offered while messages are waited for: actions, and what each of them would take back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.spiff import arming, catching
from engine.spiff.model import Action, Element
from engine.spiff.scopes import InnerScope, Scope
from engine.spiff.tokens import Token
from engine.spiff.waits import MessageWait

if TYPE_CHECKING:
    from engine.spiff.memory import Done
    from engine.spiff.stepping import Stepper


@dataclass(frozen=True)
class Offer:
    """One action that can be taken now: the subscription that hears it, its element, and its diagram's pack."""

    subscription: UUID
    element: Element
    action: Action
    pack: str


def offers(stepper: Stepper) -> Iterator[Offer]:
    """Yield every action that can be taken now, outermost first."""
    for owner in stepper.root.owners():
        for wait in owner.waits.values():
            if isinstance(wait, MessageWait):
                element = catching.waiting_spec(owner, wait.element).element
                if element.action is not None:
                    yield Offer(wait.id, element, element.action, owner.scope.pack)


def preview(stepper: Stepper, owner: Token | Scope, wait: MessageWait) -> tuple[str, ...]:
    """Return what the diagram says will come of an action: a text or a list of texts. Raises RunRefused."""
    spec = catching.waiting_spec(owner, wait.element)
    formula = spec.formulas.texts.get("preview")
    if formula is None:
        return ()
    value, warnings = formula.checked(arming.seen_by(spec, owner), stepper.surroundings(owner.scope))
    lines = [value] if isinstance(value, str) else value
    if lines is None:
        return ()
    if isinstance(lines, list) and all(it is None or isinstance(it, str) for it in lines):
        return tuple(line for line in lines if line)
    raise formula.unexpected("a text or a list of texts", value, warnings)


def taken_back(stepper: Stepper, owner: Token | Scope, wait: MessageWait) -> list[tuple[Element, Element]]:
    """Return what an action leads to the compensation of: each completed activity with its handler, in that order.

    Only what the way behind the action names, or all where it names nothing; an error on that way may stop it.
    """
    named = set(_thrown(catching.waiting_spec(owner, wait.element)))
    if not named:
        return []
    levels = [owner.scope]
    while isinstance(levels[-1], InnerScope) and levels[-1].parent_token.task_spec.is_event_sub_process:
        levels.append(levels[-1].parent_token.scope)
    done = [
        (it.number, level, it)
        for level in levels
        for it in level.done
        if None in named or it.element in named
    ]
    return [
        pair
        for _, level, it in sorted(done, key=lambda each: -each[0])
        for pair in _handlers(stepper, level, it)
    ]


def _thrown(spec: Any) -> Iterator[str | None]:
    """Yield the activities that compensation events behind a catcher name; None for one that names none."""
    coming, seen = [spec], set()
    while coming:
        node = coming.pop()
        if node.name in seen:
            continue
        seen.add(node.name)
        if node.element.event == "compensate" and node.element.type != "boundaryEvent":
            yield node.element.compensates
        coming += [*(flow.target for flow in node.outgoing), *node.boundaries]


def _handlers(stepper: Stepper, scope: Scope, done: Done) -> Iterator[tuple[Element, Element]]:
    spec = scope.spec.task_specs[done.element]
    if spec.handler is not None:
        yield spec.element, scope.spec.task_specs[spec.handler].element
        return
    token = Token(scope, spec, TaskState.STARTED)
    inner = spec.open_inside(stepper, token, done.pack)
    for it in sorted(done.inner, key=lambda each: -each.number):
        yield from _handlers(stepper, inner, it)
