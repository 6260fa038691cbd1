"""Verifying what lies in the database: single chains, whole desks, and that no instance is missing.

A chain can't tell that it is gone. So each is looked for from all sides: from the instances and the desk's row,
from the links themselves, from the kept commands and tickets, and from the register in the desk's own chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from engine.audit.trail import Link, Value
from engine.audit.verify import Break, End, verify_chain
from engine.errors import NotFound
from engine.store.database import Connection
from engine.store.register import REGISTERED
from engine.store.repository import Repository

_AT_ONCE = 200


@dataclass(frozen=True)
class Verdict:
    """What a verification found. `chains` and `links` say how much was looked at."""

    chains: int
    links: int
    breaks: list[Break] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.breaks


_LINKS = """
SELECT chain, seq, kind, at, recorded_at, command_id, bytes, hash FROM trail
WHERE desk_id = %(desk)s AND chain = ANY(%(chains)s) ORDER BY chain, seq
"""
_VALUES = """
SELECT chain, seq, name, salt, value FROM trail_value WHERE desk_id = %(desk)s AND chain = ANY(%(chains)s)
"""
_ENDS = """
SELECT id, head, length FROM instance WHERE desk_id = %(desk)s AND id = ANY(%(chains)s)
UNION ALL SELECT chain, head, length FROM desk_chain WHERE desk_id = %(desk)s AND chain = ANY(%(chains)s)
"""
_CHAINS = """
SELECT id FROM instance WHERE desk_id = %(desk)s
UNION ALL SELECT chain FROM desk_chain WHERE desk_id = %(desk)s ORDER BY id
"""
# Ends and links must be of one moment: a step may be committed between two questions.
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_ORPHANS = """
WITH known AS (
    SELECT id AS chain FROM instance WHERE desk_id = %(desk)s
    UNION ALL SELECT chain FROM desk_chain WHERE desk_id = %(desk)s
)
SELECT DISTINCT ON (chain) chain, said FROM (
    SELECT chain, 'its trail' AS said FROM trail WHERE desk_id = %(desk)s GROUP BY chain
    UNION ALL SELECT instance_id, 'a kept command' FROM command WHERE desk_id = %(desk)s GROUP BY instance_id
    UNION ALL SELECT instance_id, 'ticket ' || number FROM ticket WHERE desk_id = %(desk)s
) AS named WHERE NOT EXISTS (SELECT FROM known WHERE known.chain = named.chain) ORDER BY chain, said DESC
"""
_REGISTER = """
SELECT t.bytes FROM trail t JOIN desk_chain d ON d.desk_id = t.desk_id AND d.chain = t.chain
WHERE t.desk_id = %s AND t.kind = 'desk_event' ORDER BY t.seq
"""
_ENTRIES = """
SELECT entry.chain, entry.number, i.id IS NULL AS gone, entry.length
FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::bytea[]) AS entry (chain, number, length, head)
LEFT JOIN instance i ON i.desk_id = %s AND i.id = entry.chain
LEFT JOIN trail t ON t.desk_id = %s AND t.chain = entry.chain AND t.seq = entry.length AND t.hash = entry.head
WHERE i.id IS NULL OR t.hash IS NULL
"""


class Proofs(Repository):
    """Questions whose answer is that nothing was altered, or where."""

    def verify(self, desk_id: int, number: int) -> Verdict:
        """Verify a ticket's chain against its instance. Raises NotFound for an unknown ticket."""
        sql = "SELECT instance_id FROM ticket WHERE desk_id = %s AND number = %s"
        chain = self._value(sql, desk_id, number)
        if chain is None:
            raise NotFound(f"Expected ticket {number} to exist at this desk, but there is none.")
        verdict = self._chains(desk_id, [chain])
        if verdict.chains:
            return verdict
        return Verdict(1, 0, [Break(chain, 0, f"Expected the instance of ticket {number}, but it is gone.")])

    def verify_desk(self, desk_id: int) -> Verdict:
        """Verify every chain of a desk, its own too, and that no instance that ever started is missing."""
        breaks, chains, links = [], 0, 0
        for verdict in self.verify_piecewise(desk_id):
            chains, links = chains + verdict.chains, links + verdict.links
            breaks += verdict.breaks
        return Verdict(chains, links, breaks)

    def verify_piecewise(self, desk_id: int) -> Iterator[Verdict]:
        """Yield what `verify_desk` adds up, piece by piece, for a progress bar."""
        with self._lend() as connection:
            chains = [row[0] for row in connection.execute(_CHAINS, {"desk": desk_id}).fetchall()]
        for start in range(0, len(chains), _AT_ONCE):
            yield self._chains(desk_id, chains[start : start + _AT_ONCE])
        yield Verdict(0, 0, [*self._orphans(desk_id), *self._unregistered(desk_id)])

    def _chains(self, desk_id: int, chains: list[UUID]) -> Verdict:
        asked = {"desk": desk_id, "chains": chains}
        with self._lend() as connection, connection.transaction():
            connection.execute(_ONE_MOMENT)
            ends = connection.execute(_ENDS, asked).fetchall()
            links = self._links(connection, asked)
            values = _values_by_chain(connection.execute(_VALUES, asked).fetchall())
        breaks: list[Break] = []
        for chain, head, length in ends:
            breaks += verify_chain(chain, links.get(chain, []), values.get(chain, {}), End(head, length))
        return Verdict(len(ends), sum(map(len, links.values())), breaks)

    def _links(self, connection: Connection, asked: Mapping[str, Any]) -> dict[UUID, list[Link]]:
        links: dict[UUID, list[Link]] = {}
        for row in connection.execute(_LINKS, asked).fetchall():
            links.setdefault(row[0], []).append(Link(*row))
        return links

    def _orphans(self, desk_id: int) -> Iterator[Break]:
        """What names an instance that isn't there."""
        with self._lend() as connection:
            rows = connection.execute(_ORPHANS, {"desk": desk_id}).fetchall()
        for chain, said in rows:
            yield Break(chain, 0, f"Expected instance {chain}, which {said} names, but it is gone.")

    def _unregistered(self, desk_id: int) -> Iterator[Break]:
        """What the register tells and the tables don't."""
        with self._lend() as connection:
            events = [
                orjson.loads(row[0])["data"] for row in connection.execute(_REGISTER, (desk_id,)).fetchall()
            ]
        for event in events:
            if event["what"] == REGISTERED:
                yield from self._compare(desk_id, event["instances"])

    def _compare(self, desk_id: int, entries: list[tuple[int, str, int, str]]) -> Iterator[Break]:
        numbers, chains, lengths, heads = zip(*entries, strict=True)
        hashes = [bytes.fromhex(head) for head in heads]
        values = (list(chains), list(numbers), list(lengths), hashes, desk_id, desk_id)
        with self._lend() as connection:
            rows = connection.execute(_ENTRIES, values).fetchall()
        for chain, number, gone, length in rows:
            if gone:
                yield Break(
                    chain,
                    0,
                    f"Expected instance {chain} of ticket {number}, which was registered, but it is gone.",
                )
            else:
                yield Break(
                    chain,
                    length,
                    f"Expected link {length} of ticket {number} as registered, but it is another.",
                )


def _values_by_chain(
    rows: Sequence[tuple[UUID, int, str, bytes | None, bytes | None]],
) -> Mapping[UUID, Mapping[int, Mapping[str, Value | None]]]:
    found: dict[UUID, dict[int, dict[str, Value | None]]] = {}
    for chain, seq, name, salt, value in rows:
        kept = None if salt is None or value is None else Value(salt, value)
        found.setdefault(chain, {}).setdefault(seq, {})[name] = kept
    return found
