"""Records in scenarios: those that are there from the beginning, and what has become of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.bookkeeping import Bookkeeping
from engine.errors import CasepathError, InvalidInput
from engine.feel.values import normalise
from engine.records import BY_PLURAL, OPERATIONS, Kind, Row
from engine.scenarios.script import ScenarioError, mapping
from engine.services import Handler, Job


def seed(keeping: Bookkeeping, desk_id: int, given: Mapping[str, Any], path: Path) -> None:
    """Add the records that a scenario is given, by the words for many. Raises ScenarioError for a wrong one."""
    try:
        keeping.enter(desk_id, list(listed(given, path)))
    except CasepathError as error:
        raise ScenarioError(path, 1, str(error)) from error


def listed(given: Mapping[str, Any], path: Path) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    """Accounts first, whatever hangs on them after that: in the order of the kinds."""
    for plural, kind in BY_PLURAL.items():
        rows = given.get(plural) or []
        if not isinstance(rows, list):
            raise ScenarioError(path, 1, f"Expected a list of {plural}, but found {rows!r}.")
        for row in rows:
            yield kind, mapping(row, plural, path, 1)


def stand_ins(connectors: Iterable[str]) -> dict[str, Handler]:
    """Return handlers for the areas that go out in production: in a rehearsal the desk's own records answer."""
    return {it.name: _from_records for it in OPERATIONS.values() if it.area in connectors}


def _from_records(job: Job) -> dict[str, Any]:
    return job.records.do(job.type, job.inputs)


def compare(keeping: Bookkeeping, desk_id: int, expected: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what is expected of records and what is, both only by what is named; equal where it is met.

    By kind, either records by their number (null: there is none), or a list of exactly the records there are.
    Raises InvalidInput for a word that is no kind of record.
    """
    wanted, actual = {}, {}
    for plural, said in expected.items():
        kind = BY_PLURAL.get(plural)
        if kind is None:
            known = ", ".join(BY_PLURAL)
            raise InvalidInput(f"Expected one of {known} under records, but found “{plural}”.")
        rows, said = keeping.listed(desk_id, kind.name), _data(said)
        wanted[plural] = said
        actual[plural] = _all(kind, said, rows) if isinstance(said, list) else _by_number(kind, said, rows)
    return wanted, actual


def _all(kind: Kind, said: list[Any], rows: list[Row]) -> list[Any]:
    names = [it if isinstance(it, dict) else {} for it in said]
    names += [{kind.key: None}] * (len(rows) - len(said))
    return [_named(row, wish) for row, wish in zip(rows, names, strict=False)]


def _by_number(kind: Kind, said: Any, rows: list[Row]) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise InvalidInput(f"Expected {kind.plural} by number, or a list of them, but found {said!r}.")
    found = {row[kind.key]: row for row in rows}
    return {
        number: _named(found[number], wish if isinstance(wish, dict) else {kind.key: None})
        if number in found
        else None
        for number, wish in said.items()
    }


def _named(row: Row, wish: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = _data({name: row[name] for name in wish if name in row})
    return known


def _data(value: Any) -> Any:
    return normalise(value)
