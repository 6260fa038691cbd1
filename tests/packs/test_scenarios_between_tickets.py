"""Scenarios with messages by key, signals and services that do not answer: from ticket to ticket, in virtual time."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.scenarios import stage
from engine.scenarios.report import Report, Result
from engine.scenarios.runner import run
from tests.parts.spiff.drawing import (
    boundary,
    declared,
    draw,
    extension,
    mapping,
    message,
    node,
    on,
    on_timer,
    start,
)

MANIFEST = 'id = "pair"\ntitle = "Pair"\ntime_zone = "UTC"\nprocess = "order"\n[states]\nnew = "New"\n'
SAYS = extension(mapping({"amount": "=7"}))
BANK = extension('<zeebe:taskDefinition type="bank" />')
ORDER = draw(
    f"start s; user pack; {node('receive', 'paid', messageRef='m')}; user ship; end e",
    "s>pack>paid>ship>e", message("m", "payment received", "=order"), key="order",
)  # fmt: skip
COMPLAINT = draw(
    f"{start('s', on('message', 'm'))}; {node('throw', 't', SAYS + on('message', 'p'))}; user look; end e",
    "s>t>look>e", message("m", "complaint"), message("p", "payment received", "=order"), key="complaint",
)  # fmt: skip
OUTAGE = draw(
    f"start s; {node('catch', 'wait', on('signal', 'down'))}; user tell; end e;"
    f" {start('o', on('signal', 'down'))}; user mend; end x",
    "s>wait>tell>e o>mend>x", declared("signal", "down", "mail down"), key="outage",
)  # fmt: skip
REFUND = draw(
    f"start s; {node('service', 'pay', BANK)}; end e; {boundary('refused', 'pay', on('error', 'no'))}; user talk;"
    f" end x; {on_timer('slow', 'pay', 'PT1H')}; user call; end y",
    "s>pay>e refused>talk>x slow>call>y", declared("error", "no", code="refused"), key="refund",
)  # fmt: skip
ECHO = draw(
    f"{start('s', on('message', 'm'))}; {node('end', 'e', on('message', 'm'))}",
    "s>e",
    message("m", "echo"),
    key="echo",
)
PROCESSES = {"order": ORDER, "complaint": COMPLAINT, "outage": OUTAGE, "refund": REFUND, "echo": ECHO}
SERVICES = """
from engine.services import handler

@handler("bank")
def bank(job):
    return {"reference": "from the pack"}
"""
HEAD = "pack: pair\nclock: 2026-03-02T09:00:00Z\nsteps:"
ORDERED = "- open: {process: order, subject: It, requester: {name: Ann}, fields: {order: '4711'}}"
LISTENS = "- open: {process: outage, subject: It, requester: {name: Ann}}"
REFUNDS = "- open: {process: refund, subject: It, requester: {name: Ann}}"
PAID = "message: {to: desk, name: payment received, key: 4711"

SCENARIOS = {
    "early": f"""
{ORDERED}
- {PAID}, payload: {{amount: 12.5}}, ttl: PT2H}}
- expect: {{tasks: [pack]}}
- advance: PT1H
- complete: {{task: pack}}
- expect: {{tasks: [ship], variables: {{amount: 12.5}}}}
""",
    "expired": f"""
{ORDERED}
- {PAID}, ttl: PT2H}}
- advance: PT2H
- complete: {{task: pack}}
- expect: {{tasks: []}}
- {PAID}, as: shop}}
- expect: {{tasks: [ship]}}
""",
    "once": f"""
{ORDERED}
- complete: {{task: pack}}
{ORDERED}
- complete: {{task: pack}}
- {PAID}, id: p1}}
- {PAID}, id: p1}}
- {{expect: {{tasks: [ship]}}, ticket: 1}}
- {{expect: {{tasks: []}}, ticket: 2}}
- {PAID}, id: p1, payload: {{x: 1}}}}
  refused: was sent with other words
""",
    "opens": f"""
{ORDERED}
- complete: {{task: pack}}
- message: {{to: desk, name: complaint, payload: {{subject: Late, order: '4711', requester: {{name: Bea}}}}}}
- {{expect: {{subject: Late, tasks: [look]}}, ticket: 2}}
- {{expect: {{tasks: [ship], variables: {{amount: 7}}}}, ticket: 1}}
""",
    "signal": f"""
{LISTENS}
{LISTENS}
- signal: {{name: mail down, payload: {{subject: Mail}}}}
- {{expect: {{tasks: [tell]}}, ticket: 1}}
- {{expect: {{tasks: [tell]}}, ticket: 2}}
- {{expect: {{tasks: [mend], subject: Mail}}, ticket: 3}}
""",
    "error": f"""
- service: {{type: bank, error: {{code: refused, variables: {{reason: limit}}}}}}
{REFUNDS}
- expect: {{tasks: [talk], variables: {{reason: limit}}, incidents: 0}}
""",
    "fails": f"""
- service: {{type: bank, fail: The bank is closed}}
{REFUNDS}
- expect: {{tasks: [], incidents: 1, ended: false}}
""",
    "unkeepable": f"""
- service: {{type: bank, answer: {{sum: .nan}}}}
{REFUNDS}
- expect: {{tasks: [], incidents: 1}}
""",
    "silent": f"""
- service: {{type: bank, silent: true}}
{REFUNDS}
- advance: PT1H
- expect: {{tasks: [call]}}
{REFUNDS}
- expect: {{ended: false}}
- service: {{type: bank, answer: {{reference: R1}}}}
- expect: {{ended: completed, variables: {{reference: R1}}}}
""",
}
BROKEN = {
    "no_kind": ("- service: {type: bank}", "Expected a type and one of answer, fail, error, silent"),
    "two_kinds": ("- service: {type: bank, fail: x, silent: true}", "but found fail, silent"),
    "no_code": ("- service: {type: bank, error: {message: x}}", "Expected 'code' in “service”"),
    "no_names": ("- service: {type: bank, answer: 7}", "names with values in “answer”"),
    "no_signal": ("- signal: {payload: {}}", "Expected 'name' in “signal”"),
    "echo": ("- message: {to: desk, name: echo}", "Expected services and messages to come to rest"),
    "ttl": (f"{ORDERED}\n- message: {{name: x, ttl: PT1H}}", "Expected “to: desk” beside ttl or id"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, admin_database_url: str) -> Report:
    pack = tmp_path_factory.mktemp("pair")
    (pack / "pack.toml").write_text(MANIFEST)
    (pack / "services.py").write_text(SERVICES)
    (pack / "bpmn").mkdir()
    (pack / "scenarios").mkdir()
    for name, source in PROCESSES.items():
        (pack / "bpmn" / f"{name}.bpmn").write_bytes(source)
    for name, text in {**SCENARIOS, **{name: text for name, (text, _) in BROKEN.items()}}.items():
        (pack / "scenarios" / f"{name}.yaml").write_text(f"{HEAD}\n{text.strip()}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stage, "MOST_ROUNDS", 30)
        return run([pack], admin_database_url)


def result(report: Report, name: str) -> Result:
    return next(it for it in report.results if Path(it.path).stem == name)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_crosses_tickets_or_the_house_can_be_rehearsed(report: Report, name: str) -> None:
    found = result(report, name)
    assert found.outcome == "passed", "\n".join(found.lines())


@pytest.mark.parametrize("name", BROKEN)
def test_a_step_that_says_it_wrongly_names_its_line(report: Report, name: str) -> None:
    found = result(report, name)
    assert found.outcome == "broken"
    assert BROKEN[name][1] in found.sentences[0]
