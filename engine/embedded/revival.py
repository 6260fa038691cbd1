"""A child that is started again when it dies, with pauses that grow while it keeps dying."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from engine.embedded.process import Process

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


class Revived:
    """One such child; `look` is called whenever something may have happened to it."""

    def __init__(self, name: str, start: Callable[[], Process]) -> None:
        self.name = name
        self._start = start
        self._pause = FIRST_PAUSE_SECONDS
        self._started_at = time.monotonic()
        self.again_at: float | None = None
        self.process = start()

    def look(self) -> bool:
        """Start the child again if it is dead and its pause is over; say whether its death is news."""
        if not self.process.ended:
            return False
        now = time.monotonic()
        if self.again_at is None:
            lived_well = now - self._started_at > LONGEST_PAUSE_SECONDS
            self._pause = FIRST_PAUSE_SECONDS if lived_well else self._pause
            self.again_at = now + self._pause
            return True
        if now >= self.again_at:
            self.again_at = None
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            self._started_at = now
            self.process = self._start()
        return False


def stop_all(children: Iterable[Revived]) -> None:
    """Ask all of them to end, then wait for each."""
    processes = [child.process for child in children]
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.wait()


def next_revival(children: Iterable[Revived]) -> float | None:
    """Return in how many seconds the first dead child is due again; None when all live."""
    moments = [child.again_at for child in children if child.again_at is not None]
    return max(0.0, min(moments) - time.monotonic()) if moments else None
