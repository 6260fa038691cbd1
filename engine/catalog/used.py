"""Where a pack uses its settings: in expressions, in goals, and where queues find people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.catalog.check import Contents, asking
from engine.catalog.named import named_literals
from engine.catalog.pack import MANIFEST, PackSource
from engine.catalog.paths import shown_path


@dataclass(frozen=True)
class Use:
    """One place that uses a setting: the file as people read it, and what in it."""

    file: str
    place: str


def settings_used(pack: PackSource, contents: Contents) -> dict[str, list[Use]]:
    """Return the places that use each setting, in the order of the files; a setting that nothing names is missing.

    Names that expressions put together while they run can't be known.
    """
    found: dict[str, list[Use]] = {}
    for key, use in (*_in_expressions(contents), *_in_goals(pack), *_in_queues(pack)):
        listed = found.setdefault(key, [])
        if use not in listed:
            listed.append(use)
    return found


def _in_expressions(contents: Contents) -> Iterator[tuple[str, Use]]:
    for it in named_literals(asking(contents)):
        if it.what == "setting":
            model = contents.models.get(it.file)  # of a table's cells nobody knows the ids
            place = model.name if model else it.place
            yield it.name, Use(shown_path(it.file), place)


def _in_goals(pack: PackSource) -> Iterator[tuple[str, Use]]:
    for goal in pack.goals.values():
        named = [goal.warn_at, *(it.setting for it in goal.met_by)]
        yield from ((key, Use(MANIFEST, f"goal {goal.title}")) for key in named if isinstance(key, str))


def _in_queues(pack: PackSource) -> Iterator[tuple[str, Use]]:
    for queue in pack.queues.values():
        if queue.assign.setting is not None:
            yield queue.assign.setting, Use(MANIFEST, f"queue {queue.title}")
