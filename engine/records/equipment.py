"""Equipment: single units by serial number, with whom they are and whether they are under warranty."""

from __future__ import annotations

from typing import Any

from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation
from engine.records.stock import held, take


def _unit(book: Book, inputs: Inputs) -> Row:
    serial = inputs.text("serial")
    unit = book.find("equipment", serial)
    if unit is None:
        raise refusal(
            "serial_unknown", f"Expected a unit with the serial number {serial}, but there is none."
        )
    return unit


@operation("equipment.of", "account", "equipment", "account_unknown", reads=True)
def of(book: Book, inputs: Inputs) -> dict[str, Any]:
    """List the units that an account has, each with serial, model, type, in_warranty, warranty_until, repairs."""
    account = account_of(book, inputs)
    units = book.all("equipment", account=account["number"], status="assigned")
    return {"equipment": [_shown(book, unit) for unit in units]}


@operation(
    "equipment.look_up",
    "serial",
    "serial model type status account in_warranty warranty_until age_days repairs",
    "serial_unknown",
    reads=True,
)
def look_up(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell what is known of a unit: warranty, age in days since it was assigned, how often it was repaired."""
    unit = _unit(book, inputs)
    age = (book.today - unit["assigned_on"]).days if unit["assigned_on"] else None
    return {**_shown(book, unit), "status": unit["status"], "account": unit["account"], "age_days": age}


def _shown(book: Book, unit: Row) -> dict[str, Any]:
    until = unit["warranty_until"]
    return {
        "serial": unit["serial"],
        "model": unit["model"],
        "type": unit["type"],
        "in_warranty": until is not None and book.today <= until,
        "warranty_until": until,
        "repairs": unit["repairs"],
    }


@operation(
    "equipment.assign",
    "account serial reservation?",
    "serial model account assigned_on",
    "account_unknown account_closed serial_unknown serial_in_use serial_written_off"
    " reservation_unknown reservation_closed out_of_stock",
)
def assign(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Give a unit to an account, taking it from stock: from the reservation, else from what is free.

    A model that has no stock record is not counted. Taken back by equipment.return.
    """
    account, unit = open_account(book, inputs), _unit(book, inputs)
    if unit["status"] == "assigned":
        sentence = f"Expected {unit['serial']} to be free, but {unit['account']} has it."
        raise refusal(
            "serial_in_use", f"{sentence} Take it back first (equipment.return), or give another unit."
        )
    if unit["status"] == "written_off":
        raise refusal(
            "serial_written_off", f"Expected {unit['serial']} to be usable, but it was written off."
        )
    number = inputs.maybe_text("reservation")
    if unit["status"] == "in_stock" or number is not None:
        take(book, unit["model"], held(book, number) if number is not None else None)
    changed = book.change(
        "equipment", unit, status="assigned", account=account["number"], assigned_on=book.today
    )
    return {name: changed[name] for name in ("serial", "model", "account", "assigned_on")}


@operation("equipment.return", "serial", "serial model status account", "serial_unknown serial_not_assigned")
def give_back(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Take a unit back from its account. It counts as stock again only by stock.receive, once it was checked."""
    return _taken_from(book, inputs, "returned")


@operation(
    "equipment.write_off",
    "serial reason?",
    "serial model status account",
    "serial_unknown serial_written_off",
)
def write_off(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Write a unit off, wherever it is; an account that has it keeps it no longer."""
    return _taken_from(book, inputs, "written_off")


def _taken_from(book: Book, inputs: Inputs, status: str) -> dict[str, Any]:
    unit = _unit(book, inputs)
    if unit["status"] == "written_off":
        raise refusal("serial_written_off", f"Expected {unit['serial']} in use, but it was written off.")
    if status == "returned" and unit["status"] != "assigned":
        raise refusal("serial_not_assigned", f"Expected {unit['serial']} with an account, but nobody has it.")
    book.change("equipment", unit, status=status, account=None)
    return {"serial": unit["serial"], "model": unit["model"], "status": status, "account": unit["account"]}


@operation("equipment.repaired", "serial", "serial repairs", "serial_unknown serial_written_off")
def repaired(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Count one more repair of a unit."""
    unit = _unit(book, inputs)
    if unit["status"] == "written_off":
        raise refusal("serial_written_off", f"Expected {unit['serial']} in use, but it was written off.")
    changed = book.change("equipment", unit, repairs=unit["repairs"] + 1)
    return {"serial": changed["serial"], "repairs": changed["repairs"]}
