"""The rows of instances."""

from __future__ import annotations

from typing import Any

from engine.runtime.instance import Instance
from engine.store.statements import Statement

_FIELDS = (
    "id",
    "ticket_number",
    "process",
    "version",
    "snapshot_id",
    "timeline",
    "status",
    "semantics",
    "revision",
    "state",
    "head",
    "length",
    "started_at",
    "last_event_at",
    "ended_at",
    "terms_id",
    "settings_id",
    "start_key",
)
COLUMNS = ", ".join(_FIELDS)

_INSERT = f"""
INSERT INTO instance (desk_id, {COLUMNS}) VALUES ({", ".join(["%s"] * (len(_FIELDS) + 1))})
"""

# An UPDATE that finds no row is no error, and the COMMIT behind it in the pipeline would be reached. So the row is
# always found, and a revision that isn't the expected one becomes NULL, which stops the pipeline there.
_UPDATE = """
UPDATE instance SET process = %s, version = %s, snapshot_id = %s, status = %s, semantics = %s,
    revision = CASE revision WHEN %s THEN %s END, state = %s, head = %s, length = %s, last_event_at = %s,
    ended_at = %s, terms_id = %s, settings_id = %s
WHERE desk_id = %s AND id = %s
"""


def from_row(desk_id: int, row: tuple[Any, ...]) -> Instance:
    """Return the instance of a row read with COLUMNS."""
    return Instance(desk_id=desk_id, **dict(zip(_FIELDS, row, strict=True)))


def insert(instance: Instance) -> Statement:
    """Return the statement that adds a new instance."""
    return _INSERT, (instance.desk_id, *(getattr(instance, name) for name in _FIELDS))


def update(instance: Instance, expected_revision: int) -> Statement:
    """Return the statement that saves an instance, and fails if it isn't at the expected revision."""
    return _UPDATE, (
        instance.process,
        instance.version,
        instance.snapshot_id,
        instance.status,
        instance.semantics,
        expected_revision,
        instance.revision,
        instance.state,
        instance.head,
        instance.length,
        instance.last_event_at,
        instance.ended_at,
        instance.terms_id,
        instance.settings_id,
        instance.desk_id,
        instance.id,
    )
