"""Desks, and who works, asks and logs in at them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from engine.store.tables.columns import (
    desk_id,
    key,
    metadata,
    moment,
    number,
    of_desk,
    raw,
    text_,
    texts,
    uuid,
)

desk = Table(
    "desk",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    text_("key"),
    text_("title"),
    text_("pack"),
    text_("time_zone"),
    moment("created_at"),
    UniqueConstraint("key"),
    comment="An organisation at work.",
)

ticket_counter = Table(
    "ticket_counter",
    metadata,
    Column("desk_id", Integer, primary_key=True, autoincrement=False),
    number("last"),
    comment="The last ticket number given at a desk. Numbers are unique; a refused opening leaves a gap.",
)

person = Table(
    "person",
    metadata,
    desk_id(),
    key("id"),
    text_("login"),
    text_("name"),
    text_("email", null=True),
    text_("phone", null=True),
    text_("password_hash", null=True),
    texts("roles"),
    texts("queues"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    number("revision", default=1),
    texts("skills"),
    Column("away", Boolean, nullable=False, server_default=text("false")),
    moment("away_until", null=True),
    Index("uq_person_login", "desk_id", text("lower(login)"), unique=True),
    comment="Somebody who works at a desk. Who is away until a moment is there again from then on.",
)

# Words as they are typed, not as a language's parser cuts them: half a mail address finds its customer.
_WORDS = (
    "array_to_tsvector(array_remove(string_to_array(lower(name || ' ' || COALESCE(email, '')), ' '), ''))"
)

customer = Table(
    "customer",
    metadata,
    desk_id(),
    key("id"),
    text_("name"),
    text_("email", null=True),
    text_("phone", null=True),
    moment("created_at"),
    Column("phone_digits", Text, Computed("regexp_replace(phone, '[^0-9]', '', 'g')", persisted=True)),
    Column(
        "search",
        TSVECTOR,
        Computed(_WORDS, persisted=True),
    ),
    Index("uq_customer_email", "desk_id", text("lower(email)"), unique=True),
    Index(
        "uq_customer_phone", "desk_id", "phone_digits", unique=True, postgresql_where=text("email IS NULL")
    ),
    Index(
        "ix_customer_phone",
        "desk_id",
        func.reverse(literal_column("phone_digits")).label("backwards"),
        postgresql_ops={"backwards": "text_pattern_ops"},
    ),
    Index("ix_customer_search", "search", postgresql_using="gin"),
    comment="Somebody who asks; one row for each mail address, or for each phone number without one.",
)

session = Table(
    "session",
    metadata,
    key("id_hash", LargeBinary),
    of_desk(),
    uuid("person_id"),
    moment("created_at"),
    moment("expires_at"),
    moment("seen_at"),
    Index("ix_session_person", "desk_id", "person_id"),
    comment="A log-in that lasts. The cookie holds the id, the row only its hash.",
)

api_token = Table(
    "api_token",
    metadata,
    desk_id(),
    key("id"),
    uuid("person_id"),
    text_("name"),
    raw("token_hash"),
    moment("created_at"),
    moment("revoked_at", null=True),
    UniqueConstraint("token_hash"),
    comment="A key with which a program acts for a person.",
)

invitation = Table(
    "invitation",
    metadata,
    key("token_hash", LargeBinary),
    of_desk(),
    texts("roles"),
    moment("expires_at"),
    moment("used_at", null=True),
    comment="A one-time link that makes a person.",
)
