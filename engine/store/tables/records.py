"""What a desk keeps of its customers' matters: accounts and what belongs to them, and the operations done on these.

A record is found by its number, which people read and say; money is `numeric(20, 4)` with its currency beside. Unlike
the rows of a step, records are written by transactions that hold no instance's lock, so that PostgreSQL keeps here
what must be true: each belongs to an account that exists, no more is paid or refunded than there is, no more is
reserved than lies in stock.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    Table,
    Text,
    func,
    literal_column,
    text,
)

from engine.store.tables.columns import (
    desk_id,
    json,
    key,
    metadata,
    moment,
    number,
    one_of,
    raw,
    text_,
    texts,
)


def _place() -> Column[Any]:
    """The order in which records were added."""
    return Column("place", BigInteger, Identity(), nullable=False)


def _money(name: str, *, null: bool = False, default: str | None = None) -> Column[Any]:
    server_default = None if default is None else text(default)
    return Column(name, Numeric(20, 4), nullable=null, server_default=server_default)


def _currency(*, null: bool = False) -> Column[Any]:
    return Column("currency", CHAR(3), nullable=null)


def _day(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=null)


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["desk_id", "account"], ["account.desk_id", "account.number"])


def _by_account(table: str) -> Index:
    return Index(f"ix_{table}_account", "desk_id", "account", "place")


def _holds(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


account = Table(
    "account", metadata, desk_id(), key("number", Text), _place(),
    text_("name"), text_("email", null=True), text_("phone", null=True), text_("address", null=True),
    text_("area", null=True), _currency(), text_("status"), Column("high_value", Boolean, nullable=False),
    moment("opened_at"), moment("closed_at", null=True),
    one_of("status", "active", "suspended", "closed"),
    Index("ix_account_area", "desk_id", text("lower(area)")),
    Index("ix_account_email", "desk_id", text("lower(email)")),
    Index("ix_account_phone", "desk_id", text("regexp_replace(phone, '[^0-9]', '', 'g')")),
    Index(
        "ix_account_name", "desk_id", func.lower(literal_column("name")).label("low"),
        postgresql_ops={"low": "text_pattern_ops"},
    ),
    comment="A customer's account: what contracts, equipment, invoices and payments hang on.",
)  # fmt: skip

contract = Table(
    "contract", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), text_("package"), _money("price"), _currency(), _day("starts_on"),
    _day("term_ends_on", null=True), _day("ends_on", null=True), number("notice_days"), _money("early_fee"),
    text_("status"), one_of("status", "active", "ended"),
    _holds("price", "price >= 0"), _holds("early_fee", "early_fee >= 0"), _of_account(), _by_account("contract"),
    Index("uq_contract_active", "desk_id", "account", unique=True, postgresql_where=text("status = 'active'")),
    comment="What an account pays monthly for which package, until when, and what leaving early costs.",
)  # fmt: skip

amendment = Table(
    "amendment", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), text_("contract"), text_("package"), _money("price"), _currency(), _day("begins_on"),
    moment("made_at"), text_("status"), one_of("status", "standing", "taken_back"),
    _holds("price", "price >= 0"), _of_account(), _by_account("amendment"),
    ForeignKeyConstraint(
        ["desk_id", "contract"], ["contract.desk_id", "contract.number"], name="fk_amendment_contract"
    ),
    Index("ix_amendment_contract", "desk_id", "contract", "place"),
    comment="What an account pays for which package from a day on, since a contract was changed.",
)  # fmt: skip

equipment = Table(
    "equipment", metadata, desk_id(), key("serial", Text), _place(),
    text_("model"), text_("type", null=True), text_("account", null=True), text_("status"),
    _day("warranty_until", null=True), _day("assigned_on", null=True), number("repairs"),
    one_of("status", "in_stock", "assigned", "returned", "written_off"),
    _holds("assigned", "(status = 'assigned') = (account IS NOT NULL)"),
    _of_account(), _by_account("equipment"),
    comment="A single unit by its serial number, and with whom it is.",
)  # fmt: skip

stock = Table(
    "stock", metadata, desk_id(), key("model", Text), _place(),
    text_("title", null=True), number("quantity"), number("reserved"), _money("price", null=True),
    _currency(null=True),
    _holds("reserved", "reserved BETWEEN 0 AND quantity"),
    comment="How many units of a model there are, and how many of them are held for somebody.",
)  # fmt: skip

reservation = Table(
    "reservation", metadata, desk_id(), key("number", Text), _place(),
    text_("account", null=True), text_("model"), number("quantity"), text_("status"), moment("made_at"),
    one_of("status", "held", "released", "used"), _holds("quantity", "quantity > 0"),
    _of_account(), _by_account("reservation"),
    comment="Units of a model that are held for somebody.",
)  # fmt: skip

invoice = Table(
    "invoice", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), _money("amount"), _currency(), _money("paid"), text_("reason"), moment("issued_at"),
    _day("due_on", null=True), text_("status"),
    one_of("status", "open", "paid", "cancelled"), _holds("amount", "amount > 0"),
    _holds("paid", "paid BETWEEN 0 AND amount"),
    _of_account(), _by_account("invoice"),
    comment="What an account was charged, and what of it was paid.",
)  # fmt: skip

payment = Table(
    "payment", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), _money("amount"), _currency(), _money("refunded"), text_("invoice", null=True),
    json("settled", null=True), text_("method", null=True), text_("card", null=True), text_("reference", null=True),
    moment("received_at"),
    _holds("amount", "amount > 0"), _holds("refunded", "refunded BETWEEN 0 AND amount"),
    _of_account(), _by_account("payment"),
    Index(
        "uq_payment_reference", "desk_id", "account", "reference", unique=True,
        postgresql_where=text("reference IS NOT NULL"),
    ),
    comment="What an account has paid, and what of it was refunded. Of a card only brand and last digits.",
)  # fmt: skip

refund = Table(
    "refund", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), text_("payment"), _money("amount"), _currency(), text_("reason"), moment("refunded_at"),
    _holds("amount", "amount > 0"),
    _of_account(), _by_account("refund"),
    comment="What was paid back of a payment.",
)  # fmt: skip

credit = Table(
    "credit", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), _money("amount"), _currency(), text_("reason"), text_("payment", null=True),
    moment("granted_at"), text_("status"),
    one_of("status", "granted", "revoked"), _holds("amount", "amount > 0"),
    _of_account(), _by_account("credit"),
    comment="What an account has in its favour without having paid it.",
)  # fmt: skip

appointment = Table(
    "appointment", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), moment("starts_at"), text_("time_window", null=True), texts("skills"),
    text_("address", null=True), text_("status"), text_("outcome", null=True),
    one_of("status", "booked", "cancelled", "done"),
    _of_account(), _by_account("appointment"),
    comment="When somebody comes to a customer.",
)  # fmt: skip

shipment = Table(
    "shipment", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), json("items"), text_("address", null=True), text_("status"), text_("tracking", null=True),
    text_("carrier", null=True), moment("created_at"), moment("sent_at", null=True),
    one_of("status", "prepared", "sent", "cancelled"),
    _of_account(), _by_account("shipment"),
    comment="What is sent to a customer.",
)  # fmt: skip

card = Table(
    "card", metadata, desk_id(), key("number", Text), _place(),
    text_("account"), text_("card"), _day("expires_on"), text_("status"),
    one_of("status", "active", "stopped"), _of_account(), _by_account("card"),
    Index("ix_card_card", "desk_id", "card", "expires_on"),
    comment="A card of an account by its token: brand, last four digits, until when it is valid; never its number.",
)  # fmt: skip

fraud_block = Table(
    "fraud_block", metadata, desk_id(), key("number", Text), _place(),
    text_("type"), text_("value"), text_("reason"), text_("status"), moment("blocked_at"),
    moment("lifted_at", null=True),
    one_of("type", "card", "ip"), one_of("status", "blocked", "lifted"),
    Index(
        "uq_fraud_block_value", "desk_id", "type", "value", unique=True, postgresql_where=text("status = 'blocked'")
    ),
    comment="A card (by its token) or an IP address with which nothing may be bought until the block is lifted.",
)  # fmt: skip

record_number = Table(
    "record_number", metadata, desk_id(), key("kind", Text), number("last"),
    comment="The last number given to records of a kind.",
)  # fmt: skip

record_operation = Table(
    "record_operation", metadata, desk_id(), key("key"), key("part", Text), _place(),
    text_("operation"), raw("inputs_hash"), json("answer", null=True), moment("done_at"),
    number("ticket_number", null=True), text_("account", null=True),
    Index("ix_record_operation_account", "desk_id", "account", "place"),
    comment="An operation that was done on records, with its answer: the same key is done once.",
)  # fmt: skip
