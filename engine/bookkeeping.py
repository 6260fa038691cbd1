"""Bookkeeping: operations on a desk's records, each one transaction, each done once for its key.

A worker may die at any point around an operation. A key is written in the operation's own transaction, with the
answer, so that whoever tries again under that key gets the answer and nothing is done a second time. An operation
that refuses has written nothing, so its key stays free. The key is the id of the job itself, not of a chain of tries:
when all tries of a chain died after the money had moved, the retry by a person must not move it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from engine.clock import Clock
from engine.errors import InvalidInput, NotFound
from engine.feel.codec import normalise, to_json
from engine.records import Kind, Operation, Row, entered, operation_of
from engine.store import Store
from engine.store import records as sql
from engine.store.database import Connection


@dataclass(frozen=True)
class JobRecords:
    """The records as one job may use them: every operation under the job's key."""

    keeping: Bookkeeping
    desk_id: int
    key: UUID
    ticket: int | None

    def do(self, operation: str, inputs: Mapping[str, Any], part: str = "") -> dict[str, Any]:
        """Do an operation and return its answer; done under this key and part before, return that answer again.

        Raises what the operation raises, InvalidInput where the key was used for something else, NotFound for an
        operation that there is none of.
        """
        return self.keeping.do(self.desk_id, operation, inputs, key=(self.key, part), ticket=self.ticket)


class Bookkeeping:
    """Does operations on the records of desks, by a clock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def for_job(self, desk_id: int, key: UUID, ticket: int | None) -> JobRecords:
        """Return the records as the job of a key may use them."""
        return JobRecords(self, desk_id, key, ticket)

    def do(
        self,
        desk_id: int,
        name: str,
        inputs: Mapping[str, Any],
        *,
        key: tuple[UUID, str],
        ticket: int | None = None,
    ) -> dict[str, Any]:
        """Do one operation in one transaction, once for a key. Raises as `JobRecords.do`."""
        operation, given = operation_of(name), normalise(dict(inputs))
        with self._open(desk_id) as (connection, book):
            if operation.reads:
                return _told(operation(book, given))
            wish = (operation.name, _hash(given))
            done = sql.claim(connection, desk_id, key, wish, book.now, ticket)
            if done is not None:
                return _again(done, operation, wish)
            answer = _told(operation(book, given))
            sql.answered(connection, desk_id, key, answer, book.account)
            return answer

    def enter(self, desk_id: int, records: Iterable[tuple[Kind, Mapping[str, Any]]]) -> list[Row]:
        """Add records from outside in one transaction, all or none. Raises InvalidInput, Conflict for a wrong one."""
        with self._open(desk_id) as (_, book):
            return [entered(book, kind, normalise(dict(raw))) for kind, raw in records]

    def listed(self, desk_id: int, kind: str) -> list[Row]:
        """Return all records of a kind, in the order in which they were added."""
        with self._open(desk_id) as (_, book):
            return book.all(kind)

    @contextmanager
    def _open(self, desk_id: int) -> Iterator[tuple[Connection, sql.SqlBook]]:
        desk = self._store.desks.get(desk_id)
        if desk is None:
            raise NotFound(f"Expected a desk, but there is no desk {desk_id}.")
        with self._store.transaction() as connection:
            yield connection, sql.SqlBook(connection, desk_id, self._clock.now(), ZoneInfo(desk.time_zone))


def _told(answer: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = normalise(dict(answer))
    return told


def _again(done: sql.DoneOperation, operation: Operation, wish: tuple[str, bytes]) -> dict[str, Any]:
    """The answer of before. Raises InvalidInput where the key was used for another operation or other inputs."""
    if (done.operation, done.inputs_hash) != wish:
        what = "other inputs" if done.operation == operation.name else done.operation
        raise InvalidInput(
            f"Expected a key of its own for {operation.name}, but the key was used for {what} before;"
            " give each operation of a handler a part of its own."
        )
    return done.answer


def _hash(inputs: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(orjson.dumps(to_json(inputs), option=orjson.OPT_SORT_KEYS)).digest()
