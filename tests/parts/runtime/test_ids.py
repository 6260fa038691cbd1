"""Ids of one step: the same each time, of version 7, and in the order in which they were drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from engine.ids import Ids

MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def drawn(seed: bytes, count: int) -> list[UUID]:
    ids = Ids(seed, MORNING)
    return [ids.uuid() for _ in range(count)]


@given(st.binary(min_size=1))
def test_ids_of_one_step_sort_as_they_were_drawn_and_are_the_same_again(seed: bytes) -> None:
    ids = drawn(seed, 30)
    assert ids == sorted(ids) == drawn(seed, 30)
    assert {(it.version, it.variant) for it in ids} == {(7, RFC_4122)}


def test_more_ids_than_can_be_counted_are_different_all_the_same() -> None:
    ids = drawn(b"many", 5000)
    assert len(set(ids)) == 5000
    assert ids[:4094] == sorted(ids)[:4094]


def test_salts_between_them_change_no_order() -> None:
    ids = Ids(b"salted", MORNING)
    first, _, second = ids.uuid(), ids.salt(), ids.uuid()
    assert first < second
