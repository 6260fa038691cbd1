"""What the decisions of a pack promise: each goal's target, asked for before anybody relies on it.

Every priority is asked for, and every channel, because an answer in a chat is promised otherwise than one by mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product

from engine.catalog.calendars import CALENDARS
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.catalog.paths import home_of
from engine.decisions import Model
from engine.errors import CasepathError
from engine.feel import Surroundings
from engine.goals import Goal, Target, read_target

_SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def check_targets(pack: PackSource, models: Mapping[str, Model]) -> Iterator[PackFinding]:
    """Yield what is wrong with a target for some priority, and goals that have none for any."""
    if any(home_of(it.file)[1] == CALENDARS for it in pack.problems):
        return  # the calendars that targets name may be the ones to be mended
    settings = {name: setting.value for name, setting in pack.settings.items()}
    around = Surroundings(_SOME_DAY, pack.calendars, settings)
    for goal in pack.goals.values():
        found = _home(goal, models)
        if found is not None:
            yield from _of_goal(goal, *found, pack, around)


def _home(goal: Goal, models: Mapping[str, Model]) -> tuple[str, Model] | None:
    """Return the file and model that hold a goal's decision; another check says where there is none."""
    return next(
        (
            (path, model)
            for path, model in models.items()
            if any(goal.decision in (it.id, it.name) for it in model.decisions)
        ),
        None,
    )


def _of_goal(
    goal: Goal, path: str, model: Model, pack: PackSource, around: Surroundings
) -> Iterator[PackFinding]:
    promised, told = False, set()
    for priority, channel in product((*pack.priorities, None), (None, *pack.channels)):
        try:
            promised |= _target(goal, model, priority, channel, pack, around) is not None
        except CasepathError as error:
            promised = True
            message = f"At priority {priority}: {error}" if priority else str(error)
            remedy = f"Correct the answer of decision “{goal.decision}”."
            if message not in told:
                yield PackFinding(path, "goal-target", message, remedy, element=goal.decision)
            told.add(message)
    if not promised:
        message = (
            f"Expected decision “{goal.decision}” to give a target of goal “{goal.key}”, but it gives none."
        )
        remedy = "See that it declares goal and priority as inputs, and has a rule for them."
        yield PackFinding(path, "goal-target", message, remedy, element=goal.decision, severity="warning")


def _target(
    goal: Goal,
    model: Model,
    priority: str | None,
    channel: str | None,
    pack: PackSource,
    around: Surroundings,
) -> Target | None:
    said = {"goal": goal.key, "priority": priority, "ticket": {"channel": channel}}
    answer = model.evaluate(goal.decision, said, around)
    return read_target(goal.key, answer.value, "", pack.calendars)
