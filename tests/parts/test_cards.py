"""Card numbers never come through; what is none stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cards import brand_of, without_card_numbers

BEGINNINGS = {
    "Visa": (["4"], [13, 16, 19]),
    "Mastercard": (["51", "55", "2221", "2720", "23"], [16]),
    "American Express": (["34", "37"], [15]),
    "Discover": (["6011", "644", "65"], [16, 19]),
    "JCB": (["3528", "3589"], [16]),
    "UnionPay": (["62"], [16, 19]),
    "Maestro": (["5018", "6304", "6759"], [12, 16, 19]),
}


def check_digit(digits: str) -> str:
    """The digit that makes Luhn's sum a multiple of ten, reckoned by its definition and not as the code does."""
    for last in "0123456789":
        total = 0
        for place, digit in enumerate(reversed(digits + last)):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return last
    raise AssertionError


@st.composite
def cards(draw: st.DrawFn) -> tuple[str, str]:
    brand = draw(st.sampled_from(sorted(BEGINNINGS)))
    beginnings, lengths = BEGINNINGS[brand]
    start, length = draw(st.sampled_from(beginnings)), draw(st.sampled_from(lengths))
    digits = start + "".join(draw(st.sampled_from("0123456789")) for _ in range(length - len(start) - 1))
    return brand, digits + check_digit(digits)


@given(cards(), st.sampled_from(["", " ", "-"]), st.sampled_from(["", "card: ", "(", "no.\n"]))
def test_a_card_number_in_a_text_becomes_brand_and_last_four(
    card: tuple[str, str], gap: str, before: str
) -> None:
    brand, digits = card
    typed = gap.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    masked = without_card_numbers(f"{before}{typed}, please")
    assert masked == f"{before}{brand} •••• {digits[-4:]}, please"


@given(cards())
def test_wherever_it_stands_in_a_value_no_more_than_four_digits_of_it_stay(card: tuple[str, str]) -> None:
    _, digits = card
    masked = repr(without_card_numbers({"a": [digits, {"b": f"x {digits}"}], "c": int(digits)}))
    assert digits not in masked
    assert max(map(len, re.findall(r"\d+", masked))) <= 4


@given(cards(), st.integers(1, 9))
def test_a_number_whose_check_digit_is_wrong_is_no_card(card: tuple[str, str], off: int) -> None:
    digits = card[1][:-1] + str((int(card[1][-1]) + off) % 10)
    assert without_card_numbers(digits) == digits and brand_of(digits) is None


@pytest.mark.parametrize(
    "text",
    [
        "+4915123456788901",
        "490154203237518",
        "89014103211118510720",
        "2026-03-10 12:00:00",
        "1Z999AA10123456784",
        "12.50",
    ],
)
def test_phone_numbers_device_numbers_and_dates_stay(text: str) -> None:
    assert without_card_numbers(text) == text
