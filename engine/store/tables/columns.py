"""The kinds of columns that Casepath's tables are made of, and the one collection they are in.

Moments are `timestamptz` (UTC inside PostgreSQL, microseconds). Every table of running data has `desk_id` first
in its key: a desk is the unit by which data can be spread over machines. Rows of one step are written by one
transaction that holds the instance's lock, so the tables of running data carry no foreign keys: they would ask
again, at every step, what the lock already guarantees.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, LargeBinary, MetaData, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

Moment = DateTime(timezone=True)


def desk_id() -> Column[int]:
    """The leading part of a key."""
    return Column("desk_id", Integer, primary_key=True)


def of_desk() -> Column[int]:
    """The desk of a row that is found by another key (a hash from a cookie or a link)."""
    return Column("desk_id", Integer, nullable=False)


def key(name: str, kind: Any = None) -> Column[Any]:
    """A further part of a key; a UUID unless a kind is named."""
    return Column(
        name, kind if kind is not None else UUID(as_uuid=True), primary_key=True, autoincrement=False
    )


def uuid(name: str, *, null: bool = False) -> Column[Any]:
    """A column that names another row."""
    return Column(name, UUID(as_uuid=True), nullable=null)


def text_(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    """A text."""
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, Text, nullable=null, server_default=server_default)


def number(name: str, *, null: bool = False, default: int | None = None) -> Column[int]:
    """A whole number."""
    server_default = None if default is None else text(str(default))
    return Column(name, Integer, nullable=null, server_default=server_default)


def moment(name: str, *, null: bool = False, now: bool = False) -> Column[Any]:
    """A moment in UTC; with `now` that of the database at which the row was added, unless said."""
    return Column(name, Moment, nullable=null, server_default=text("now()") if now else None)


def raw(name: str, *, null: bool = False) -> Column[bytes]:
    """Bytes that PostgreSQL doesn't look into."""
    return Column(name, LargeBinary, nullable=null)


def texts(name: str) -> Column[list[str]]:
    """A list of texts, empty unless said."""
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


def json(name: str, *, null: bool = False) -> Column[Any]:
    """JSON in the codec of `engine.feel.codec` (numbers that JSON can't carry are tagged there)."""
    return Column(name, JSONB(none_as_null=True), nullable=null)


def one_of(name: str, *words: str) -> CheckConstraint:
    """Only these words may stand in the column."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=name)
