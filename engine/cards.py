"""Card numbers, which are neither kept nor shown: whatever looks like one becomes its brand and last four digits.

A card number is 12 to 19 digits, perhaps in groups, in a range that a network issues from (ISO/IEC 7812), with the
check digit of Luhn's sum. The ranges keep serial numbers, most phone numbers and references as they are; a plus sign
before the digits makes them a phone number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# Brand, first digits, lengths. The narrower range stands first.
_RANGES = (
    ("American Express", r"3[47]", (15,)),
    ("Diners Club", r"30[0-5]|3095|36|3[89]", range(14, 20)),
    ("JCB", r"35(?:2[89]|[3-8]\d)", range(16, 20)),
    ("Mir", r"220[0-4]", range(16, 20)),
    ("Mastercard", r"5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720", (16,)),
    ("Visa", r"4", (13, 16, 19)),
    ("Discover", r"6011|64[4-9]|65", range(16, 20)),
    ("RuPay", r"508|60|8[12]", (16,)),
    ("UnionPay", r"62", range(16, 20)),
    ("Troy", r"9792", (16,)),
    ("Maestro", r"50|5[6-8]|6", range(12, 20)),
)
_BRANDS = tuple((brand, re.compile(first), frozenset(lengths)) for brand, first, lengths in _RANGES)
_LEAST = 10**11
_DEEPEST = 40
_MASKED = re.compile(rf"(?:({'|'.join(brand for brand, *_ in _RANGES)}) )?•••• [0-9]{{4}}")
_DIGITS = re.compile(r"(?<![\w+])\d(?:[ \-\u00a0]?\d){11,18}(?!\w)", re.ASCII)


def without_card_numbers(value: Any) -> Any:
    """Return a value in which every card number is masked, in texts, lists and contexts; whole numbers count too.

    What is nested deeper than anything that can be kept stays as it is.
    """
    return _without(value, 0)


def _without(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _DIGITS.sub(_masked, value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {_without(key, depth): _without(item, depth + 1) for key, item in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple):
        return [_without(item, depth + 1) for item in value]
    if isinstance(value, int | Decimal) and value >= _LEAST and value == int(value):
        masked = _DIGITS.sub(_masked, str(int(value)))
        return value if masked.isdigit() else masked
    return value


def masked_bytes(content: bytes) -> bytes:
    """Return bytes with each readable card number masked; the same bytes where there is none."""
    text = content.decode("latin-1")
    masked = _DIGITS.sub(_masked, text)
    return content if masked == text else masked.replace("•", "*").encode("latin-1")


def brand_of(digits: str) -> str | None:
    """Return the brand of a card number, or None for digits that are none."""
    if not _luhn(digits):
        return None
    return next(
        (name for name, first, sizes in _BRANDS if len(digits) in sizes and first.match(digits)), None
    )


def is_masked(text: str) -> bool:
    """Tell whether a text is a card as it is kept: its last four digits, perhaps with a brand before."""
    return _MASKED.fullmatch(text) is not None


def was_checked(text: str) -> bool:
    """Tell whether a masked card has a brand, which only a number with a right check digit is given."""
    found = _MASKED.fullmatch(text)
    return found is not None and found[1] is not None


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    brand = brand_of(digits)
    return f"{brand} •••• {digits[-4:]}" if brand else found[0]


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(it), 10)) for it in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
