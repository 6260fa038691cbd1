"""The trail: events chained by their hashes, the values they commit to, and the chains' ends.

`trail` and `trail_value` are partitioned by the month in which a row was recorded. The default partition takes
what no month was made for, so that an insert never fails for want of a partition.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table, Text

from engine.store.tables.columns import Moment, desk_id, key, metadata, moment, number, raw, text_, uuid

trail = Table(
    "trail",
    metadata,
    desk_id(),
    key("chain"),
    key("seq", Integer),
    Column("recorded_at", Moment, primary_key=True),
    text_("kind"),
    moment("at"),
    uuid("command_id", null=True),
    raw("bytes"),
    raw("hash"),
    comment="One event for ever: its exact canonical bytes, and the hash over them and the one before.",
    postgresql_partition_by="RANGE (recorded_at)",
)

trail_value = Table(
    "trail_value",
    metadata,
    desk_id(),
    key("chain"),
    key("seq", Integer),
    key("name", Text),
    Column("recorded_at", Moment, primary_key=True),
    raw("salt", null=True),
    raw("value", null=True),
    moment("erased_at", null=True),
    CheckConstraint(
        "(value IS NULL) = (erased_at IS NOT NULL) AND (salt IS NULL) = (value IS NULL)", name="erased"
    ),
    comment="A value that an event only commits to. It may be erased; the chain stays whole.",
    postgresql_partition_by="RANGE (recorded_at)",
)

desk_chain = Table(
    "desk_chain",
    metadata,
    Column("desk_id", Integer, primary_key=True, autoincrement=False),
    uuid("chain"),
    raw("head"),
    number("length"),
    comment="Where the chain of a desk ends: deployments, people, log-ins, exports and the register of instances.",
)

test_clock = Table(
    "test_clock",
    metadata,
    Column("one_row", Boolean, primary_key=True),
    moment("now"),
    CheckConstraint("one_row", name="one_row"),
    comment="The moment that processes started with --test-clock take for now.",
)
