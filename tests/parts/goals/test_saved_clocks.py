"""Clocks that were saved by this version stay loadable: their rows as they were written, word for word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.goals import GoalClock, Target

from .desk import hours

ID = "01a20846-fe00-7001-a92c-313f5ea83c1a"
NINE = 1772442000000000  # Monday, 2 March 2026, 9:00 UTC
HOUR = 3600000000

ROWS: dict[str, list[Any]] = {
    "running": [
        ID, "resolution", "running", 2, [16 * HOUR, "working", "office"], "fc7820e6e3fa",
        {"elapsed": HOUR, "working office": HOUR, "business_days office": HOUR},
        [NINE, NINE + HOUR, NINE + 8 * HOUR, NINE + 6 * HOUR, None, None],
    ],
    "breached": [
        ID, "update", "paused", 1, [4 * HOUR, "elapsed", ""], "", {"elapsed": 5 * HOUR},
        [NINE, NINE, NINE + 4 * HOUR, None, NINE + 3 * HOUR, NINE + 4 * HOUR],
    ],
    "without a target": [ID, "first_response", "met", 1, None, "", {}, [NINE, NINE, None, None, None, None]],
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_saved_clock_is_loaded_and_saved_as_it_was(name: str) -> None:
    assert GoalClock.load(ROWS[name]).dump() == ROWS[name]


def test_a_saved_clock_says_what_it_said() -> None:
    clock = GoalClock.load(ROWS["running"])
    assert clock.target == Target(timedelta(hours=16), "working", "office")
    assert (hours(clock.began), hours(clock.since), hours(clock.due), hours(clock.warn)) == (0, 1, 8, 6)
    assert hours(clock.next_moment) == 6
    assert GoalClock.load(ROWS["breached"]).next_moment is None
