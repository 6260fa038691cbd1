"""Who asks by the API, and the id under which a command of theirs is done once."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import request

from engine.errors import InvalidInput
from engine.runtime.commands import derived_id
from webui import identity

LONGEST_KEY = 255


def command_id() -> UUID:
    """Return the command's id: from token, address and `Idempotency-Key`, or a new one without that header."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return uuid4()
    if len(key) > LONGEST_KEY:
        sentence = f"Expected at most {LONGEST_KEY} characters, but got {len(key)}."
        raise InvalidInput("Expected a shorter Idempotency-Key.", {"Idempotency-Key": sentence})
    return derived_id(owner(), f"{request.method} {request.path} {key}")


def owner() -> UUID:
    """Return whose files the token sends: its own, which no other may name."""
    who = identity.who()
    return who.token_id or who.person_id


def files(ids: list[str]) -> dict[str, Any]:
    """Return what a command says of files that were sent before. Raises InvalidInput for one that isn't kept."""
    known = [UUID(it) for it in dict.fromkeys(ids)]
    return identity.casepath().uploads.told(identity.desk_id(), owner(), known) if known else {}


def common() -> dict[str, Any]:
    """Return what every command of the API has: id, desk and actor."""
    who = identity.who()
    return {"id": command_id(), "desk_id": who.desk_id, "actor": who.actor}


def handle(command: Any) -> Any:
    """Give a command to the engine and return its outcome."""
    return identity.casepath().engine.handle(command)


def page_limits(query: dict[str, Any]) -> dict[str, Any]:
    """Return cursor and limit of a list."""
    return {"cursor": query.get("cursor"), "limit": query.get("limit", 50)}
