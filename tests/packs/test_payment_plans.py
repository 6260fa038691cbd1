"""Instalments of the shared payment plan: in whole minor units of any currency, and exactly what is owed together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from engine.catalog.pack import read_pack
from engine.currencies import decimals_of
from engine.decisions import read_dmn
from engine.feel import Surroundings
from engine.money import rounded
from tests.packs.conftest import ROOT

PACK = read_pack(ROOT / "processes" / "base")
PLAN = read_dmn(PACK.files["dmn/payment_arrangement.dmn"], "payment_arrangement")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_FORCE = {**{name: it.value for name, it in PACK.settings.items()}, "arrangement.max_instalments": 12}
SURROUNDINGS = Surroundings(NOW, PACK.calendars, IN_FORCE)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "KES"])


def plan(units: int, instalments: int, currency: str) -> tuple[Decimal, dict[str, Any]]:
    """What is owed, in minor units, and the plan for it."""
    owed = Decimal(units).scaleb(-decimals_of(currency))
    oldest = {"invoice": "INV-1", "open": owed, "amount": owed, "currency": currency}
    inputs = {"oldest": oldest, "instalments": instalments, "first_on": "2026-03-10"}
    answer: dict[str, Any] = PLAN.evaluate("payment_arrangement", inputs, SURROUNDINGS).value
    return owed, answer


@given(st.integers(1, 10**9), st.integers(1, 12), CURRENCIES)
@example(18, 12, "JPY")
@example(100_000, 3, "KES")
def test_instalments_are_rounded_halves_up_and_the_last_takes_the_rest(
    units: int, instalments: int, currency: str
) -> None:
    owed, answer = plan(units, instalments, currency)
    part = rounded(owed / instalments, currency)
    last = owed - part * (instalments - 1)
    if part <= 0 or last <= 0:
        assert answer["why"] == "The amount is too small for so many instalments."
        assert (answer["allowed"], answer["schedule"]) == (False, [])
        return
    amounts = [it["amount"] for it in answer["schedule"]]
    assert amounts == [part] * (instalments - 1) + [last]
    assert sum(amounts) == owed
    assert [it["left"] for it in answer["schedule"]] == [
        owed - sum(amounts[: n + 1]) for n in range(instalments)
    ]
    assert all(it == rounded(it, currency) for it in amounts)


def test_a_third_of_a_yen_is_never_asked_for() -> None:
    assert [it["amount"] for it in plan(1000, 3, "JPY")[1]["schedule"]] == [333, 333, 334]
    assert [str(it["amount"]) for it in plan(10_000, 3, "KWD")[1]["schedule"]] == ["3.333", "3.333", "3.334"]
    assert [str(it["amount"]) for it in plan(2000, 3, "EUR")[1]["schedule"]] == ["6.67", "6.67", "6.66"]
