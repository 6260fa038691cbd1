"""What a user task wants, evaluated when it opens; and whether somebody is looked for."""

from __future__ import annotations

from typing import Any

import pytest

from engine.catalog.assigning import Assign
from engine.runtime.events import Event
from tests.parts.runtime.worlds import ANN, Desk
from tests.parts.spiff.drawing import draw, extension, node

LOAD = {"assigns": {"tier1": Assign("load")}}


def opened(skills: str | None, groups: str = "tier1", assignee: str = "", **facts: Any) -> dict[str, Event]:
    definition = f'<zeebe:assignmentDefinition candidateGroups="{groups}" {assignee} />'
    wanted = {} if skills is None else {"casepath_skills": skills}
    diagram = draw(f"start s; {node('user', 'work', extension(definition), **wanted)}; end e", "s>work>e")
    return {event.kind: event for event in Desk(diagram, **{**LOAD, **facts}).open(needs="voice").events}


@pytest.mark.parametrize(
    ("skills", "wanted"),
    [
        ("network, voice", ["network", "voice"]),
        ("=[needs]", ["voice"]),
        ("=needs", ["voice"]),
        ("=null", []),
        (None, []),
    ],
)
def test_the_skills_of_a_task_are_evaluated_when_it_opens(skills: str | None, wanted: list[str]) -> None:
    events = opened(skills)
    assert events["task_opened"].data.get("skills", []) == wanted
    assert events["assignment_wanted"].data["skills"] == wanted
    assert events["assignment_wanted"].data["queue"] == "tier1"
    assert events["assignment_wanted"].data["task"] == events["task_opened"].data["task"]


def test_skills_that_are_no_list_of_texts_are_an_incident() -> None:
    events = opened("=[7]")
    assert (
        "Expected skills '=[7]' to give a text or a list of texts"
        in events["incident_opened"].values["message"]
    )
    assert "task_opened" not in events


@pytest.mark.parametrize(
    "facts",
    [
        {"assigns": {}},
        {"assigns": {"tier1": Assign("queue")}},
        {"assigns": {"tier1": Assign(setting="by")}, "settings": {"by": "queue"}},
        {"groups": "lead, tier1"},
        {"groups": ""},
        {"assignee": f'assignee="{ANN.id}"'},
    ],
)
def test_nobody_is_looked_for_where_the_queue_is_claimed_from_or_somebody_is_named(
    facts: dict[str, Any],
) -> None:
    assert "assignment_wanted" not in opened(None, **facts)


def test_a_queue_that_assigns_by_a_setting_follows_the_setting() -> None:
    facts = {"assigns": {"tier1": Assign(setting="by")}, "settings": {"by": "load"}}
    assert "assignment_wanted" in opened(None, **facts)
