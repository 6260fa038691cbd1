"""What the desk's pack offers: the process of new tickets; words for channels, categories, priorities, queues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from engine.errors import NotFound
from webui import identity


def process_of(desk_id: int) -> str:
    """Return the key of the process that new tickets of a desk begin with. Raises NotFound where none is deployed."""
    process = pack_of(desk_id).process
    if not process:
        raise NotFound("Expected a pack that names the process for new tickets, but this one names none.")
    return str(process)


def choices(desk_id: int) -> dict[str, list[dict[str, str]]]:
    """Return the options of the form for a new ticket, by field."""
    pack = pack_of(desk_id)
    return {name: _options(getattr(pack, name)) for name in ("channels", "categories", "priorities")}


def label(kind: str, key: str | None) -> str:
    """Return the pack's word for a key of its channels, categories, priorities, queues, skills or goals."""
    if not key:
        return ""
    known: dict[str, dict[str, str]] = g.setdefault("pack_labels", {})
    if kind not in known:
        known[kind] = {it["value"]: it["label"] for it in _options(getattr(pack_of(g.desk_id), kind))}
    return known[kind].get(key, key.replace("_", " "))


def queues(desk_id: int) -> list[dict[str, str]]:
    """Return the queues of a desk, as options."""
    return _options(pack_of(desk_id).queues)


def forms(desk_id: int) -> list[str]:
    """Return the ids of the forms of a desk's newest pack."""
    return sorted(identity.casepath().worlds.of(desk_id, _newest(desk_id)).forms)


def skills(desk_id: int) -> list[dict[str, str]]:
    """Return the skills of a desk, as options."""
    return _options(pack_of(desk_id).skills)


def pack_of(desk_id: int) -> Any:
    """Return the newest deployed pack of a desk. Raises NotFound where none is."""
    return identity.casepath().worlds.pack(desk_id, _newest(desk_id))


def _newest(desk_id: int) -> Any:
    processes = identity.casepath().reads.processes(desk_id)
    if not processes:
        raise NotFound("Expected a deployed process that tickets can begin with, but the desk has none yet.")
    return max(processes, key=lambda process: process.deployed_at).snapshot_id


def _options(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """Labels stand as text; a queue has a title."""
    return [
        {"value": key, "label": str(getattr(it, "title", it) if not isinstance(it, str) else it)}
        for key, it in words.items()
    ]
