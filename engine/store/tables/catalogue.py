"""What was deployed: every file by its hash, every pack as it was, every process by its version."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from engine.store.tables.columns import (
    desk_id,
    key,
    metadata,
    moment,
    number,
    one_of,
    raw,
    text_,
    uuid,
)

blob = Table(
    "blob",
    metadata,
    key("sha256", LargeBinary),
    raw("content"),
    comment="The content of a deployed file, kept once.",
)

snapshot = Table(
    "snapshot",
    metadata,
    desk_id(),
    key("id"),
    text_("pack"),
    number("number"),
    raw("hash"),
    moment("deployed_at"),
    text_("deployed_by"),
    text_("note", default=""),
    text_("origin"),
    Column("for_open", Boolean),
    one_of("origin", "bundle", "owner"),
    UniqueConstraint("desk_id", "pack", "number"),
    comment="A whole pack as it was deployed.",
)

snapshot_file = Table(
    "snapshot_file",
    metadata,
    desk_id(),
    key("snapshot_id"),
    key("path", Text),
    raw("sha256"),
    comment="Which content a path of a snapshot had.",
)

process_version = Table(
    "process_version",
    metadata,
    desk_id(),
    key("key", Text),
    key("version", Integer),
    uuid("snapshot_id"),
    raw("hash"),
    text_("title"),
    text_("path"),
    moment("deployed_at"),
    text_("tag", null=True),
    Index("ix_process_version_snapshot", "desk_id", "snapshot_id"),
    Index("ix_process_version_tag", "desk_id", "key", "tag", postgresql_where=text("tag IS NOT NULL")),
    comment="One immutable deployment of a process.",
)
