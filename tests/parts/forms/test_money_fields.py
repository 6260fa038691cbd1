"""A number field that is money is judged as money: by its currency, in a sentence, the same for every sender."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.forms import Form, FormRefused
from engine.money import amount_of
from tests.parts.forms.test_forms import field, form, mistakes

EUR = {"currency": "EUR"}


def amount(money: Any = "=currency", **more: Any) -> Form:
    return form(field("number", key="amount", properties={"money": money}, **more))


def refused(of: Form, sent: Any, context: Mapping[str, Any] = EUR) -> str:
    return mistakes(of, {"amount": sent}, context)["amount"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ("-0.01", "Expected an amount of more than 0, but it is -0.01."),
        (Decimal("-0.01"), "Expected an amount of more than 0, but it is -0.01."),
        (0, "Expected an amount of more than 0, but it is 0."),
        (Decimal("1E30"), "Expected an amount of at most 1,000,000,000,000, but it is 1E+30."),
        ("1e30", "Expected an amount such as 1234.56, but got “1e30”."),
        ("1.234", "Expected at most 2 decimals in an amount of EUR, but it is 1.234."),
        ("abc", "Expected an amount such as 1234.56, but got “abc”."),
        ("1.234,56", "Expected an amount such as 1234.56, but got “1.234,56”."),
        ("1,234.56", "Expected an amount such as 1234.56, but got “1,234.56”."),
        ("\N{MINUS SIGN}0.01", "Expected an amount such as 1234.56, but got “\N{MINUS SIGN}0.01”."),
        ("1_000", "Expected an amount such as 1234.56, but got “1_000”."),
        (
            "\N{ARABIC-INDIC DIGIT ONE}",
            "Expected an amount such as 1234.56, but got “\N{ARABIC-INDIC DIGIT ONE}”.",
        ),
        ("NaN", "Expected an amount such as 1234.56, but got “NaN”."),
        (True, "Expected a number, but got yes or no."),
    ],
)
def test_what_is_no_amount_of_money_is_refused_at_the_field(sent: Any, sentence: str) -> None:
    assert refused(amount(), sent) == sentence


@pytest.mark.parametrize(
    ("currency", "taken", "too_fine"),
    [("EUR", "0.01", "0.001"), ("JPY", "1", "0.5"), ("KWD", "0.001", "0.0001"), ("kwd", "0.001", "0.0001")],
)
def test_the_currency_says_how_many_decimals_there_are(currency: str, taken: str, too_fine: str) -> None:
    assert amount().validate({"amount": taken}, {"currency": currency}) == {"amount": Decimal(taken)}
    assert f"decimals in an amount of {currency.upper()}" in refused(
        amount(), too_fine, {"currency": currency}
    )


def test_a_currency_may_be_named_by_its_code() -> None:
    assert "Expected at most 0 decimals in an amount of JPY" in refused(amount("JPY"), "1.5", {})


def test_a_currency_may_be_chosen_in_the_same_form() -> None:
    currencies = field("select", key="currency", values=[{"value": it, "label": it} for it in ("EUR", "JPY")])
    both = form(currencies, field("number", key="amount", properties={"money": "=currency"}))
    assert both.validate({"amount": "1.50", "currency": "EUR"}, {"currency": "JPY"})["amount"] == Decimal(
        "1.5"
    )
    assert "JPY" in mistakes(both, {"amount": "1.50", "currency": "JPY"}, EUR)["amount"]


def test_where_no_currency_is_known_yet_no_currency_has_more_than_four_decimals() -> None:
    assert amount().validate({"amount": "1.2345"}) == {"amount": Decimal("1.2345")}
    assert refused(amount(), "1.23456", {}) == "Expected at most 4 decimals in an amount, but it is 1.23456."


def test_what_is_no_currency_is_told_at_the_field() -> None:
    assert refused(amount(), "1", {"currency": "euros"}).startswith("Expected a currency of ISO 4217")


def test_its_own_bounds_hold_too_and_may_allow_nothing() -> None:
    assert amount(validate={"min": 0}).validate({"amount": "0"}, EUR) == {"amount": 0}
    assert refused(amount(validate={"max": 50}), "50.01") == "Expected at most 50, but got 50.01."
    assert amount(validate={"required": False}).validate({"amount": ""}, EUR) == {"amount": None}


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        (field("textfield", properties={"money": "EUR"}), "Expected a number field with a currency"),
        (field("number", properties={"money": "EURO"}), "Expected a currency of ISO 4217"),
        (field("number", properties={"money": 2}), "Expected a number field with a currency"),
        (field("number", properties={"money": "=)"}), "Expected FEEL"),
        (field("number", properties={"money": "EUR"}, decimalDigits=2), "Expected the currency to say"),
    ],
)
def test_a_money_field_that_says_something_else_is_a_finding(
    component: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FormRefused, match=sentence):
        form(component)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.integers(),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_the_field_takes_exactly_what_the_records_take(number: Decimal | int, currency: str) -> None:
    try:
        wanted: Decimal | None = amount_of(Decimal(number), currency)
    except InvalidInput:
        wanted = None
    try:
        taken = amount().validate({"amount": format(Decimal(number), "f")}, {"currency": currency})["amount"]
    except InvalidInput:
        taken = None
    assert taken == wanted
