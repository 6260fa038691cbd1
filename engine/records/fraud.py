"""The fraud list: cards and IP addresses with which nothing may be bought, until a block is lifted.

A card is blocked by its token. The same card is blocked under every other token, too: those of the same brand and
last four digits that are valid until the same day. The number itself, which would tell for sure, is kept nowhere.
"""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput
from engine.records.book import Book, Row
from engine.records.errors import refusal
from engine.records.inputs import Inputs
from engine.records.operation import operation


def card_called(book: Book, number: str) -> Row:
    """Return a card by its token. Raises the BPMN error card_unknown."""
    card = book.find("card", number)
    if card is None:
        raise refusal("card_unknown", f"Expected a card, but there is no {number}.")
    return card


def block_of_card(book: Book, card: Row) -> Row | None:
    """Return what blocks a card, under whatever token, or None."""
    alike = book.glance("card", card=card["card"], expires_on=card["expires_on"])
    return next((it for twin in alike if (it := _block(book, "card", twin["number"]))), None)


def _block(book: Book, kind: str, value: str) -> Row | None:
    found = book.glance("fraud_block", type=kind, value=value, status="blocked")
    return found[0] if found else None


@operation("fraud.check", "card? ip?", "blocked type reason", "card_unknown ip_invalid", reads=True)
def check(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Tell whether a card or an IP address is blocked, which of them, and why."""
    card, found = inputs.maybe_text("card"), None
    if card is not None:
        found = block_of_card(book, card_called(book, card))
    if found is None and inputs.maybe_text("ip") is not None:
        found = _block(book, "ip", inputs.ip("ip"))
    names = ("type", "reason")
    return {"blocked": found is not None, **{name: found[name] if found else None for name in names}}


@operation(
    "fraud.block", "type value reason", "block type value status", "card_unknown ip_invalid block_exists"
)
def block(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Block a card (by its token) or an IP address. Taken back by fraud.lift."""
    kind = inputs.text("type")
    if kind not in ("card", "ip"):
        raise InvalidInput(f"Expected the input “type” of fraud.block to be card or ip, but it is {kind}.")
    value = card_called(book, inputs.text("value"))["number"] if kind == "card" else inputs.ip("value")
    if _block(book, kind, value) is not None:
        raise refusal("block_exists", f"Expected {value} not to be blocked yet, but it is.")
    made = book.add(
        "fraud_block",
        type=kind,
        value=value,
        reason=inputs.text("reason"),
        status="blocked",
        blocked_at=book.now,
    )
    return _told(made)


@operation("fraud.lift", "block", "block type value status", "block_unknown block_lifted")
def lift(book: Book, inputs: Inputs) -> dict[str, Any]:
    """Lift a block."""
    number = inputs.text("block")
    found = book.find("fraud_block", number)
    if found is None:
        raise refusal("block_unknown", f"Expected a block, but there is no {number}.")
    if found["status"] == "lifted":
        raise refusal("block_lifted", f"Expected {number} to stand, but it was lifted.")
    return _told(book.change("fraud_block", found, status="lifted", lifted_at=book.now))


def _told(block: Row) -> dict[str, Any]:
    return {"block": block["number"], **{name: block[name] for name in ("type", "value", "status")}}
