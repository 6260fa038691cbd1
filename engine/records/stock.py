"""Stock: how many units of a model there are, and how many of them are promised to somebody."""

from __future__ import annotations

from typing import Any

from engine.records.accounts import account_of
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


def _stock(book: Book, inputs: Inputs) -> Row:
    model = inputs.text("model")
    stock = book.find("stock", model)
    if stock is None:
        raise refusal("model_unknown", f"Expected stock of the model {model}, but none is kept.")
    return stock


def _free(stock: Row) -> int:
    return int(stock["quantity"] - stock["reserved"])


def held(book: Book, number: str) -> Row:
    """Return a reservation that still holds. Raises reservation_unknown, reservation_closed."""
    reservation = book.find("reservation", number)
    if reservation is None:
        raise refusal("reservation_unknown", f"Expected a reservation, but there is no {number}.")
    if reservation["status"] != "held":
        raise refusal("reservation_closed", f"Expected {number} to hold, but it was {reservation['status']}.")
    return reservation


def take(book: Book, model: str, reservation: Row | None) -> None:
    """Take one unit out of stock, reserved or free. Raises out_of_stock, reservation_closed."""
    if reservation is not None and reservation["model"] != model:
        sentence = (
            f"Expected a reservation of {model}, but {reservation['number']} is of {reservation['model']}."
        )
        raise refusal("reservation_closed", sentence)
    stock = book.find("stock", model)
    if stock is None:
        return
    if reservation is None:
        if _free(stock) < 1:
            raise refusal("out_of_stock", f"Expected a free unit of {model}, but there is none.")
        book.change("stock", stock, quantity=stock["quantity"] - 1)
        return
    left = reservation["quantity"] - 1
    book.change("stock", stock, quantity=stock["quantity"] - 1, reserved=stock["reserved"] - 1)
    book.change("reservation", reservation, quantity=max(left, 1), status="held" if left else "used")


@operation(
    "stock.check",
    "model quantity?",
    "model in_stock available on_hand reserved price currency",
    "model_unknown quantity_invalid",
    reads=True,
)
def check(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell whether a quantity of a model (1 unless said) is free, how many are, and their price."""
    stock, quantity = _stock(book, inputs), inputs.quantity("quantity")
    return {
        "model": stock["model"],
        "in_stock": _free(stock) >= quantity,
        "available": _free(stock),
        "on_hand": stock["quantity"],
        "reserved": stock["reserved"],
        "price": stock["price"],
        "currency": stock["currency"],
    }


@operation(
    "stock.reserve",
    "model quantity? account?",
    "reservation model quantity available",
    "model_unknown out_of_stock quantity_invalid account_unknown",
)
def reserve(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Hold a quantity of a model (1 unless said), for an account if one is named. Taken back by stock.release."""
    account = account_of(book, inputs)["number"] if inputs.maybe_text("account") else None
    stock, quantity = _stock(book, inputs), inputs.quantity("quantity")
    if _free(stock) < quantity:
        sentence = f"Expected {quantity} of {stock['model']} to be free, but there are {_free(stock)}."
        raise refusal("out_of_stock", sentence, available=_free(stock))
    changed = book.change("stock", stock, reserved=stock["reserved"] + quantity)
    made = book.add(
        "reservation",
        model=stock["model"],
        quantity=quantity,
        account=account,
        status="held",
        made_at=book.now,
    )
    return {
        "reservation": made["number"],
        "model": stock["model"],
        "quantity": quantity,
        "available": _free(changed),
    }


@operation(
    "stock.release",
    "reservation",
    "reservation model quantity available",
    "reservation_unknown reservation_closed",
)
def release(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Give back what a reservation still holds."""
    reservation = held(book, inputs.text("reservation"))
    stock = book.find("stock", reservation["model"])
    book.change("reservation", reservation, status="released")
    if stock is not None:
        stock = book.change("stock", stock, reserved=stock["reserved"] - reservation["quantity"])
    return {
        "reservation": reservation["number"],
        "model": reservation["model"],
        "quantity": reservation["quantity"],
        "available": _free(stock) if stock is not None else 0,
    }


@operation(
    "stock.issue",
    "reservation",
    "reservation model quantity on_hand",
    "reservation_unknown reservation_closed",
)
def issue(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Take out of stock what a reservation still holds, because it was sent or handed over."""
    reservation = held(book, inputs.text("reservation"))
    stock, quantity = book.find("stock", reservation["model"]), reservation["quantity"]
    book.change("reservation", reservation, status="used")
    if stock is not None:
        left = {name: stock[name] - quantity for name in ("quantity", "reserved")}
        stock = book.change("stock", stock, **left)
    return {
        "reservation": reservation["number"],
        "model": reservation["model"],
        "quantity": quantity,
        "on_hand": stock["quantity"] if stock is not None else 0,
    }


@operation("stock.receive", "model quantity?", "model quantity available", "model_unknown quantity_invalid")
def receive(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Count units (1 unless said) of a model that came in."""
    stock, quantity = _stock(book, inputs), inputs.quantity("quantity")
    changed = book.change("stock", stock, quantity=stock["quantity"] + quantity)
    return {"model": stock["model"], "quantity": quantity, "available": _free(changed)}
