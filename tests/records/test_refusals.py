"""Every error code of every operation is reached, with a sentence, and leaves everything as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput
from engine.records import KINDS, OPERATIONS
from engine.services import BpmnError
from tests.records.conftest import Ledger

ONE = {"account": "A-1", "amount": Decimal(1), "currency": "EUR"}
BAD_AMOUNTS = (Decimal(0), Decimal("-0.01"), Decimal("1E30"), Decimal("0.001"), "1", None, True)
NOBODY, CLOSED = {"account": "A-9"}, {"account": "A-2"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        {
            "number": "A-3",
            "name": "Cleo",
            "email": "ann@example.com",
            "currency": "EUR",
            "status": "suspended",
        },
        {"number": "A-4", "name": "Dora", "currency": "EUR"},
    ],
    "contracts": [
        {"account": "A-1", "package": "silver", "price": 30, "starts_on": "2026-01-01"},
        {"account": "A-2", "package": "silver", "price": 30, "starts_on": "2026-01-01", "status": "ended"},
        {"account": "A-3", "package": "silver", "price": 30, "starts_on": "2026-01-01", "status": "ended"},
    ],
    "amendments": [
        {
            "account": "A-1",
            "contract": "CON-1",
            "package": "gold",
            "price": 40,
            "begins_on": "2026-02-01",
            "status": "taken_back",
        }
    ],
    "stock": [{"model": "router", "quantity": 1}, {"model": "cable", "quantity": 0}],
    "equipment": [
        {"serial": "FREE", "model": "router"},
        {"serial": "NONE", "model": "cable"},
        {"serial": "USED", "model": "router", "account": "A-4"},
        {"serial": "OFF", "model": "router", "status": "written_off"},
    ],
    "reservations": [
        {"model": "router", "status": "released"},
        {"model": "cable", "status": "used"},
    ],
    "invoices": [
        {"account": "A-1", "amount": 30, "paid": 10},
        {"account": "A-1", "amount": 30, "status": "cancelled"},
        {"account": "A-4", "amount": 30},
    ],
    "payments": [
        {"account": "A-1", "amount": 30, "reference": "BANK-1"},
        {"account": "A-4", "amount": 30, "refunded": 30},
    ],
    "credits": [{"account": "A-1", "amount": 5, "status": "revoked"}],
    "appointments": [{"account": "A-1", "starts_at": "2026-03-01T09:00:00Z", "status": "done"}],
    "shipments": [
        {"account": "A-1", "items": ["router"], "status": "sent"},
        {"account": "A-1", "items": ["router"]},
    ],
    "cards": [
        {"account": "A-1", "card": "Visa •••• 1111", "expires_on": "2026-03-09"},
        {"account": "A-1", "card": "•••• 4242", "expires_on": "2027-03-09"},
        {"account": "A-1", "card": "Visa •••• 0002", "expires_on": "2027-03-09", "status": "stopped"},
        {"account": "A-1", "card": "Visa •••• 0003", "expires_on": "2027-03-09"},
        {"account": "A-4", "card": "Visa •••• 0004", "expires_on": "2027-03-09"},
        {"account": "A-1", "card": "Visa •••• 0005", "expires_on": "2027-03-09"},
    ],
    "fraud_blocks": [
        {"type": "card", "value": "CRD-4", "reason": "Stolen"},
        {"type": "ip", "value": "203.0.113.7", "reason": "Many cards"},
        {"type": "ip", "value": "203.0.113.8", "reason": "By mistake", "status": "lifted"},
    ],
}
SALE = {**ONE, "card": "CRD-6", "reason": "Order"}
CHANGE = {**ONE, "package": "gold", "price": Decimal(40)}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("account.find", "account_unknown", {"number": "A-9"}),
    ("account.find", "account_unknown", {}),
    ("account.find", "account_ambiguous", {"email": "ann@example.com"}),
    ("account.close", "account_unknown", NOBODY),
    ("account.close", "account_closed", CLOSED),
    ("account.reopen", "account_unknown", NOBODY),
    ("account.reopen", "account_not_closed", {"account": "A-1"}),
    ("account.suspend", "account_unknown", NOBODY),
    ("account.suspend", "account_closed", CLOSED),
    ("account.suspend", "account_suspended", {"account": "A-3"}),
    ("account.reactivate", "account_unknown", NOBODY),
    ("account.reactivate", "account_closed", CLOSED),
    ("account.reactivate", "account_not_suspended", {"account": "A-1"}),
    ("contract.terms", "account_unknown", NOBODY),
    ("contract.terms", "contract_unknown", {"account": "A-4"}),
    ("contract.final_charges", "account_unknown", {**NOBODY, "date": "2026-03-01"}),
    ("contract.final_charges", "contract_unknown", {"account": "A-4", "date": "2026-03-01"}),
    ("contract.final_charges", "date_invalid", {"account": "A-1", "date": "soon"}),
    ("contract.final_charges", "date_invalid", {"account": "A-1", "date": "2025-12-31"}),
    ("contract.start", "account_unknown", {**CHANGE, **NOBODY}),
    ("contract.start", "account_closed", {**CHANGE, **CLOSED}),
    ("contract.start", "contract_active", CHANGE),
    ("contract.start", "amount_invalid", {**CHANGE, "account": "A-4", "price": Decimal(0)}),
    ("contract.start", "currency_mismatch", {**CHANGE, "account": "A-4", "currency": "USD"}),
    ("contract.start", "date_invalid", {**CHANGE, "account": "A-4", "date": "2026-02-30"}),
    ("contract.change", "account_unknown", {**CHANGE, **NOBODY}),
    ("contract.change", "account_closed", {**CHANGE, **CLOSED}),
    ("contract.change", "contract_unknown", {**CHANGE, "account": "A-4"}),
    ("contract.change", "contract_ended", {**CHANGE, "account": "A-3"}),
    ("contract.change", "amount_invalid", {**CHANGE, "price": Decimal(-1)}),
    ("contract.change", "currency_mismatch", {**CHANGE, "currency": "USD"}),
    ("contract.change", "date_invalid", {**CHANGE, "date": "2026-02-30"}),
    ("contract.change", "date_invalid", {**CHANGE, "date": "2025-12-31"}),
    ("contract.revert", "amendment_unknown", {"amendment": "AMD-9"}),
    ("contract.revert", "amendment_taken_back", {"amendment": "AMD-1"}),
    ("contract.end", "account_unknown", {**NOBODY, "date": "2026-03-01"}),
    ("contract.end", "contract_unknown", {"account": "A-4", "date": "2026-03-01"}),
    ("contract.end", "contract_ended", {"account": "A-3", "date": "2026-03-01"}),
    ("contract.end", "date_invalid", {"account": "A-1", "date": "2025-12-31"}),
    ("contract.resume", "account_unknown", NOBODY),
    ("contract.resume", "account_closed", CLOSED),
    ("contract.resume", "contract_unknown", {"account": "A-4"}),
    ("contract.resume", "contract_not_ended", {"account": "A-1"}),
    ("equipment.of", "account_unknown", NOBODY),
    ("equipment.look_up", "serial_unknown", {"serial": "X"}),
    ("equipment.assign", "account_unknown", {**NOBODY, "serial": "FREE"}),
    ("equipment.assign", "account_closed", {**CLOSED, "serial": "FREE"}),
    ("equipment.assign", "serial_unknown", {"account": "A-1", "serial": "X"}),
    ("equipment.assign", "serial_in_use", {"account": "A-1", "serial": "USED"}),
    ("equipment.assign", "serial_written_off", {"account": "A-1", "serial": "OFF"}),
    ("equipment.assign", "out_of_stock", {"account": "A-1", "serial": "NONE"}),
    ("equipment.assign", "reservation_unknown", {"account": "A-1", "serial": "FREE", "reservation": "RES-9"}),
    ("equipment.assign", "reservation_closed", {"account": "A-1", "serial": "FREE", "reservation": "RES-1"}),
    ("equipment.return", "serial_unknown", {"serial": "X"}),
    ("equipment.return", "serial_not_assigned", {"serial": "FREE"}),
    ("equipment.write_off", "serial_unknown", {"serial": "X"}),
    ("equipment.write_off", "serial_written_off", {"serial": "OFF"}),
    ("equipment.repaired", "serial_unknown", {"serial": "X"}),
    ("equipment.repaired", "serial_written_off", {"serial": "OFF"}),
    ("stock.check", "model_unknown", {"model": "X"}),
    ("stock.check", "quantity_invalid", {"model": "router", "quantity": Decimal("1.5")}),
    ("stock.reserve", "model_unknown", {"model": "X"}),
    ("stock.reserve", "out_of_stock", {"model": "router", "quantity": 2}),
    ("stock.reserve", "quantity_invalid", {"model": "router", "quantity": 0}),
    ("stock.reserve", "account_unknown", {"model": "router", **NOBODY}),
    ("stock.release", "reservation_unknown", {"reservation": "RES-9"}),
    ("stock.release", "reservation_closed", {"reservation": "RES-1"}),
    ("stock.issue", "reservation_unknown", {"reservation": "RES-9"}),
    ("stock.issue", "reservation_closed", {"reservation": "RES-2"}),
    ("stock.receive", "model_unknown", {"model": "X"}),
    ("stock.receive", "quantity_invalid", {"model": "router", "quantity": -1}),
    ("invoice.open_of", "account_unknown", NOBODY),
    ("invoice.reckon", "account_unknown", {**ONE, **NOBODY, "price": Decimal(1)}),
    *(("invoice.reckon", "amount_invalid", {**ONE, "price": it}) for it in BAD_AMOUNTS),
    ("invoice.reckon", "amount_invalid", {**ONE, "price": Decimal(1), "percent": Decimal("100.1")}),
    ("invoice.reckon", "currency_mismatch", {**ONE, "price": Decimal(1), "currency": "USD"}),
    ("invoice.reckon", "quantity_invalid", {**ONE, "price": Decimal(1), "quantity": 0}),
    ("invoice.charge", "account_unknown", {**ONE, **NOBODY, "reason": "x"}),
    ("invoice.charge", "account_closed", {**ONE, **CLOSED, "reason": "x"}),
    *(("invoice.charge", "amount_invalid", {**ONE, "amount": it, "reason": "x"}) for it in BAD_AMOUNTS),
    ("invoice.charge", "currency_mismatch", {**ONE, "currency": "USD", "reason": "x"}),
    ("invoice.charge", "date_invalid", {**ONE, "reason": "x", "due_on": "never"}),
    ("invoice.cancel", "invoice_unknown", {"invoice": "INV-9"}),
    ("invoice.cancel", "invoice_cancelled", {"invoice": "INV-2"}),
    ("invoice.cancel", "invoice_paid", {"invoice": "INV-1"}),
    ("payment.history", "account_unknown", NOBODY),
    ("payment.record", "account_unknown", {**ONE, **NOBODY}),
    *(("payment.record", "amount_invalid", {**ONE, "amount": it}) for it in BAD_AMOUNTS),
    ("payment.record", "currency_mismatch", {**ONE, "currency": "eurs"}),
    ("payment.record", "invoice_unknown", {**ONE, "invoice": "INV-9"}),
    ("payment.record", "invoice_unknown", {**ONE, "invoice": "INV-3"}),
    ("payment.record", "invoice_cancelled", {**ONE, "invoice": "INV-2"}),
    ("payment.record", "amount_above_open", {**ONE, "amount": Decimal("20.01"), "invoice": "INV-1"}),
    ("payment.record", "payment_recorded", {**ONE, "reference": "BANK-1"}),
    ("payment.refund", "account_unknown", {**ONE, **NOBODY}),
    ("payment.refund", "account_closed", {**ONE, **CLOSED}),
    *(("payment.refund", "amount_invalid", {**ONE, "amount": it}) for it in BAD_AMOUNTS),
    ("payment.refund", "currency_mismatch", {**ONE, "currency": "USD"}),
    ("payment.refund", "payment_unknown", {**ONE, "account": "A-3"}),
    ("payment.refund", "payment_unknown", {**ONE, "payment": "PAY-2"}),
    ("payment.refund", "already_refunded", {**ONE, "account": "A-4"}),
    ("payment.refund", "amount_above_paid", {**ONE, "amount": Decimal("30.01")}),
    ("credit.grant", "account_unknown", {**ONE, **NOBODY, "reason": "x"}),
    ("credit.grant", "account_closed", {**ONE, **CLOSED, "reason": "x"}),
    *(("credit.grant", "amount_invalid", {**ONE, "amount": it, "reason": "x"}) for it in BAD_AMOUNTS),
    ("credit.grant", "currency_mismatch", {**ONE, "currency": "USD", "reason": "x"}),
    ("credit.revoke", "credit_unknown", {"credit": "CRE-9"}),
    ("credit.revoke", "credit_revoked", {"credit": "CRE-1"}),
    ("appointment.book", "account_unknown", {**NOBODY, "when": "2026-03-12"}),
    ("appointment.book", "account_closed", {**CLOSED, "when": "2026-03-12"}),
    ("appointment.book", "date_invalid", {"account": "A-1", "when": "2026-03-09T09:00:00Z"}),
    ("appointment.book", "date_invalid", {"account": "A-1", "when": "tomorrow"}),
    ("appointment.cancel", "appointment_unknown", {"appointment": "APP-9"}),
    ("appointment.cancel", "appointment_closed", {"appointment": "APP-1"}),
    ("appointment.done", "appointment_unknown", {"appointment": "APP-9"}),
    ("appointment.done", "appointment_closed", {"appointment": "APP-1"}),
    ("shipment.create", "account_unknown", {**NOBODY, "items": ["x"]}),
    ("shipment.create", "account_closed", {**CLOSED, "items": ["x"]}),
    ("shipment.create", "items_invalid", {"account": "A-1", "items": []}),
    ("shipment.create", "items_invalid", {"account": "A-1", "items": [{"quantity": 1}]}),
    ("shipment.cancel", "shipment_unknown", {"shipment": "SHP-9"}),
    ("shipment.cancel", "shipment_closed", {"shipment": "SHP-1"}),
    ("shipment.sent", "shipment_unknown", {"shipment": "SHP-9"}),
    ("shipment.sent", "shipment_closed", {"shipment": "SHP-1"}),
    ("shipment.sent", "date_invalid", {"shipment": "SHP-2", "sent_at": "2026-03-10T12:00:01Z"}),
    ("card.register", "account_unknown", {**NOBODY, "card": "Visa •••• 1111", "expires_on": "2027-01-31"}),
    ("card.register", "account_closed", {**CLOSED, "card": "Visa •••• 1111", "expires_on": "2027-01-31"}),
    (
        "card.register",
        "card_invalid",
        {"account": "A-1", "card": "4111111111111112", "expires_on": "2027-01-31"},
    ),
    ("card.register", "date_invalid", {"account": "A-1", "card": "Visa •••• 1111", "expires_on": "01/27"}),
    ("card.of", "account_unknown", NOBODY),
    ("card.check", "account_unknown", {**NOBODY, "card": "CRD-1"}),
    ("card.check", "card_unknown", {"account": "A-1", "card": "CRD-9"}),
    ("card.stop", "card_unknown", {"card": "CRD-9"}),
    ("card.charge", "account_unknown", {**SALE, **NOBODY}),
    ("card.charge", "account_closed", {**SALE, **CLOSED}),
    ("card.charge", "card_unknown", {**SALE, "card": "CRD-9"}),
    ("card.charge", "card_unknown", {**SALE, "card": "CRD-5"}),
    *(("card.charge", "card_refused", {**SALE, "card": f"CRD-{it}"}) for it in (1, 2, 3, 4)),
    *(("card.charge", "amount_invalid", {**SALE, "amount": it}) for it in BAD_AMOUNTS),
    ("card.charge", "currency_mismatch", {**SALE, "currency": "USD"}),
    ("fraud.check", "card_unknown", {"card": "CRD-9"}),
    ("fraud.check", "ip_invalid", {"ip": "203.0.113"}),
    ("fraud.block", "card_unknown", {"type": "card", "value": "CRD-9", "reason": "x"}),
    ("fraud.block", "ip_invalid", {"type": "ip", "value": "somewhere", "reason": "x"}),
    ("fraud.block", "block_exists", {"type": "ip", "value": "203.0.113.7", "reason": "x"}),
    ("fraud.lift", "block_unknown", {"block": "BLK-9"}),
    ("fraud.lift", "block_lifted", {"block": "BLK-3"}),
]


def everything(ledger: Ledger) -> dict[str, Any]:
    return {kind: ledger.all(kind) for kind in KINDS}


def test_every_operation_refuses_by_each_of_its_codes_with_a_sentence_and_changes_nothing(
    ledger: Ledger,
) -> None:
    ledger.given(**RECORDS)
    before = everything(ledger)
    for operation, code, inputs in CASES:
        with pytest.raises(BpmnError) as refused:
            ledger.do(operation, **inputs)
        assert refused.value.code == code, (operation, inputs)
        assert "Expected" in refused.value.message and refused.value.message.endswith("."), inputs
    assert everything(ledger) == before


@pytest.mark.parametrize(
    ("operation", "inputs", "sentence"),
    [
        (
            "payment.refund",
            {},
            "Expected at most 30.00 EUR, which is left of what was paid, but it is 30.01 EUR.",
        ),
        (
            "payment.record",
            {"invoice": "INV-1"},
            "Expected at most 20.00 EUR, which is open, but it is 30.01 EUR.",
        ),
    ],
)
def test_money_in_a_refusal_has_its_currency(
    ledger: Ledger, operation: str, inputs: dict[str, Any], sentence: str
) -> None:
    ledger.given(**RECORDS)
    with pytest.raises(BpmnError) as refused:
        ledger.do(operation, **{**ONE, "amount": Decimal("30.01"), **inputs})
    assert refused.value.message == sentence


def test_no_code_is_left_out() -> None:
    reached = {(operation, code) for operation, code, _ in CASES}
    assert reached == {(it.name, code) for it in OPERATIONS.values() for code in it.errors}


@pytest.mark.parametrize(
    ("plural", "row", "part"),
    [
        ("accounts", {"number": "A-5", "name": "", "currency": "EUR"}, "name"),
        ("accounts", {"number": "A-5", "name": "Eve", "currency": "EURO"}, "currency"),
        ("accounts", {"number": "A-5", "name": "Eve"}, "currency"),
        ("accounts", {"number": "A-5", "name": "Eve", "currency": "EUR", "status": "gone"}, "status"),
        ("accounts", {"number": "A-5", "name": "Eve", "currency": "EUR", "high_value": "yes"}, "high_value"),
        ("accounts", {"number": "A-5", "name": "Eve", "currency": "EUR", "mail": "x"}, "mail"),
        ("invoices", {"account": "A-1", "amount": 10, "paid": 11}, "paid"),
        ("invoices", {"account": "A-1", "amount": 0}, "amount"),
        ("invoices", {"account": "A-1", "amount": Decimal("1E30")}, "amount"),
        ("invoices", {"account": "A-1", "amount": Decimal("0.001")}, "amount"),
        ("invoices", {"account": "A-9", "amount": 1}, "account"),
        ("payments", {"account": "A-1", "amount": 1, "currency": "USD"}, "currency"),
        ("stock", {"model": "m", "quantity": -1}, "quantity"),
        ("stock", {"model": "m", "quantity": 1, "price": 5}, "currency"),
        ("contracts", {"account": "A-1", "package": "p", "price": 1, "starts_on": "May"}, "starts_on"),
        ("appointments", {"account": "A-1", "starts_at": "2026-03-01T09:00:00"}, "starts_at"),
        ("shipments", {"account": "A-1", "items": [{"quantity": 1}]}, "items"),
        ("stock", {"model": "m", "quantity": 1, "reserved": 2}, "reserved"),
        ("payments", {"account": "A-1", "amount": 1, "settled": [{"invoice": "INV-1"}]}, "settled"),
        ("payments", {"account": "A-1", "amount": 1, "settled": []}, "settled"),
        (
            "amendments",
            {"account": "A-1", "contract": "CON-9", "package": "p", "price": 1, "begins_on": "2026-04-01"},
            "contract",
        ),
        ("equipment", {"serial": "s", "model": "m", "status": "assigned"}, "status"),
        ("equipment", {"serial": "s", "model": "m", "account": "A-1", "status": "returned"}, "status"),
        ("reservations", {"model": "m", "quantity": 0}, "quantity"),
        ("cards", {"account": "A-1", "card": "1111", "expires_on": "2027-01-31"}, "card"),
        ("fraud_blocks", {"type": "name", "value": "Ann", "reason": "x"}, "type"),
    ],
)
def test_a_record_from_outside_that_is_wrong_names_its_part(
    ledger: Ledger, plural: str, row: dict[str, Any], part: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ledger.given(**{plural: [row]})
    assert list(refused.value.fields) == [part]


def test_a_number_that_is_taken_and_a_second_active_contract_are_conflicts(ledger: Ledger) -> None:
    with pytest.raises(Conflict, match=r"Expected a new account, but A-1 exists\."):
        ledger.given(accounts=[{"number": "A-1", "name": "Twin", "currency": "EUR"}])
    with pytest.raises(Conflict, match="another one stands in its way"):
        ledger.given(contracts=[RECORDS["contracts"][0]] * 2)
