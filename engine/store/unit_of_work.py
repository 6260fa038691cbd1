"""The one transaction of a step, in two round trips.

First trip: wait for the lock of the root instance, and only then look whether the command is already done. In
that order a command that was delivered twice at once waits here, and sees the outcome of the first delivery. A
command that opens a ticket has no row to lock yet and waits on an advisory lock of its own id instead.

Second trip: every write and the COMMIT, sent together. A statement that fails makes the server skip the rest, the
COMMIT too, so it is all or nothing without an answer in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg

from engine.audit.trail import Link
from engine.errors import AlreadyBegun, Conflict, NotFound
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import Address, Command, Requester
from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store import addresses, commands, customers, instances, links, trails
from engine.store.commands import Done
from engine.store.database import Connection, Database
from engine.store.projection import project
from engine.store.statements import Statement

# A statement that finds the row as it must not be any more sets this column to NULL, which stops the pipeline there.
_OVERTAKEN: dict[tuple[str | None, str | None], str] = {
    ("instance", "revision"): "Expected the instance as it was read, but it has moved on.",
    ("message", "state"): "Expected the message to wait for its delivery, but it is done with.",
    ("received_mail", "state"): "Expected the mail to be as it was read, but somebody has decided about it.",
    ("attachment", "name"): "Expected the files to be kept still, but one is not; attach it again.",
}
_START_KEY = "uq_instance_start_key"


@dataclass(frozen=True)
class Opened:
    """What the first round trip found. `done` is set if the command was done before; then stop here.

    `instance` is locked until the unit of work ends; it is None for a new ticket, which gets `number`.
    """

    instance: Instance | None
    number: int | None
    done: Done | None


class UnitOfWork:
    """Reads and locks once, gathers writes, commits once. Leaving it without `commit` changes nothing."""

    def __init__(self, database: Database, desk_id: int) -> None:
        self._database = database
        self._desk_id = desk_id
        self._pending: list[Statement] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._connection: Connection = self._stack.enter_context(self._database.borrowed())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, address: Address, command_id: UUID) -> Opened:
        """Find and lock the instance that an address leads to, and look whether the command is done already.

        Raises NotFound if nothing is there, and Conflict if another step holds it for too long. A new ticket gets
        its number here, unless the command is done.
        """
        try:
            return self._open(address, command_id)
        except psycopg.errors.LockNotAvailable as error:
            raise Conflict(
                f"Expected the instance of {address.kind} {address.id} to be free, but a step still holds it."
            ) from error

    def _open(self, address: Address, command_id: UUID) -> Opened:
        before = commands.outcome_of(self._desk_id, command_id)
        if address.kind == "new":
            number, *_, row = self._ask(*addresses.numbering(self._desk_id, command_id), before)
            return Opened(None, None, Done(*row)) if row else Opened(None, number[0], None)
        found, row = self._ask(addresses.locking(self._desk_id, address), before)
        if row is not None:
            return Opened(None, None, Done(*row))
        if found is None:
            raise NotFound(addresses.not_found(address))
        return Opened(instances.from_row(self._desk_id, found), None, None)

    def customer(self, requester: Requester, now: datetime) -> UUID:
        """Return the id of the customer who asks, found again or made in this transaction."""
        return customers.find_or_create(
            self._connection, self._desk_id, requester, Ids(fresh_seed(), now).uuid(), now
        )

    def judge_links(self, events: Iterable[Event], instance: Instance) -> None:
        """Judge the links to other tickets among the events. Raises InvalidInput naming the field that asked."""
        links.judge(self._connection, self._desk_id, instance.ticket_number, events)

    def save(self, instance: Instance, expected_revision: int | None) -> None:
        """Save an instance over the revision it was opened with, or as a new one (None)."""
        if expected_revision is None:
            self._pending.append(instances.insert(instance))
        else:
            self._pending.append(instances.update(instance, expected_revision))

    def project(self, events: Iterable[Event], instance: Instance) -> None:
        """Write into the tables what the events mean, at the moment of the instance's last event."""
        self._pending.extend(project(events, instance))

    def append(self, links: Iterable[Link]) -> None:
        """Append links to the trail, and lay their values beside it."""
        self._pending.extend(trails.append(self._desk_id, list(links)))

    def record(
        self,
        command: Command,
        *,
        instance: Instance,
        seed: bytes,
        at: datetime,
        recorded_at: datetime,
        outcome: dict[str, Any],
    ) -> None:
        """Keep the command with all that it saw: its seed, its moment and the snapshot of its world."""
        self._pending.append(commands.insert(command, instance, seed, at, recorded_at, outcome))

    def commit(self) -> None:
        """Send every write and the COMMIT in one round trip. Raises Conflict if somebody was quicker.

        AlreadyBegun is the Conflict of a message that would open a second ticket under its key.
        """
        try:
            with self._connection.pipeline():
                cursor = self._connection.cursor()
                for sql, values in self._pending:
                    cursor.execute(sql, values, prepare=True)
                cursor.execute("COMMIT")
        except psycopg.errors.NotNullViolation as error:
            sentence = _OVERTAKEN.get((error.diag.table_name, error.diag.column_name))
            if sentence is None:
                raise
            raise Conflict(sentence) from error
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name != _START_KEY:
                raise
            raise AlreadyBegun(
                "Expected no ticket to run for the key of the message, but there is one."
            ) from error
        self._pending.clear()

    def _ask(self, *statements: Statement) -> list[Any]:
        """Begin, and send all statements, in one round trip; return the first row of each, or None."""
        with self._connection.pipeline():
            self._connection.execute("BEGIN")
            cursors = [self._connection.cursor(binary=True) for _ in statements]
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values, prepare=True)
        return [cursor.fetchone() if cursor.description else None for cursor in cursors]
