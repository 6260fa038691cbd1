"""What service tasks named after operations on records do: each does that operation, under its job's key.

A desk that keeps these matters elsewhere names a connector for the area in its pack.toml, or replaces single handlers
in its own services.py, where a handler of the same type wins.
"""

from __future__ import annotations

from typing import Any

from engine.services import Job, handler


@handler("account.find")
def find_account(job: Job) -> dict[str, Any]:
    """Find one account by its number, else by its mail address, else by its phone number."""
    return job.records.do("account.find", job.inputs)


@handler("account.list")
def list_accounts(job: Job) -> dict[str, Any]:
    """List the accounts of an area."""
    return job.records.do("account.list", job.inputs)


@handler("account.close")
def close_account(job: Job) -> dict[str, Any]:
    """Close an account."""
    return job.records.do("account.close", job.inputs)


@handler("account.reopen")
def reopen_account(job: Job) -> dict[str, Any]:
    """Open a closed account again."""
    return job.records.do("account.reopen", job.inputs)


@handler("account.suspend")
def suspend_account(job: Job) -> dict[str, Any]:
    """Suspend an account's service."""
    return job.records.do("account.suspend", job.inputs)


@handler("account.reactivate")
def reactivate_account(job: Job) -> dict[str, Any]:
    """Let a suspended account's service go on."""
    return job.records.do("account.reactivate", job.inputs)


@handler("contract.terms")
def contract_terms(job: Job) -> dict[str, Any]:
    """Tell an account's contract."""
    return job.records.do("contract.terms", job.inputs)


@handler("contract.final_charges")
def final_charges(job: Job) -> dict[str, Any]:
    """Tell what leaving on a date costs."""
    return job.records.do("contract.final_charges", job.inputs)


@handler("contract.start")
def start_contract(job: Job) -> dict[str, Any]:
    """Begin an account's contract, today or on a date."""
    return job.records.do("contract.start", job.inputs)


@handler("contract.change")
def change_contract(job: Job) -> dict[str, Any]:
    """Change the package and the monthly price, from today or a date on."""
    return job.records.do("contract.change", job.inputs)


@handler("contract.revert")
def revert_contract(job: Job) -> dict[str, Any]:
    """Take a change of a contract back, as if it had never been made."""
    return job.records.do("contract.revert", job.inputs)


@handler("contract.end")
def end_contract(job: Job) -> dict[str, Any]:
    """End an account's contract on a date."""
    return job.records.do("contract.end", job.inputs)


@handler("contract.resume")
def resume_contract(job: Job) -> dict[str, Any]:
    """Let an ended contract go on."""
    return job.records.do("contract.resume", job.inputs)


@handler("equipment.of")
def equipment_of(job: Job) -> dict[str, Any]:
    """List the units that an account has, each with serial, model, type, in_warranty, warranty_until, repairs."""
    return job.records.do("equipment.of", job.inputs)


@handler("equipment.look_up")
def look_up_equipment(job: Job) -> dict[str, Any]:
    """Tell what is known of a unit."""
    return job.records.do("equipment.look_up", job.inputs)


@handler("equipment.assign")
def assign_equipment(job: Job) -> dict[str, Any]:
    """Give a unit to an account, taking it from stock."""
    return job.records.do("equipment.assign", job.inputs)


@handler("equipment.return")
def return_equipment(job: Job) -> dict[str, Any]:
    """Take a unit back from its account."""
    return job.records.do("equipment.return", job.inputs)


@handler("equipment.write_off")
def write_off_equipment(job: Job) -> dict[str, Any]:
    """Write a unit off, wherever it is."""
    return job.records.do("equipment.write_off", job.inputs)


@handler("equipment.repaired")
def count_repair(job: Job) -> dict[str, Any]:
    """Count one more repair of a unit."""
    return job.records.do("equipment.repaired", job.inputs)


@handler("stock.check")
def check_stock(job: Job) -> dict[str, Any]:
    """Tell whether a quantity of a model (1 unless said) is free, how many are, and their price."""
    return job.records.do("stock.check", job.inputs)


@handler("stock.reserve")
def reserve_stock(job: Job) -> dict[str, Any]:
    """Hold a quantity of a model (1 unless said), for an account if one is named."""
    return job.records.do("stock.reserve", job.inputs)


@handler("stock.release")
def release_stock(job: Job) -> dict[str, Any]:
    """Give back what a reservation still holds."""
    return job.records.do("stock.release", job.inputs)


@handler("stock.issue")
def issue_stock(job: Job) -> dict[str, Any]:
    """Take out of stock what a reservation still holds, because it was sent or handed over."""
    return job.records.do("stock.issue", job.inputs)


