"""From an address to its root instance: one statement that finds and locks it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.runtime.commands import Address, AddressKind
from engine.store.instances import COLUMNS
from engine.store.statements import Statement

# FOR NO KEY UPDATE: readers don't wait, and neither do rows elsewhere that only name the instance.
_LOCK = f"SELECT {COLUMNS} FROM instance WHERE desk_id = %s AND id = {{}} FOR NO KEY UPDATE"

_ROWS: Mapping[AddressKind, tuple[str, str]] = {
    "task": ("task", "id"),
    "ticket": ("ticket", "number"),
    "timer": ("timer", "id"),
    "job": ("outbox", "id"),
    "subscription": ("subscription", "id"),
    "incident": ("incident", "id"),
}
_BY_ROW = {
    kind: _LOCK.format(f"(SELECT instance_id FROM {table} WHERE desk_id = %s AND {key} = %s)")
    for kind, (table, key) in _ROWS.items()
}
_BY_ID = _LOCK.format("%s")

# A number is taken in a short transaction of its own in front of the step, so that openings at one desk don't
# wait for each other's whole step; a refused opening leaves a gap. It needn't wait for the disk either: the
# commit of the step that uses the number comes later in the same log and takes it along.
_RELAXED = "SELECT set_config('synchronous_commit', 'off', true)"
_NUMBER = """
INSERT INTO ticket_counter (desk_id, last) VALUES (%s, 1)
ON CONFLICT (desk_id) DO UPDATE SET last = ticket_counter.last + 1
RETURNING last
"""
_NEXT_TRANSACTION = "COMMIT AND CHAIN"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"


def numbering(desk_id: int, command_id: UUID) -> tuple[Statement, ...]:
    """Return the statements that take a ticket number, and then let one delivery of a command through at a time.

    The first of them answers with the number.
    """
    return (
        (_NUMBER, (desk_id,)),
        (_RELAXED, ()),
        (_NEXT_TRANSACTION, ()),
        (_ONE_AT_A_TIME, (_advisory_key(command_id),)),
    )


def locking(desk_id: int, address: Address) -> Statement:
    """Return the statement that finds and locks the instance of an address."""
    if address.kind == "instance":
        return _BY_ID, (desk_id, address.id)
    return _BY_ROW[address.kind], (desk_id, desk_id, address.id)


def not_found(address: Address) -> str:
    """Return the sentence for an address that leads nowhere."""
    return f"Expected {address.kind} {address.id} to exist at this desk, but there is none."


def _advisory_key(command_id: UUID) -> int:
    return int.from_bytes(command_id.bytes[8:], "big", signed=True)
