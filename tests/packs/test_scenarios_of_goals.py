"""Goals in rehearsals: warned, breached, paused and met at exact moments, with timers of the diagram that follow."""

from __future__ import annotations

import pytest

from engine.scenarios.report import Report, Result
from engine.scenarios.runner import run
from tests.parts.spiff.drawing import boundary, draw, event_sub, node, start, timer

PACK = """
id = "watched"
title = "Watched"
process = "p"
[states]
new = "New"
wait_customer = "Waiting"
resolved = "Solved"
[queues]
tier1 = { title = "Tier 1" }
[settings]
"sla.warn_pct" = { value = 75, unit = "%", source = "default D-01" }
"ack_counts" = { value = false, source = "default D-06" }
[goals.resolution]
target = "sla"
met_by = ["state resolved"]
pauses_in = ["wait_customer"]
warn_at = "sla.warn_pct"
[goals.first_response]
target = "sla"
met_by = ["reply", "element ack if ack_counts"]
"""
CALENDARS = '[office]\nzone = "UTC"\nmon_fri = ["09:00-17:00"]\n'
DECISION = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://casepath.dev/t">
<inputData id="i1" name="goal"><variable name="goal" typeRef="Any"/></inputData>
<inputData id="i2" name="priority"><variable name="priority" typeRef="Any"/></inputData>
<decision id="sla" name="sla"><variable name="sla" typeRef="Any"/>
<informationRequirement id="r1"><requiredInput href="#i1"/></informationRequirement>
<informationRequirement id="r2"><requiredInput href="#i2"/></informationRequirement>
<literalExpression id="e"><text>
if goal = "first_response" then duration("PT1H")
else if priority = "odd" then "soon"
else if priority = "high" then { target: duration("PT4H"), source: "text 7" }
else { target: duration("PT8H"), counted: "working", calendar: "office", source: "default D-03" }
</text></literalExpression></decision></definitions>"""

HEAD = "pack: watched\nclock: 2026-03-02T09:00:00Z\nsteps:\n"
HIGH = "  - open: {subject: It fails, priority: high, requester: {name: Ann, email: ann@example.com}}\n"
PLAIN = HIGH.replace("priority: high, ", "")

HOLD = {
    "it_warns_at_the_share_and_is_breached_when_it_is_due": HIGH
    + """
  - expect: {due: {resolution: 2026-03-02T13:00:00Z}, warned: {resolution: null}}
  - advance: PT2H59M
  - expect: {warned: {resolution: null}, tasks: [work]}
  - advance: PT1M
  - expect: {warned: {resolution: 2026-03-02T12:00:00Z}, tasks: [work, look]}
  - advance: PT59M59S
  - expect: {breached: {resolution: null}, tasks: [work, look]}
  - advance: PT1S
  - expect: {breached: {resolution: 2026-03-02T13:00:00Z}, tasks: [look, lead]}
""",
    "what_is_met_at_the_due_moment_is_met": HIGH
    + """
  - advance: PT4H
  - complete: {task: work, fields: {next: solve}}
  - expect: {breached: {resolution: null}, status: resolved, tasks: [confirm, look]}
""",
    "the_clock_and_its_timers_stand_still_while_the_customer_is_asked": HIGH
    + """
  - advance: PT1H
  - complete: {task: work, fields: {next: ask}}
  - expect: {due: {resolution: null}, paused: {resolution: 2026-03-02T10:00:00Z}, tasks: [wait]}
  - advance: P2D
  - complete: {task: wait}
  - expect: {due: {resolution: 2026-03-04T13:00:00Z}, paused: {resolution: null}}
  - expect: {deadlines: {late: 2026-03-04T13:00:00Z}}
  - advance: PT3H
  - expect: {breached: {resolution: 2026-03-04T13:00:00Z}, tasks: [lead, look]}
""",
    "working_time_ends_on_the_next_day": PLAIN
    + """
  - advance: PT1H
  - expect: {due: {resolution: 2026-03-02T17:00:00Z}}
  - complete: {task: work, fields: {next: ask}}
  - advance: PT6H
  - complete: {task: wait}
  - expect: {due: {resolution: 2026-03-03T15:00:00Z}}
""",
    "a_new_priority_counts_what_is_used": PLAIN
    + """
  - advance: PT3H
  - complete: {task: work, fields: {next: again, priority: high}}
  - expect: {due: {resolution: 2026-03-02T13:00:00Z}, warned: {resolution: 2026-03-02T12:00:00Z}}
