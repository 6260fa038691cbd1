"""Three-valued logic: the whole tables."""

from __future__ import annotations

import pytest

from .asking import feel

VALUES = {"true": True, "false": False, "null": None, '"text"': None, "7": None}


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_and_is_false_if_one_side_is_and_null_if_one_is_unknown(left: str, right: str) -> None:
    assert feel(f"{left} and {right}") is _and(VALUES[left], VALUES[right])


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_or_is_the_mirror_of_and(left: str, right: str) -> None:
    a, b = (None if v is None else not v for v in (VALUES[left], VALUES[right]))
    mirrored = _and(a, b)
    assert feel(f"{left} or {right}") is (None if mirrored is None else not mirrored)


def test_not_turns_booleans_and_keeps_null() -> None:
    assert (feel("not(true)"), feel("not(false)"), feel("not(null)"), feel("not(1)")) == (
        False,
        True,
        None,
        None,
    )


@pytest.mark.parametrize(("text", "answer"), [
    ("all([true, true])", True), ("all([true, null])", None), ("all([false, null])", False), ("all([])", True),
    ("any([true, null])", True), ("any([false, null])", None), ("any([false])", False), ("any([])", False),
    ("some i in [null, true] satisfies i", True), ("some i in [null, false] satisfies i", None),
    ("every i in [null, false] satisfies i", False), ("every i in [null, true] satisfies i", None),
])  # fmt: skip
def test_lists_of_booleans_follow_the_same_logic(text: str, answer: bool | None) -> None:
    assert feel(text) is answer
