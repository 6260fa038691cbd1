"""How an element begins to wait: the inputs it gets, and the task, timer, message or job that it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.spiff.arming import arm_timer, seen_by
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import Scope, keepable
from engine.spiff.timers import NotATimer, schedule
from engine.spiff.tokens import Token
from engine.spiff.waits import ConditionWait, MessageWait, ServiceWait, SignalWait, TaskWait

if TYPE_CHECKING:
    from engine.spiff.stepping import Stepper

AWAITED = frozenset({"timer", "message", "signal", "conditional"})
"""Events that are waited for; the others are looked for when they are thrown."""


def fill_inputs(stepper: Stepper, token: Token) -> None:
    """Evaluate input mappings into the token's own scope; each sees those before it."""
    spec = token.task_spec
    for name, formula in spec.formulas.inputs:
        value = formula.value(token.visible(), stepper.surroundings(token.scope))
        token.data[name] = keepable(spec.element.id, name, value)


def open_task(stepper: Stepper, token: Token) -> None:
    """Open a task for a person."""
    element = token.task_spec.element
    wait = TaskWait(
        id=stepper.env.ids.uuid(),
        element=element.id,
        name=element.title,
        scope=token.scope.path,
        since=stepper.env.now,
        form=element.form,
        assignee=_text(stepper, token, "assignee"),
        candidate_groups=_names(stepper, token, "candidate_groups"),
        due=_due(stepper, token),
        priority=_number(stepper, token, "priority"),
        variables=token.variables,
        pack=token.scope.pack,
    )
    skills = _names(stepper, token, "skills")
    data = {
        "task": str(wait.id),
        "name": _told_apart(token),
        "form": wait.form,
        "assignee": wait.assignee,
        "candidate_groups": list(wait.candidate_groups),
        "due": wait.due,
        "priority": wait.priority,
        **({"skills": list(skills)} if skills else {}),
    }
    stepper.await_(token, wait, "task_opened", data, dict(wait.variables))


def _told_apart(token: Token) -> str:
    """Return how a task is called in lists of tasks: one of several for an activity says which of them it is."""
    element, rounds = token.task_spec.element, token.scope.rounds
    if rounds is None:
        return str(element.title)
    number = f"{'round' if element.loop.kind == 'standard' else 'item'} {token.own['loopCounter']}"
    total = "" if element.loop.kind == "standard" else f" of {rounds.total}"
    return f"{element.title}, {number}{total}"


def request_service(stepper: Stepper, token: Token) -> None:
    """Ask a handler; the caller puts the request into its outbox."""
    element = token.task_spec.element
    retries = _number(stepper, token, "retries")
    wait = ServiceWait(
        id=stepper.env.ids.uuid(),
        element=element.id,
        name=element.title,
        scope=token.scope.path,
        since=stepper.env.now,
        type=element.service,
        inputs=token.variables,
        retries=3 if retries is None else retries,
    )
    data = {
        "job": str(wait.id),
        "type": wait.type,
        "retries": wait.retries,
        "back_off": element.back_off,
        "time_out": element.time_out,
    }
    stepper.await_(token, wait, "service_requested", data, dict(wait.inputs))


def await_event(stepper: Stepper, owner: Token | Scope, spec: Any) -> None:
    """Let a token or scope wait for an event: the token's own, one on its boundary, one behind an event-based
    gateway, or the start of an event sub-process. An error or its like is not waited for."""
    element = spec.element
    if element.event == "timer":
        arm_timer(stepper, owner, spec)
    elif element.event == "signal":
        await_signal(stepper, owner, spec)
    elif element.event == "conditional":
        await_condition(stepper, owner, spec)
    elif element.event in ("message", None):
        await_message(stepper, owner, spec)


def await_message(stepper: Stepper, owner: Token | Scope, spec: Any) -> None:
    """Subscribe to a message; a correlation key must be a text or a number."""
    element = spec.element
    wait = MessageWait(
        id=stepper.env.ids.uuid(),
        element=element.id,
        name=element.message,
        scope=owner.scope.path,
        since=stepper.env.now,
        key=key_of(stepper, spec, owner.scope, seen_by(spec, owner)),
    )
    data = {"subscription": str(wait.id), "name": wait.name}
    stepper.await_(owner, wait, "message_awaited", data, {"key": wait.key})


