"""What tickets are to each other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Integer, Table, Text

from engine.forms.schema import LINK_KINDS
from engine.store.tables.columns import desk_id, key, metadata, moment, one_of

ticket_link = Table(
    "ticket_link",
    metadata,
    desk_id(),
    key("ticket_number", Integer),
    key("kind", Text),
    key("other_number", Integer),
    moment("linked_at"),
    one_of("kind", *LINK_KINDS),
    CheckConstraint("ticket_number <> other_number", name="other"),
    Index("ix_ticket_link_other", "desk_id", "other_number"),
    comment="One ticket follows another one of its desk, is a duplicate of it, or is caused by it.",
)
