"""One step against the floor: a task completed, the next task durable and visible.

Each client is a process of its own and takes turns: some steps, as many floors, so that both see the same machine.
"""

from __future__ import annotations

import multiprocessing
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from engine.bench.floor import Floor
from engine.bench.scratch import Bench, prepare, scratch
from engine.bootstrap import open_casepath
from engine.settings import Settings

TURN = 10
WARM_UP = 50


@dataclass(frozen=True)
class StepFigure:
    """Medians in milliseconds of wall time, and their ratio."""

    ratio: float
    clients: int
    step_ms: float
    floor_ms: float


def measure_step(
    settings: Settings, clients: int = 1, steps: int = 500, *, goals: bool = False, timers: int = 0
) -> StepFigure:
    """Measure `steps` steps of each client against as many floors; with three goals on a ticket, and beside so many
    armed timers, if these are wished."""
    with scratch(settings) as settings:
        desk_id = prepare(settings, goals=goals, timers=timers)
        context = multiprocessing.get_context("spawn")
        with context.Pool(clients) as pool:
            found = pool.starmap(_client, [(settings, desk_id, steps)] * clients)
    step_ms = statistics.median(it for taken, _ in found for it in taken) * 1000
    floor_ms = statistics.median(it for _, taken in found for it in taken) * 1000
    return StepFigure(round(step_ms / floor_ms, 2), clients, round(step_ms, 3), round(floor_ms, 3))


def _client(settings: Settings, desk_id: int, steps: int) -> tuple[list[float], list[float]]:
    bench = Bench(open_casepath(settings), desk_id)
    _, task = bench.open_ticket()
    floor = Floor(settings.database_url, desk_id, *bench.open_ticket())
    stepper = Stepping(bench, task)
    for _ in range(WARM_UP):
        stepper.step()
        floor.step()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(0, steps, TURN):
        taken[0].extend(timed(stepper.step) for _ in range(TURN))
        taken[1].extend(timed(floor.step) for _ in range(TURN))
    floor.close()
    bench.casepath.close()
    return taken


class Stepping:
    """Goes on from task to task of one ticket."""

    def __init__(self, bench: Bench, task: object) -> None:
        self._bench = bench
        self._task = task

    def step(self) -> None:
        """Complete the task at hand."""
        self._task = self._bench.step(self._task)  # type: ignore[arg-type]


def timed(work: Callable[[], None]) -> float:
    """Return how many seconds a piece of work took."""
    start = perf_counter()
    work()
    return perf_counter() - start
