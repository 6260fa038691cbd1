"""Commands that were done: kept so that each is done once, and so that a history can be run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from engine.errors import Unsupported
from engine.feel.codec import from_json, to_json
from engine.runtime.commands import COMMANDS, Actor, Command, Requester
from engine.runtime.instance import Instance
from engine.store.database import Connection
from engine.store.statements import Statement

_OUTCOME = "SELECT outcome, kind, body FROM command WHERE desk_id = %s AND id = %s"

_INSERT = """
INSERT INTO command
    (desk_id, id, instance_id, revision, kind, body, seed, actor, at, snapshot_id, recorded_at, outcome)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

_HISTORY = """
SELECT id, kind, body, actor, seed, at, recorded_at, snapshot_id, revision FROM command
WHERE desk_id = %s AND instance_id = %s ORDER BY revision, recorded_at, id
"""

_OF_THE_ROW = frozenset({"id", "desk_id", "actor"})


@dataclass(frozen=True)
class KeptCommand:
    """A command as it was done: with its seed, its moment, the pack it saw and the revision it led to."""

    command: Command
    seed: bytes
    at: datetime
    recorded_at: datetime
    snapshot_id: UUID
    revision: int


@dataclass(frozen=True)
class Done:
    """A command that was done before under the same id: what came of it, and what it had said."""

    outcome: Mapping[str, Any]
    kind: str
    body: Mapping[str, Any]

    def says(self, command: Command) -> bool:
        """Whether a command wishes what this one wished; what the engine itself filled in doesn't count."""
        same = _wished(self.body) == _wished(orjson.loads(orjson.dumps(body(command))))
        return self.kind == type(command).__name__ and same


def outcome_of(desk_id: int, command_id: UUID) -> Statement:
    """Return the statement that asks for a command that may be done already: the columns of `Done`."""
    return _OUTCOME, (desk_id, command_id)


def insert(
    command: Command,
    instance: Instance,
    seed: bytes,
    at: datetime,
    recorded_at: datetime,
    outcome: Mapping[str, Any],
) -> Statement:
    """Return the statement that keeps a command; `outcome` is plain JSON, given back when it comes again."""
    return _INSERT, (
        command.desk_id,
        command.id,
        instance.id,
        instance.revision,
        type(command).__name__,
        Jsonb(body(command)),
        seed,
        Jsonb(actor_json(command.actor)),
        at,
        instance.snapshot_id,
        recorded_at,
        Jsonb(outcome),
    )


def history(connection: Connection, desk_id: int, instance_id: UUID) -> list[KeptCommand]:
    """Return every command of an instance in the order in which they were done."""
    rows = connection.execute(_HISTORY, (desk_id, instance_id)).fetchall()
    return [
        KeptCommand(
            revive(kind, json, id=id_, desk_id=desk_id, actor=actor),
            seed,
            at,
            recorded_at,
            snapshot,
            revision,
        )
        for id_, kind, json, actor, seed, at, recorded_at, snapshot, revision in rows
    ]


def body(command: Command) -> dict[str, Any]:
    """Return what a command says beyond its id, desk and actor, as JSON."""
    fields = (field.name for field in dataclasses.fields(command) if field.name not in _OF_THE_ROW)
    return {name: _to_json(getattr(command, name)) for name in fields}


def revive(
    kind: str, json: Mapping[str, Any], *, id: UUID, desk_id: int, actor: Mapping[str, Any]
) -> Command:
    """Return the command that `body` was made of. Raises Unsupported for a kind that this Casepath doesn't know."""
    if kind not in COMMANDS:
        raise Unsupported(f"Expected a kept command of a known kind, but {kind!r} is none.")
    made_of = COMMANDS[kind]
    hints = get_type_hints(made_of)
    fields = {name: _from_json(value, hints[name]) for name, value in json.items()}
    return made_of(id=id, desk_id=desk_id, actor=actor_of(actor), **fields)


def _wished(json: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody named is left out, so that a command kept by an older Casepath still says the same."""
    wish = {name: value for name, value in json.items() if name != "number" and value is not None}
    if wish.get("requester"):
        wish["requester"] = {**wish["requester"], "id": None}
    return wish


def _to_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Requester):
        return {name: _to_json(item) for name, item in dataclasses.asdict(value).items()}
    return to_json(dict(value)) if isinstance(value, Mapping) else value


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if hint is Requester:
        return Requester(**{**value, "id": UUID(value["id"]) if value["id"] else None})
    if hint in (UUID, UUID | None):
        return UUID(value)
    return from_json(value) if isinstance(value, Mapping) else value


def actor_json(actor: Actor) -> dict[str, Any]:
    """Return an actor as plain JSON."""
    who = {"kind": actor.kind, "id": actor.id, "name": actor.name}
    return {**who, "roles": sorted(actor.roles), "queues": sorted(actor.queues)}


def actor_of(json: Mapping[str, Any]) -> Actor:
    """Return the actor that `actor_json` was made of."""
    return Actor(json["kind"], json["id"], json["name"], frozenset(json["roles"]), frozenset(json["queues"]))
