"""Unary tests: what a cell of a decision table can say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .asking import matches


@pytest.mark.parametrize(("tests", "value", "answer"), [
    ("-", 5, True), ("-", None, True),
    ("5", 5, True), ("5", 6, False), ("< 5", 4, True), (">= 5", 4, False), ("!= 5", 4, True), ("= 5", 5, True),
    ("[1..5]", 5, True), ("[1..5)", 5, False), ("1, 2, 3", 3, True), ("1, > 10", 12, True), ("1, > 10", 5, False),
    ("not(1, 2)", 3, True), ("not(1, 2)", 2, False), ("not(< 5)", 7, True),
    ('"gold", "silver"', "silver", True), ('not("gold")', "silver", True),
    ("? > 3 and ? < 9", 5, True), ("contains(?, \"x\")", "axb", True), ("contains(?, \"x\")", "ab", False),
    ("true", True, True), ("false", False, True), ("true", False, False), ("null", None, True), ("null", 1, False),
    ("> 5", None, None), ("limit", 5, True), ("< limit", 4, True), ("[1, 5]", 5, True), ("count(xs) > 1", 99, True),
    ('@"2026-05-04"', date(2026, 5, 4), True), ('> @"2026-01-01"', date(2026, 5, 4), True),
    ('< "a"', 5, None),
])  # fmt: skip
def test_a_value_passes_its_tests(tests: str, value: Any, answer: bool | None) -> None:
    assert matches(tests, value, limit=5, xs=[1, 2]) is answer
