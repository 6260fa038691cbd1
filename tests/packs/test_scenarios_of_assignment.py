"""Load-based assignment in rehearsals: the people of a scenario have skills, go away and come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.scenarios.report import Report, Result
from engine.scenarios.runner import run
from tests.parts.spiff.drawing import draw, extension, node

PACK = """
id = "assigned"
title = "Assigned"
process = "p"
[states]
new = "New"
[skills]
network = "Networks"
[queues]
tier1 = { title = "Tier 1", assign = { setting = "assign.by" } }
billing = { title = "Billing" }
[settings]
"assign.by" = { value = "queue", source = "text 1" }
"""
TIER1 = extension('<zeebe:assignmentDefinition candidateGroups="tier1" />')
SKILLED = node("user", "work", TIER1, casepath_skills="=if needs = null then null else [needs]")
DIAGRAM = draw(f"start s; {SKILLED}; user check; end e", "s>work>check>e")
PEOPLE = """
people:
  ann: {queues: [tier1]}
  ben: {queues: [tier1], skills: [network]}
  cleo: {queues: [billing], skills: [network]}
"""
HEAD = "pack: assigned\nclock: 2026-03-02T09:00:00Z\n"
LOAD = HEAD + "settings: {assign.by: load}\n"
STEPS = PEOPLE + "steps:\n"
OPEN = "  - open: {subject: It fails, requester: {name: Cara}, fields: {needs: %s}}\n"
BEN = "  - expect: {assignee: {work: ben}}\n"
ANN = "  - expect: {assignee: {work: ann}}\n"
NOBODY = "  - expect: {tasks: [work], assignee: {work: null}}\n"
STORIES = {
    "by_skill": LOAD + STEPS + 2 * (OPEN % "network" + BEN) + OPEN % "null" + ANN,
    "by_queue": HEAD + STEPS + OPEN % "network" + NOBODY + "  - claim: {task: work, as: ann}\n" + ANN,
    "skill_away": LOAD + STEPS + "  - away: {as: ben}\n" + OPEN % "network" + ANN,
    "all_away": LOAD.replace("09:00", "08:00") + STEPS + "  - away: {as: ben, until: 2026-03-02T10:00:00Z}\n"
    "  - away: {as: ann}\n" + OPEN % "null" + NOBODY + "  - advance_to: 2026-03-02T10:00:00Z\n" + NOBODY
    + OPEN % "null" + BEN + "  - back: {as: ann}\n" + OPEN % "null" + ANN,
    "away_from_the_beginning": LOAD + STEPS.replace("[tier1]}", "[tier1], away: true}") + OPEN % "network" + BEN,
    "wrong": LOAD + STEPS + OPEN % "network" + ANN,
    "who_is_away": LOAD + STEPS + "  - away: {as: dora}\n    refused: Expected dora among the scenario's people\n",
    "unknown_fact": LOAD + STEPS.replace("skills:", "skill:") + OPEN % "network",
    "others_hand": LOAD + STEPS + OPEN % "network" + "  - complete: {task: work, as: ann}\n"
    "    refused: ben has held it since\n  - complete: {task: work, as: ben}\n  - expect: {tasks: [check]}\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, admin_database_url: str) -> Report:
    folder = tmp_path_factory.mktemp("assigned")
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    (folder / "bpmn").mkdir()
    (folder / "bpmn" / "p.bpmn").write_bytes(DIAGRAM)
    (folder / "scenarios").mkdir()
    for name, text in STORIES.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return run([Path(folder)], admin_database_url)


def story(report: Report, name: str) -> Result:
    return next(it for it in report.results if it.path.stem == name)


@pytest.mark.parametrize("name", sorted(set(STORIES) - {"wrong", "unknown_fact"}))
def test_a_story_of_assignment_holds(report: Report, name: str) -> None:
    found = story(report, name)
    assert found.outcome == "passed", "\n".join(found.lines())


def test_a_wrong_assignee_is_told_by_name(report: Report) -> None:
    assert story(report, "wrong").sentences == ("assignee: expected {work: ann}, but it is {work: ben}",)


def test_an_unknown_fact_of_a_person_is_told(report: Report) -> None:
    found = story(report, "unknown_fact")
    assert found.outcome == "broken"
    assert "Expected one of away, queues, roles, skills, but found “skill”" in found.sentences[0]
