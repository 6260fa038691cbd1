"""docs/reference/records.md is printed from the operations, and the bundled handlers do each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine.records import CODES, OPERATIONS
from engine.records.reference import reference
from engine.records.titles import DONE
from engine.services import Job, call, load_handlers

ROOT = Path(__file__).resolve().parents[2]


class Remembering:
    """Records that only remember what they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def do(self, operation: str, inputs: Any, part: str = "") -> dict[str, Any]:
        self.asked.append((operation, inputs))
        return {"done": operation}


def test_the_page_is_printed_from_the_operations() -> None:
    assert (ROOT / "docs" / "reference" / "records.md").read_text("utf-8") == reference()


def test_every_operation_has_a_handler_of_its_name_in_the_bundled_pack_that_does_it() -> None:
    handlers = load_handlers((ROOT / "processes" / "base" / "services.py").read_bytes(), "base")
    assert set(OPERATIONS) <= set(handlers)
    for name in OPERATIONS:
        records = Remembering()
        answer = call(handlers, Job(uuid4(), name, 1, {"a": 1}, records))
        assert (answer, records.asked) == ({"done": name}, [(name, {"a": 1})])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_in_words_what_it_does(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.does and operation.answers
    assert not set(operation.needed) & set(operation.optional)


def test_every_code_is_the_error_of_some_operation() -> None:
    assert set(CODES) == {code for operation in OPERATIONS.values() for code in operation.errors}


def test_every_operation_that_changes_something_has_words_for_people() -> None:
    changing = {name for name, it in OPERATIONS.items() if not it.reads}
    assert changing - set(DONE) == set()
    assert all("." not in words for words in DONE.values())
