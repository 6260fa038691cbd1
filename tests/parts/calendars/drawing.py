"""Calendars and moments for the properties, most of them near what may go wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.parts.calendars.oracle import ZONES, Definition, changes

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 20, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Around the hours in which clocks change, and at whole hours, more often than elsewhere.
_times = st.one_of(st.integers(0, 23).map(lambda it: it * 60), st.integers(0, 240), st.integers(0, 1439))


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three windows of a day, the last one perhaps over midnight."""
    edges = sorted(draw(st.lists(_times, min_size=0, max_size=6, unique=True)))
    drawn = list(zip(edges[::2], edges[1::2], strict=False))
    if len(edges) % 2:
        drawn.append((edges[-1], draw(st.integers(edges[-1] + 1, edges[-1] + 1440))))
    return tuple(drawn)


_days = st.dates(date(2025, 12, 24), date(2028, 1, 6))
_ordinary = st.sampled_from([((480, 1200),), ((540, 1020),), ((480, 720), (780, 1020)), ((0, 1440),)])
_weekdays = _ordinary.map(lambda it: (it,) * 5 + ((), ()))
_nights = st.just((((1320, 1800),),) * 7)
_any_week = st.tuples(*[windows()] * 7).filter(any)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A calendar in one of the zones, with own dates, some of them on days on which clocks change."""
    zone = draw(st.sampled_from(ZONES))
    near = st.sampled_from([it.date() + timedelta(days=more) for it in changes(zone) for more in (-1, 0, 1)])
    own = st.one_of(st.just(()), windows())
    return Definition(
        zone,
        draw(st.one_of(_weekdays, _nights, _any_week, _any_week)),
        draw(st.dictionaries(st.one_of(_days, near), own, max_size=8)),
        draw(st.dictionaries(_days.map(lambda it: (it.month, it.day)), own, max_size=3)),
    )


def moments(zone: str) -> st.SearchStrategy[datetime]:
    """A moment of the two years: anywhere, or some hours around a change of clocks."""
    anywhere = st.integers(0, (LAST - FIRST) // _MICROSECOND).map(lambda it: FIRST + it * _MICROSECOND)
    whole = anywhere.map(lambda it: it.replace(second=0, microsecond=0, minute=it.minute // 15 * 15))
    changed = [it for it in changes(zone) if FIRST < it < LAST]
    around = st.timedeltas(timedelta(hours=-4), timedelta(hours=4))
    near = st.tuples(st.sampled_from(changed), around).map(sum_of)
    near_whole = near.map(lambda it: it.replace(second=0, microsecond=0))
    return st.one_of(anywhere, whole, near, near_whole, st.sampled_from(changed))


def sum_of(pair: tuple[datetime, timedelta]) -> datetime:
    return pair[0] + pair[1]


amounts = st.one_of(
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.integers(0, 200).map(lambda it: timedelta(hours=it)),
    st.integers(0, 30).map(lambda it: timedelta(days=it)),
)
