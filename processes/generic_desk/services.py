"""The development tracker of the desk: what support hands over, each entry once, with its reference.

It is a small SQLite file beside the desk's data, so that the pack works as it stands. An organisation that has a
tracker asks that one here instead, and passes `job.key` on, so that a repeated try logs nothing twice.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.services import Job, handler

_TABLE = (
    "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, key TEXT UNIQUE, ticket INTEGER, facts TEXT)"
)
_WAIT = 30  # seconds that one worker waits for another to have written


@handler("log_for_development")
def log_for_development(job: Job) -> dict[str, str]:
    """Log a bug or a feature request; the same job is logged once, and has the same reference at each try."""
    with closing(sqlite3.connect(_file(), timeout=_WAIT)) as tracker, tracker:
        tracker.execute(_TABLE)
        facts = json.dumps(dict(job.inputs), default=str, ensure_ascii=False)
        tracker.execute(
            "INSERT INTO entry (key, ticket, facts) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (str(job.key), job.ticket_number, facts),
        )
        (number,) = tracker.execute("SELECT id FROM entry WHERE key = ?", (str(job.key),)).fetchone()
    return {"reference": f"DEV-{number}"}


def _file() -> Path:
    """Return the tracker's file: CASEPATH_DEV_TRACKER, or one in the data folder."""
    named = os.environ.get("CASEPATH_DEV_TRACKER")
    file = (
        Path(named)
        if named
        else Path(os.environ.get("CASEPATH_DATA_DIR", ".casepath")) / "dev_tracker.sqlite"
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