""",
    "a_reopened_ticket_has_what_was_left": HIGH
    + """
  - advance: PT3H30M
  - complete: {task: work, fields: {next: solve}}
  - advance: P1D
  - complete: {task: confirm, fields: {next: reopen}}
  - expect: {due: {resolution: 2026-03-03T13:00:00Z}}
""",
    "a_setting_lets_an_acknowledgement_count": HIGH
    + """
  - expect: {due: {first_response: null}}
""",
    "an_acknowledgement_alone_is_no_answer": HIGH
    + """
  - expect: {due: {first_response: 2026-03-02T10:00:00Z}}
  - reply: {from: agent1, body: I am on it}
  - expect: {due: {first_response: null}, breached: {first_response: null}}
""",
    "another_share_warns_earlier": HIGH
    + """
  - advance: PT2H
  - expect: {warned: {resolution: 2026-03-02T11:00:00Z}}
""",
    "a_target_that_is_none_tells_somebody_and_leaves_the_terms": HIGH
    + """
  - complete: {task: work, fields: {next: again, priority: odd}}
  - expect: {incidents: 1, due: {resolution: 2026-03-02T13:00:00Z}}
  - complete: {task: work, fields: {next: again, priority: low}}
  - expect: {incidents: 0, due: {resolution: 2026-03-02T17:00:00Z}}
""",
}
SETTINGS = {
    "a_setting_lets_an_acknowledgement_count": "settings: {ack_counts: true}\n",
    "another_share_warns_earlier": "settings: {sla.warn_pct: 50}\n",
}
FAIL = {
    "unknown_setting": (
        HEAD.replace("steps:", "settings: {odd: 1}\nsteps:") + HIGH,
        "Expected a setting of the pack",
    ),
    "not_so": (HEAD + HIGH + "  - expect: {due: {resolution: 2026-03-02T14:00:00Z}}\n", "started (by opened"),
}


def process() -> bytes:
    late = boundary("late", "work", timer("date", "=goal.due")).replace(
        "<boundaryEvent ", GOAL.format("boundaryEvent")
    )
    begins = start("si", timer("date", "=goal.warning"), interrupting=False)
    warned = event_sub(
        "es",
        begins.replace("<startEvent ", GOAL.format("startEvent")) + "; user look; end ei",
        "si>look>ei",
        prefix="g",
    )
    wait, confirm = (
        node("user", id, casepath_state=state)
        for id, state in (("wait", "wait_customer"), ("confirm", "resolved"))
    )
    nodes = (
        f"start s; {node('script', 'ack', SCRIPT)}; xor again; {node('user', 'work', casepath_state='new')}; {late};"
        f" xor how; {wait}; {confirm}; xor really; user lead; end e; {warned}"
    )
    flows = (
        's>ack>again>work>how how>wait[next = "ask"] how>confirm[next = "solve"] how>again* wait>again'
        ' late>lead>e confirm>really really>again[next = "reopen"] really>e*'
    )
    return draw(nodes, flows)


GOAL = '<{} casepath:goal="resolution" '
SCRIPT = '<extensionElements><zeebe:script expression="={noted: true}" /></extensionElements>'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, admin_database_url: str) -> Report:
    pack = tmp_path_factory.mktemp("packs") / "watched"
    files = {
        "pack.toml": PACK,
        "calendars.toml": CALENDARS,
        "dmn/sla.dmn": DECISION,
        "bpmn/p.bpmn": process().decode(),
    }
    for name, steps in HOLD.items():
        files[f"scenarios/{name}.yaml"] = HEAD.replace("steps:", SETTINGS.get(name, "") + "steps:") + steps
    files |= {f"scenarios/{name}.yaml": text for name, (text, _) in FAIL.items()}
    for path, text in files.items():
        (pack / path).parent.mkdir(parents=True, exist_ok=True)
        (pack / path).write_text(text, encoding="utf-8")
    return run([pack], admin_database_url)


def result(report: Report, name: str) -> Result:
    return next(it for it in report.results if it.path.stem == name)


@pytest.mark.parametrize("name", HOLD)
def test_a_goal_is_kept_as_it_is_promised(report: Report, name: str) -> None:
    found = result(report, name)
    assert found.outcome == "passed", "\n".join(found.lines())


@pytest.mark.parametrize("name", FAIL)
def test_what_is_not_so_says_why(report: Report, name: str) -> None:
    assert FAIL[name][1] in "\n".join(result(report, name).lines())
