"""Records in a file, as JSON lines: one record each, with its kind beside its parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from engine.records.kinds import KINDS, Kind

Records = list[tuple[Kind, Mapping[str, Any]]]


def read_lines(lines: Iterable[str]) -> Records:
    """Return the records of JSON lines; empty lines don't count. Raises InvalidInput naming every bad line."""
    found: Records = []
    wrong: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(record_of(json.loads(line, parse_float=Decimal)))
            except (InvalidInput, ValueError, RecursionError) as error:
                wrong[f"line {number}"] = (
                    str(error) if isinstance(error, InvalidInput) else f"Expected JSON: {error}."
                )
    if wrong:
        raise InvalidInput("Expected a record on each line, but some are none.", wrong)
    return found


def record_of(said: Any) -> tuple[Kind, Mapping[str, Any]]:
    """Return the kind and the parts of a record. Raises InvalidInput where it names no kind."""
    if not isinstance(said, Mapping):
        raise InvalidInput(f"Expected a record with its kind, but found {said!r}.")
    kind = KINDS.get(str(said.get("kind")))
    if kind is None:
        raise InvalidInput(f"Expected a kind of {', '.join(KINDS)}, but found {said.get('kind')!r}.")
    return kind, dict(_parts(said))


def _parts(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in said.items() if name != "kind")
