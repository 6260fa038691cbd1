"""Records in scenarios: what is given, what services named after operations do with it, what stands there then."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.scenarios.report import Report, Result
from engine.scenarios.runner import run
from tests.packs.conftest import ROOT
from tests.parts.spiff.drawing import boundary, declared, draw, extension, mapping, node, on

HANDLERS = (ROOT / "processes" / "base" / "services.py").read_text("utf-8")
CODES = ("amount_above_paid", "amount_invalid")
MANIFEST = """
id = "till"
title = "Till"
time_zone = "Europe/Rome"
process = "p"
[states]
new = "New"
[queues]
tier1 = { title = "Tier 1" }
"""
HEAD = """pack: till
clock: 2026-03-10T12:00:00Z
given:
  accounts:
    - {number: A-1, name: Ann, email: ann@example.com, currency: EUR}
  payments:
    - {number: P-7, account: A-1, amount: 49.90, card: 4111 1111 1111 1111}
steps:
"""
OPEN = "  - open: {subject: Money back, requester: {name: Ann}, fields: {account: A-1, sum: %s}}\n"

HOLD = {
    "a_refund_is_paid_from_the_records": OPEN % "20.00"
    + """
  - expect:
      tasks: [paid]
      variables: {refund: REF-1}
      records:
        refunds: [{amount: 20, payment: P-7, currency: EUR, refunded_at: 2026-03-10T12:00:00Z}]
        payments: {P-7: {refunded: 20.0, card: "Visa •••• 1111"}, PAY-1: null}
""",
    "an_error_of_an_operation_is_caught_by_the_diagram": OPEN % "50.00"
    + """
  - expect: {tasks: [too_much], records: {refunds: []}}
""",
    "an_amount_that_is_none_is_caught_too": OPEN % "-0.01"
    + """
  - expect: {tasks: [none]}
""",
    "what_a_service_is_said_to_answer_goes_before_the_records": OPEN % "20"
    + """
  - expect: {tasks: [paid]}
  - service: {type: payment.refund, error: {code: amount_above_paid}}
"""
    + OPEN % "20"
    + """
  - expect: {tasks: [too_much], records: {refunds: [{amount: 20}]}}
""",
    "records_change_by_hand_between_steps": OPEN % "60"
    + """
  - expect: {tasks: [too_much]}
  - record: {operation: payment.record, account: A-1, amount: 70, currency: EUR}
"""
    + OPEN % "60"
    + """
  - expect: {tasks: [paid], records: {payments: {PAY-1: {refunded: 60}}}}
  - record: {operation: payment.refund, account: A-1, amount: 70, currency: EUR}
    refused: Expected at most 49.9
""",
}
FAIL = {
    "another_sum": (
        OPEN % "20" + "  - expect: {records: {refunds: [{amount: 21}]}}",
        "records: expected {refunds: [{amount: 21}]}, but it is {refunds: [{amount: 20}]}",
    ),
    "one_too_many": (
        OPEN % "20" + "  - expect: {records: {refunds: []}}",
        "records: expected {refunds: []}, but it is {refunds: [{number: REF-1}]}",
    ),
}
BROKEN = {
    "unknown_kind": ("  - expect: {records: {refund: []}}", "under records, but found “refund”"),
    "no_operation": ("  - record: {model: x}", "Expected 'operation' in “record”"),
    "unknown_form": ("  - expect: {records: {refunds: 7}}", "Expected refunds by number"),
}
BADLY_GIVEN = {
    "wrong_part": ("{number: P-7,", "{nr: P-7,", "nr: Expected one of number, account, amount"),
    "no_account": ("account: A-1, amount", "account: A-9, amount", "there is no A-9"),
    "finer_than_a_cent": ("49.90", "49.901", "Expected at most 2 decimals in EUR"),
    "no_list": ("payments:\n    - {", "payments: {x: 1}\n  refunds:\n    - {", "Expected a list of payments"),
    "other_currency": (
        "amount: 49.90",
        "amount: 49.90, currency: USD",
        "Expected EUR, in which the account is",
    ),
}


def diagram() -> bytes:
    inputs = mapping({"account": "=account", "amount": "=sum", "currency": '="EUR"'}, {"refund": "=refund"})
    pay = node("service", "pay", extension(f'<zeebe:taskDefinition type="payment.refund" />{inputs}'))
    caught = {code: boundary(code, "pay", on("error", f"e_{code}")) for code in CODES}
    return draw(
        f"start s; {pay}; user paid; end e; {'; '.join(caught.values())}; user too_much; user none; end x",
        "s>pay>paid>e amount_above_paid>too_much>x amount_invalid>none>x",
        *(declared("error", f"e_{code}", code=code) for code in CODES),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, admin_database_url: str) -> Report:
    pack = tmp_path_factory.mktemp("till")
    (pack / "bpmn").mkdir()
    (pack / "scenarios").mkdir()
    (pack / "pack.toml").write_text(MANIFEST)
    (pack / "services.py").write_text(HANDLERS)
    (pack / "bpmn" / "p.bpmn").write_bytes(diagram())
    texts = {name: HEAD + text for name, text in HOLD.items()}
    texts |= {name: HEAD + text for name, (text, _) in FAIL.items()}
    texts |= {name: HEAD + OPEN % "1" + text for name, (text, _) in BROKEN.items()}
    texts |= {name: HEAD.replace(old, new) + OPEN % "1" for name, (old, new, _) in BADLY_GIVEN.items()}
    for name, text in texts.items():
        (pack / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return run([pack], admin_database_url)


def result(report: Report, name: str) -> Result:
    return next(it for it in report.results if Path(it.path).stem == name)


@pytest.mark.parametrize("name", HOLD)
def test_records_are_rehearsed(report: Report, name: str) -> None:
    found = result(report, name)
    assert found.outcome == "passed", "\n".join(found.lines())


@pytest.mark.parametrize("name", FAIL)
def test_a_record_that_is_otherwise_is_shown(report: Report, name: str) -> None:
    found = result(report, name)
    assert (found.outcome, found.sentences) == ("failed", (FAIL[name][1],))


@pytest.mark.parametrize("name", [*BROKEN, *BADLY_GIVEN])
def test_a_scenario_that_says_records_wrongly_is_told_so(report: Report, name: str) -> None:
    found = result(report, name)
    assert found.outcome == "broken"
    assert (BROKEN.get(name) or BADLY_GIVEN[name])[-1] in "\n".join(found.sentences)
