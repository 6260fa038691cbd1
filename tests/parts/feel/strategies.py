"""Hypothesis strategies for FEEL values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engine.feel.values import DaysTimeDuration, FeelTime, YearsMonthsDuration, normalise

ZONES = [
    None,
    UTC,
    timezone(timedelta(hours=5, minutes=30)),
    timezone(timedelta(hours=-8)),
    ZoneInfo("Europe/Rome"),
]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
numbers = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, places=6).map(normalise)
moments = st.builds(
    lambda moment, zone: moment.replace(tzinfo=zone, fold=0),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(ZONES),
)
times = st.builds(
    FeelTime,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999_999),
    st.sampled_from(ZONES),
)
days = st.builds(DaysTimeDuration, st.integers(-(10**16), 10**16))
months = st.builds(YearsMonthsDuration, st.integers(-10_000, 10_000))
scalars = st.one_of(
    st.none(), st.booleans(), texts, numbers, st.dates(date(1, 1, 1)), moments, times, days, months
)


def values() -> st.SearchStrategy[Any]:
    """Any value that can be kept."""
    keys = st.one_of(texts, st.sampled_from(["$n", "$d", "$$", "$dt"]))
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )
