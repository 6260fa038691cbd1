"""Rounding and arithmetic functions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from engine.currencies import amount_text, decimals_of
from engine.errors import InvalidInput
from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.kinds import DaysTimeDuration, YearsMonthsDuration
from engine.feel.numbers import DECIMAL128, NumberError, canonical, is_whole, short_text

_LONGEST = 60
_WIDE = Context(prec=DECIMAL128.prec + 6200)


def _rounder(mode: str) -> Callable[..., Any]:
    def rounded(run: Run, n: Decimal, scale: Decimal | None = None) -> Any:
        digits = Decimal(0) if scale is None else scale
        if not -6111 <= digits <= 6176:
            return run.warn(f"Expected a scale from -6111 to 6176 but found {short_text(digits)}")
        if -n.as_tuple().exponent <= int(digits):  # type: ignore[operator]  # numbers here are finite
            return n
        exponent = Decimal(1).scaleb(-int(digits))
        return DECIMAL128.plus(canonical(n.quantize(exponent, rounding=mode, context=_WIDE)))

    return rounded


builtin("decimal(n: number, scale: number)")(_rounder(ROUND_HALF_EVEN))
builtin("floor(n: number, scale?: number)")(_rounder(ROUND_FLOOR))
builtin("ceiling(n: number, scale?: number)")(_rounder(ROUND_CEILING))
builtin("round up(n: number, scale?: number)")(_rounder(ROUND_UP))
builtin("round down(n: number, scale?: number)")(_rounder(ROUND_DOWN))
builtin("round half up(n: number, scale?: number)")(_half_up := _rounder(ROUND_HALF_UP))
builtin("round half down(n: number, scale?: number)")(_rounder(ROUND_HALF_DOWN))


@builtin("round money(n: number, currency: string)")
def round_money(run: Run, n: Decimal, currency: str) -> Any:
    """Rounded to whole minor units of a currency, half away from zero: cents in EUR, whole yen in JPY (ours)."""
    decimals = _decimals(run, currency)
    return None if decimals is None else _half_up(run, n, Decimal(decimals))


@builtin("money(n: number, currency: string)")
def money(run: Run, n: Decimal, currency: str) -> Any:
    """An amount for people, with all decimals of its currency, rounded if it has more: `"1,250.00 EUR"` (ours)."""
    rounded = round_money(run, n, currency)
    return None if rounded is None else amount_text(rounded, currency.upper())


def _decimals(run: Run, currency: str) -> int | None:
    try:
        return decimals_of(currency.upper())
    except InvalidInput:
        shown = currency if len(currency) <= _LONGEST else f"{currency[:_LONGEST]}…"
        run.warn(f'Expected a currency of ISO 4217 such as "EUR" but found "{shown}"')
        return None


@builtin("abs(n: number)")
def absolute(run: Run, n: Decimal) -> Decimal:
    """The number without its sign."""
    return abs(n)


@builtin("abs(n: days and time duration)")
def absolute_days(run: Run, n: DaysTimeDuration) -> DaysTimeDuration:
    """The duration without its sign."""
    return DaysTimeDuration(abs(n.microseconds))


@builtin("abs(n: years and months duration)")
def absolute_months(run: Run, n: YearsMonthsDuration) -> YearsMonthsDuration:
    """The duration without its sign."""
    return YearsMonthsDuration(abs(n.months))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Any:
    """The rest of a division, with the sign of the divisor."""
    if not divisor:
        return run.warn("Expected a divisor other than zero but found 0")
    try:
        rest = DECIMAL128.remainder(dividend, divisor)
    except NumberError:  # the quotient has more than 34 digits
        return run.warn("Expected modulo(dividend, divisor) to have a quotient of 34 digits but it has more")
    opposite = rest and (rest < 0) != (divisor < 0)
    return DECIMAL128.add(rest, divisor) if opposite else canonical(rest)


def _function(name: str, compute: Callable[[Decimal], Decimal]) -> Callable[..., Any]:
    def computed(run: Run, n: Decimal) -> Any:
        try:
            return canonical(compute(n))
        except NumberError:
            return run.warn(f"Expected a number that {name}(number) is defined for but found {short_text(n)}")

    return computed


def _logarithm(n: Decimal) -> Decimal:
    return DECIMAL128.ln(n) if n else DECIMAL128.divide(n, n)  # ln(0) would be minus infinity


builtin("sqrt(number: number)")(_function("sqrt", DECIMAL128.sqrt))
builtin("log(number: number)")(_function("log", _logarithm))
builtin("exp(number: number)")(_function("exp", DECIMAL128.exp))


@builtin("odd(number: number)")
def odd(run: Run, n: Decimal) -> bool:
    """Whether a whole number is odd; a fraction is neither odd nor even."""
    return is_whole(n) and n.adjusted() < 40 and int(n) % 2 == 1


@builtin("even(number: number)")
def even(run: Run, n: Decimal) -> bool:
    """Whether a whole number is even; a fraction is neither odd nor even."""
    return is_whole(n) and (n.adjusted() >= 40 or int(n) % 2 == 0)
