"""Operations on records: what each does, on the real tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from engine.bookkeeping import Bookkeeping
from engine.errors import InvalidInput, NotFound, Refused
from engine.services import BpmnError
from engine.store import Store
from tests.records.conftest import Ledger

MONEY = {"account": "A-1", "currency": "EUR"}


def test_an_account_is_found_by_number_mail_address_in_any_case_and_digits_of_its_phone(
    ledger: Ledger,
) -> None:
    for asked in ({"number": "A-1"}, {"email": "ANN@example.com"}, {"phone": "+390655501"}):
        assert ledger.do("account.find", **asked)["account"] == "A-1"


def test_closing_an_account_is_taken_back_by_reopening_it(ledger: Ledger) -> None:
    assert ledger.do("account.close", account="A-1")["closed_at"] == datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert ledger.do("account.reopen", account="A-1") == {
        "account": "A-1", "status": "active", "closed_at": None,
    }  # fmt: skip


def test_a_suspended_account_is_reactivated(ledger: Ledger) -> None:
    assert ledger.do("account.suspend", account="A-1")["status"] == "suspended"
    assert ledger.do("account.reactivate", account="A-1")["status"] == "active"


def test_the_terms_tell_when_leaving_is_possible_and_what_it_costs(ledger: Ledger) -> None:
    ledger.given(contracts=[contract(term_ends_on="2026-04-10", notice_days=30, early_fee=60)])
    terms = ledger.do("contract.terms", account="A-1")
    assert (terms["earliest_end"], terms["in_term"], terms["early_fee"]) == (date(2026, 4, 9), True, 60)
    ledger.clock.advance_to(datetime(2026, 3, 11, 12, tzinfo=UTC))
    terms = ledger.do("contract.terms", account="A-1")
    assert (terms["earliest_end"], terms["in_term"], terms["early_fee"]) == (date(2026, 4, 10), False, 0)


def test_final_charges_are_the_days_of_the_last_month_the_fee_and_what_is_open(ledger: Ledger) -> None:
    ledger.given(
        contracts=[contract(price=31, term_ends_on="2027-01-01", early_fee=60)],
        invoices=[{"account": "A-1", "amount": Decimal("31"), "paid": Decimal("1")}],
        equipment=[{"serial": "R-1", "model": "router", "account": "A-1"}],
    )
    charges = ledger.do("contract.final_charges", account="A-1", date=date(2026, 3, 10))
    assert charges == {
        "contract": "CON-1", "prorata": 10, "early_fee": 60, "unpaid": 30, "total": 100, "currency": "EUR",
        "unreturned": ["R-1"],
    }  # fmt: skip


def test_a_changed_contract_tells_what_the_rest_of_the_month_costs_more(ledger: Ledger) -> None:
    ledger.given(contracts=[contract(price=31)])
    asked = {"package": "gold", "price": Decimal("62"), "date": "2026-03-22", **MONEY}
    changed = ledger.do("contract.change", **asked)
    assert (changed["old_package"], changed["old_price"], changed["prorata"]) == ("silver", 31, 10)
    back = ledger.do("contract.change", **{**asked, "package": "silver", "price": Decimal(31)})
    assert (back["package"], back["prorata"]) == ("silver", -10)


def test_an_ended_contract_is_resumed(ledger: Ledger) -> None:
    ledger.given(contracts=[contract()])
    assert ledger.do("contract.end", account="A-1", date="2026-03-31")["ends_on"] == date(2026, 3, 31)
    assert ledger.do("contract.terms", account="A-1")["status"] == "ended"
    assert ledger.do("contract.resume", account="A-1") == {
        "contract": "CON-1", "status": "active", "ends_on": None,
    }  # fmt: skip


def test_a_reserved_unit_leaves_the_stock_when_it_is_assigned(ledger: Ledger) -> None:
    ledger.given(stock=[{"model": "router", "quantity": 1}], equipment=[{"serial": "R-2", "model": "router"}])
    held = ledger.do("stock.reserve", model="router", account="A-1")
    assert held == {"reservation": "RES-1", "model": "router", "quantity": 1, "available": 0}
    assert ledger.do("stock.check", model="router")["in_stock"] is False
    ledger.do("equipment.assign", account="A-1", serial="R-2", reservation="RES-1")
    assert stock_of(ledger) == (0, 0)
    assert ledger.all("reservation")[0]["status"] == "used"
    (unit,) = ledger.do("equipment.of", account="A-1")["equipment"]
    assert unit["serial"] == "R-2"


def test_what_a_reservation_held_is_free_again_after_its_release(ledger: Ledger) -> None:
    ledger.given(stock=[{"model": "router", "quantity": 2}])
    ledger.do("stock.reserve", model="router", quantity=Decimal(2))
    assert ledger.do("stock.release", reservation="RES-1")["available"] == 2
    assert stock_of(ledger) == (2, 0)


def test_received_units_are_free(ledger: Ledger) -> None:
    ledger.given(stock=[{"model": "router", "quantity": 0}])
    assert ledger.do("stock.receive", model="router", quantity=3)["available"] == 3


def test_warranty_lasts_through_its_last_day_at_the_desk(ledger: Ledger) -> None:
    ledger.given(equipment=[{"serial": "R-3", "model": "router", "warranty_until": "2026-03-10"}])
    assert ledger.do("equipment.look_up", serial="R-3")["in_warranty"] is True
    ledger.clock.advance_to(datetime(2026, 3, 10, 23, 30, tzinfo=UTC))  # past midnight in Rome
    assert ledger.do("equipment.look_up", serial="R-3")["in_warranty"] is False


def test_a_unit_that_comes_back_is_with_nobody_and_no_stock_yet(ledger: Ledger) -> None:
    ledger.given(
        stock=[{"model": "router", "quantity": 0}],
        equipment=[{"serial": "R-4", "model": "router", "account": "A-1"}],
    )
    assert ledger.do("equipment.return", serial="R-4")["account"] == "A-1"
    assert ledger.do("equipment.of", account="A-1")["equipment"] == []
    assert stock_of(ledger) == (0, 0)


def test_a_payment_settles_its_invoice_once_it_is_whole(ledger: Ledger) -> None:
    ledger.do("invoice.charge", amount=Decimal("30.00"), reason="Router", **MONEY)
    first = ledger.do("payment.record", amount=Decimal("10"), invoice="INV-1", **MONEY)
    assert first["open"] == 20
    assert ledger.do("invoice.open_of", account="A-1")["total"] == 20
    ledger.do("payment.record", amount=Decimal("20"), invoice="INV-1", **MONEY)
    assert ledger.all("invoice")[0]["status"] == "paid"


def test_a_refund_is_of_the_newest_payment_of_which_so_much_is_left(ledger: Ledger) -> None:
    ledger.given(payments=[payment(50), payment(20), payment(5)])
    assert ledger.do("payment.refund", amount=Decimal("20"), **MONEY)["payment"] == "PAY-2"
    assert ledger.do("payment.refund", amount=Decimal("20"), **MONEY)["payment"] == "PAY-1"
    assert ledger.do("payment.refund", amount=Decimal("3"), payment="PAY-1", **MONEY)["refund"] == "REF-3"
    assert [it["refunded"] for it in ledger.all("payment")] == [23, 20, 0]


def test_credits_add_up_until_they_are_revoked(ledger: Ledger) -> None:
    for amount in ("5.50", "4.50"):
        granted = ledger.do("credit.grant", amount=Decimal(amount), reason="Sorry", **MONEY)
    assert granted["balance"] == 10
    assert ledger.do("credit.revoke", credit="CRE-1")["balance"] == Decimal("4.5")


def test_a_visit_is_booked_at_the_moment_of_the_desks_zone(ledger: Ledger) -> None:
    booked = ledger.do(
        "appointment.book", account="A-1", when="2026-03-12T09:00:00", window="9-12", skills=["fibre"]
    )
    assert booked["starts_at"] == datetime(2026, 3, 12, 8, tzinfo=UTC)
    assert ledger.do("appointment.cancel", appointment="APP-1")["status"] == "cancelled"


def test_a_shipment_goes_to_the_address_of_the_account_unless_another_is_named(ledger: Ledger) -> None:
    made = ledger.do("shipment.create", account="A-1", items=["router", {"model": "cable", "quantity": 2}])
    assert made["items"] == [{"model": "router", "quantity": 1}, {"model": "cable", "quantity": 2}]
    sent = ledger.do("shipment.sent", shipment="SHP-1", tracking="T1")
    assert (sent["status"], sent["tracking"]) == ("sent", "T1")


def test_numbers_that_came_by_import_are_passed_over(ledger: Ledger) -> None:
    ledger.given(invoices=[{"number": "INV-1", "account": "A-1", "amount": 5}])
    assert ledger.do("invoice.charge", amount=Decimal(1), reason="x", **MONEY)["invoice"] == "INV-2"


def test_the_same_key_is_done_once_and_answers_the_same(ledger: Ledger) -> None:
    ledger.given(payments=[payment(50)])
    key = uuid4()
    first = ledger.do("payment.refund", key, amount=Decimal("20.00"), **MONEY)
    ledger.clock.advance_to(datetime(2026, 3, 11, tzinfo=UTC))
    assert ledger.do("payment.refund", key, amount=Decimal("20"), **MONEY) == first
    assert len(ledger.all("refund")) == 1


def test_a_key_is_not_for_other_inputs_and_not_for_another_operation(ledger: Ledger) -> None:
    key = uuid4()
    ledger.do("credit.grant", key, amount=Decimal(1), reason="x", **MONEY)
    with pytest.raises(InvalidInput, match="was used for other inputs before"):
        ledger.do("credit.grant", key, amount=Decimal(2), reason="x", **MONEY)
    with pytest.raises(InvalidInput, match=r"was used for credit\.grant before"):
        ledger.do("invoice.charge", key, amount=Decimal(1), reason="x", **MONEY)
    ledger.do("invoice.charge", key, "charge", amount=Decimal(1), reason="x", **MONEY)


def test_a_refused_operation_leaves_its_key_free(ledger: Ledger) -> None:
    key = uuid4()
    ledger.given(stock=[{"model": "router", "quantity": 0}])
    with pytest.raises(BpmnError, match="there are 0"):
        ledger.do("stock.reserve", key, model="router")
    ledger.do("stock.receive", model="router")
    assert ledger.do("stock.reserve", key, model="router")["available"] == 0


def test_an_input_that_is_missing_is_no_matter_for_a_diagram(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match=r"the input “reason” of invoice\.charge, but it is missing"):
        ledger.do("invoice.charge", amount=Decimal(1), **MONEY)


def test_an_unknown_operation_names_those_of_its_area(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match=r"credit\.grant, credit\.revoke, but there is no “credit\.give”"):
        ledger.do("credit.give")


def contract(**said: object) -> dict[str, object]:
    return {"account": "A-1", "package": "silver", "price": 30, "starts_on": "2026-01-01", **said}


def payment(amount: int) -> dict[str, object]:
    return {"account": "A-1", "amount": Decimal(amount)}


def stock_of(ledger: Ledger) -> tuple[int, int]:
    (row,) = ledger.all("stock")
    return row["quantity"], row["reserved"]


def test_a_replay_reads_the_records_of_the_desk_and_changes_none(ledger: Ledger, store: Store) -> None:
    ledger.given(payments=[payment(50)])
    records = Bookkeeping(store, ledger.clock, changes=False).for_job(ledger.desk_id, uuid4(), None)
    assert records.do("payment.history", {"account": "A-1"})["paid"] == 50
    with pytest.raises(Refused, match=r"in a replay, but payment\.refund changes them"):
        records.do("payment.refund", {"amount": Decimal(20), **MONEY})
    assert ledger.all("refund") == []
