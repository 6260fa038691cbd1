"""Laws that hold for all numbers and values, tried on drawn ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from .asking import feel
from .strategies import days, moments, numbers, values

small = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=3)


@given(small, small)
def test_addition_and_multiplication_do_not_mind_the_order(a: Decimal, b: Decimal) -> None:
    assert feel("a + b = b + a and a * b = b * a", a=a, b=b) is True


@given(small, small, small)
def test_within_34_digits_sums_are_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert (
        feel("(a + b) + c = a + (b + c) and a * (b + c) = a * b + a * c and a - b = -(b - a)", a=a, b=b, c=c)
        is True
    )


@given(small, small)
def test_a_division_is_taken_apart_by_floor_and_modulo(a: Decimal, b: Decimal) -> None:
    assume(b != 0)
    assert feel("modulo(a, b) = a - b * floor(a / b)", a=a, b=b) is True


@given(numbers, numbers)
def test_exactly_one_order_holds(a: Decimal, b: Decimal) -> None:
    assert [feel(f"a {sign} b", a=a, b=b) for sign in ("<", "=", ">")].count(True) == 1


@given(numbers, numbers, numbers)
def test_between_is_a_closed_range(value: Decimal, low: Decimal, high: Decimal) -> None:
    context: dict[str, Any] = {"value": value, "low": low, "high": high}
    assert feel("(value between low and high) = (value in [low..high])", **context) is True


@given(numbers, st.integers(-5, 10))
def test_rounding_stays_within_one_unit(n: Decimal, scale: int) -> None:
    assert feel("abs(decimal(n, scale) - n) <= 10 ** -scale", n=n, scale=scale) is True
    assert feel("floor(n, scale) <= n and ceiling(n, scale) >= n", n=n, scale=scale) is True


@given(moments, days)
def test_what_is_added_to_a_moment_is_its_distance(moment: Any, span: Any) -> None:
    assert feel("(moment + span) - moment = span", moment=moment, span=span) is True


@given(values())
def test_a_value_equals_itself_and_a_list_contains_it(value: Any) -> None:
    assert feel("value = value and list contains([1, value], value)", value=value) is True


@given(st.lists(numbers, min_size=1, max_size=8))
def test_a_sorted_list_begins_with_the_least_and_ends_with_the_greatest(xs: list[Decimal]) -> None:
    assert (
        feel("sort(xs)[1] = min(xs) and sort(xs)[-1] = max(xs) and reverse(reverse(xs)) = xs", xs=xs) is True
    )
    assert feel("count(distinct values(concatenate(xs, xs))) = count(distinct values(xs))", xs=xs) is True
