"""Erasing values from the trail: the value and its salt go, the link and the fact of the erasure stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from engine.runtime.commands import Actor
from engine.store.store import Store

_ERASE = """
UPDATE trail_value SET salt = NULL, value = NULL, erased_at = %s
WHERE desk_id = %s AND chain = %s AND erased_at IS NULL AND (%s::text[] IS NULL OR name = ANY(%s))
"""


def erase_values(
    store: Store, desk_id: int, chain: UUID, actor: Actor, now: datetime, names: Collection[str] | None = None
) -> int:
    """Erase the values of a chain, all or those of some names; return how many. The desk's chain says who."""
    wanted = None if names is None else sorted(names)
    with store.desk_unit(desk_id) as unit:
        erased = unit.connection.execute(_ERASE, (now, desk_id, chain, wanted, wanted)).rowcount
        facts = {"chain": chain, "values": erased, "names": wanted}
        unit.note("values_erased", actor, facts, at=now, recorded_at=now)
    return erased
