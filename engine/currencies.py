"""Currencies of ISO 4217, and how many decimals an amount of each has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput

# ISO 4217, by how many decimals the minor unit has. Funds, metals and test codes are no money of a desk.
_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF"
    " CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR"
    " ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN"
    " MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS"
    " SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: decimals for decimals, codes in _MINOR_UNITS.items() for code in codes.split()}
MOST_DECIMALS = max(_MINOR_UNITS)


def known_currency(value: Any) -> str:
    """Return a currency's code (ISO 4217). Raises InvalidInput for anything else."""
    if isinstance(value, str) and value in _DECIMALS:
        return value
    raise InvalidInput(f"Expected a currency of ISO 4217 such as EUR, but found {value!r}.")


def decimals_of(currency: str) -> int:
    """Return how many decimals an amount of a currency has. Raises InvalidInput for an unknown one."""
    return _DECIMALS[known_currency(currency)]


def amount_text(amount: Decimal, currency: str) -> str:
    """Return an amount for people, with all decimals of its currency: "1,250.00 EUR". Raises as `decimals_of`."""
    return f"{amount:,.{decimals_of(currency)}f} {currency}"
