"""Every construct of the language, each by a few sentences of FEEL that must hold."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, compile_expression

from .asking import feel

TRUE = {
    "arithmetic": [
        "1 + 2 * 3 = 7",
        "(1 + 2) * 3 = 9",
        "10 - 2 - 3 = 5",
        "2 ** 3 ** 2 = 64",
        "-2 ** 2 = 4",
        "0.1 + 0.2 = 0.3",
        "1 / 3 = 0.3333333333333333333333333333333333",
        "1.5e3 = 1500",
        ".5 = 0.5",
        '"a" + "b" = "ab"',
    ],
    "comparison": [
        "1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3 and 1 != 2",
        '"a" < "b"',
        "[1, {a: 2}] = [1, {a: 2}]",
        "[1, 2] != [2, 1]",
        "5 between 1 and 10",
        "not(11 between 1 and 10)",
        "null = null and 1 != null",
    ],
    "lists": [
        "[10, 20, 30][1] = 10",
        "[10, 20, 30][-1] = 30",
        "[1, 2, 3, 4][item > 2] = [3, 4]",
        "[{a: 1, b: 2}, {a: 2, b: 3}][a = 2].b = [3]",
        "[{a: 1}, {a: 2}].a = [1, 2]",
        "5[1] = 5",
        "[] = []",
    ],
    "contexts": [
        "{a: 1, b: a + 1}.b = 2",
        '{"a key": 1} = {a key: 1}',
        "{a: {b: {c: 7}}}.a.b.c = 7",
        "{first name: 1}.first name = 1",
    ],
    "ranges": [
        "3 in [1..5]",
        "not(5 in [1..5))",
        "not(1 in (1..5])",
        "not(1 in ]1..5[)",
        '"m" in ["a".."z"]',
        "[1..5].end = 5 and not([1..5).end included)",
        "(< 10).end = 10",
        '@"2026-05-04" in [@"2026-01-01"..@"2026-12-31"]',
    ],
    "in": [
        "1 in (1, 2)",
        "5 in (< 3, > 4)",
        "2 in [1, 2, 3]",
        "2 in [[1..3], [7..9]]",
        "1 in 1 and 1 in != 2",
        "4 in (? > 3)",
    ],
    "if": ['(if 1 < 2 then "yes" else "no") = "yes"', "(if null then 1 else 2) = 2"],
    "for": [
        "(for i in [1, 2, 3] return i * i) = [1, 4, 9]",
        "(for i in 1..3 return i) = [1, 2, 3]",
        "(for i in 3..1 return i) = [3, 2, 1]",
        "(for i in [1..3] return i) = [1, 2, 3]",
        "(for i in (1..4) return i) = [2, 3]",
        "(for a in [1, 2], b in [10, 20] return a + b) = [11, 21, 12, 22]",
        "(for a in [[1], [2, 3]], b in a return b) = [1, 2, 3]",
        "(for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]) = [1, 1, 2, 3, 5]",
        '(for d in @"2026-02-28"..@"2026-03-01" return day of week(d)) = ["Saturday", "Sunday"]',
    ],
    "quantifiers": [
        "some i in [1, 2, 3] satisfies i > 2",
        "not(some i in [] satisfies true)",
        "every i in [] satisfies false",
        "every a in [1, 2], b in [3, 4] satisfies a < b",
    ],
    "functions": [
        "{double: function(n: number) n * 2, result: double(21)}.result = 42",
        "{f: function(a, b) a - b, result: f(b: 1, a: 3)}.result = 2",
        'substring(string: "abcdef", start position: 3) = "cdef"',
        "(function(x) x + 1)(1) = 2",
        "sort([3, 1, 2], function(a, b) a > b) = [3, 2, 1]",
    ],
    "instance of": [
        "1 instance of number",
        '"a" instance of string',
        "true instance of boolean",
        '@"2026-05-04" instance of date',
        '@"2026-05-04T10:00:00" instance of date and time',
        '@"P1D" instance of days and time duration',
        '@"P1Y" instance of years and months duration',
        "[1, 2] instance of list<number>",
        'not([1, "a"] instance of list<number>)',
        "{a: 1} instance of context<a: number>",
        "[1..2] instance of range<number>",
        "(function(a: number) a) instance of function<number> -> Any",
        "not(null instance of number)",
    ],
    "names": [
        "{Date-Time: 5, x: Date-Time - 1}.x = 4",
        "{a+b: 1, a: 5, b: 6, x: a+b}.x = 1",
        '{date of birth: @"2000-01-01", y: date of birth.year}.y = 2000',
        "{für alle: 3, x: für alle + 1}.x = 4",
    ],
    "texts": [
        r'"tab\tquote\"" = "tab	quote" + "\""',
        r'"é" = "é"',
        r'"\uD83D\uDE00" = "😀"',
        'string length("😀") = 1',
    ],
    "comments": ["1 + /* two */ 2 = 3 // and no more"],
}


@pytest.mark.parametrize("text", [text for texts in TRUE.values() for text in texts])
def test_a_sentence_of_feel_holds(text: str) -> None:
    assert feel(text) is True


@pytest.mark.parametrize("text", [
    "1 + null", '1 + "a"', "1 / 0", "0 ** -1", "[1][2]", "{a: 1}.b", "null.a", "nobody", "nobody(1)", "5(1)",
    '@"yesterday"', "1 < null", "[1..null].a", "{a: 1, a: 2}", 'date("2026-02-30")', "(function(a) a)(1, 2)",
    "for i in null return i", "-true", '"a" * 2', "substring(1, 2)", "if 1 then nobody else nobody",
])  # fmt: skip
def test_a_mistake_yields_null(text: str) -> None:
    assert feel(text) is None


def test_names_of_the_context_win_over_operators_when_the_expression_is_evaluated() -> None:
    assert feel("Date-Time", **{"Date-Time": 7}) == 7
    assert feel("Date-Time", Date=9, Time=2) == 7


def test_a_name_that_holds_a_keyword_must_be_known_to_be_read() -> None:
    name = "time for payment"
    assert compile_expression(f"{name} + 1", names=[name]).evaluate({name: 2}) == 3
    with pytest.raises(FeelSyntaxError, match="but found for"):
        compile_expression(f"{name} + 1")


def test_the_context_wins_over_a_built_in_function() -> None:
    assert feel("count + 1", count=2) == 3


def test_a_leading_equals_sign_is_allowed() -> None:
    assert feel("= 1 + 1") == 2
    assert feel("  =a = 2", a=2) is True


def test_an_item_is_called_item_unless_it_has_an_entry_of_that_name() -> None:
    assert feel("xs[item > 1]", xs=[1, 2]) == [2]
    assert feel("xs[item > 1].item", xs=[{"item": 1}, {"item": 2}]) == [2]


def test_a_function_sees_the_scope_in_which_it_was_defined() -> None:
    assert feel("{n: 10, add: function(x) x + n, m: {n: 99, result: add(1)}}.m.result") == 11


def test_plain_python_values_are_taken_as_feel_values() -> None:
    assert feel("a + b.c[1]", a=1, b={"c": (2.5,)}) == feel("3.5")
