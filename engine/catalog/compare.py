"""What differs between two diagrams, element by element, as an owner sees it before deploying.

Only what a process does is compared: names, forms, timers, conditions, texts. Where a shape lies on the canvas, and
the line it stands on in the file, change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from engine.spiff import check_diagram
from engine.spiff.model import Element

_DRAWING_ONLY = {"id", "line", "process", "parent"}
_WORDS = {
    "attached_to": "attached to",
    "candidate_groups": "candidate groups",
    "propagate_child": "results taken over",
    "propagate_parent": "variables handed in",
    "result_variable": "result variable",
    "type": "kind",
}


@dataclass(frozen=True)
class ElementChange:
    """One difference: the element, what about it, and its text before and after (None where there was none)."""

    element: str
    name: str
    what: str
    before: str | None
    after: str | None


def compare(before: bytes, after: bytes) -> list[ElementChange]:
    """Return what differs between two BPMN files; empty where either can't be read (its findings say why)."""
    old, new = (check_diagram(source, "diagram")[0] for source in (before, after))
    if old is None or new is None:
        return []
    changes: list[ElementChange] = []
    for id in [*old.elements, *(id for id in new.elements if id not in old.elements)]:
        changes.extend(_differences(old.elements.get(id), new.elements.get(id)))
    return changes


def _differences(old: Element | None, new: Element | None) -> Iterator[ElementChange]:
    if old is None or new is None:
        element = old or new
        assert element is not None
        what = "removed" if new is None else "added"
        kind = element.type
        yield ElementChange(
            element.id, element.name, what, kind if new is None else None, kind if new else None
        )
        return
    for part in fields(Element):
        was, becomes = getattr(old, part.name), getattr(new, part.name)
        if was != becomes and part.name not in _DRAWING_ONLY:
            what = _WORDS.get(part.name, part.name)
            yield ElementChange(new.id, new.name or old.name, what, _shown(was), _shown(becomes))


def _shown(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_shown(item) or "" for item in value[-1:]) if len(value) == 2 else _listed(value)
    return str(value)


def _listed(pairs: tuple[Any, ...]) -> str | None:
    return "; ".join(f"{name} = {text}" for name, text in pairs) or None
