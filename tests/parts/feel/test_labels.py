"""Labels of a pack in expressions: `label("queue", queue)`, and what a slip gives."""

from __future__ import annotations

import pytest

from engine.feel import Surroundings, compile_expression

AROUND = Surroundings(labels={"queue": {"tier1": "First line"}, "priority": {"high": "Urgent"}})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('label("queue", "tier1")', "First line"),
        ('label(key: "high", vocabulary: "priority")', "Urgent"),
        ('label("queue", "second_line")', "second line"),
        ('label("state", "in_progress")', "in progress"),
        ('label("queue", null)', None),
    ],
)
def test_a_key_is_told_by_its_label_and_one_without_by_its_own_words(
    expression: str, value: str | None
) -> None:
    found = compile_expression(expression).evaluate_checked({}, AROUND)
    assert (found.value, found.warnings) == (value, ())


def test_an_unknown_vocabulary_is_null_and_says_which_there_are() -> None:
    found = compile_expression('label("quue", "tier1")').evaluate_checked({}, AROUND)
    assert found.value is None
    assert "Expected one of the vocabularies category, channel, goal, priority, queue" in found.warnings[0]
    assert found.warnings[0].startswith("Expected") and 'but found "quue"' in found.warnings[0]


def test_the_vocabularies_that_stand_in_an_expression_are_known() -> None:
    expression = compile_expression('label("queue", q) + label(vocabulary: if x then "tier" else y, key: k)')
    assert expression.vocabularies == {"queue", "tier"}
