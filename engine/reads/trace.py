"""A trail as people read it: events with their values and the names of who caused them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from engine.errors import NotFound
from engine.feel.codec import from_json
from engine.store.repository import Repository


@dataclass(frozen=True)
class ActorSeen:
    """Who caused an event: as the chain has it, and the name as it is today."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True)
class TraceEvent:
    """One link of a chain. An erased value is missing from `values` and named in `erased`."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    command_id: UUID | None
    actor: ActorSeen
    data: dict[str, Any]
    values: dict[str, Any]
    erased: tuple[str, ...]
    hash: bytes


@dataclass(frozen=True)
class _Row:
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    command_id: UUID | None
    content: bytes
    hash: bytes


@dataclass(frozen=True)
class _ValueRow:
    seq: int
    name: str
    value: bytes | None


_EVENTS = """
SELECT seq, kind, at, recorded_at, command_id, bytes AS content, hash FROM trail
WHERE desk_id = %s AND chain = %s AND seq > %s ORDER BY seq LIMIT %s
"""
_VALUES = """
SELECT seq, name, value FROM trail_value WHERE desk_id = %s AND chain = %s AND seq BETWEEN %s AND %s
"""
_NAMES = """
SELECT id::text, name FROM person WHERE desk_id = %(desk)s AND id = ANY(%(ids)s::uuid[])
UNION ALL SELECT id::text, name FROM customer WHERE desk_id = %(desk)s AND id = ANY(%(ids)s::uuid[])
UNION ALL SELECT id::text, name FROM api_token WHERE desk_id = %(desk)s AND id = ANY(%(ids)s::uuid[])
UNION ALL SELECT actor ->> 'id', actor ->> 'name' FROM command
    WHERE desk_id = %(desk)s AND id = ANY(%(of_log)s::uuid[])
"""
_ALL = 2**31 - 1


class Traces(Repository):
    """Questions about trails."""

    def trace(self, desk_id: int, number: int) -> list[TraceEvent]:
        """Return every event of a ticket's trail, in order. Raises NotFound for an unknown ticket."""
        sql = "SELECT instance_id FROM ticket WHERE desk_id = %s AND number = %s"
        chain = self._value(sql, desk_id, number)
        if chain is None:
            raise NotFound(f"Expected ticket {number} to exist at this desk, but there is none.")
        return self.chain(desk_id, chain)

    def chain(self, desk_id: int, chain: UUID, *, after: int = 0, limit: int = _ALL) -> list[TraceEvent]:
        """Return events of a chain behind link `after`, in order."""
        rows = self._all(_Row, _EVENTS, desk_id, chain, after, limit)
        if not rows:
            return []
        values = self._all(_ValueRow, _VALUES, desk_id, chain, rows[0].seq, rows[-1].seq)
        contents = [orjson.loads(row.content) for row in rows]
        names = self._names(desk_id, contents)
        return [
            _event(row, content, values_of, names)
            for row, content, values_of in _joined(rows, contents, values)
        ]

    def desk_trail(self, desk_id: int, *, after: int = 0, limit: int = 200) -> list[TraceEvent]:
        """Return events of the desk's own chain: deployments, people, log-ins, exports, the register."""
        chain = self._value("SELECT chain FROM desk_chain WHERE desk_id = %s", desk_id)
        return [] if chain is None else self.chain(desk_id, chain, after=after, limit=limit)

    def _names(self, desk_id: int, contents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        wanted = {content["actor"]["id"] for content in contents}
        wanted |= {content["data"]["person"] for content in contents if content["data"].get("person")}
        ids = [found for found in map(_as_uuid, wanted) if found]
        if not ids:
            return {}
        of_log = [content["command"] for content in contents if content["actor"]["kind"] == "log"]
        with self._lend() as connection:
            asked = {"desk": desk_id, "ids": ids, "of_log": of_log}
            return dict(connection.execute(_NAMES, asked).fetchall())


def _joined(
    rows: list[_Row], contents: list[Any], values: list[_ValueRow]
) -> Iterable[tuple[_Row, Any, dict[str, bytes | None]]]:
    by_link: dict[int, dict[str, bytes | None]] = {}
    for value in values:
        by_link.setdefault(value.seq, {})[value.name] = value.value
    for row, content in zip(rows, contents, strict=True):
        yield row, content, by_link.get(row.seq, {})


def _event(
    row: _Row, content: Mapping[str, Any], values: Mapping[str, bytes | None], names: Mapping[str, str]
) -> TraceEvent:
    actor, data = content["actor"], dict(content["data"])
    if data.get("person"):
        data["person_name"] = names.get(data["person"], data["person"])
    return TraceEvent(
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        command_id=row.command_id,
        actor=ActorSeen(actor["kind"], actor["id"], _name(actor, names)),
        data=data,
        values={name: from_json(orjson.loads(json)) for name, json in values.items() if json is not None},
        erased=tuple(sorted(name for name, json in values.items() if json is None)),
        hash=row.hash,
    )


def _name(actor: Mapping[str, str], names: Mapping[str, str]) -> str:
    return "Casepath" if actor["kind"] == "system" else names.get(actor["id"], actor["id"])


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
