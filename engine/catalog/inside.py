"""What a pack's files hold by name: elements, decisions, fields, settings. References to places are judged by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.catalog.calendars import CALENDARS
from engine.catalog.pack import MANIFEST, PackSource
from engine.decisions import Model
from engine.forms import Form
from engine.spiff import Diagram

_TABLES = (
    "states", "categories", "priorities", "tiers", "channels", "roles", "queues", "skills", "settings", "goals",
)  # fmt: skip


def names_inside(
    pack: PackSource,
    diagrams: Mapping[str, Diagram],
    models: Mapping[str, Model],
    forms: Mapping[str, Form],
) -> dict[str, Iterable[str]]:
    """Return the names inside of each file that counts, by its path in the pack.

    `diagrams`, `models` and `forms` are those that could be read, by where they really lie.
    """
    found: dict[str, Iterable[str]] = {}
    for path, lies in pack.overlay.items():
        if lies in diagrams:
            found[path] = set(diagrams[lies].elements)
        elif lies in models:
            found[path] = {name for it in models[lies].decisions for name in (it.id, it.name) if name}
        elif lies in forms:
            found[path] = {it.key for it in forms[lies].inputs() if it.key}
        elif path == MANIFEST:
            found[path] = {f"{table}.{key}" for table in _TABLES for key in getattr(pack, table)}
        else:
            found[path] = set(pack.calendars) if path == CALENDARS else ()
    return found
