"""FEEL's numbers: decimal128, 34 digits, half-even (DMN 1.5, 10.3.2.3.1).

The context traps what would be NaN or infinite, so that such a result becomes `null` instead of a number. How
many zeros were typed is no part of a number: 1.50 and 1.5 print alike.
"""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Clamped,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

DIGITS = 34
DECIMAL128 = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
NumberError = DecimalException
__all__ = [
    "DECIMAL128",
    "DIGITS",
    "Clamped",
    "NumberError",
    "canonical",
    "is_whole",
    "number_text",
    "read_number",
]


def read_number(text: str) -> Decimal | None:
    """Return the number of a literal, rounded to 34 digits, or None beyond the range of decimal128."""
    try:
        return DECIMAL128.create_decimal(text)
    except DecimalException:
        return None


def canonical(number: Decimal) -> Decimal:
    """Return the number without trailing zeros and without a negative zero; exact."""
    return Decimal(0) if not number else number.normalize(_EXACT)


_EXACT = Context(prec=10_000, Emin=-999_999, Emax=999_999)


def is_whole(number: Decimal) -> bool:
    """Tell whether a number is an integer."""
    return number == number.to_integral_value()


def short_text(number: Decimal) -> str:
    """Return a number for a message: as it prints, unless that would be a wall of zeros."""
    return number_text(number) if -20 < number.adjusted() < 20 else str(canonical(number))


def number_text(number: Decimal) -> str:
    """Return a number as FEEL prints it: plain digits, no exponent, no trailing zeros."""
    return format(canonical(number), "f")
