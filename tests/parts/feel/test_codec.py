"""The JSON form of values: for ever the same, and without loss."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given

from engine.feel import literal_text
from engine.feel.codec import BadStoredValue
from engine.feel.values import FeelTime, UnkeepableValue, from_json, normalise, to_json

from .asking import feel
from .strategies import values

ROME = ZoneInfo("Europe/Rome")
FIXED = [
    (5, 5), (-3, -3), (2**53 - 1, 2**53 - 1), (2**53, {"$n": "9007199254740992"}), (1.25, {"$n": "1.25"}),
    (Decimal("1.250"), {"$n": "1.25"}), (Decimal("1E+60"), {"$n": "1E+60"}), (Decimal("-0.0"), 0),
    (Decimal("2.0"), 2), ("a", "a"), (True, True), (None, None), ([1, "a"], [1, "a"]), ({"a": {"b": 1}},) * 2,
    ({"$n": 1, "$$x": 2}, {"$$n": 1, "$$$x": 2}), (date(2026, 5, 4), {"$d": "2026-05-04"}),
    (datetime(2026, 5, 4, 10, 30), {"$dt": "2026-05-04T10:30:00"}),
    (datetime(2026, 5, 4, 10, 30, 0, 5, tzinfo=UTC), {"$dt": "2026-05-04T10:30:00.000005Z"}),
    (datetime(2026, 5, 4, 10, 30, tzinfo=ROME), {"$dt": "2026-05-04T10:30:00@Europe/Rome"}),
    (datetime(2026, 10, 25, 2, 30, tzinfo=ROME, fold=1), {"$dt": "2026-10-25T02:30:00@Europe/Rome", "$fold": 1}),
    (FeelTime(10, 30, 0, 0, UTC), {"$t": "10:30:00Z"}), (timedelta(hours=36), {"$du": "P1DT12H"}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "stored"), FIXED)
def test_the_stored_form_never_changes(value: Any, stored: Any) -> None:
    assert to_json(value) == stored
    assert from_json(stored) == normalise(value)


def test_the_second_of_two_equal_hours_stays_the_second() -> None:
    second = datetime(2026, 10, 25, 2, 30, tzinfo=ROME, fold=1)
    stored = json.dumps(to_json(second), sort_keys=True)
    assert from_json(json.loads(stored)).fold == 1
    assert from_json({"$fold": 1, "$dt": "2026-10-25T02:30:00@Europe/Rome"}).utcoffset() == timedelta(hours=1)


@given(values())
def test_what_is_stored_comes_back(value: Any) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@given(values())
def test_equal_values_have_one_stored_form(value: Any) -> None:
    assert to_json(from_json(to_json(value))) == to_json(value)


@example({"º": None})  # a letter of Python, and none of FEEL
@given(values())
def test_a_printed_value_reads_back_as_itself(value: Any) -> None:
    assert feel(literal_text(value)) == value


class Colour(StrEnum):
    RED = "red"


def test_members_of_a_text_enumeration_are_their_text() -> None:
    assert type(normalise(Colour.RED)) is str


@pytest.mark.parametrize(("value", "path", "reason"), [
    ({"a": [1, {"b": {1, 2}}]}, "a[2].b", "it is a set"), ({"a": object()}, "a", "it is an object"),
    (float("nan"), "", "NaN"), ({"n": float("inf")}, "n", "Infinity"), ({1: 2}, "", "its key 1 is no string"),
    (int("12345" * 7), "", "more than 34 digits"), (Decimal("1E+7000"), "", "decimal128"), ("a\0", "", "NUL"),
    ("\ud800", "", "surrogate"), (b"bytes", "", "it is a bytes"), ("x" * 1_000_001, "", "1,000,000 characters"),
    ([[]] * 100_001, "[100000]", "100,000 parts"), (complex(1), "", "it is a complex"),
])  # fmt: skip
def test_what_is_no_data_is_refused_by_its_path(value: Any, path: str, reason: str) -> None:
    with pytest.raises(UnkeepableValue) as caught:
        to_json(value)
    assert (caught.value.path, reason in str(caught.value)) == (path, True)


def test_only_the_beginning_of_a_long_path_is_told() -> None:
    value: list[Any] = []
    for _ in range(50):
        value = [value]
    with pytest.raises(UnkeepableValue) as caught:
        to_json({"x": value})
    assert str(caught.value).startswith("Expected x[1][1]") and len(str(caught.value)) < 140


def test_a_number_too_long_to_print_is_refused_without_printing_it() -> None:
    with pytest.raises(UnkeepableValue, match="more than 34 digits"):
        to_json(10**5000)


def test_functions_and_ranges_can_not_be_kept() -> None:
    for text, kind in (("function(a) a", "function"), ("[1..2]", "range")):
        with pytest.raises(UnkeepableValue, match=f"it is a {kind}"):
            to_json({"a": feel(text)})


def test_a_value_inside_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(UnkeepableValue, match="deeper than 32 levels"):
        to_json(loop)


@pytest.mark.parametrize(
    "stored", [{"$x": 1}, {"$d": "soon"}, {"$d": 5}, {"$n": "1", "b": 2}, {"$fold": 1}, 1.5]
)
def test_what_was_never_stored_is_refused(stored: Any) -> None:
    with pytest.raises(BadStoredValue, match="Expected a stored value"):
        from_json(stored)
