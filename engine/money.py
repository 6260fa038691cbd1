"""Money: exact decimals with a currency beside, never binary fractions.

An amount that moves is more than nothing, at most a million million, and has no more decimals than its currency's
minor unit (ISO 4217). What is reckoned from amounts is rounded once, at the end, half away from zero, as invoices
are. The database keeps `numeric(20, 4)` and the currency's three letters.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from engine.currencies import MOST_DECIMALS, decimals_of
from engine.errors import InvalidInput
from engine.feel.numbers import short_text

MOST = Decimal(10) ** 12
_EXACT = Context(prec=60)


def exact(value: Any) -> Decimal:
    """Return a number as it is. Raises InvalidInput for what is none, and for binary fractions."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        kind = "a binary fraction" if isinstance(value, float) else repr(value)
        raise InvalidInput(f"Expected an exact decimal number as an amount, but found {kind}.")
    number = Decimal(value)
    if not number.is_finite():
        raise InvalidInput(f"Expected an exact decimal number as an amount, but found {number}.")
    return number


def amount_of(value: Any, currency: str | None, *, least: Decimal | None = None) -> Decimal:
    """Return an amount of money that may move: more than 0 (or from `least` on), at most 10¹², of whole minor units.

    While the currency is not known, it may have as many decimals as any has. Raises InvalidInput, in one sentence.
    """
    number, decimals = exact(value), MOST_DECIMALS if currency is None else decimals_of(currency)
    if number < least if least is not None else number <= 0:
        bound = "more than 0" if least is None else f"at least {least}"
        raise InvalidInput(f"Expected an amount of {bound}, but it is {short_text(number)}.")
    if number > MOST:
        raise InvalidInput(f"Expected an amount of at most {MOST:,}, but it is {short_text(number)}.")
    if number != number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT):
        what = "an amount" if currency is None else f"an amount of {currency}"
        raise InvalidInput(f"Expected at most {decimals} decimals in {what}, but it is {short_text(number)}.")
    return number


def rounded(number: Decimal | Fraction, currency: str) -> Decimal:
    """Return a reckoned amount in whole minor units of its currency, halves away from zero."""
    decimals = decimals_of(currency)
    units = Fraction(number) * 10**decimals
    whole = int(abs(units) + Fraction(1, 2))
    return Decimal(whole if units >= 0 else -whole).scaleb(-decimals, _EXACT)


def pro_rata(monthly: Decimal, currency: str, first: date, last: date) -> Decimal:
    """Return what a monthly price comes to from a day to another, both included.

    Each day costs the price divided by the days of its calendar month; the sum is rounded once. A whole month costs
    exactly the price. 0 where `last` lies before `first`.
    """
    return rounded(share(monthly, first, last), currency)


def share(monthly: Decimal, first: date, last: date) -> Fraction:
    """Return the same as `pro_rata`, but exact, to be added up and rounded at the end."""
    total, begin = Fraction(), first
    while begin <= last:
        days = monthrange(begin.year, begin.month)[1]
        end = min(last, begin.replace(day=days))
        total += Fraction(monthly) * Fraction((end - begin).days + 1, days)
        if end == last:  # nothing comes after 9999-12-31, which people write for "for ever"
            break
        begin = end + timedelta(days=1)
    return total
