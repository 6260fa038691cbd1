"""Money: exact, bounded, rounded once; months by their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.currencies import decimals_of, known_currency
from engine.errors import InvalidInput
from engine.money import amount_of, pro_rata, rounded, share

AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=2)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 1, 1))


@pytest.mark.parametrize(
    ("value", "currency"), [("0.01", "EUR"), ("1000000000000", "USD"), ("1", "JPY"), ("0.001", "KWD")]
)
def test_an_amount_on_the_edge_is_one(value: str, currency: str) -> None:
    assert amount_of(Decimal(value), currency) == Decimal(value)


@pytest.mark.parametrize(
    ("value", "currency", "sentence"),
    [
        (Decimal("0"), "EUR", "Expected an amount of more than 0, but it is 0."),
        (Decimal("-0.01"), "EUR", "Expected an amount of more than 0, but it is -0.01."),
        (Decimal("1E30"), "EUR", "Expected an amount of at most 1,000,000,000,000, but it is 1E+30."),
        (Decimal("1000000000000.01"), "EUR", "but it is 1000000000000.01."),
        (Decimal("0.001"), "EUR", "Expected at most 2 decimals in an amount of EUR, but it is 0.001."),
        (Decimal("0.5"), "JPY", "Expected at most 0 decimals in an amount of JPY, but it is 0.5."),
        (0.1, "EUR", "Expected an exact decimal number as an amount, but found a binary fraction."),
        (True, "EUR", "but found True."),
        ("20", "EUR", "but found '20'."),
        (None, "EUR", "but found None."),
        (Decimal("NaN"), "EUR", "but found NaN."),
        (Decimal(1), "XXX", "Expected a currency of ISO 4217 such as EUR, but found 'XXX'."),
    ],
)
def test_what_is_no_amount_is_told_why(value: object, currency: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        amount_of(value, currency)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(("code", "decimals"), [("EUR", 2), ("KES", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4)])
def test_a_currency_has_the_decimals_of_its_minor_unit(code: str, decimals: int) -> None:
    assert decimals_of(known_currency(code)) == decimals


def test_halves_are_rounded_away_from_zero() -> None:
    assert [rounded(Decimal(it), "EUR") for it in ("0.005", "0.015", "-0.005", "0.0049")] == [
        Decimal("0.01"), Decimal("0.02"), Decimal("-0.01"), Decimal("0.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "amount"),
    [
        ((2026, 2, 1), (2026, 2, 14), "15.00"),
        ((2028, 2, 1), (2028, 2, 1), "1.03"),
        ((2026, 3, 1), (2026, 3, 1), "0.97"),
        ((2026, 1, 31), (2026, 2, 1), "2.04"),
        ((2026, 1, 1), (2026, 3, 31), "90.00"),
        ((2026, 3, 2), (2026, 3, 1), "0.00"),
    ],
)
def test_each_day_costs_its_share_of_its_calendar_month(
    first: tuple[int, int, int], last: tuple[int, int, int], amount: str
) -> None:
    assert str(pro_rata(Decimal(30), "EUR", date(*first), date(*last))) == amount


@given(AMOUNTS, DAYS)
def test_a_whole_month_costs_exactly_its_price(price: Decimal, day: date) -> None:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    assert pro_rata(price, "EUR", first, last) == price


@given(AMOUNTS, DAYS, st.integers(0, 100), st.integers(1, 100))
def test_two_parts_cost_what_the_whole_costs_within_a_cent(
    price: Decimal, day: date, some: int, more: int
) -> None:
    middle, end = day + timedelta(days=some), day + timedelta(days=some + more)
    parts = pro_rata(price, "EUR", day, middle) + pro_rata(price, "EUR", middle + timedelta(days=1), end)
    assert abs(parts - pro_rata(price, "EUR", day, end)) <= Decimal("0.01")


@given(st.integers(0, 10**9), st.sampled_from(["JPY", "EUR", "KWD", "CLF"]), DAYS, st.integers(0, 60))
def test_parts_of_a_month_are_whole_minor_units_of_any_currency_and_off_by_half_of_one_at_most(
    units: int, currency: str, day: date, more: int
) -> None:
    unit = Decimal(1).scaleb(-decimals_of(currency))
    price, last = units * unit, day + timedelta(days=more)
    cost = pro_rata(price, currency, day, last)
    assert cost % unit == 0
    assert abs(Fraction(cost) - share(price, day, last)) <= Fraction(unit) / 2


def test_a_day_costs_its_share_until_the_last_one_that_can_be_written() -> None:
    assert pro_rata(Decimal(31), "EUR", date(9999, 11, 30), date(9999, 12, 31)) == Decimal("32.03")
