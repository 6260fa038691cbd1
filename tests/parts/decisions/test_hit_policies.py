"""Decision tables with every hit policy."""

from __future__ import annotations

from typing import Any

import pytest

from engine.decisions import DecisionResult

from .drawing import decision, given, model, table

ROWS = [("> 10", '"high"'), ("> 5", '"middle"'), ("> 0", '"low"'), ("> 5", '"middle"')]
ORDER = '"low","middle","high"'


def ask(policy: str, n: Any, rows: Any = ROWS, **more: Any) -> DecisionResult:
    """Return what a table with one input `i` answers."""
    return model(given("i"), decision("d1", table(policy, ["i"], rows, **more), "i")).evaluate("d1", {"i": n})


def test_unique_answers_with_the_one_rule_that_matches() -> None:
    result = ask("UNIQUE", 3)
    assert (result.value, result.matched, result.warnings) == ("low", {"table": ("r3",)}, ())


def test_unique_with_two_hits_is_null_and_names_both_rules() -> None:
    result = ask("UNIQUE", 7)
    assert result.value is None
    assert (
        "Expected one rule to match but rule 2 (r2) and rule 3 (r3) and rule 4 (r4) do." in result.warnings[0]
    )


def test_any_answers_when_all_agree() -> None:
    assert ask("ANY", 7, [ROWS[1], ROWS[3]]).value == "middle"


def test_any_with_rules_that_differ_is_null_and_names_two_of_them() -> None:
    result = ask("ANY", 7)
    assert result.value is None
    assert "rule 2 (r2) and rule 3 (r3) differ" in result.warnings[0]


@pytest.mark.parametrize(("policy", "value"), [
    ("FIRST", "high"), ("RULE ORDER", ["high", "middle", "low", "middle"]),
    ("COLLECT", ["high", "middle", "low", "middle"]),
])  # fmt: skip
def test_the_order_of_the_rules_counts(policy: str, value: Any) -> None:
    assert ask(policy, 11).value == value


@pytest.mark.parametrize(("policy", "value"), [
    ("PRIORITY", "low"), ("OUTPUT ORDER", ["low", "middle", "middle", "high"]),
])  # fmt: skip
def test_the_order_of_the_allowed_values_counts(policy: str, value: Any) -> None:
    assert ask(policy, 11, values=[ORDER]).value == value


def test_priority_of_several_outputs_compares_them_from_left_to_right() -> None:
    rows = [("-", '"b"', "1"), ("-", '"a"', "2"), ("-", '"a"', "1")]
    answer = ask("PRIORITY", 1, rows, outputs=["x", "y"], values=['"a","b"', "1,2"])
    assert answer.value == {"x": "a", "y": 1}


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_aggregates(aggregation: str, value: int) -> None:
    rows = [("-", "10"), ("-", "20"), ("-", "30"), ("> 99", "40")]
    assert ask("COLLECT", 1, rows, aggregation=aggregation).value == value


@pytest.mark.parametrize(("policy", "value"), [
    ("UNIQUE", None), ("ANY", None), ("FIRST", None), ("PRIORITY", None), ("RULE ORDER", []), ("OUTPUT ORDER", []),
    ("COLLECT", []),
])  # fmt: skip
def test_no_hit_is_null_or_an_empty_list(policy: str, value: Any) -> None:
    assert ask(policy, -1).value == value


def test_no_hit_answers_with_the_default() -> None:
    assert ask("UNIQUE", -1, default='"none"').value == "none"
    rows = [("> 5", '"a"', '"b"')]
    assert ask("FIRST", 1, rows, outputs=["x", "y"], default='"none"').value == {"x": "none", "y": "none"}


def test_a_count_of_no_hits_is_zero() -> None:
    assert ask("COLLECT", -1, aggregation="COUNT").value == 0


def test_several_outputs_make_a_context() -> None:
    assert ask("FIRST", 1, [("-", "1", "2")], outputs=["x", "y"]).value == {"x": 1, "y": 2}


def test_all_inputs_must_match_and_a_dash_lets_everything_pass() -> None:
    rows = [('"a"', "-", "1"), ('"b"', "< 5", "2"), ('not("a")', ">= 5", "3")]
    made = model(given("i"), given("i2"), decision("d1", table("UNIQUE", ["i", "i2"], rows), "i", "i2"))
    answers = [
        made.evaluate("d1", {"i": i, "i2": n}).value for i, n in (("a", 9), ("b", 4), ("b", 5), ("c", 1))
    ]
    assert answers == [1, 2, 3, None]


def test_a_result_may_be_computed_from_the_inputs() -> None:
    assert ask("FIRST", 4, [("-", "i * 2")]).value == 8
