"""The floor: what a step's rows cost PostgreSQL alone.

One transaction: the instance selected for update, its state updated, three trail rows, one task row updated and one
inserted, committed; statements prepared and pipelined, as a step's are. Same tables, same sizes, same indexes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

STATE_BYTES = 700
TRAIL_BYTES = 420

_LOCK = "SELECT state, revision FROM instance WHERE desk_id = %s AND id = %s FOR UPDATE"
_SAVE = """UPDATE instance SET state = %s, revision = revision + 1, head = %s, length = length + 3
           WHERE desk_id = %s AND id = %s"""
_TRAIL = """INSERT INTO trail (desk_id, chain, seq, recorded_at, kind, at, command_id, bytes, hash)
            VALUES (%s, %s, %s, %s, 'task_completed', %s, %s, %s, %s)"""
_CLOSE = "UPDATE task SET state = 'completed', closed_at = %s WHERE desk_id = %s AND id = %s"
_OPEN = """INSERT INTO task (desk_id, id, instance_id, ticket_number, element, name, queue, candidate_groups, state,
           opened_at, timeline)
           VALUES (%s, %s, %s, %s, 'work', 'Work on ticket', 'bench', '{bench}', 'open', %s, 'live')"""


class Floor:
    """Repeats the floor's transaction on one instance, with a connection of its own."""

    def __init__(self, conninfo: str, desk_id: int, instance: UUID, task: UUID) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(conninfo, autocommit=True)
        self._desk_id = desk_id
        self._instance = instance
        self._task = task
        self._seq = 1_000_000
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def step(self) -> None:
        """Do the floor's transaction once, in two round trips as a step has."""
        connection, desk = self._connection, self._desk_id
        with connection.pipeline():
            connection.execute(
                "BEGIN"
            )  # ours, so that it goes out with the lock and costs no trip of its own
            cursor = connection.cursor(binary=True)
            cursor.execute(_LOCK, (desk, self._instance), prepare=True)
        cursor.fetchone()
        following = uuid4()
        with connection.pipeline():
            cursor = connection.cursor()
            cursor.execute(_SAVE, (bytes(STATE_BYTES), bytes(32), desk, self._instance), prepare=True)
            for _ in range(3):
                self._seq += 1
                row = (
                    desk,
                    self._instance,
                    self._seq,
                    self._now,
                    self._now,
                    following,
                    bytes(TRAIL_BYTES),
                    bytes(32),
                )
                cursor.execute(_TRAIL, row, prepare=True)
            cursor.execute(_CLOSE, (self._now, desk, self._task), prepare=True)
            cursor.execute(_OPEN, (desk, following, self._instance, 1, self._now), prepare=True)
            cursor.execute("COMMIT")
        self._task = following

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
