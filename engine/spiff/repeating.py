"""Activities that are done several times: multi-instance, at once or one after another, and standard loops.

The activity's own token waits, with the boundary events on it, until its children are done. A child is a token at
the same element in a scope over it, with variables of its own: its item, `loopCounter`, and the one of its result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.spiff.scopes import keepable

if TYPE_CHECKING:
    from engine.spiff.model import Element, Loop
    from engine.spiff.scopes import Scope
    from engine.spiff.stepping import Stepper
    from engine.spiff.tokens import Token


MOST_CHILDREN = 10_000  # well below what one step may pass, so that a slip is one incident, at the activity
_FIRST = {"loopCounter": Decimal(1)}


@dataclass
class Rounds:
    """How far a repeated activity is: of `total` (None: no end by number), `started` and `completed` children.

    `items` are those of children that have not begun, the next one last; `results` come in order of the items.
    `over` says that no further child shall begin.
    """

    total: int | None
    items: list[Any] | None = None
    started: int = 0
    completed: int = 0
    results: list[Any] = field(default_factory=list)
    over: bool = False


def begin(stepper: Stepper, token: Token) -> bool | None:
    """Begin the children of an activity; True where there are none. Raises RunRefused for a loop that is none."""
    spec = token.task_spec
    loop = spec.element.loop
    rounds = _standard(stepper, token) if loop.kind == "standard" else _many(stepper, token)
    if rounds.over or rounds.total == 0:
        stepper.write(token.scope, spec.element.id, results(spec.element, rounds))
        return True
    scope = stepper.root.open_over(token)
    scope.rounds = rounds
    for _ in range(rounds.total or 0 if loop.kind == "parallel" else 1):
        _start_child(stepper, scope, token)
    return None


def next_round(stepper: Stepper, scope: Scope) -> bool:
    """Begin the next child where the last has ended; False where all are done."""
    rounds = scope.rounds
    if rounds is None or rounds.over or rounds.started == rounds.total:
        return False
    _start_child(stepper, scope, scope.parent_token)  # type: ignore[attr-defined]
    return True


def collect(stepper: Stepper, child: Token) -> None:
    """Keep a completed child's result, and judge whether that was enough. Raises RunRefused where it can't."""
    scope, spec = child.scope, child.task_spec
    rounds, loop = scope.rounds, spec.element.loop
    assert rounds is not None
    result = _result(stepper, child)
    enough = _enough(stepper, child, rounds, loop)
    rounds.completed += 1
    if loop.kind != "standard":
        rounds.results[int(child.own["loopCounter"]) - 1] = result
    if enough:
        rounds.over = True
        for other in scope.tokens:
            if other is not child:
                stepper.cancel(other)


def results(element: Element, rounds: Rounds) -> dict[str, Any]:
    """Return what the activity as a whole writes: the list of its children's results, if that has a name."""
    loop = element.loop
    return {loop.results: list(rounds.results)} if loop is not None and loop.results else {}


def _standard(stepper: Stepper, token: Token) -> Rounds:
    loop = token.task_spec.element.loop
    rounds = Rounds(loop.maximum)
    if loop.test_before and loop.condition is not None:
        rounds.over = not _holds(stepper, token, "loop_condition", token.scope.visible(_FIRST))
    return rounds


def _many(stepper: Stepper, token: Token) -> Rounds:
    formula = token.task_spec.formulas.texts.get("collection")
    if formula is None:
        total = _cardinality(stepper, token)
        return Rounds(total, None, results=[None] * total)
    value, warnings = formula.checked(token.scope.visible(), stepper.surroundings(token.scope))
    if not isinstance(value, list):
        raise formula.unexpected("a list", value, warnings)
    if len(value) > MOST_CHILDREN:
        raise formula.unexpected(f"a list of {MOST_CHILDREN:,} items at most", Decimal(len(value)), ())
    return Rounds(len(value), list(reversed(value)), results=[None] * len(value))


def _cardinality(stepper: Stepper, token: Token) -> int:
    formula = token.task_spec.formulas.texts["cardinality"]
    value, warnings = formula.checked(token.scope.visible(), stepper.surroundings(token.scope))
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    if not whole or not 0 <= value <= MOST_CHILDREN:
        raise formula.unexpected(f"a whole number from 0 to {MOST_CHILDREN:,}", value, warnings)
    return int(value)


def _start_child(stepper: Stepper, scope: Scope, body: Token) -> None:
    rounds, loop = scope.rounds, body.task_spec.element.loop
    assert rounds is not None
    rounds.started += 1
    child = stepper.start(scope, body.task_spec)
    result = _name_of_result(loop)
    if result:
        child.own[result] = None
    if rounds.items is not None:
        item = rounds.items.pop()
        if loop.item:
            child.own[loop.item] = item
    child.own["loopCounter"] = Decimal(rounds.started)


def _name_of_result(loop: Loop) -> str | None:
    """Return the variable that a child's result is read from, so that children don't overwrite each other's."""
    text = (loop.result or "").removeprefix("=").strip()
    return text if text.isidentifier() and text != loop.item else None


def _result(stepper: Stepper, child: Token) -> Any:
    spec = child.task_spec
    formula = spec.formulas.texts.get("result")
    if formula is None:
        return None
    value = formula.value(child.visible(), stepper.surroundings(child.scope))
    return keepable(spec.element.id, spec.element.loop.results or "result", value)


def _enough(stepper: Stepper, child: Token, rounds: Rounds, loop: Loop) -> bool:
    if loop.kind == "standard":
        last = rounds.started == rounds.total
        if last or loop.condition is None:
            return last
        # Asked before a round, it is asked outside, as before the first; asked after one, it sees that one.
        asked_for = rounds.started + 1 if loop.test_before else rounds.started
        nearer = () if loop.test_before else (child.data, child.own)
        seen = child.scope.visible({"loopCounter": Decimal(asked_for)}, *nearer)
        return not _holds(stepper, child, "loop_condition", seen)
    if loop.completion is None:
        return False
    counts = {
        "numberOfInstances": rounds.total,
        "numberOfActiveInstances": rounds.started - rounds.completed - 1,
        "numberOfCompletedInstances": rounds.completed + 1,
        "numberOfTerminatedInstances": 0,
    }
    numbers = {name: Decimal(count or 0) for name, count in counts.items()}
    return _holds(stepper, child, "completion", child.scope.visible(numbers, child.data, child.own))


def _holds(stepper: Stepper, token: Token, name: str, variables: Mapping[str, Any]) -> bool:
    formula = token.task_spec.formulas.texts[name]
    value, warnings = formula.checked(variables, stepper.surroundings(token.scope))
    if not isinstance(value, bool):
        raise formula.unexpected("true or false", value, warnings)
    return value
