"""Every scenario of the bundled packs holds; and the runner says well what does not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import psycopg
import pytest

from engine.scenarios.report import Report, Result
from engine.scenarios.runner import migrated_scratch, run, scenario_files
from tests.packs.conftest import DESK

SCENARIOS = sorted((DESK / "scenarios").glob("*.yaml"))
HEAD = 'pack: generic_desk\ntitle: "A sample"\nclock: 2026-03-02T09:00:00Z\nsteps:\n'
OPEN = "  - open: {subject: It fails, requester: {name: Ann, email: ann@example.com}}\n"
TRIAGE = "  - complete: {task: triage, fields: {category: bug_report, impact: low, urgency: low}}\n"
ASK = "  - complete: {task: work, fields: {result: ask, question: Which one}}\n"
ALL_MAILS = "[t_ack, t_question, t_question_reminder, t_closed]"

SAMPLES = {
    "unmet": HEAD + OPEN + "  - advance: PT4H\n  - expect: {status: closed, tasks: [triage], queue: lead}\n",
    "refused": HEAD + OPEN + "  - complete: {task: triage, fields: {impact: low}}\n",
    "not_refused": HEAD + OPEN + TRIAGE + "    refused: nobody\n",
    "people": HEAD.replace("steps:", "people: {agent2: {queues: [tier2]}}\nsteps:")
    + OPEN
    + "  - claim: {task: triage, as: agent2}\n    refused: Expected someone of tier1\n",
    "notices": HEAD + OPEN + TRIAGE + "  - expect: {notices: [t_ack]}\n  - expect: {notices: []}\n",
    "to_come": HEAD.replace("2026-03-02", "2061-03-02") + OPEN + TRIAGE + "  - expect: {tasks: [work]}\n",
    "year": HEAD
    + OPEN
    + TRIAGE
    + ASK
    + f"  - advance: P365D\n  - expect: {{status: closed, notices: {ALL_MAILS}}}\n",
}
BROKEN = {
    "no_yaml": ("steps: [", 1, "Expected YAML"),
    "no_mapping": ("- one\n", 1, "Expected a scenario with pack, clock and steps"),
    "no_clock": ("pack: generic_desk\nsteps: []\n", 1, "Expected a scenario with clock"),
    "unknown_key": (HEAD.replace("title:", "titel:"), 2, "but found “titel”"),
    "no_zone": (HEAD.replace("Z\n", "\n"), 3, "Expected a moment with its zone"),
    "no_verb": (HEAD + "  - dance: {}\n", 5, "Expected a step with one of act, advance, advance_to"),
    "no_word": (
        HEAD + OPEN + "  - expect: {mood: good}\n",
        6,
        "Expected one of actions, assignee, breached, category",
    ),
    "no_duration": (HEAD + OPEN + "  - advance: P1M1M\n", 6, "P1M1M"),
    "months": (HEAD + OPEN + "  - advance: P1M\n", 6, "Expected days and time"),
    "no_task": (HEAD + OPEN + "  - complete: {fields: {}}\n", 6, "Expected 'task' in “complete”"),
    "no_ticket": (
        HEAD + "  - expect: {status: new}\n",
        5,
        "Expected ticket 0 of those opened, but there are 0",
    ),
    "no_fields": (
        HEAD + OPEN + "  - complete: {task: triage, fields: 7}\n",
        6,
        "names with values in “fields”",
    ),
    "no_list": (HEAD + OPEN + "  - expect: {tasks: triage}\n", 6, "Expected a list in “tasks”"),
    "no_moment": (HEAD + OPEN + "  - expect: {due: soon}\n", 6, "names with values in “moments”"),
    "no_number": (
        HEAD + OPEN + "  - expect: {status: new}\n    ticket: first\n",
        6,
        "the number of a ticket",
    ),
    "no_requester": (
        HEAD + "  - open: {subject: x, requester: Ann}\n",
        5,
        "names with values in “requester”",
    ),
    "no_people": (HEAD.replace("steps:", "people: {ann: 7}\nsteps:"), 4, "names with values in “ann”"),
    "no_pack": (
        HEAD.replace("generic_desk", "nothing") + OPEN,
        1,
        "Expected the pack “nothing” around the file",
    ),
}


@pytest.fixture(scope="module")
def bundled(admin_database_url: str) -> Report:
    return run([DESK], admin_database_url)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, admin_database_url: str) -> Report:
    """Our samples, good and bad, run together."""
    folder = tmp_path_factory.mktemp("samples")
    for name, text in {**SAMPLES, **{name: text for name, (text, _, _) in BROKEN.items()}}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return run([folder], admin_database_url, packs=[DESK])


def result(report: Report, name: str) -> Result:
    return next(it for it in report.results if it.path.stem == name)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_bundled_scenario_holds(bundled: Report, path: Path) -> None:
    found = result(bundled, path.stem)
    assert found.outcome == "passed", "\n".join(found.lines())


def test_all_bundled_scenarios_are_run(bundled: Report) -> None:
    assert bundled.passed
    assert len(bundled.results) == len(SCENARIOS) >= 10


def test_a_failure_shows_expected_actual_and_the_story_so_far(samples: Report) -> None:
    unmet = result(samples, "unmet")
    assert (unmet.outcome, unmet.line, unmet.steps) == ("failed", 7, 2)
    assert unmet.sentences == (
        "status: expected closed, but it is escalated",
        "tasks: expected [triage], but it is [triage_by_lead]",
    )
    assert any("→ ticket_received → " in line and "→ to_triage → triage" in line for line in unmet.trace)
    assert any(line.startswith("2026-03-02T13:00:00Z") and "timer fired" in line for line in unmet.trace)
    assert "the ticket so far:" in samples.text()


def test_a_refusal_that_nobody_expected_fails_with_its_fields(samples: Report) -> None:
    refused = result(samples, "refused")
    assert (refused.outcome, refused.line) == ("failed", 6)
    assert "urgency: Expected “Urgency” to be filled in, but it is empty." in refused.sentences


def test_an_expected_refusal_that_does_not_come_fails(samples: Report) -> None:
    assert result(samples, "not_refused").sentences == ("refused: expected “nobody”, but it was done",)


def test_people_have_the_queues_that_the_scenario_gives(samples: Report) -> None:
    assert result(samples, "people").outcome == "passed"


def test_notices_are_those_since_the_last_look(samples: Report) -> None:
    assert result(samples, "notices").outcome == "passed"


def test_a_story_may_play_in_years_to_come(samples: Report) -> None:
    """Its pack is deployed today, by the clock by which its commands are recorded."""
    assert result(samples, "to_come").outcome == "passed", "\n".join(result(samples, "to_come").lines())


def test_a_year_of_a_ticket_passes_at_once(samples: Report) -> None:
    assert result(samples, "year").outcome == "passed"


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_can_not_be_run_names_its_line(samples: Report, name: str) -> None:
    _, line, sentence = BROKEN[name]
    broken = result(samples, name)
    assert (broken.outcome, broken.line) == ("broken", line)
    assert sentence in broken.sentences[0]
    assert f"{name}.yaml:{line}" in "\n".join(broken.lines())


def test_junit_has_a_case_for_each_scenario(samples: Report) -> None:
    suite = ElementTree.fromstring(samples.junit()).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("25", "3", "18")
    told = suite.find("testcase[@name='unmet']/failure")
    assert told is not None and str(told.get("message")).startswith(
        "status: expected closed, but it is escalated"
    )


def test_no_scenario_at_all_is_no_pass(tmp_path: Path, admin_database_url: str) -> None:
    assert not run([tmp_path], admin_database_url).passed


def test_the_scratch_database_is_gone_afterwards(admin_database_url: str) -> None:
    with migrated_scratch(admin_database_url) as url, psycopg.connect(url) as connection:
        name = connection.info.dbname
    with psycopg.connect(admin_database_url) as connection:
        sql = "SELECT count(*) FROM pg_database WHERE datname = %s"
        assert connection.execute(sql, (name,)).fetchone() == (0,)


def test_files_folders_and_packs_are_found_once() -> None:
    assert list(scenario_files([DESK, SCENARIOS[0], DESK / "scenarios"])) == SCENARIOS
