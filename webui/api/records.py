"""From what the reads return to what the API gives: one function for each kind of record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from webui import sentences
from webui.plain import plain
from webui.saying import Words


def ticket(found: Any) -> dict[str, Any]:
    """Return a ticket."""
    return {
        **same(found, "number", "status", "label", "queue", "category", "priority", "subject", "description"),
        **same(
            found, "channel", "process", "version", "opened_at", "updated_at", "closed_at", "external_ref"
        ),
        "requester": _requester(found),
        "fields": plain(found.fields),
    }


def entry(found: Any) -> dict[str, Any]:
    """Return an entry of a conversation."""
    author = {"kind": found.author_kind, "id": found.author_id, "name": found.author_name}
    return {**same(found, "id", "at", "kind", "public", "body"), "author": author}


def link(found: Any) -> dict[str, Any]:
    """Return a link between tickets, as the asked one has it."""
    other = same(found, "number", "subject", "status", "label")
    return {**same(found, "kind", "outward", "linked_at"), "ticket": other}


def task(found: Any) -> dict[str, Any]:
    """Return a task."""
    return {
        **same(found, "id", "element", "name", "form", "queue", "candidate_groups", "assignee", "state"),
        **same(found, "priority", "opened_at", "due_at", "closed_at", "revision", "skills", "reason"),
        "ticket": found.ticket_number,
        "closed_by": found.closed_by_name,
    }


def person(found: Any) -> dict[str, Any]:
    """Return a person, without what lets them in."""
    plain = same(
        found, "id", "login", "name", "email", "phone", "roles", "queues", "skills", "active", "revision"
    )
    return {**plain, **same(found, "away", "away_until")}


def token(found: Any) -> dict[str, Any]:
    """Return a token, without its secret."""
    return {**same(found, "id", "name", "created_at", "revoked_at"), "person": str(found.person_id)}


def deadline(found: Any) -> dict[str, Any]:
    """Return a deadline."""
    return same(found, "kind", "id", "element", "name", "since", "due_at", "cycle")


def event(found: Any, say: Words) -> dict[str, Any]:
    """Return an event of a trail with its sentence."""
    actor = {"kind": found.actor.kind, "id": found.actor.id, "name": found.actor.name or ""}
    element = found.data.get("element")
    return {
        **same(found, "seq", "kind", "at", "recorded_at"),
        "actor": actor,
        "text": sentences.of(found, say),
        "elements": [element] if element else [],
        "data": plain(found.data),
        "hash": found.hash.hex(),
    }


def process(found: Any, versions: Iterable[Any]) -> dict[str, Any]:
    """Return a process with its versions."""
    return {
        **same(found, "key", "title", "version", "open_tickets"),
        "versions": [version(it) for it in versions],
    }


def version(found: Any) -> dict[str, Any]:
    """Return a process version."""
    return {**same(found, "key", "version", "title", "deployed_at"), "hash": found.hash.hex()}


def incident(found: Any) -> dict[str, Any]:
    """Return an incident."""
    return {
        **same(found, "id", "element", "scope", "kind", "message", "phase", "opened_at", "closed_at", "how"),
        "ticket": found.ticket_number,
    }


def outcome(found: Any) -> dict[str, Any]:
    """Return what came of a command."""
    return {"command": found.command_id, "ticket": found.ticket_number, "repeated": found.repeated}


def delivered(found: Any) -> dict[str, Any]:
    """Return what came of a message to a ticket."""
    return {**outcome(found), "state": "delivered", "expires_at": None}


def sent(found: Any) -> dict[str, Any]:
    """Return what has come of a message by key so far."""
    told = same(found, "state", "expires_at", "repeated")
    return {**told, "command": found.id, "ticket": found.ticket_number}


def message(found: Any) -> dict[str, Any]:
    """Return a message that was sent by key."""
    told = same(found, "id", "name", "key", "state", "sent_by", "sent_at", "expires_at", "ended_at", "error")
    return {**told, "payload": plain(found.payload), "ticket": found.ticket_number}


def _requester(found: Any) -> dict[str, Any] | None:
    if found.requester_id is None:
        return None
    return {"name": found.requester_name, "email": found.requester_email, "phone": found.requester_phone}


def same(found: Any, *names: str) -> dict[str, Any]:
    """Return some attributes of a record by their names."""
    return {name: getattr(found, name) for name in names}
