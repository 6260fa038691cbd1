"""The tables in words: `python -m engine.store.tables.reference` prints docs/reference/tables.md."""

from __future__ import annotations

import sys

from sqlalchemy import Column, Index, Table
from sqlalchemy.dialects import postgresql

from engine.store.tables import metadata

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

_INTRODUCTION = """# Tables

Everything that Casepath keeps lies in PostgreSQL, in these tables. `engine/store/tables/` defines them,
`migrations/` builds them, and a test compares the two. This page is printed from the definitions by
`python -m engine.store.tables.reference`.

Every table of running data has `desk_id` first in its key: a desk is the unit by which data can be spread over
machines. Moments are in UTC with microseconds. JSON columns hold values in the codec of `engine/feel/codec.py`. The
application works as the role `casepath_app`, which owns nothing; each table says what that role may do with it.
"""

ADD = "read and add"
CHANGE = "read, add, change"
MAY = {
    **dict.fromkeys(
        (
            "trail",
            "command",
            "blob",
            "snapshot",
            "snapshot_file",
            "process_version",
            "replay_row",
            "ticket_link",
        ),
        ADD,
    ),
    "mail_reference": ADD,
    "trail_value": "read, add, erase",
    **dict.fromkeys(("session", "draft", "subscription", "message", "signal"), "read, add, change, remove"),
    "upload": "read, add, remove",
}


def reference() -> str:
    """Return the page as Markdown."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.name)
    return "\n".join([_INTRODUCTION, *(_section(table) for table in tables)])


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.comment} The application may {MAY.get(table.name, CHANGE)}.",
        "",
    ]
    lines += ["| column | type | |", "|---|---|---|", *(_row(column) for column in table.columns)]
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    lines += ["", *(_index(index) for index in indexes)]
    return "\n".join(lines).rstrip() + "\n"


def _row(column: Column[object]) -> str:
    notes = ["key"] if column.primary_key else []
    notes += ["may be empty"] if column.nullable and column.computed is None else []
    notes += ["computed"] if column.computed is not None else []
    kind = column.type.compile(_DIALECT).lower().replace("timestamp with time zone", "timestamptz")
    return f"| `{column.name}` | {kind} | {', '.join(notes)} |"


def _index(index: Index) -> str:
    parts = ", ".join(str(part) if not isinstance(part, Column) else part.name for part in index.expressions)
    where = index.dialect_options["postgresql"].get("where")
    condition = "" if where is None else f", where {where}"
    return f"- {'unique index' if index.unique else 'index'} `{index.name}` on {parts}{condition}"


if __name__ == "__main__":
    sys.stdout.write(reference())
