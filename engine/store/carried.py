"""What messages and signals carry: a payload of FEEL values, and who sent it."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from engine.feel.codec import from_json
from engine.runtime.commands import Actor
from engine.store.commands import actor_json, actor_of
from engine.store.statements import feel_json


class Carried:
    """A row with a payload and an actor, as they are stored."""

    stored: Any
    stored_actor: Any

    @property
    def payload(self) -> dict[str, Any]:
        """What it carries, as FEEL values."""
        values: dict[str, Any] = from_json(self.stored)
        return values

    @property
    def actor(self) -> Actor:
        """Who sent it."""
        return actor_of(self.stored_actor)


def as_stored(new: Any) -> dict[str, Any]:
    """Return the values of a new message or signal for its statement, by their names."""
    payload, actor = feel_json(dict(new.payload)), Jsonb(actor_json(new.actor))
    return {**vars(new), "payload": payload, "actor": actor}
