"""What a scenario may expect of a ticket, and how far it is from that: one function for each word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.feel.numbers import number_text
from engine.feel.values import normalise
from engine.runtime.events import Event
from engine.scenarios import looking, promises, recorded
from engine.scenarios.script import ScenarioError, Step, mapping, moment
from engine.scenarios.stage import Notice, Stage

_ROW = ("status", "label", "queue", "category", "priority", "subject")


@dataclass(frozen=True)
class Difference:
    """One expectation that is not met; `because` are lines that explain what is."""

    word: str
    expected: Any
    actual: Any
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        sentence = f"{self.word}: expected {_shown(self.expected)}, but it is {_shown(self.actual)}"
        return "\n          ".join((sentence, *self.because))


@dataclass(frozen=True)
class Scene:
    """A ticket at one moment, as an expectation sees it; `notices` are those that no expectation has read yet."""

    path: Path
    step: Step
    stage: Stage
    row: looking.TicketRow
    events: list[tuple[datetime, Event]]
    notices: list[Notice]

    def moments(self, value: Any) -> dict[str, datetime | None]:
        """Return a mapping of names to moments (or to nothing). Raises ScenarioError naming the line."""
        value = mapping(value, "moments", self.path, self.step.line)
        return {
            str(name): None if at is None else moment(at, self.path, self.step.line)
            for name, at in value.items()
        }

    def listed(self, word: str, value: Any) -> list[Any]:
        """Return a list; nothing stands for an empty one. Raises ScenarioError naming the line."""
        if value is not None and not isinstance(value, list):
            raise ScenarioError(
                self.path, self.step.line, f"Expected a list in “{word}”, but found {value!r}."
            )
        return value or []


def differences(scene: Scene) -> list[Difference]:
    """Compare what a step names with the ticket, and ignore the rest. Raises ScenarioError for an unknown word."""
    wanted = scene.step.value
    if not isinstance(wanted, dict):
        raise ScenarioError(scene.path, scene.step.line, f"Expected names with values, but found {wanted!r}.")
    found: list[Difference] = []
    for word, expected in wanted.items():
        compare = WORDS.get(word)
        if compare is None:
            known = ", ".join(sorted(WORDS))
            raise ScenarioError(scene.path, scene.step.line, f"Expected one of {known}, but found “{word}”.")
        difference = compare(scene, word, expected)
        if difference is not None:
            found.append(difference)
    return found


_Word = Callable[[Scene, str, Any], Difference | None]


def _column(scene: Scene, word: str, expected: Any) -> Difference | None:
    return _equal(word, expected, getattr(scene.row, word))


def _tasks(scene: Scene, word: str, expected: Any) -> Difference | None:
    wanted = map(str, scene.listed(word, expected))
    tasks = looking.open_tasks(scene.stage.store, scene.stage.desk_id, scene.row.number)
    return _equal(word, sorted(wanted), sorted(task.element for task in tasks))


def _actions(scene: Scene, word: str, expected: Any) -> Difference | None:
    """Exactly these actions are offered, by their elements."""
    wanted = map(str, scene.listed(word, expected))
    offers = scene.stage.offers(scene.row.number)
    return _equal(word, sorted(wanted), sorted(it.element.id for it in offers))


def _assignee(scene: Scene, word: str, expected: Any) -> Difference | None:
    """Who holds each named task, null for nobody."""
    wanted = mapping(expected, word, scene.path, scene.step.line)
    tasks = looking.open_tasks(scene.stage.store, scene.stage.desk_id, scene.row.number)
    return _named(word, wanted, {it.element: _holder(scene, it, wanted.get(it.element)) for it in tasks})


def _holder(scene: Scene, task: looking.TaskRow, expected: Any) -> str | None:
    """Whom the scenario's people don't list stands in no table, so that they are known by their name."""
    if expected is not None and scene.stage.person(str(expected), (), ()).id == str(task.assignee):
        return str(expected)
    return task.assignee_login or (str(task.assignee) if task.assignee else None)


def _due(scene: Scene, word: str, expected: Any) -> Difference | None:
    """By the names of goals and of open tasks."""
    tasks = looking.open_tasks(scene.stage.store, scene.stage.desk_id, scene.row.number)
    return _promised(scene, word, expected, {task.element: task.due_at for task in tasks})


def _goal(scene: Scene, word: str, expected: Any) -> Difference | None:
    return _promised(scene, word, expected, {})


def _promised(
    scene: Scene, word: str, expected: Any, others: Mapping[str, datetime | None]
) -> Difference | None:
    """Compare moments of goals; a difference shows how the clocks of those came to be where they are."""
    wanted, standings = scene.moments(expected), promises.standings(scene.events)
    actual = {**others, **{name: getattr(it, word) for name, it in standings.items()}}
    found = _named(word, wanted, actual)
    return found and replace(found, because=tuple(promises.intervals(scene.events, wanted)))


def _deadlines(scene: Scene, word: str, expected: Any) -> Difference | None:
    armed = looking.deadlines(scene.stage.store, scene.stage.desk_id, scene.row.number)
    return _named(word, scene.moments(expected), dict(armed))


def _path(scene: Scene, word: str, expected: Any) -> Difference | None:
    """The named elements were entered in this order; others may lie between them."""
    entered = path_of(scene.events)
    rest = iter(entered)
    met = all(element in rest for element in scene.listed(word, expected))
    return None if met else Difference(word, expected, entered)


def _notices(scene: Scene, word: str, expected: Any) -> Difference | None:
    """Exactly these mails, in order, since the last expectation of notices; each by the keys it names."""
    actual = [
        {"template": it.template, "to": it.to, "subject": it.subject, "body": it.body} for it in scene.notices
    ]
    wanted = [{"template": it} if isinstance(it, str) else it for it in scene.listed(word, expected)]
    scene.notices.clear()
    met = len(wanted) == len(actual) and all(
        all(have.get(key) == value for key, value in want.items())
        for want, have in zip(wanted, actual, strict=False)
    )
    shown = [{key: it[key] for key in ("template", "to", "subject")} for it in actual]
    return None if met else Difference(word, wanted, shown)


def _variables(scene: Scene, word: str, expected: Any) -> Difference | None:
    wanted = mapping(expected, word, scene.path, scene.step.line)
    return _named(word, normalise(dict(wanted)), variables_of(scene.events))


def _records(scene: Scene, word: str, expected: Any) -> Difference | None:
    """Records by kind and number, or all of a kind in a list; each by the parts it names."""
    named = mapping(expected, word, scene.path, scene.step.line)
    try:
        return _equal(word, *recorded.compare(scene.stage.records, scene.stage.desk_id, named))
    except InvalidInput as error:
        raise ScenarioError(scene.path, scene.step.line, str(error)) from error


def _ended(scene: Scene, word: str, expected: Any) -> Difference | None:
    """`true` and `false`, or how: completed, terminated, cancelled."""
    how = next((event.data["how"] for _, event in scene.events if event.kind == "instance_ended"), None)
    return _equal(word, expected, how is not None if isinstance(expected, bool) else how)


def _incidents(scene: Scene, word: str, expected: Any) -> Difference | None:
    opened = sum(event.kind == "incident_opened" for _, event in scene.events)
    closed = sum(event.kind == "incident_closed" for _, event in scene.events)
    return _equal(word, expected, opened - closed)


WORDS: Mapping[str, _Word] = {
    **dict.fromkeys(_ROW, _column),
    "tasks": _tasks,
    "assignee": _assignee,
    "actions": _actions,
    "due": _due,
    **dict.fromkeys(("breached", "warned", "paused"), _goal),
    "deadlines": _deadlines,
    "path": _path,
    "notices": _notices,
    "variables": _variables,
    "records": _records,
    "ended": _ended,
    "incidents": _incidents,
}


def path_of(events: list[tuple[datetime, Event]]) -> list[str]:
    """Return the elements that tokens entered, in order."""
    return [
        step[1]
        for _, event in events
        if event.kind == "elements_passed"
        for step in event.data["steps"]
        if step[0] == "entered"
    ]


def variables_of(events: list[tuple[datetime, Event]]) -> dict[str, Any]:
    """Return the variables of the process as the trail tells them."""
    values: dict[str, Any] = {}
    for _, event in events:
        if event.kind == "ticket_opened":
            values.update(event.values["fields"])
            values.update(category=event.values["category"], priority=event.values["priority"])
        elif event.kind == "variables_written" and not event.data.get("scope"):
            values.update(event.values)
    return values


def _equal(word: str, expected: Any, actual: Any) -> Difference | None:
    return None if expected == actual else Difference(word, expected, actual)


def _named(word: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Difference | None:
    """Compare only the names that are expected; a null expects that there is none."""
    seen = {name: actual.get(name) for name in expected}
    return None if seen == dict(expected) else Difference(word, dict(expected), seen)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(it)}" for key, it in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "nothing" if value is None else str(value)


def trace_of(events: list[tuple[datetime, Event]]) -> list[str]:
    """Return a ticket's story so far, a line an event; movements only by what was entered."""
    lines: dict[datetime, list[str]] = defaultdict(list)
    for at, event in events:
        text = _told(event)
        if text:
            lines[at].append(text)
    return [f"{_shown(at)}  {text}" for at, texts in lines.items() for text in texts]


def _told(event: Event) -> str:
    if event.kind == "elements_passed":
        entered = [step[1] for step in event.data["steps"] if step[0] == "entered"]
        return "→ " + " → ".join(entered) if entered else ""
    facts = [str(event.data[key]) for key in _TOLD if event.data.get(key) is not None]
    return " ".join(
        [event.kind.replace("_", " "), *facts, f"by {event.actor.name}" if event.actor.name else ""]
    )


_TOLD = ("number", "element", "template", "name", "from", "to", "field", "due", "how")
