"""How long to wait before something that failed is tried again."""

from __future__ import annotations

import re
from datetime import timedelta

from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


def pause(failed: int, back_off: str | None = None) -> timedelta:
    """Return how long to wait after so many failed tries (1 or more).

    `back_off` is what a service task says: a duration, or several, of which the last one goes on. Without it the
    pause doubles from ten seconds to an hour.
    """
    said = _pauses(back_off or "")
    if said:
        return said[min(failed, len(said)) - 1]
    return min(FIRST_PAUSE * (1 << min(failed - 1, 12)), LONGEST_PAUSE)


def _pauses(text: str) -> list[timedelta]:
    """Return the durations of a list; none where one of them is not of days and time, as in no back-off at all."""
    found = [read_duration(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
    pauses = [
        it.timedelta for it in found if isinstance(it, DaysTimeDuration) and it.timedelta >= timedelta(0)
    ]
    return pauses if len(pauses) == len(found) else []
