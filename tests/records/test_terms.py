"""What a contract costs on which day: a change holds from its day on, and taken back it was never made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.records.terms import as_on, cost
from engine.services import BpmnError
from tests.records.conftest import Ledger

MONEY = {"account": "A-1", "currency": "EUR"}
FIRST_OF_MARCH = date(2026, 3, 1)


@pytest.fixture
def customer(ledger: Ledger) -> Ledger:
    """A desk whose customer pays 31 a month for silver since January; it is 10 March."""
    ledger.given(contracts=[{"account": "A-1", "package": "silver", "price": 31, "starts_on": "2026-01-01"}])
    return ledger


def terms(ledger: Ledger) -> tuple[object, object]:
    told = ledger.do("contract.terms", account="A-1")
    return told["package"], told["price"]


def change(ledger: Ledger, package: str, price: int, day: str | None = None) -> str:
    made = ledger.do("contract.change", package=package, price=Decimal(price), date=day, **MONEY)
    return str(made["amendment"])


def on(ledger: Ledger, month: int, day: int) -> None:
    ledger.clock.advance_to(datetime(2026, month, day, 12, tzinfo=UTC))


def test_a_planned_change_counts_from_its_day_on_and_not_before(customer: Ledger) -> None:
    change(customer, "gold", 62, "2026-04-01")
    told = customer.do("contract.terms", account="A-1")
    assert (told["package"], told["price"]) == ("silver", 31)
    assert (told["next_package"], told["next_price"], told["next_on"]) == ("gold", 62, date(2026, 4, 1))
    assert customer.all("contract")[0]["price"] == 31
    on(customer, 3, 31)
    assert terms(customer) == ("silver", 31)
    on(customer, 4, 1)
    assert terms(customer) == ("gold", 62)
    assert customer.all("contract")[0]["package"] == "gold"
    assert customer.do("contract.terms", account="A-1")["next_on"] is None


def test_leaving_before_a_planned_change_costs_the_old_price_and_after_it_the_days_of_each(
    customer: Ledger,
) -> None:
    change(customer, "gold", 62, "2026-03-22")
    prorata = {
        day: customer.do("contract.final_charges", account="A-1", date=f"2026-03-{day}")["prorata"]
        for day in (21, 22, 31)
    }
    assert prorata == {21: 21, 22: 23, 31: 41}


def test_a_later_word_takes_the_place_of_what_was_planned_for_its_day_or_after(customer: Ledger) -> None:
    change(customer, "gold", 62, "2026-05-01")
    change(customer, "bronze", 20, "2026-04-01")
    on(customer, 5, 2)
    assert terms(customer) == ("bronze", 20)


def test_a_planned_change_taken_back_leaves_everything_as_if_it_had_never_been_made(customer: Ledger) -> None:
    made = change(customer, "gold", 62, "2026-04-01")
    told = customer.do("contract.revert", amendment=made)
    assert told == {
        "amendment": made, "contract": "CON-1", "status": "taken_back", "package": "silver", "price": 31,
        "currency": "EUR",
    }  # fmt: skip
    on(customer, 4, 2)
    assert terms(customer) == ("silver", 31)


def test_a_change_is_taken_back_exactly_after_its_day_too(customer: Ledger) -> None:
    made = change(customer, "gold", 62, "2026-03-22")
    on(customer, 3, 25)
    customer.do("contract.revert", amendment=made)
    assert terms(customer) == ("silver", 31)
    charges = customer.do("contract.final_charges", account="A-1", date="2026-03-31")
    assert charges["prorata"] == 31


def test_taking_an_earlier_change_back_leaves_the_later_one(customer: Ledger) -> None:
    first = change(customer, "gold", 62, "2026-03-15")
    change(customer, "platinum", 93, "2026-04-01")
    customer.do("contract.revert", amendment=first)
    on(customer, 3, 20)
    assert terms(customer) == ("silver", 31)
    on(customer, 4, 1)
    assert terms(customer) == ("platinum", 93)


def test_taking_back_what_replaced_a_plan_restores_the_plan(customer: Ledger) -> None:
    change(customer, "gold", 62, "2026-05-01")
    customer.do("contract.revert", amendment=change(customer, "bronze", 20, "2026-04-01"))
    on(customer, 4, 2)
    assert terms(customer) == ("silver", 31)
    on(customer, 5, 1)
    assert terms(customer) == ("gold", 62)


def test_the_history_of_a_contract_is_kept(customer: Ledger) -> None:
    customer.do("contract.revert", amendment=change(customer, "gold", 62))
    change(customer, "bronze", 20, "2026-04-01")
    kept = [(it["package"], it["begins_on"], it["status"]) for it in customer.all("amendment")]
    assert kept == [
        ("gold", date(2026, 3, 10), "taken_back"),
        ("bronze", date(2026, 4, 1), "standing"),
    ]


def test_a_second_change_tells_the_price_that_it_takes_the_place_of(customer: Ledger) -> None:
    change(customer, "gold", 62, "2026-03-22")
    told = customer.do("contract.change", package="bronze", price=Decimal(31), date="2026-03-22", **MONEY)
    assert (told["old_package"], told["old_price"], told["prorata"]) == ("gold", 62, -10)


def test_a_change_from_before_the_contract_is_refused(customer: Ledger) -> None:
    with pytest.raises(BpmnError, match="Expected a date from 2026-01-01 on, but it is 2025-12-31"):
        change(customer, "gold", 62, "2025-12-31")


PLANS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 200)), max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PLANS, st.integers(0, 60), st.integers(0, 60))
def test_what_some_days_cost_is_the_sum_of_what_each_day_costs(
    plans: list[tuple[int, int]], begin: int, length: int
) -> None:
    start = FIRST_OF_MARCH.toordinal()
    contract = {"package": "p0", "price": Decimal(30), "currency": "KWD", "starts_on": FIRST_OF_MARCH}
    changes = [
        {"package": f"p{day}", "price": Decimal(price), "begins_on": date.fromordinal(start + day)}
        for day, price in plans
    ]
    first, last = date.fromordinal(start + begin), date.fromordinal(start + begin + length)
    days = [date.fromordinal(it) for it in range(first.toordinal(), last.toordinal() + 1)]
    exact = sum(as_on(contract, changes, day)["price"] / Decimal(_days_of(day)) for day in days)
    assert abs(cost(contract, changes, first, last) - exact) <= Decimal("0.0005") + Decimal("1e-20")


def _days_of(day: date) -> int:
    return (date(day.year + day.month // 12, day.month % 12 + 1, 1) - day.replace(day=1)).days
