"""The BPMN errors of operations: every code, in words, and the one way to raise one."""

from __future__ import annotations

from typing import Any

from engine.services import BpmnError

CODES = {
    "account_ambiguous": "Several accounts have this mail address or phone number.",
    "account_closed": "The account is closed.",
    "account_not_closed": "The account is not closed, so it can't be reopened.",
    "account_not_suspended": "The account is not suspended, so it can't be reactivated.",
    "account_suspended": "The account is suspended already.",
    "account_unknown": "There is no such account.",
    "already_refunded": "What was paid has been refunded in full.",
    "amendment_taken_back": "The change of the contract was taken back already.",
    "amendment_unknown": "There is no such change of a contract.",
    "amount_above_open": "The payment is more than what is open of its invoice.",
    "amount_above_paid": "The refund is more than what is left of the payment.",
    "amount_invalid": "The amount is not more than 0, too large, or has more decimals than its currency.",
    "appointment_closed": "The appointment was cancelled or has taken place.",
    "appointment_unknown": "There is no such appointment.",
    "block_exists": "The card or IP address is blocked already.",
    "block_lifted": "The block was lifted already.",
    "block_unknown": "There is no such block.",
    "card_invalid": "The card number has no right check digit.",
    "card_refused": "The card is on the fraud list, has expired, was stopped, or its number was never checked.",
    "card_unknown": "There is no such card.",
    "contract_active": "The account has a contract that goes on.",
    "contract_ended": "The contract has ended already.",
    "contract_not_ended": "The contract has not ended, so it can't be resumed.",
    "contract_unknown": "The account has no contract.",
    "credit_revoked": "The credit was revoked already.",
    "credit_unknown": "There is no such credit.",
    "currency_mismatch": "The amount is in another currency than the account.",
    "date_invalid": "The date is none, or lies where it may not.",
    "invoice_cancelled": "The invoice was cancelled.",
    "invoice_paid": "The invoice was paid, in part or in full.",
    "invoice_unknown": "There is no such invoice.",
    "ip_invalid": "The IP address is none.",
    "items_invalid": "There is nothing to ship.",
    "model_unknown": "There is no stock of such a model.",
    "out_of_stock": "Less is free than was asked for.",
    "payment_recorded": "A payment with this reference was recorded before.",
    "payment_unknown": "There is no such payment.",
    "quantity_invalid": "The quantity is not a whole number from 1 to 1,000,000.",
    "reservation_closed": "The reservation was released or used.",
    "reservation_unknown": "There is no such reservation.",
    "serial_in_use": "The unit is with an account already.",
    "serial_not_assigned": "The unit is with no account.",
    "serial_unknown": "There is no unit with this serial number.",
    "serial_written_off": "The unit was written off.",
    "shipment_closed": "The shipment was sent or cancelled.",
    "shipment_unknown": "There is no such shipment.",
}


def refusal(code: str, sentence: str, **variables: Any) -> BpmnError:
    """Return the BPMN error of a code, with what is the matter this time."""
    assert code in CODES, code
    return BpmnError(code, sentence, variables)
