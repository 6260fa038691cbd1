"""The register of instances: chained by the desk, so that an instance can't vanish with everything it had.

A trail proves that nothing in it was changed; it can't prove that it ever was. So the desk's own chain lists every
instance that was started, with its trail's end at that moment. Writing it with each start would make all tickets
of a desk wait in one line for the end of that chain; it is done in batches instead, by the scheduler, within a
minute. Until then the kept command and the trail itself tell of an instance whose row is gone.
"""

from __future__ import annotations

from datetime import datetime

from engine.runtime.commands import SYSTEM
from engine.store.desk_unit import DeskUnit
from engine.store.store import Store

REGISTERED = "instances_registered"
_BATCH = 500

# SKIP LOCKED: an instance that is being moved at this moment is registered with the next batch.
_NEW = """
WITH fresh AS (
    SELECT id FROM instance WHERE desk_id = %s AND registered_at IS NULL
    ORDER BY ticket_number LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE instance SET registered_at = %s FROM fresh WHERE instance.desk_id = %s AND instance.id = fresh.id
RETURNING ticket_number, instance.id, length, encode(head, 'hex')
"""
_DESKS = "SELECT DISTINCT desk_id FROM instance WHERE registered_at IS NULL"


def register_instances(store: Store, now: datetime) -> int:
    """Enter every new instance of every desk into its desk's chain; return how many. `now` is the real moment."""
    with store.database.borrowed() as connection:
        desks = [desk_id for (desk_id,) in connection.execute(_DESKS).fetchall()]
    return sum(_register(store, desk_id, now) for desk_id in desks)


def _register(store: Store, desk_id: int, now: datetime) -> int:
    done = 0
    while True:
        with store.desk_unit(desk_id) as unit:
            batch = _batch(unit, now)
        done += batch
        if batch < _BATCH:
            return done


def _batch(unit: DeskUnit, now: datetime) -> int:
    rows = unit.connection.execute(_NEW, (unit.desk_id, _BATCH, now, unit.desk_id)).fetchall()
    if rows:
        entries = [list(row) for row in sorted(rows)]
        unit.note(REGISTERED, SYSTEM, {"instances": entries}, at=now, recorded_at=now)
    return len(rows)
