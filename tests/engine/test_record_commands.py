"""`casepath record`: importing, finding, and an operation by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.test_command_line import Run, desk, run

__all__ = ["desk", "run"]

LINES = """{"kind": "account", "number": "A-1", "name": "Ann", "email": "ann@example.com", "currency": "EUR"}

{"kind": "payment", "account": "A-1", "amount": 49.90}
{"kind": "stock", "model": "router_x", "quantity": 0}
"""


@pytest.fixture
def imported(desk: Run, tmp_path: Path) -> Run:
    file = tmp_path / "records.jsonl"
    file.write_text(LINES)
    assert desk("record", "import", file)[:2] == (0, "3 records imported.\n")
    return desk


def test_what_was_imported_is_found(imported: Run) -> None:
    status, out, _ = imported("record", "find", "ANN@example.com", "--json")
    assert (status, [it["number"] for it in json.loads(out)]) == (0, ["A-1"])


def test_an_operation_by_hand_answers_and_is_done_once_for_its_id(imported: Run) -> None:
    inputs = '{"account": "A-1", "amount": 19.90, "currency": "EUR"}'
    id = "00000000-0000-4000-8000-000000000001"
    for _ in range(2):
        status, out, _ = imported("record", "do", "payment.refund", "--inputs", inputs, "--id", id)
        assert (status, json.loads(out)["refund"]) == (0, "REF-1")


def test_a_delivery_is_counted_in(imported: Run) -> None:
    inputs = '{"model": "router_x", "quantity": 5}'
    assert json.loads(imported("record", "do", "stock.receive", "--inputs", inputs)[1])["available"] == 5


@pytest.mark.parametrize(
    ("operation", "inputs", "sentence"),
    [
        ("payment.refund", '{"account": "A-1", "amount": 60, "currency": "EUR"}', "Expected at most 49.9"),
        ("payment.refund", '{"account": "A-9", "amount": 1, "currency": "EUR"}', "there is no A-9"),
        ("payment.give", "{}", "there is no “payment.give”"),
        ("payment.refund", "[]", "Expected --inputs to be a JSON object"),
    ],
)
def test_what_is_refused_says_why(imported: Run, operation: str, inputs: str, sentence: str) -> None:
    status, _, complaint = imported("record", "do", operation, "--inputs", inputs)
    assert status != 0
    assert sentence in complaint


def test_bad_lines_are_all_named_and_nothing_is_imported(desk: Run, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(LINES + '{"kind": "acount"}\n{"kind": \n')
    status, _, complaint = desk("record", "import", file)
    assert status != 0
    assert "line 5: Expected a kind of account" in complaint and "line 6: Expected JSON" in complaint
    assert json.loads(desk("record", "find", "A-1", "--json")[1]) == []
