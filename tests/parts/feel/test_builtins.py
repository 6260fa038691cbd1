"""The built-in functions, by examples; and the reference page names every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.feel.builtins import SIGNATURES

from .asking import feel, warnings

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "feel.md"

TRUE = [
    # conversion
    'string(1.50) = "1.5"', 'string([1, "a", null]) = "[1, \\"a\\", null]"', 'string(@"P1D") = "P1D"',
    'number("1 000,5", " ", ",") = 1000.5', 'number("-1.5e2") = -150', 'number("one") = null',
    'duration("P1D") = @"P1D"', 'date("2026-05-04") = @"2026-05-04"', 'time("10:30:00") = @"10:30:00"',
    # strings
    'substring("foobar", 3) = "obar"', 'substring("foobar", -2, 1) = "a"', 'string length("foo") = 3',
    'upper case("aBc") = "ABC"', 'lower case("aBc") = "abc"', 'trim("  a ") = "a"',
    'substring before("foobar", "bar") = "foo"', 'substring before("foobar", "x") = ""',
    'substring after("foobar", "ob") = "ar"', 'substring after("foobar", "x") = ""',
    'contains("foobar", "ob")', 'starts with("foobar", "fo")', 'ends with("foobar", "ar")',
    'matches("foobar", "^fo*b")', 'matches("FOO", "foo", "i")', 'not(matches("foo", "^o"))',
    'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"', 'replace("a.b", ".", "x", "q") = "axb"',
    'split("John Doe", "\\s") = ["John", "Doe"]', 'string join(["a", null, "c"], "-") = "a-c"',
    'matches("a-c", "[a-z-[b]]-[\\p{L}]")',
    # lists
    "list contains([1, null], null)", "count([1, 2]) = 2", "min(3, 1, 2) = 1", 'max(["a", "b"]) = "b"',
    "sum([1, 2, 3]) = 6", "sum(1, 2) = 3", "mean([1, 2]) = 1.5", "median([3, 1, 2]) = 2", "median(1, 2) = 1.5",
    "product(2, 3) = 6", "stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931", "mode(6, 1, 9, 6, 1) = [1, 6]",
    "sublist([4, 5, 6], 2) = [5, 6]", "sublist([4, 5, 6], -2, 1) = [5]", "append([1], 2, 3) = [1, 2, 3]",
    "append([1], [2]) = [1, [2]]", "concatenate([1], [2], 3) = [1, 2, 3]", "insert before([1, 3], 2, 2) = [1, 2, 3]",
    "remove([1, 2, 3], 2) = [1, 3]", "list replace([1, 2], 1, 9) = [9, 2]",
    "list replace([1, 5], function(item, new) item < new, 3) = [3, 5]",
    "reverse([1, 2]) = [2, 1]", "index of([1, 2, 1], 1) = [1, 3]", "union([1, 2], [2, 3]) = [1, 2, 3]",
    "distinct values([1, 1, null, null]) = [1, null]", "duplicate values([1, 2, 1]) = [1]",
    "flatten([1, [2, [3]]]) = [1, 2, 3]", "is empty([])", "sort([2, 1]) = [1, 2]",
    "all([true])", "any([false, true])", "not(false)",
    # numbers
    "decimal(1/3, 2) = 0.33", "decimal(2.5, 0) = 2", "floor(-1.5) = -2", "ceiling(1.51, 1) = 1.6",
    "round up(5.1) = 6 and round down(5.9) = 5", "round half up(2.5) = 3 and round half down(2.5) = 2",
    'round money(2.345, "EUR") = 2.35 and round money(-2.5, "jpy") = -3 and round money(1, "KWD") = 1',
    'money(1250, "EUR") = "1,250.00 EUR"', 'money(2.345, "EUR") = "2.35 EUR"', 'money(-2.5, "jpy") = "-3 JPY"',
    'money(1, "KWD") = "1.000 KWD"', 'money(null, "EUR") = null', 'money(1, "XXX") = null',
    'round money(1/3, "KWD") = 0.333', 'round money(1, "XXX") = null', "round half up(1234, -2) = 1200",
    "abs(-1) = 1 and abs(@\"-P1D\") = @\"P1D\"", "modulo(-12, 5) = 3",
    "modulo(12, -5) = -3", "sqrt(16) = 4", "decimal(log(10), 4) = 2.3026", "decimal(exp(1), 4) = 2.7183",
    "odd(5) and not(odd(2)) and even(2) and not(even(1.5))",
    # contexts
    'get value({a: 1}, "a") = 1', 'get value({a: {b: 2}}, ["a", "b"]) = 2',
    'get entries({a: 1}) = [{key: "a", value: 1}]', 'context([{key: "a", value: 1}]) = {a: 1}',
    'context put({a: 1}, "b", 2) = {a: 1, b: 2}', 'context put({a: {b: 1}}, ["a", "b"], 2) = {a: {b: 2}}',
    "context merge([{a: 1}, {a: 2, b: 3}]) = {a: 2, b: 3}",
    # ranges
    "before(1, [2..3]) and after([5..6], 4) and meets([1..2], [2..3]) and met by([2..3], [1..2])",
    "overlaps([1..3], [2..5]) and overlaps before([1..3], [2..5]) and overlaps after([2..5], [1..3])",
    "finishes(5, [1..5]) and finished by([1..5], 5) and includes([1..5], 3) and during(3, [1..5])",
    "starts(1, [1..5]) and started by([1..5], 1) and coincides([1..2], [1..2]) and not(coincides([1..2], [1..2)))",
    'range("[1..3]") = [1..3]', 'range("[3..1]") = null',
    # the rest
    'is(@"10:00:00Z", @"10:00:00Z") and not(is(@"10:00:00", @"10:00:00Z"))', "is defined(1) and not(is defined(x))",
    "get or else(null, 7) = 7",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_a_built_in_function_answers(text: str) -> None:
    assert feel(text) is True


def test_every_built_in_function_has_an_example() -> None:
    elsewhere = {"now", "today", "day of year", "day of week", "week of year", "month of year"}
    elsewhere |= {"last day of month", "years and months duration", "date and time"}
    ours = ("working", "settings", "labels")
    elsewhere |= {name for name, (form, *_) in SIGNATURES.items() if form.body.__module__.endswith(ours)}
    examples = "\n".join(TRUE)
    assert [name for name in SIGNATURES if name not in elsewhere and f"{name}(" not in examples] == []


def test_the_reference_names_every_form_of_every_built_in_function_and_no_other() -> None:
    listed = {line[3:].split("`")[0] for line in REFERENCE.read_text().splitlines() if line.startswith("- `")}
    assert listed == {form.text for forms in SIGNATURES.values() for form in forms}


def test_a_call_that_fits_no_form_is_null_and_says_which_forms_there_are() -> None:
    assert warnings('abs("x")')[0].startswith("Expected abs(n: number) or abs(n: days and time duration)")
    assert "but found abs(string) (line 1, column 1)" in warnings('abs("x")')[0]


def test_a_list_of_one_stands_for_its_item_and_an_item_for_a_list_of_one() -> None:
    assert feel("abs([-1])") == 1
    assert feel("count(5)") == 1
