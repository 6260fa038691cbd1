"""Completed work as a log: the rows of `engine.audit.export_csv`.

A replayed log comes out in its own order, by the lines that its events came from; everything else by case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.audit.export_csv import LogRow
from engine.store.repository import Repository

_COMPLETED = """
SELECT COALESCE(k.external_ref, k.number::text) AS case, t.at, t.recorded_at, t.seq, t.bytes AS content, t.hash,
    k.number AS ticket, i.process, i.version, r.line,
    CASE WHEN c.actor ->> 'kind' = 'log' THEN c.actor ->> 'name' ELSE p.name END AS name
FROM ticket k
JOIN instance i ON i.desk_id = k.desk_id AND i.id = k.instance_id
JOIN trail t ON t.desk_id = k.desk_id AND t.chain = k.instance_id AND t.kind = 'task_completed'
LEFT JOIN replay_row r ON r.desk_id = k.desk_id AND r.command_id = t.command_id
LEFT JOIN command c ON c.desk_id = k.desk_id AND c.id = t.command_id
LEFT JOIN person p ON c.actor ->> 'kind' = 'person' AND p.desk_id = k.desk_id AND p.id::text = c.actor ->> 'id'
WHERE k.desk_id = %s AND (%s::text IS NULL OR i.process = %s)
"""


@dataclass(frozen=True)
class _Row:
    case: str
    at: datetime
    recorded_at: datetime
    seq: int
    content: bytes
    hash: bytes
    ticket: int
    process: str
    version: int
    line: int | None
    name: str | None


class Logs(Repository):
    """Questions of those who analyse work."""

    def completed_work(self, desk_id: int, process: str | None = None) -> Iterator[LogRow]:
        """Yield every completed task of a desk (or of one process)."""
        rows = self._all(_Row, _COMPLETED, desk_id, process, process)
        for row in sorted(rows, key=_order):
            event = orjson.loads(row.content)
            yield LogRow(
                case=row.case,
                activity=event["data"]["name"],
                resource=row.name or event["actor"]["id"],
                at=row.at,
                ticket=row.ticket,
                process=row.process,
                version=row.version,
                element=event["data"]["element"],
                seq=row.seq,
                recorded_at=row.recorded_at,
                hash=row.hash,
            )


def _order(row: _Row) -> tuple[Any, ...]:
    if row.line is not None:
        return (0, row.line, row.seq)
    return (
        1,
        [(part.isdecimal(), int(part) if part.isdecimal() else part) for part in _parts(row.case)],
        row.seq,
    )


def _parts(case: str) -> list[str]:
    """Case 2 comes before Case 10."""
    return [part for part in re.split(r"([0-9]+)", case) if part]