def await_signal(stepper: Stepper, owner: Token | Scope, spec: Any) -> None:
    """Subscribe to a signal."""
    element = spec.element
    wait = SignalWait(stepper.env.ids.uuid(), element.id, element.signal, owner.scope.path, stepper.env.now)
    data = {"subscription": str(wait.id), "name": wait.name}
    stepper.await_(owner, wait, "signal_awaited", data)


def await_condition(stepper: Stepper, owner: Token | Scope, spec: Any) -> None:
    """Wait until a condition becomes true; it is asked for the first time when this element has begun."""
    element = spec.element
    wait = ConditionWait(stepper.env.ids.uuid(), element.id, element.title, owner.scope.path, stepper.env.now)
    owner.waits[wait.id] = wait
    stepper.has_conditions = stepper.has_written = True


def condition_holds(stepper: Stepper, owner: Token | Scope, spec: Any) -> bool:
    """Ask a condition that is waited for; whatever is not true, or takes too long to say, does not hold yet."""
    try:
        formula = spec.formulas.texts["condition"]
        value = formula.value(seen_by(spec, owner), stepper.surroundings(owner.scope))
    except RunRefused:  # it is asked while others are at work, and nobody's step shall fail for it
        return False
    return value is True


def decide(stepper: Stepper, token: Token) -> Any:
    """Ask a decision with what is visible, and tell which rules answered."""
    element = token.task_spec.element
    asked, pack = (element.decision, dict(token.visible()), stepper.env.now), token.scope.pack
    answer = stepper.library.decide(pack, *asked) if pack else stepper.env.decide(*asked)
    matched = getattr(answer, "matched", None)  # an `Answer`, which also says why
    rules = {table: list(names) for table, names in (matched or {}).items()}
    stepper.tell("decided", element.id, token.scope, {"decision": element.decision, "rules": rules})
    return answer if matched is None else answer.value


def key_of(stepper: Stepper, spec: Any, scope: Scope, variables: Mapping[str, Any]) -> str | None:
    """Return a message's correlation key; None where only the instance is its address."""
    formula = spec.formulas.texts.get("key")
    if formula is None:
        return None
    value, warnings = formula.checked(variables, stepper.surroundings(scope))
    if isinstance(value, Decimal):
        return format(value, "f")
    if not isinstance(value, str) or not value:
        raise formula.unexpected("a text or a number", value, warnings)
    return value


def _text(stepper: Stepper, token: Token, name: str) -> str | None:
    """Return a plain or computed text; null means none."""
    spec = token.task_spec
    formula = spec.formulas.texts.get(name)
    if formula is None:
        plain: str | None = getattr(spec.element, name)
        return plain
    value, warnings = formula.checked(token.visible(), stepper.surroundings(token.scope))
    if value is None or isinstance(value, str):
        return value or None
    raise formula.unexpected("a text or null", value, warnings)


def _names(stepper: Stepper, token: Token, field: str) -> tuple[str, ...]:
    """Return the names in a plain text with commas between, or what an expression gives; null means none."""
    spec = token.task_spec
    formula = spec.formulas.texts.get(field)
    if formula is None:
        return _split(getattr(spec.element, field) or "")
    value, warnings = formula.checked(token.visible(), stepper.surroundings(token.scope))
    if value is None:
        return ()
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, list) and all(isinstance(it, str) for it in value):
        return tuple(value)
    raise formula.unexpected("a text or a list of texts", value, warnings)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(stepper: Stepper, token: Token, name: str) -> int | None:
    spec = token.task_spec
    formula = spec.formulas.texts.get(name)
    if formula is None:
        plain = getattr(spec.element, name)
        return None if plain is None else int(plain)
    value, warnings = formula.checked(token.visible(), stepper.surroundings(token.scope))
    if value is None:
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise formula.unexpected("a whole number or null", value, warnings)


def related_ticket(stepper: Stepper, token: Token) -> int | None:
    """Return the number of the ticket that a send task links its own to; None where it links none."""
    return _number(stepper, token, "related")


def _due(stepper: Stepper, token: Token) -> datetime | None:
    spec = token.task_spec
    formula = spec.formulas.texts.get("due")
    text = spec.element.due
    if formula is None:
        return None if text is None else schedule("date", text, stepper.env.now)[0]
    value, warnings = formula.checked(token.visible(), stepper.surroundings(token.scope))
    if value is None:
        return None
    try:
        return schedule("date", value, stepper.env.now)[0]
    except NotATimer as error:
        raise formula.unexpected("a moment with its zone, or null", value, warnings) from error
