"""How events become a trail that can't be altered unseen.

Each event is written down once as canonical JSON (keys sorted, no spaces, UTF-8, moments in UTC with
microseconds, decimals as text: the form of RFC 8785 for the values that can occur here). A link's hash is
SHA-256 over the hash before it and these bytes, so that changing, dropping or inserting one breaks all after it.

Values that may be about a person are not in those bytes. Only their commitment is: SHA-256 over a random salt and
the value's canonical JSON. Salt and value lie beside the chain and can be erased; without the salt the commitment
tells nothing, not even by trying out all likely values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from engine.feel.codec import to_json
from engine.ids import Ids
from engine.runtime.events import Event

FORMAT = 1
_GENESIS = b"casepath trail 1"


@dataclass(frozen=True)
class Value:
    """What an event commits to: a salt and the canonical JSON of the value."""

    salt: bytes
    json: bytes


@dataclass(frozen=True)
class Link:
    """One event in its chain, as it is stored. `seq` counts from 1; both moments are UTC."""

    chain: UUID
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    command_id: UUID | None
    content: bytes
    hash: bytes
    values: Mapping[str, Value] = field(default_factory=dict)


def genesis(chain: UUID) -> bytes:
    """Return the hash that a chain begins with; it binds the chain to its id."""
    return hashlib.sha256(_GENESIS + chain.bytes).digest()


def chain_hash(previous: bytes, content: bytes) -> bytes:
    """Return the hash of a link from the hash before it and its bytes."""
    return hashlib.sha256(previous + content).digest()


def commitment(value: Value) -> str:
    """Return what the chain holds in a value's place, in hexadecimal."""
    return hashlib.sha256(value.salt + value.json).hexdigest()


def link(
    head: bytes,
    length: int,
    events: Iterable[Event],
    *,
    chain: UUID,
    command: UUID | None,
    at: datetime,
    recorded_at: datetime,
    ids: Ids,
) -> tuple[list[Link], bytes, int]:
    """Return events as links behind `head` (use `genesis` for an empty chain), and the new head and length.

    `at` is when it happened (in the instance's time), `recorded_at` when it is written down.
    """
    stamp = {
        "v": FORMAT,
        "at": moment_text(at),
        "recorded_at": moment_text(recorded_at),
        "command": str(command) if command else None,
    }
    links = []
    for event in events:
        length += 1
        values = {name: Value(ids.salt(), _dumped(to_json(value))) for name, value in event.values.items()}
        content = _dumped({**stamp, "seq": length, **_said(event, values)})
        head = chain_hash(head, content)
        links.append(Link(chain, length, event.kind, at, recorded_at, command, content, head, values))
    return links, head, length


def _said(event: Event, values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "actor": {"kind": event.actor.kind, "id": event.actor.id},
        "data": _plain(event.data),
        "values": {name: commitment(value) for name, value in values.items()},
    }


def canonical(value: Any) -> bytes:
    """Return the one JSON text of a plain value; raises TypeError for floats and anything else unknown."""
    return _dumped(_plain(value))


def moment_text(moment: datetime) -> str:
    """Return a moment as it stands in the chain: UTC, six digits, "Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _dumped(json: Any) -> bytes:
    return orjson.dumps(json, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    return _scalar_text(value)


def _scalar_text(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"Expected a plain value for the trail, but got a {type(value).__name__}.")
