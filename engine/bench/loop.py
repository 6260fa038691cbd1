"""A long-lived ticket: is round 2,000 of a loop as quick and as small as the first ones?"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from uuid import UUID

from engine.bench.scratch import Bench, prepare, scratch
from engine.bench.step import Stepping, timed
from engine.bootstrap import open_casepath
from engine.settings import Settings

ROUNDS = 2000
SAMPLE = 49


@dataclass(frozen=True)
class LoopFigure:
    """Medians in milliseconds of rounds 2 to 50 and of rounds 1,951 to 2,000; the last state's size in bytes."""

    ratio: float
    rounds: int
    first_ms: float
    last_ms: float
    state_bytes: int


def measure_loop(settings: Settings, rounds: int = ROUNDS) -> LoopFigure:
    """Drive one ticket through `rounds` rounds, and a young one through its first while the old one does its last.

    Taken minutes apart, the two medians would say more about what else the machine was doing than about us.
    """
    with scratch(settings) as settings:
        bench = Bench(open_casepath(settings), prepare(settings))
        instance, task = bench.open_ticket()
        old = Stepping(bench, task)
        for _ in range(rounds - SAMPLE - 1):
            old.step()
        young = Stepping(bench, bench.open_ticket()[1])
        young.step()
        old.step()
        first, last = zip(*((timed(young.step), timed(old.step)) for _ in range(SAMPLE)), strict=True)
        size = _state_size(bench, instance)
        bench.casepath.close()
    first_ms, last_ms = statistics.median(first) * 1000, statistics.median(last) * 1000
    return LoopFigure(round(last_ms / first_ms, 2), rounds, round(first_ms, 3), round(last_ms, 3), size)


def _state_size(bench: Bench, instance: UUID) -> int:
    sql = "SELECT length(state) FROM instance WHERE desk_id = %s AND id = %s"
    with bench.casepath.store.transaction() as connection:
        row = connection.execute(sql, (bench.desk_id, instance)).fetchone()
    return int(row[0]) if row else 0
