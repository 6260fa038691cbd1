"""A progress line on a terminal: tickets, steps a second, time left. Elsewhere it stays silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TextIO

from engine.clock import Clock, WallClock

_WIDTH = 24
_EVERY = timedelta(milliseconds=200)


class Progress:
    """Counts steps and tickets of a known number of steps, and draws them if `stream` is a terminal."""

    def __init__(self, steps: int, tickets: int, stream: TextIO | None, clock: Clock | None = None) -> None:
        self._steps, self._tickets = steps, tickets
        self._stream = stream if stream is not None and stream.isatty() else None
        self._clock = clock or WallClock()
        self._started = self._drawn = self._clock.now()
        self._steps_done = self._tickets_done = 0

    def step(self, *, ticket_done: bool) -> None:
        """Count one step, and one ticket if it was its last."""
        self._steps_done += 1
        self._tickets_done += ticket_done
        now = self._clock.now() if self._stream else self._drawn
        if now - self._drawn >= _EVERY:
            self._draw(now)

    def end(self) -> None:
        """Draw the last state and leave the line."""
        if self._stream:
            self._draw(self._clock.now())
            self._stream.write("\n")

    def line(self, now: datetime) -> str:
        """Return the progress as it stands at a moment."""
        share = self._steps_done / self._steps if self._steps else 1.0
        bar = "█" * round(share * _WIDTH)
        seconds = max((now - self._started).total_seconds(), 0.001)
        speed = self._steps_done / seconds
        left = (self._steps - self._steps_done) / speed if speed else 0.0
        return (
            f"{bar:░<{_WIDTH}} {self._tickets_done:,} of {self._tickets:,} tickets"
            f" · {speed:,.0f} steps/s · {_span(left)} left"
        )

    def _draw(self, now: datetime) -> None:
        if self._stream:
            self._drawn = now
            self._stream.write(f"\r{self.line(now)}\x1b[K")
            self._stream.flush()


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
