"""How much PostgreSQL reads to answer: a count, where a time would depend on the machine."""

from __future__ import annotations

from typing import Any

import psycopg


def rows_read(owner: psycopg.Connection, sql: str, values: dict[str, Any]) -> int:
    """How many rows PostgreSQL looks at to answer; where it looks several times, how many each time."""
    (((plan,),),) = owner.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchall()
    return _seen_by(plan["Plan"])


def _seen_by(node: dict[str, Any]) -> int:
    left_out = node.get("Rows Removed by Filter", 0)
    return int(node["Actual Rows"] + left_out) + sum(_seen_by(it) for it in node.get("Plans", []))
