"""Writing links into the trail and their values beside it: one statement for each, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.audit.trail import Link
from engine.store.statements import Statement

_LINKS = """
INSERT INTO trail (desk_id, chain, seq, recorded_at, kind, at, command_id, bytes, hash)
SELECT %s, %s, seq, %s, kind, %s, %s, bytes, hash
FROM unnest(%s::int[], %s::text[], %s::bytea[], %s::bytea[]) AS link (seq, kind, bytes, hash)
"""

_VALUES = """
INSERT INTO trail_value (desk_id, chain, seq, name, recorded_at, salt, value)
SELECT %s, %s, seq, name, %s, salt, value
FROM unnest(%s::int[], %s::text[], %s::bytea[], %s::bytea[]) AS kept (seq, name, salt, value)
"""


def append(desk_id: int, links: Sequence[Link]) -> Iterator[Statement]:
    """Yield the statements that append the links of one command to one chain."""
    if not links:
        return
    first = links[0]
    columns = zip(*((link.seq, link.kind, link.content, link.hash) for link in links), strict=True)
    yield (
        _LINKS,
        (desk_id, first.chain, first.recorded_at, first.at, first.command_id, *(list(c) for c in columns)),
    )
    values = [
        (link.seq, name, value.salt, value.json) for link in links for name, value in link.values.items()
    ]
    if values:
        rows = (list(column) for column in zip(*values, strict=True))
        yield _VALUES, (desk_id, first.chain, first.recorded_at, *rows)
