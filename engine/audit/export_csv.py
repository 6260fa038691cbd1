"""A log of completed work as CSV, in the form in which process-mining tools exchange them.

The first four columns are those of that form (case, activity, resource, moment of completion), so that a replayed
log comes out as it went in; ours follow. Lines end with a line feed, cells are quoted only where they must be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from engine.audit.trail import moment_text

COLUMNS = (
    "Case ID",
    "Activity",
    "Resource",
    "Complete Timestamp",
    "Ticket",
    "Process",
    "Version",
    "Element",
    "Link",
    "Recorded",
    "Hash",
)


@dataclass(frozen=True)
class LogRow:
    """One completed activity. `case` is the ticket's reference outside, else its number."""

    case: str
    activity: str
    resource: str
    at: datetime
    ticket: int
    process: str
    version: int
    element: str
    seq: int
    recorded_at: datetime
    hash: bytes


def csv_lines(rows: Iterable[LogRow], zone: tzinfo) -> Iterator[str]:
    """Yield the header and a line for each row; moments of completion as clocks in `zone` showed them."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield _taken(buffer)
    for row in rows:
        writer.writerow(_cells(row, zone))
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _cells(row: LogRow, zone: tzinfo) -> tuple[object, ...]:
    return (
        row.case,
        row.activity,
        row.resource,
        wall_text(row.at, zone),
        row.ticket,
        row.process,
        row.version,
        row.element,
        row.seq,
        moment_text(row.recorded_at),
        row.hash.hex(),
    )


def wall_text(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as `YYYY/MM/DD HH:MM:SS.mmm` in a zone."""
    local = moment.astimezone(zone)
    return f"{local:%Y/%m/%d %H:%M:%S}.{local.microsecond // 1000:03d}"
