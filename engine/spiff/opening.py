"""How an element begins to wait: the inputs it gets, and the task, timer, message or job that it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.spiff.errors import RunRefused
from engine.spiff.scopes import keepable
from engine.spiff.stepping import Answer, Stepper
from engine.spiff.timers import NotATimer, schedule
from engine.spiff.tokens import Token
from engine.spiff.waits import MessageWait, ServiceWait, TaskWait, TimerWait


def fill_inputs(stepper: Stepper, token: Token) -> None:
    """Evaluate input mappings into the token's own scope; each sees those before it."""
    spec = token.task_spec
    for name, formula in spec.formulas.inputs:
        value = formula.value(token.scope.visible(token.data), stepper.env.now)
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
        candidate_groups=_groups(stepper, token),
        due=_due(stepper, token),
        priority=_number(stepper, token, "priority"),
        variables=token.data,
    )
    data = {
        "task": str(wait.id),
        "name": wait.name,
        "form": wait.form,
        "assignee": wait.assignee,
        "candidate_groups": list(wait.candidate_groups),
        "due": wait.due,
        "priority": wait.priority,
    }
    stepper.await_(token, wait, "task_opened", data, dict(token.data))


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
        inputs=token.data,
        retries=3 if retries is None else retries,
    )
    data = {"job": str(wait.id), "type": wait.type, "retries": wait.retries}
    stepper.await_(token, wait, "service_requested", data, dict(token.data))


def await_event(stepper: Stepper, token: Token, spec: Any) -> None:
    """Let a token wait for the timer or the message of an event: its own, or one on its boundary."""
    if spec.element.timer is not None:
        arm_timer(stepper, token, spec)
    else:
        await_message(stepper, token, spec)


def arm_timer(stepper: Stepper, token: Token, spec: Any) -> None:
    """Arm a timer from its text, by ISO 8601 or FEEL."""
    element = spec.element
    kind, text = element.timer
    formula = spec.formulas.texts.get("timer")
    value, warnings = (
        (text, ()) if formula is None else formula.checked(_seen_by(spec, token), stepper.env.now)
    )
    try:
        due, cycle = schedule(kind, value, stepper.env.now)
    except NotATimer as error:
        if formula is not None:
            raise formula.unexpected(str(error).partition(", but")[0], value, warnings) from error
        raise RunRefused(element.id, f"Expected {error}.") from error
    arm(stepper, token, spec, due, cycle)


def arm(stepper: Stepper, token: Token, spec: Any, due: datetime, cycle: Any) -> None:
    """Arm a timer for a moment."""
    element = spec.element
    wait = TimerWait(
        id=stepper.env.ids.uuid(),
        element=element.id,
        name=element.title,
        scope=token.scope.path,
        since=stepper.env.now,
        due=due,
        goal=element.goal,
        cycle=cycle,
    )
    data = {"timer": str(wait.id), "due": due, "goal": element.goal, "cycle": cycle_text(wait)}
    stepper.await_(token, wait, "timer_armed", data)


def cycle_text(wait: TimerWait) -> str | None:
    """Return what is left of a repetition as ISO 8601, or None for a timer that fires once."""
    if wait.cycle is None:
        return None
    left = "" if wait.cycle.last is None else str(wait.cycle.last - wait.cycle.number + 1)
    return f"R{left}/{wait.cycle.interval}"


def await_message(stepper: Stepper, token: Token, spec: Any) -> None:
    """Subscribe to a message; a correlation key must be a text or a number."""
    element = spec.element
    wait = MessageWait(
        id=stepper.env.ids.uuid(),
        element=element.id,
        name=element.message,
        scope=token.scope.path,
        since=stepper.env.now,
        key=_key(stepper, token, spec),
    )
    data = {"subscription": str(wait.id), "name": wait.name}
    stepper.await_(token, wait, "message_awaited", data, {"key": wait.key})


def decide(stepper: Stepper, token: Token) -> Any:
    """Ask a decision with what is visible, and tell which rules answered."""
    element = token.task_spec.element
    answer = stepper.env.decide(element.decision, dict(_visible(token)), stepper.env.now)
    explained = isinstance(answer, Answer)
    rules = {table: list(names) for table, names in answer.matched.items()} if explained else {}
    stepper.tell("decided", element.id, token.scope, {"decision": element.decision, "rules": rules})
    return answer.value if explained else answer


def _visible(token: Token) -> Mapping[str, Any]:
    return token.scope.visible(token.data)


def _seen_by(spec: Any, token: Token) -> Mapping[str, Any]:
    """Return what an event sees; one on the boundary stands outside of its activity and of its inputs."""
    return _visible(token) if spec is token.task_spec else token.scope.visible()


def _key(stepper: Stepper, token: Token, spec: Any) -> str | None:
    formula = spec.formulas.texts.get("key")
    if formula is None:
        return None
    value, warnings = formula.checked(_seen_by(spec, token), stepper.env.now)
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
    value, warnings = formula.checked(_visible(token), stepper.env.now)
    if value is None or isinstance(value, str):
        return value or None
    raise formula.unexpected("a text or null", value, warnings)


def _groups(stepper: Stepper, token: Token) -> tuple[str, ...]:
    spec = token.task_spec
    formula = spec.formulas.texts.get("candidate_groups")
    if formula is None:
        return _split(spec.element.candidate_groups or "")
    value, warnings = formula.checked(_visible(token), stepper.env.now)
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
    value, warnings = formula.checked(_visible(token), stepper.env.now)
    if value is None:
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise formula.unexpected("a whole number or null", value, warnings)


def _due(stepper: Stepper, token: Token) -> datetime | None:
    spec = token.task_spec
    formula = spec.formulas.texts.get("due")
    text = spec.element.due
    if formula is None:
        return None if text is None else schedule("date", text, stepper.env.now)[0]
    value, warnings = formula.checked(_visible(token), stepper.env.now)
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    raise formula.unexpected("a moment with its zone, or null", value, warnings)
