"""The kinds of records, and what each is made of: the same words in tables, scenarios, imports and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.records import values as read

NEEDED = object()


@dataclass(frozen=True)
class Part:
    """One value of a record: its name, how it is read, and what stands there if nobody says it."""

    name: str
    read: Callable[[Any], Any]
    default: Any = None


@dataclass(frozen=True)
class Kind:
    """A kind of record: the word for many, the part by which one is found, and how its next number begins.

    A kind without `prefix` is numbered by whoever adds it.
    """

    name: str
    plural: str
    key: str
    prefix: str | None
    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parts."""
        return tuple(part.name for part in self.parts)


def _kind(name: str, plural: str, prefix: str | None, *parts: Part, key: str = "number") -> Kind:
    head = Part(key, read.text, NEEDED if prefix is None else None)
    return Kind(name, plural, key, prefix, (head, *parts))


_ACCOUNT = Part("account", read.text, NEEDED)
_SOME_ACCOUNT = Part("account", read.text)
_AMOUNT = Part("amount", read.amount, NEEDED)
_CURRENCY = Part("currency", read.currency)  # of the account where nobody says it
_NOW = read.MOMENT_OF_ENTRY

_ALL = (
    _kind(
        "account", "accounts", None,
        Part("name", read.text, NEEDED), Part("email", read.text), Part("phone", read.text),
        Part("address", read.text), Part("area", read.text), Part("currency", read.currency, NEEDED),
        Part("status", read.one_of("active", "suspended", "closed"), "active"),
        Part("high_value", read.flag, False), Part("opened_at", read.moment, _NOW), Part("closed_at", read.moment),
    ),
    _kind(
        "contract", "contracts", "CON",
        _ACCOUNT, Part("package", read.text, NEEDED), Part("price", read.amount_or_nothing, NEEDED), _CURRENCY,
        Part("starts_on", read.day, NEEDED), Part("term_ends_on", read.day), Part("ends_on", read.day),
        Part("notice_days", read.count, 0), Part("early_fee", read.amount_or_nothing, 0),
        Part("status", read.one_of("active", "ended"), "active"),
    ),
    _kind(
        "amendment", "amendments", "AMD",
        _ACCOUNT, Part("contract", read.text, NEEDED), Part("package", read.text, NEEDED),
        Part("price", read.amount_or_nothing, NEEDED), _CURRENCY, Part("begins_on", read.day, NEEDED),
        Part("made_at", read.moment, _NOW), Part("status", read.one_of("standing", "taken_back"), "standing"),
    ),
    _kind(
        "equipment", "equipment", None,
        Part("model", read.text, NEEDED), Part("type", read.text), _SOME_ACCOUNT,
        Part("status", read.one_of("in_stock", "assigned", "returned", "written_off")),
        Part("warranty_until", read.day), Part("assigned_on", read.day), Part("repairs", read.count, 0),
        key="serial",
    ),
    _kind(
        "stock", "stock", None,
        Part("title", read.text), Part("quantity", read.count, NEEDED), Part("reserved", read.count, 0),
        Part("price", read.amount_or_nothing), Part("currency", read.currency),
        key="model",
    ),
    _kind(
        "reservation", "reservations", "RES",
        _SOME_ACCOUNT, Part("model", read.text, NEEDED), Part("quantity", read.count, 1),
        Part("status", read.one_of("held", "released", "used"), "held"), Part("made_at", read.moment, _NOW),
    ),
    _kind(
        "invoice", "invoices", "INV",
        _ACCOUNT, _AMOUNT, _CURRENCY, Part("paid", read.amount_or_nothing, 0), Part("reason", read.text, ""),
        Part("issued_at", read.moment, _NOW), Part("due_on", read.day),
        Part("status", read.one_of("open", "paid", "cancelled"), "open"),
    ),
    _kind(
        "payment", "payments", "PAY",
        _ACCOUNT, _AMOUNT, _CURRENCY, Part("refunded", read.amount_or_nothing, 0), Part("invoice", read.text),
        Part("settled", read.settlements), Part("method", read.text), Part("card", read.text),
        Part("reference", read.text),
        Part("received_at", read.moment, _NOW),
    ),
    _kind(
        "refund", "refunds", "REF",
        _ACCOUNT, Part("payment", read.text, NEEDED), _AMOUNT, _CURRENCY, Part("reason", read.text, ""),
        Part("refunded_at", read.moment, _NOW),
    ),
    _kind(
        "credit", "credits", "CRE",
        _ACCOUNT, _AMOUNT, _CURRENCY, Part("reason", read.text, ""), Part("payment", read.text),
        Part("granted_at", read.moment, _NOW),
        Part("status", read.one_of("granted", "revoked"), "granted"),
    ),
    _kind(
        "appointment", "appointments", "APP",
        _ACCOUNT, Part("starts_at", read.moment, NEEDED), Part("time_window", read.text),
        Part("skills", read.texts, ()), Part("address", read.text),
        Part("status", read.one_of("booked", "cancelled", "done"), "booked"), Part("outcome", read.text),
    ),
    _kind(
        "shipment", "shipments", "SHP",
        _ACCOUNT, Part("items", read.items, NEEDED), Part("address", read.text),
        Part("status", read.one_of("prepared", "sent", "cancelled"), "prepared"), Part("tracking", read.text),
        Part("carrier", read.text), Part("created_at", read.moment, _NOW), Part("sent_at", read.moment),
    ),
    _kind(
        "card", "cards", "CRD",
        _ACCOUNT, Part("card", read.card, NEEDED), Part("expires_on", read.day, NEEDED),
        Part("status", read.one_of("active", "stopped"), "active"),
    ),
    _kind(
        "fraud_block", "fraud_blocks", "BLK",
        Part("type", read.one_of("card", "ip"), NEEDED), Part("value", read.text, NEEDED),
        Part("reason", read.text, NEEDED), Part("status", read.one_of("blocked", "lifted"), "blocked"),
        Part("blocked_at", read.moment, _NOW), Part("lifted_at", read.moment),
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
