"""Stopping a handler that hangs, by the timer signal of the process.

RQ's own limit of a job uses the same signal, which interrupts sleeping and waiting too. The handler's limit lies
inside of that of its job, so it takes the signal over and gives it back with what is left. Code that never comes back
to Python can't be stopped this way; its job is then claimed anew when its lease ends.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

AGAIN_EVERY = 1.0


class TookTooLong(BaseException):
    """A handler's time is over. Not an `Exception`: a handler that catches those must not catch its own end."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in what runs inside, once it has run for so long, and again each second if that is caught.

    Python takes signals in its main thread only, which is where workers run their jobs.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Expected a handler to be limited in the main thread, but this is another one.")
    began = monotonic()
    before = signal.signal(signal.SIGALRM, _stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_EVERY)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # once more: the signal may have come on the way to the line above
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (monotonic() - began)), interval)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TookTooLong
