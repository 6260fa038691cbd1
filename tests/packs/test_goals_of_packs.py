"""What is wrong with the goals of a pack is found when it is checked, with its file, line and remedy."""

from __future__ import annotations

import pytest

from engine.catalog.check import check_pack
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from tests.parts.spiff.drawing import boundary, draw, node, timer

PACK = """id = "small"
title = "Small"
process = "p"
[states]
new = "New"
resolved = "Solved"
[priorities]
high = "High"
low = "Low"
[settings]
"warn" = { value = 75, source = "default D-01" }
[goals.resolution]
target = "sla"
met_by = ["state resolved"]
warn_at = "warn"
"""
DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">
<inputData id="i" name="priority"><variable name="priority" typeRef="Any"/></inputData>
<inputData id="t" name="ticket"><variable name="ticket" typeRef="Any"/></inputData>
<decision id="sla" name="sla"><variable name="sla" typeRef="Any"/>
<informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
<informationRequirement id="u"><requiredInput href="#t"/></informationRequirement>
<literalExpression id="e"><text>ANSWER</text></literalExpression></decision></definitions>"""
OFFICE = '[office]\nzone = "UTC"\nmon_fri = ["09:00-17:00"]\n'
GOAL = '<boundaryEvent casepath:goal="GOAL" '


def findings(
    manifest: str = PACK, answer: str = 'duration("PT4H")', goal: str = "resolution", calendars: str = OFFICE
) -> list[PackFinding]:
    late = boundary("late", "a", timer("date", "=goal.due")).replace(
        "<boundaryEvent ", GOAL.replace("GOAL", goal)
    )
    end = node("end", "e", casepath_state="resolved")
    files = {
        "pack.toml": manifest,
        "calendars.toml": calendars,
        "dmn/sla.dmn": DECISION.replace("ANSWER", answer),
        "bpmn/p.bpmn": draw(f"start s; user a; {late}; {end}", "s>a>e late>e").decode(),
    }
    pack = PackSource.from_files({path: text.encode() for path, text in files.items()})
    return [
        it for it in check_pack(pack) if it.rule != "drawn"
    ]  # the diagrams of these tests have no picture


def test_a_sound_goal_has_no_findings() -> None:
    assert findings() == []


BAD = {
    "a key that nobody knows": (PACK.replace("warn_at", "warns_at"), "goal", 15, "but found “warns_at”"),
    "no target": (PACK.replace('target = "sla"\n', ""), "goal", 12, "to name the decision of its target"),
    "nothing that meets it": (
        PACK.replace('met_by = ["state resolved"]\n', ""),
        "goal",
        12,
        "say what meets it",
    ),
    "an occasion that is none": (
        PACK.replace("state resolved", "states resolved"),
        "goal",
        14,
        "“states resolved”",
    ),
    "no list": (PACK.replace('["state resolved"]', "7"), "goal", 14, "Expected a list of texts"),
    "a share beyond the whole": (PACK.replace('warn_at = "warn"', "warn_at = 175"), "goal", 15, "0 and 100"),
    "a restart at a state": (
        PACK + "restarts = true\n",
        "goal",
        14,
        "to restart at a moment, but a state lasts",
    ),
    "met and paused at once": (PACK + 'pauses_in = ["resolved"]\n', "goal", 16, "but it does both"),
    "running and paused by name": (
        PACK + 'pauses_in = ["new"]\nruns_in = ["new"]\n',
        "goal",
        17,
        "but it names both",
    ),
    "met and running at once": (PACK + 'runs_in = ["resolved"]\n', "goal", 16, "but it does both"),
    "an unknown state to run in": (PACK + 'runs_in = ["solving"]\n', "unknown-state", 12, "“solving”"),
    "a goal that never runs": (
        PACK.replace("[states]", "[states]\nopened = \"Opened\"\nparked = \"Parked\"") + 'runs_in = ["parked"]\n',
        "never-runs",
        18,
        "no diagram comes to one",
    ),
    "no table": (
        PACK.partition("[goals")[0].replace('process = "p"', 'process = "p"\ngoals = 7'),
        "goal",
        4,
        "a table",
    ),
    "an unknown state": (PACK.replace("state resolved", "state solved"), "unknown-state", 12, "“solved”"),
    "an unknown mail": (PACK.replace("state resolved", "mail t_x"), "unknown-template", 12, "“t_x”"),
    "an unknown element": (PACK.replace("state resolved", "element x"), "unknown-element", 12, "“x”"),
    "an unknown decision": (PACK.replace('"sla"', '"slo"'), "unknown-decision", 12, "“slo”"),
    "an unknown setting": (PACK.replace('warn_at = "warn"', 'warn_at = "w"'), "unknown-setting", 12, "“w”"),
    "a goal nobody can meet": (
        PACK.replace("state resolved", "state new"),
        "never-met",
        14,
        "no diagram does what would",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_goal_that_is_written_wrong_is_found_at_its_line(case: str) -> None:
    manifest, rule, line, part = BAD[case]
    found = [it for it in findings(manifest) if it.rule == rule and part in it.message]
    assert [(it.file, it.line) for it in found] == [("pack.toml", line)]
    assert found[0].remedy


TARGETS = {
    '-duration("PT4H")': "to be above zero",
    'duration("PT0S")': "to be above zero",
    '"soon"': "in days, hours and less",
    'duration("P1M")': "in days, hours and less",
    '{ target: duration("PT4H"), counted: "fast" }': "to be counted as one of",
    '{ target: duration("PT4H"), calendar: "offce" }': "a calendar of the pack",
    '{ target: duration("PT4H"), in: "office" }': "but the decision says",
    'if priority = "low" then 7 else duration("PT4H")': "At priority low",
}


@pytest.mark.parametrize("answer", TARGETS)
def test_a_target_that_nobody_can_keep_is_found_at_its_decision(answer: str) -> None:
    found = [it for it in findings(answer=answer) if it.rule == "goal-target"]
    assert found and all((it.file, it.element) == ("dmn/sla.dmn", "sla") for it in found)
    assert TARGETS[answer] in found[0].message


def test_a_decision_that_promises_nothing_at_all_is_a_warning() -> None:
    (found,) = findings(answer='if prio = "high" then duration("PT4H") else null')
    assert (found.rule, found.severity) == ("goal-target", "warning")
    assert "declares goal and priority" in found.remedy


def test_a_timer_that_hangs_on_no_goal_of_the_pack_is_found() -> None:
    (found,) = findings(goal="resolutoin")
    assert (found.rule, found.element) == ("unknown-goal", "late")


CHANNELS = PACK.replace("[settings]", '[channels]\nchat = "Chat"\n[settings]')
BY_CHANNEL = 'if ticket.channel = "chat" then duration("ANSWER") else null'


def test_a_target_of_one_channel_is_a_target() -> None:
    by_channel = BY_CHANNEL.replace("ANSWER", "PT5M")
    assert [it.rule for it in findings(answer=by_channel)] == ["goal-target"]  # the pack has no such channel
    assert findings(CHANNELS, by_channel) == []


def test_a_target_that_nobody_can_keep_is_found_in_the_channel_that_has_it() -> None:
    found = findings(CHANNELS, BY_CHANNEL.replace("ANSWER", "PT0S"))
    assert {it.rule for it in found} == {"goal-target"}
    assert "At priority high" in found[0].message and "to be above zero" in found[0].message
