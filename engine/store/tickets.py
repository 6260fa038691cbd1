"""Counts of tickets that a deployment asks for."""

from __future__ import annotations

from engine.store.store import Store

_OPEN_BY_VERSION = """
SELECT version, count(*) FROM instance
WHERE desk_id = %s AND process = %s AND status <> 'ended' AND timeline = 'live' GROUP BY version ORDER BY version
"""


def open_by_version(store: Store, desk_id: int, process: str) -> dict[int, int]:
    """Return how many tickets of a process are open, by the version they keep."""
    with store.transaction() as connection:
        return dict(connection.execute(_OPEN_BY_VERSION, (desk_id, process)).fetchall())


def open_tickets(store: Store, desk_id: int) -> int:
    """Return how many live tickets of a desk have a process that goes on."""
    sql = "SELECT count(*) FROM instance WHERE desk_id = %s AND ended_at IS NULL AND timeline = 'live'"
    with store.transaction() as connection:
        row = connection.execute(sql, (desk_id,)).fetchone()
    return int(row[0]) if row else 0
