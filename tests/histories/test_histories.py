"""The past stays readable: every instance that was ever saved is loaded, goes on, and ends as it was written down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.feel.codec import from_json
from engine.spiff import UnreadableState

from .instance import Instance
from .telling import HISTORIES, TOLD

SAVED = sorted(Path(__file__).parent.glob("format_*/*"))
NAMES = [f"{folder.parent.name}/{folder.name}" for folder in SAVED]


def opened(folder: Path) -> tuple[Instance, dict[str, Any]]:
    history = json.loads((folder / "history.json").read_text())
    other = folder / "other.bpmn"
    source = (folder / "process.bpmn").read_bytes()
    return Instance(source, other.read_bytes() if other.exists() else None, history["done"]), history


@pytest.mark.parametrize("folder", SAVED, ids=NAMES)
def test_an_instance_that_was_saved_goes_on_and_ends_as_recorded(folder: Path) -> None:
    instance, history = opened(folder)
    instance.load(history["state"])
    assert instance.waiting == history["waiting"]
    assert instance.run.dump() == history["state"]
    for step in history["steps"]:
        instance.take(step)
    assert instance.entered == history["entered"]
    assert instance.run.ended == history["ended"]
    assert instance.waiting == history["waiting_at_the_end"]
    assert instance.run.variables() == from_json(history["variables"])


@pytest.mark.parametrize("folder", SAVED, ids=NAMES)
def test_a_format_that_is_unknown_is_said_and_nothing_is_guessed(folder: Path) -> None:
    instance, history = opened(folder)
    for version in (99, "1", None):
        with pytest.raises(UnreadableState, match="Expected a run of format"):
            instance.load({**history["state"], "v": version})


@pytest.mark.parametrize("folder", SAVED, ids=NAMES)
def test_an_element_that_the_diagram_does_not_have_is_said(folder: Path) -> None:
    instance, history = opened(folder)
    states = list(_with_one_place_unknown(history["state"]))
    assert states or history["ended"] == history.get("ended_before")
    for state in states:
        with pytest.raises(UnreadableState, match="Expected a run of this process version"):
            instance.load(state)


def test_every_kind_of_wait_and_of_record_was_saved() -> None:
    waits, records = set(), set()
    for folder in SAVED:
        state = json.loads((folder / "history.json").read_text())["state"]
        for scope in _scopes(state):
            records |= set(scope)
            waits |= {wait[0] for wait in scope.get("s", ())}
            waits |= {wait[0] for row in scope.get("t", ()) if len(row) > 1 for wait in row[1]}
    assert waits == set("utmsgcf")
    assert records == set("vpeqdawsitmrcnlkx")


def test_what_was_told_is_written_and_nothing_is_missing() -> None:
    assert {folder.name for folder in SAVED if folder.parent == TOLD} == {it.name for it in HISTORIES}


def _scopes(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield state
    for row in state.get("t", ()):
        if len(row) > 3 and row[3]:
            yield from _scopes(row[3])


def _with_one_place_unknown(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the state once for each token, join and record in it, with that at an element that is not there."""
    count = sum(len(scope.get(part, ())) for scope in _scopes(state) for part in "tam")
    for number in range(count):
        changed = deepcopy(state)
        _forget_one(changed, number)
        yield changed


def _forget_one(state: dict[str, Any], number: int) -> None:
    for scope in _scopes(state):
        for part in "tm":
            for row in scope.get(part, ()):
                if number == 0:
                    row[0] = "gone"
                number -= 1
        for flow in list(scope.get("a", ())):
            if number == 0:
                scope["a"]["gone"] = scope["a"].pop(flow)
            number -= 1
