"""What an expression tells about itself, and the hints for Python."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression, python_hint
from engine.feel.values import UnkeepableValue


@pytest.mark.parametrize(("text", "names"), [
    ("a + b.c", {"a", "b"}), ("for i in xs return i + n", {"xs", "n"}), ("{a: 1, b: a + c}", {"c"}),
    ("xs[price > limit]", {"xs"}), ("count(xs)", {"xs"}), ("function(a) a + b", {"b"}), ("1 + 1", set()),
    ("some x in xs satisfies x > y", {"xs", "y"}), ("first name", {"first name"}), ("now()", set()),
])  # fmt: skip
def test_the_names_that_an_expression_reads(text: str, names: set[str]) -> None:
    assert compile_expression(text).names == names


def test_one_expression_answers_many_contexts() -> None:
    expression = compile_expression("a * 2")
    assert [expression.evaluate({"a": n}) for n in range(3)] == [0, 2, 4]


def test_what_is_not_read_is_not_looked_at() -> None:
    assert compile_expression("a").evaluate({"a": 1, "b": object()}) == 1
    with pytest.raises(UnkeepableValue, match="object"):
        compile_expression("b").evaluate({"b": object()})


@pytest.mark.parametrize(("python", "feel"), [
    ("a == 1 and b", "a = 1 and b"), ("x['y'] == 2", "x.y = 2"), ("not x", "not(x)"), ("True", "true"),
    ("x is None", "x = null"), ("a if b else c", "if b then a else c"), ("xs[0]", "xs[1]"),
    ("len(xs) > 3", "count(xs) > 3"), ("1 < a < 5", "1 < a and a < 5"), ("a not in xs", "not(list contains(xs, a))"),
    ("name.lower() == 'ann'", 'lower case(name) = "ann"'), ("a % 2 == 0", "modulo(a, 2) = 0"),
    ("(a or b) and c == 1", "(a or b) and c = 1"), ("x['a b'] != None", 'get value(x, "a b") != null'),
])  # fmt: skip
def test_python_gets_a_hint_in_feel(python: str, feel: str) -> None:
    assert python_hint(python) == feel
    compile_expression(feel)


@pytest.mark.parametrize(
    "text", ["a = 1", "a > 1 and b", "count(x)", "lambda x: x", "import os", "", "(" * 3000]
)
def test_what_is_no_python_or_has_no_counterpart_gets_none(text: str) -> None:
    assert python_hint(text) is None