@handler("stock.receive")
def receive_stock(job: Job) -> dict[str, Any]:
    """Count units (1 unless said) of a model that came in."""
    return job.records.do("stock.receive", job.inputs)


@handler("invoice.open_of")
def open_invoices(job: Job) -> dict[str, Any]:
    """List an account's open invoices, each with invoice, amount, open, currency, reason, due_on."""
    return job.records.do("invoice.open_of", job.inputs)


@handler("invoice.reckon")
def reckon_price(job: Job) -> dict[str, Any]:
    """Tell what a quantity (1 unless said) comes to, and what of it is left after a reduction in percent."""
    return job.records.do("invoice.reckon", job.inputs)


@handler("invoice.charge")
def charge_invoice(job: Job) -> dict[str, Any]:
    """Charge an account an amount."""
    return job.records.do("invoice.charge", job.inputs)


@handler("invoice.cancel")
def cancel_invoice(job: Job) -> dict[str, Any]:
    """Cancel an invoice of which nothing was paid."""
    return job.records.do("invoice.cancel", job.inputs)


@handler("payment.history")
def payment_history(job: Job) -> dict[str, Any]:
    """List an account's payments, the oldest first."""
    return job.records.do("payment.history", job.inputs)


@handler("payment.record")
def record_payment(job: Job) -> dict[str, Any]:
    """Record a payment, of an invoice if one is named."""
    return job.records.do("payment.record", job.inputs)


@handler("payment.refund")
def refund_payment(job: Job) -> dict[str, Any]:
    """Pay an amount back."""
    return job.records.do("payment.refund", job.inputs)


@handler("credit.grant")
def grant_credit(job: Job) -> dict[str, Any]:
    """Credit an account with an amount."""
    return job.records.do("credit.grant", job.inputs)


@handler("credit.revoke")
def revoke_credit(job: Job) -> dict[str, Any]:
    """Take a credit back."""
    return job.records.do("credit.revoke", job.inputs)


@handler("appointment.book")
def book_appointment(job: Job) -> dict[str, Any]:
    """Book a visit that begins at a moment to come (a date alone is its midnight at the desk)."""
    return job.records.do("appointment.book", job.inputs)


@handler("appointment.cancel")
def cancel_appointment(job: Job) -> dict[str, Any]:
    """Cancel a booked visit."""
    return job.records.do("appointment.cancel", job.inputs)


@handler("appointment.done")
def finish_appointment(job: Job) -> dict[str, Any]:
    """Note that a visit has taken place, and what came of it."""
    return job.records.do("appointment.done", job.inputs)


@handler("shipment.create")
def create_shipment(job: Job) -> dict[str, Any]:
    """Prepare a shipment of models with quantities."""
    return job.records.do("shipment.create", job.inputs)


@handler("shipment.cancel")
def cancel_shipment(job: Job) -> dict[str, Any]:
    """Cancel a shipment that was not sent yet."""
    return job.records.do("shipment.cancel", job.inputs)


@handler("shipment.sent")
def send_shipment(job: Job) -> dict[str, Any]:
    """Note that a shipment is on its way."""
    return job.records.do("shipment.sent", job.inputs)


@handler("fraud.check")
def check_fraud(job: Job) -> dict[str, Any]:
    """Tell whether a card or an IP address is blocked, which of them, and why."""
    return job.records.do("fraud.check", job.inputs)


@handler("fraud.block")
def block_fraud(job: Job) -> dict[str, Any]:
    """Block a card (by its token) or an IP address."""
    return job.records.do("fraud.block", job.inputs)


@handler("fraud.lift")
def lift_block(job: Job) -> dict[str, Any]:
    """Lift a block."""
    return job.records.do("fraud.lift", job.inputs)


@handler("card.register")
def register_card(job: Job) -> dict[str, Any]:
    """Register a card of an account."""
    return job.records.do("card.register", job.inputs)


@handler("card.of")
def cards_of(job: Job) -> dict[str, Any]:
    """List an account's cards, each with card (its token), shown, expires_on, status."""
    return job.records.do("card.of", job.inputs)


@handler("card.check")
def check_card(job: Job) -> dict[str, Any]:
    """Tell whether a card's number was checked, and whether it has expired, was stopped, or is on the fraud list."""
    return job.records.do("card.check", job.inputs)


@handler("card.stop")
def stop_card(job: Job) -> dict[str, Any]:
    """Note that a card is not to be charged any more: it was lost, or its bank refuses it."""
    return job.records.do("card.stop", job.inputs)


@handler("card.charge")
def charge_card(job: Job) -> dict[str, Any]:
    """Charge a card an amount: an invoice that is paid by it at once."""
    return job.records.do("card.charge", job.inputs)
