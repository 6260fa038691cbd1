"""Bookkeeping: operations on a desk's records, each one transaction, each done once for its key.

A worker may die at any point around an operation. A key is written in the operation's own transaction, with the
answer, so that whoever tries again under that key gets the answer and nothing is done a second time. An operation
that refuses has written nothing, so its key stays free. The key is the id of the job itself, not of a chain of tries:
when all tries of a chain died after the money had moved, the retry by a person must not move it again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from engine.cards import without_card_numbers
from engine.clock import Clock
from engine.errors import Conflict, InvalidInput, NotFound, Refused
from engine.feel.codec import normalise, to_json
from engine.records import Kind, Row, entered, operation_of
from engine.records.terms import all_as_on
from engine.runtime.commands import Actor
from engine.services import BpmnError
from engine.store import DeskUnit, Store
from engine.store import records as sql
from engine.store.database import Connection

_IMPORT = "import"


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
    """Does operations on the records of desks, by a clock; without `changes` only those that read."""

    def __init__(self, store: Store, clock: Clock, *, changes: bool = True) -> None:
        self._store = store
        self._clock = clock
        self._changes = changes

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
        by: Actor | None = None,
    ) -> dict[str, Any]:
        """Do one operation in one transaction, once for a key; what a person does by hand is chained.

        Raises as `JobRecords.do`.
        """
        operation, given = operation_of(name), _plain(inputs)
        if not (operation.reads or self._changes):
            raise Refused(f"Expected the records to stay as they are in a replay, but {name} changes them.")
        with self._open(desk_id) as (connection, book):
            if operation.reads:
                return _told(operation(book, given))
            wish = (operation.name, _hash(given))
            done = sql.claim(connection, desk_id, key, wish, book.now, ticket)
            if done is not None:
                return _same(done, wish)
            answer = _told(operation(book, given))
            sql.answered(connection, desk_id, key, answer, book.account)
            if by is not None:
                told = {"inputs": given, "answer": answer}
                self._note(connection, desk_id, "operation_done", by, {"operation": operation.name}, told)
            return answer

    def by_hand(
        self, desk_id: int, by: Actor, name: str, inputs: Mapping[str, Any], *, id: UUID
    ) -> dict[str, Any]:
        """Do one operation for a person, outside of any process. Raises Refused where it refuses, else as `do`."""
        try:
            return self.do(desk_id, name, inputs, key=(id, ""), by=by)
        except BpmnError as error:
            raise Refused(error.message) from error

    def enter(self, desk_id: int, records: Iterable[tuple[Kind, Mapping[str, Any]]]) -> list[Row]:
        """Add records from outside in one transaction, all or none. Raises InvalidInput, Conflict for a wrong one."""
        with self._open(desk_id) as (_, book):
            return [entered(book, kind, normalise(dict(raw))) for kind, raw in records]

    def take_in(
        self, desk_id: int, by: Actor, records: Sequence[tuple[Kind, Mapping[str, Any]]], *, id: UUID
    ) -> int:
        """Add records for a person, all or none, and chain how many of which kind; return how many.

        The same id adds them once. Raises InvalidInput or Conflict for a wrong one, naming which in the order given.
        """
        given = [(kind, _plain(raw)) for kind, raw in records]
        wish = (_IMPORT, _hash({"records": [[kind.name, raw] for kind, raw in given]}))
        with self._open(desk_id) as (connection, book):
            if (done := sql.claim(connection, desk_id, (id, ""), wish, book.now, None)) is not None:
                return int(_same(done, wish)["count"])
            for place, (kind, raw) in enumerate(given, 1):
                _add(book, place, kind, raw)
            sql.answered(connection, desk_id, (id, ""), {"count": len(given)}, None)
            counts = Counter(kind.plural for kind, _ in given)
            self._note(connection, desk_id, "records_imported", by, {"counts": dict(counts)})
        return len(given)

    def looked_at(self, desk_id: int, by: Actor, accounts: Sequence[str]) -> None:
        """Chain that somebody has looked at accounts; their numbers are values, which can be erased."""
        with self._store.transaction() as connection:
            self._note(connection, desk_id, "accounts_viewed", by, {}, {"accounts": list(accounts)})

    def _note(
        self,
        connection: Connection,
        desk_id: int,
        what: str,
        by: Actor,
        facts: Mapping[str, Any],
        values: Mapping[str, Any] | None = None,
    ) -> None:
        now = self._clock.now()
        DeskUnit(connection, desk_id).note(what, by, facts, at=now, recorded_at=now, values=values)

    def listed(self, desk_id: int, kind: str) -> list[Row]:
        """Return all records of a kind, in the order in which they were added; contracts as they are today."""
        with self._open(desk_id) as (_, book):
            rows = book.all(kind)
            return all_as_on(rows, book.all("amendment"), book.today) if kind == "contract" else rows

    @contextmanager
    def _open(self, desk_id: int) -> Iterator[tuple[Connection, sql.SqlBook]]:
        desk = self._store.desks.get(desk_id)
        if desk is None:
            raise NotFound(f"Expected a desk, but there is no desk {desk_id}.")
        with self._store.transaction() as connection:
            yield connection, sql.SqlBook(connection, desk_id, self._clock.now(), ZoneInfo(desk.time_zone))


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs as FEEL data without card numbers: their hash and the chain outlive what is done with them."""
    plain: dict[str, Any] = without_card_numbers(normalise(dict(inputs)))
    return plain


def _told(answer: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = normalise(dict(answer))
    return told


def _same(done: sql.DoneOperation, wish: tuple[str, bytes]) -> dict[str, Any]:
    """The answer of before. Raises InvalidInput where the key was used for another operation or other inputs."""
    if (done.operation, done.inputs_hash) != wish:
        what = "other inputs" if done.operation == wish[0] else done.operation
        raise InvalidInput(
            f"Expected a key of its own for {wish[0]}, but the key was used for {what} before;"
            " give each operation of a handler a part of its own."
        )
    return done.answer


def _add(book: sql.SqlBook, place: int, kind: Kind, raw: Mapping[str, Any]) -> None:
    """Add one record. Raises Conflict, or InvalidInput that names its parts as `3.amount`."""
    try:
        entered(book, kind, raw)
    except Conflict as error:
        raise Conflict(f"Record {place}: {error}") from error
    except InvalidInput as error:
        wrong = {f"{place}.{name}": sentence for name, sentence in error.fields.items()}
        raise InvalidInput(f"Record {place}: {error}", wrong) from error


def _hash(inputs: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(orjson.dumps(to_json(inputs), option=orjson.OPT_SORT_KEYS)).digest()
