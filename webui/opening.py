"""What somebody who opens a ticket can choose: the desk's process, its channels, categories and priorities."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound
from webui import frame, identity


def process_of(desk_id: int) -> str:
    """Return the key of the process that new tickets of a desk begin with. Raises NotFound where none is deployed."""
    process = pack_of(desk_id).process
    if not process:
        raise NotFound("Expected a deployed process that tickets can begin with, but the desk has none yet.")
    return str(process)


def choices(desk_id: int) -> dict[str, list[dict[str, str]]]:
    """Return the options of the form for a new ticket, by field."""
    pack = pack_of(desk_id)
    return {name: _options(getattr(pack, name)) for name in ("channels", "categories", "priorities")}


def queues(desk_id: int) -> list[dict[str, str]]:
    """Return the queues of a desk, as options."""
    return _options(pack_of(desk_id).queues)


def pack_of(desk_id: int) -> Any:
    """Return the newest deployed pack of a desk."""
    return identity.casepath().worlds.newest_pack(desk_id, frame.desk(desk_id).pack)


def _options(words: Any) -> list[dict[str, str]]:
    if isinstance(words, dict):
        return [{"value": key, "label": str(label)} for key, label in words.items()]
    return [{"value": str(word), "label": str(word).replace("_", " ")} for word in words]
