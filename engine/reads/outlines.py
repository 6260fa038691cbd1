"""What the diagrams that a ticket runs on say of their elements: names, calls, and which are done several times.

A ticket pins a deployed pack. A called process runs in the version that this pack had of it, which an earlier
deployment may have made: an unchanged process gets no new number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from engine.errors import NotFound
from engine.remembering import remembered
from engine.spiff import read_deployed
from engine.store.catalogue import Catalogue
from engine.store.repository import Repository


@dataclass(frozen=True)
class Outline:
    """One version of a process as its trail is told: `names` by element id (none for the nameless), the ids of its
    call activities, for each activity done several times how: `parallel`, `sequential` or `standard`, and for each
    event on a border the activity that it hangs on."""

    key: str
    version: int
    title: str
    names: Mapping[str, str]
    calls: frozenset[str]
    loops: Mapping[str, str]
    hosts: Mapping[str, str] = field(default_factory=dict)


_PINNED = """
SELECT v.version FROM snapshot pinned
JOIN snapshot s ON s.desk_id = pinned.desk_id AND s.pack = pinned.pack AND s.number <= pinned.number
JOIN process_version v ON v.desk_id = s.desk_id AND v.snapshot_id = s.id
WHERE pinned.desk_id = %s AND pinned.id = %s AND v.key = %s ORDER BY v.version DESC LIMIT 1
"""


class Outlines(Repository):
    """Questions about the diagrams behind a trail."""

    def outline(self, desk_id: int, snapshot_id: UUID, process: str) -> Outline:
        """Return a process in the version that a deployed pack has of it. Raises NotFound."""
        number = self._value(_PINNED, desk_id, snapshot_id, process)
        catalogue = Catalogue(self._lend)
        version = None if number is None else catalogue.version(desk_id, process, number)
        source = None if version is None else catalogue.file(desk_id, version.snapshot_id, version.path)
        if version is None or source is None:
            raise NotFound(f"Expected a process {process!r} in the deployed pack, but it has none.")
        return Outline(process, version.version, version.title, *_drawn(source))


@remembered(most=64)
def _drawn(source: bytes) -> tuple[Mapping[str, str], frozenset[str], Mapping[str, str], Mapping[str, str]]:
    elements = read_deployed(source, "").elements.values()
    return (
        {it.id: it.name for it in elements if it.name},
        frozenset(it.id for it in elements if it.type == "callActivity"),
        {it.id: it.loop.kind for it in elements if it.loop},
        {it.id: it.attached_to for it in elements if it.attached_to},
    )
