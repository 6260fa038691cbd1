"""Where an error lies, what it says, and that nothing hostile hangs or grows."""

from __future__ import annotations

import pytest

from engine.errors import CasepathError
from engine.feel import FeelLimitError, FeelSyntaxError, compile_expression, compile_unary_tests

from .asking import feel, warnings


@pytest.mark.parametrize(("text", "line", "column", "sentence"), [
    ("1 +", 1, 4, "Expected an expression but the text ends"),
    ("1 +\n  )", 2, 3, "Expected an expression but found )"),
    ("(1 + 2", 1, 7, "Expected ) but the text ends"),
    ("if a then b", 1, 12, "Expected else but the text ends"),
    ("a = = b", 1, 5, "Expected an expression but found ="),
    ("1 2", 1, 3, "Expected an operator or the end but found 2"),
    ("{a: 1, b}", 1, 8, "Expected a key and a colon but found b"),
    ("for i in [1] i", 1, 14, "Expected return but found i"),
    ('x = "open', 1, 5, 'Expected a closing " but the text ends'),
    ("/* open", 1, 1, "Expected the comment to end with */ but the text ends"),
    ("a == 1", 1, 4, "Expected an expression but found ="),
    ("f(1, a: 2)", 1, 7, "Expected ) but found :"),
    ("$x", 1, 1, "Expected an expression but found the character '$'"),
    ("", 1, 1, "Expected an expression but the text ends"),
    ("[1..2", 1, 6, "Expected the end of the range: ] or ) but the text ends"),
    ("@5", 1, 2, "Expected a date, time or duration in quotes behind @ but found 5"),
    ("1e99999", 1, 1, "Expected a number in the range of decimal128 but found a larger one"),
])  # fmt: skip
def test_a_syntax_error_names_its_place(text: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, sentence)
    assert isinstance(caught.value, CasepathError)


def test_unary_tests_name_their_place_too() -> None:
    with pytest.raises(
        FeelSyntaxError, match=r"Expected an expression but the text ends \(line 1, column 4\)"
    ):
        compile_unary_tests("1, ")


@pytest.mark.parametrize(("text", "warning"), [
    ("nobody + 1", "Expected a value called nobody but there is none (line 1, column 1)"),
    ('\n 1 + "a"', "Expected values that + can join but found number and string (line 2, column 4)"),
    ("1 / 0", "Expected a divisor other than zero but found 0 (line 1, column 3)"),
    ("[1, 2][3]", "Expected a position from 1 to 2, or from -2 to -1 but found 3 (line 1, column 7)"),
    ("{a: 1}.b", "Expected an entry called b but the context has none (line 1, column 7)"),
    ('@"soon"', "Expected a date, time or duration but found 'soon' (line 1, column 1)"),
    ('date("soon")', "Expected a date such as 2026-01-31 but found 'soon' (line 1, column 1)"),
    ("1 and true", "Expected true, false or null but found a number (line 1, column 3)"),
])  # fmt: skip
def test_a_null_says_why(text: str, warning: str) -> None:
    assert warning in warnings(text)


def test_what_is_right_warns_of_nothing() -> None:
    assert warnings("[{a: 1}, {b: 2}][1].a + 1") == ()


DOUBLED = ", ".join(f"{chr(98 + i)}: [{chr(97 + i)}, {chr(97 + i)}]" for i in range(24))


@pytest.mark.parametrize("text", [
    "for i in 1..1e9 return i", "count(for i in 1..1e12 return 1)", "some i in 1..1e12 satisfies false",
    "for a in 1..1000, b in 1..1000 return a", "{f: function(n) f(n)}.f(1)", "{f: function(n) f(n) + f(n)}.f(1)",
    'for i in 1..40 return if i = 1 then "0123456789" else partial[-1] + partial[-1]',
    "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    f"{{a: [1], {DOUBLED}}}", f"{{a: [1], {DOUBLED}, z: string(y)}}.z", f"{{a: [1], {DOUBLED}, z: flatten(y)}}.z",
    f"{{a: [1], {DOUBLED}, b2: {{a: [1], {DOUBLED}}}.y, z: y = b2}}.z",
    'replace("' + "a" * 40 + 'b", "(a|aa)+$", "x")', 'matches("a", "a{100000000}")', f'matches("a", "{"a?" * 600}")',
    "(" * 500 + "1" + ")" * 500, "[" * 5000, "-" * 5000 + "1", "1" + "+1" * 20_000, "a" + ".b" * 20_000,
    "1" * 60_000, "if " * 100, 'replace("' + "a" * 2000 + '", "a", "' + "b" * 2000 + '")',
    'for d in @"0001-01-01"..@"9999-12-31" return d',
])  # fmt: skip
def test_what_would_never_end_or_grow_too_large_is_stopped(text: str) -> None:
    with pytest.raises(FeelLimitError, match="Expected"):
        feel(text)


@pytest.mark.parametrize("text", [
    "2 ** 1e9", "10 ** 6144 * 10", "exp(1e9)", "log(0)", "sqrt(-1)", "0 ** -1", '@"P1D" * 1e6000', '@"P1Y" / 1e-6000',
    '@"P999999999999D" + @"2026-01-01"', '@"9999-12-31" + @"P1D"', "date(1e6000, 1, 1)", "time(1, 2, 1e6000)",
    "[1][1e6000]", 'substring("a", 1e6000)', "round up(1.5, 1e9)", "modulo(1e6000, 3)",
    'time("10:00:00@../../etc/passwd")',
])  # fmt: skip
def test_what_no_value_can_hold_is_null(text: str) -> None:
    assert feel(text) is None


def test_nesting_in_tests_is_read_once_and_not_twice_per_level() -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression("x in (" * 50 + "1")
