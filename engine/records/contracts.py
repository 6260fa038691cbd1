"""Contracts: what an account pays monthly for which package, until when, and what leaving costs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.money import pro_rata
from engine.records.accounts import account_of, open_account
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.invoices import open_of
from engine.records.operation import operation
from engine.records.terms import amendments_of, as_on, cost, next_after

_NOTHING = Decimal(0)


def contract_of(book: Book, account: Row) -> Row:
    """Return an account's contract: the active one, else the newest. Raises the BPMN error contract_unknown."""
    contracts = book.all("contract", account=account["number"])
    if not contracts:
        raise refusal("contract_unknown", f"Expected a contract of {account['number']}, but it has none.")
    return next((it for it in contracts if it["status"] == "active"), contracts[-1])


def _active(book: Book, account: Row) -> Row:
    contract = contract_of(book, account)
    if contract["status"] == "ended":
        raise refusal(
            "contract_ended", f"Expected contract {contract['number']} to be active, but it has ended."
        )
    return contract


@operation(
    "contract.terms",
    "account",
    "contract package price currency status starts_on term_ends_on ends_on in_term notice_days earliest_end"
    " early_fee next_package next_price next_on",
    "account_unknown contract_unknown",
    reads=True,
)
def terms(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell an account's contract, with the package and price of today; `next_on` is the day of a planned change.

    `earliest_end` is today and the days of notice. `early_fee` is what ending then costs: 0 once the agreed term is
    over by that date, which `in_term` tells.
    """
    began = contract_of(book, account_of(book, inputs))
    amendments = amendments_of(book, began)
    contract = as_on(began, amendments, book.today)
    day, after = next_after(began, amendments, book.today) or (None, {})
    earliest = book.today + timedelta(days=contract["notice_days"])
    names = ("package", "price", "currency", "status", "starts_on", "term_ends_on", "ends_on", "notice_days")
    return {
        "contract": contract["number"],
        **{name: contract[name] for name in names},
        "in_term": _in_term(contract, earliest),
        "earliest_end": earliest,
        "early_fee": _early_fee(contract, earliest),
        "next_package": after.get("package"),
        "next_price": after.get("price"),
        "next_on": day,
    }


def _not_before(contract: Row, day: date) -> None:
    if day < contract["starts_on"]:
        raise refusal("date_invalid", f"Expected a date from {contract['starts_on']} on, but it is {day}.")


def _in_term(contract: Row, end: date) -> bool:
    return contract["term_ends_on"] is not None and end < contract["term_ends_on"]


def _early_fee(contract: Row, end: date) -> Decimal:
    fee: Decimal = contract["early_fee"]
    return fee if _in_term(contract, end) else _NOTHING


@operation(
    "contract.final_charges",
    "account date",
    "contract prorata early_fee unpaid total currency unreturned",
    "account_unknown contract_unknown date_invalid",
    reads=True,
)
def final_charges(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell what leaving on a date costs.

    `prorata` is the price of the days of that date's month, up to it (per day of the calendar month, each day at the
    price that it has, halves up);
    `unpaid` what is open of invoices; `unreturned` the serial numbers of the units that the account still has.
    """
    account = account_of(book, inputs)
    contract, end = contract_of(book, account), inputs.day("date", book)
    _not_before(contract, end)
    first = max(end.replace(day=1), contract["starts_on"])
    prorata = cost(contract, amendments_of(book, contract), first, end)
    unpaid = sum((it["amount"] - it["paid"] for it in open_of(book, account)), _NOTHING)
    units = book.all("equipment", account=account["number"], status="assigned")
    return {
        "contract": contract["number"],
        "prorata": prorata,
        "early_fee": _early_fee(contract, end),
        "unpaid": unpaid,
        "total": prorata + _early_fee(contract, end) + unpaid,
        "currency": contract["currency"],
        "unreturned": [unit["serial"] for unit in units],
    }


@operation(
    "contract.start",
    "account package price currency date?",
    "contract package price currency starts_on prorata",
    "account_unknown account_closed contract_active amount_invalid currency_mismatch date_invalid",
)
def start(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Begin an account's contract, today or on a date. Taken back by contract.end.

    `prorata` is the price of the days of that date's month, from it on (per day of the calendar month, halves up).
    """
    account = open_account(book, inputs)
    going_on = book.all("contract", account=account["number"], status="active")
    if going_on:
        sentence = f"Expected no contract of {account['number']}, but {going_on[0]['number']} goes on."
        raise refusal("contract_active", sentence)
    price, begin = inputs.amount(account, "price"), inputs.maybe_day("date", book) or book.today
    made = book.add(
        "contract",
        account=account["number"],
        package=inputs.text("package"),
        price=price,
        currency=account["currency"],
        starts_on=begin,
        notice_days=0,
        early_fee=_NOTHING,
        status="active",
    )
    names = ("package", "price", "currency", "starts_on")
    last = begin.replace(day=monthrange(begin.year, begin.month)[1])
    rest = pro_rata(price, account["currency"], begin, last)
    return {"contract": made["number"], **{name: made[name] for name in names}, "prorata": rest}


@operation(
    "contract.change",
    "account package price currency date?",
    "contract amendment package price currency old_package old_price from prorata",
    "account_unknown account_closed contract_unknown contract_ended amount_invalid currency_mismatch date_invalid",
)
def change(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Change the package and the monthly price, from today or a date on; until then all stays as it was.

    `old_package` and `old_price` are what would hold on that date otherwise, `prorata` is how much more (or less) the
    rest of its month costs. Taken back by contract.revert, also once it has begun.
    """
    account = open_account(book, inputs)
    contract = _active(book, account)
    amendments = amendments_of(book, contract)
    made = book.add(
        "amendment",
        account=account["number"],
        contract=contract["number"],
        package=inputs.text("package"),
        price=inputs.amount(account, "price", least=_NOTHING),
        currency=contract["currency"],
        begins_on=_beginning(book, inputs, contract),
        made_at=book.now,
        status="standing",
    )
    begin = made["begins_on"]
    last = begin.replace(day=monthrange(begin.year, begin.month)[1])
    before, after = (cost(contract, known, begin, last) for known in (amendments, [*amendments, made]))
    old = as_on(contract, amendments, begin)
    return {
        "amendment": made["number"],
        **{name: made[name] for name in ("contract", "package", "price", "currency")},
        **{f"old_{name}": old[name] for name in ("package", "price")},
        "from": begin,
        "prorata": after - before,
    }


def _beginning(book: Book, inputs: Inputs, contract: Row) -> date:
    begin = inputs.maybe_day("date", book) or book.today
    _not_before(contract, begin)
    return begin


@operation(
    "contract.revert",
    "amendment reason?",
    "amendment contract status package price currency",
    "amendment_unknown amendment_taken_back",
)
def revert(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Take a change of a contract back, as if it had never been made; `package` and `price` are those of today."""
    number = inputs.text("amendment")
    found = book.find("amendment", number)
    if found is None:
        raise refusal("amendment_unknown", f"Expected a change of a contract, but there is no {number}.")
    if found["status"] == "taken_back":
        raise refusal("amendment_taken_back", f"Expected change {number} to stand, but it was taken back.")
    book.change("amendment", found, status="taken_back")
    (contract,) = book.all("contract", number=found["contract"])
    today = as_on(contract, amendments_of(book, contract), book.today)
    return {
        "amendment": number,
        "contract": contract["number"],
        "status": "taken_back",
        **{name: today[name] for name in ("package", "price", "currency")},
    }


@operation(
    "contract.end",
    "account date",
    "contract status ends_on",
    "account_unknown contract_unknown contract_ended date_invalid",
)
def end(book: Book, inputs: Inputs) -> dict[str, Any]:
    """End an account's contract on a date. Taken back by contract.resume."""
    contract, day = _active(book, account_of(book, inputs)), inputs.day("date", book)
    _not_before(contract, day)
    return _ending(book.change("contract", contract, status="ended", ends_on=day))


@operation(
    "contract.resume",
    "account",
    "contract status ends_on",
    "account_unknown account_closed contract_unknown contract_not_ended",
)
def resume(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Let an ended contract go on."""
    contract = contract_of(book, open_account(book, inputs))
    if contract["status"] != "ended":
        raise refusal("contract_not_ended", f"Expected {contract['number']} to have ended, but it goes on.")
    return _ending(book.change("contract", contract, status="active", ends_on=None))


def _ending(contract: Row) -> dict[str, Any]:
    return {"contract": contract["number"], "status": contract["status"], "ends_on": contract["ends_on"]}
