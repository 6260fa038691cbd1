"""What is sent by name: messages that wait for their one catcher, and signals on their way to whoever listened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from engine.store.tables.columns import (
    desk_id,
    json,
    key,
    metadata,
    moment,
    number,
    one_of,
    text_,
    texts,
)

message = Table(
    "message",
    metadata,
    desk_id(),
    key("id"),
    Column("place", BigInteger, Identity(), nullable=False),
    text_("name"),
    text_("key", null=True),
    json("payload"),
    json("actor"),
    text_("timeline"),
    text_("state"),
    moment("sent_at"),
    moment("expires_at"),
    moment("ended_at", null=True),
    number("ticket_number", null=True),
    text_("error", null=True),
    number("attempts", default=0),
    moment("next_at", null=True),
    one_of("state", "waiting", "delivered", "expired", "refused"),
    Index("ix_message_due", "next_at", postgresql_where=text("state = 'waiting' AND timeline = 'live'")),
    Index(
        "ix_message_expires", "expires_at", postgresql_where=text("state = 'waiting' AND timeline = 'live'")
    ),
    Index("ix_message_place", "desk_id", "place"),
    Index("ix_message_waiting", "desk_id", "name", "key", postgresql_where=text("state = 'waiting'")),
    comment="A BPMN message that was sent: waiting for its one catcher, or what became of it. "
    "`next_at` is when to look for one again; empty until somebody begins to wait.",
    postgresql_with={"fillfactor": 80},
)

signal = Table(
    "signal",
    metadata,
    desk_id(),
    key("id"),
    text_("name"),
    json("payload"),
    json("actor"),
    text_("timeline"),
    text_("state"),
    moment("sent_at"),
    number("reached"),
    Column("instances", ARRAY(UUID(as_uuid=True)), nullable=False),
    texts("starts"),
    text_("error", null=True),
    number("attempts", default=0),
    moment("next_at"),
    one_of("state", "pending", "done", "failed"),
    Index("ix_signal_next", "next_at", postgresql_where=text("state = 'pending' AND timeline = 'live'")),
    comment="A BPMN signal that was sent: the instances that listened at that moment, and the processes that it "
    "starts, as far as they are still to be told.",
)
